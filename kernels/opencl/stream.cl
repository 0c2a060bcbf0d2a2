/*
 * Memory rates: read (sums of x), triad (a = b + s c) and fill, over `elements` floats.
 *
 * Definitions: KIND 1 read, 2 triad, 3 fill. GRID 1: neighbouring work-items take neighbouring vectors, all of them step
 * over the whole array together (GPUs); 0: each work-group is one item with a stretch of its own (processors). LOCAL:
 * work-items of a group; VW: floats of a vector, 4 where GRID. Stores are ordinary ones: a line is read before it is
 * written where the device does so.
 */
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define FLOATV JOIN(float, VW)

#if GRID
#define GET(p, i) (((global const FLOATV *)(p))[i])
#define PUT(v, p, i) (((global FLOATV *)(p))[i] = (v))
#else
#define GET(p, i) JOIN(vload, VW)(i, p)
#define PUT(v, p, i) JOIN(vstore, VW)(v, i, p)
#endif

/* A work-item's part: vectors first, first + step, ... below end, and single elements likewise. */
typedef struct share {
    long first, end, step, single, single_end, single_step;
} share;

/* places: where operands begin, or-ed. */
inline share share_of(const ulong places, const long elements) {
    share s;
#if GRID
    /* Vectors must be whole: there are none if an operand begins within one. */
    s.step = s.single_step = (long)get_global_size(0);
    s.first = (long)get_global_id(0);
    s.end = places % VW == 0 ? elements / VW : 0;
    s.single = s.end * VW + s.first;
    s.single_end = elements;
#else
    /* Whole pages, but for the last item. */
    const long pages = elements / 1024, group = (long)get_group_id(0), groups = (long)get_num_groups(0);
    const long first = pages / groups * group + min(pages % groups, group);
    const long end = first + pages / groups + (group < pages % groups ? 1 : 0);
    s.step = s.single_step = 1;
    s.first = first * (1024 / VW);
    s.end = end * (1024 / VW);
    s.single = end * 1024;
    s.single_end = group == groups - 1 ? elements : s.single;
#endif
    return s;
}

#if KIND == 1
inline float sum_of(global const float *x, ulong x_at, long elements) {
    FLOATV s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f;
    x += x_at;
    const share s = share_of(x_at, elements);
    long i = s.first;
    for (; i + 3 * s.step < s.end; i += 4 * s.step) {
        const FLOATV x0 = GET(x, i), x1 = GET(x, i + s.step);
        const FLOATV x2 = GET(x, i + 2 * s.step), x3 = GET(x, i + 3 * s.step);
        s0 += x0;
        s1 += x1;
        s2 += x2;
        s3 += x3;
    }
    for (; i < s.end; i += s.step)
        s0 += GET(x, i);
    float lane[VW], sum = 0.0f;
    JOIN(vstore, VW)((s0 + s1) + (s2 + s3), 0, lane);
    for (long j = s.single; j < s.single_end; j += s.single_step)
        sum += x[j];
    for (int l = 0; l < VW; l++)
        sum += lane[l];
    return sum;
}

/* One sum a group; sums without a group are 0. There are no more groups than sums. */
__attribute__((reqd_work_group_size(LOCAL, 1, 1))) kernel void stream_read(
    global const float *x, ulong x_at, global float *sums, ulong sums_at, long elements, long count) {
    float sum = sum_of(x, x_at, elements);
#if GRID
    local float part[LOCAL];
    const int item = (int)get_local_id(0);
    part[item] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_way = LOCAL / 2; half_way > 0; half_way /= 2) {
        if (item < half_way)
            part[item] += part[item + half_way];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    sum = part[0];
#endif
    sums += sums_at;
    if (get_local_id(0) == 0)
        for (long i = (long)get_group_id(0); i < count; i += (long)get_num_groups(0)) {
            sums[i] = sum;
            sum = 0.0f;
        }
}
#endif

#if KIND == 2
__attribute__((reqd_work_group_size(LOCAL, 1, 1))) kernel void stream_triad(global const float *b, ulong b_at,
    global const float *c, ulong c_at, global float *a, ulong a_at, long elements, float scale) {
    b += b_at;
    c += c_at;
    a += a_at;
    const share s = share_of(b_at | c_at | a_at, elements);
    const FLOATV factor = (FLOATV)(scale);
    long i = s.first;
    for (; i + s.step < s.end; i += 2 * s.step) {
        const FLOATV b0 = GET(b, i), c0 = GET(c, i), b1 = GET(b, i + s.step), c1 = GET(c, i + s.step);
        PUT(mad(factor, c0, b0), a, i);
        PUT(mad(factor, c1, b1), a, i + s.step);
    }
    for (; i < s.end; i += s.step)
        PUT(mad(factor, GET(c, i), GET(b, i)), a, i);
    for (long j = s.single; j < s.single_end; j += s.single_step)
        a[j] = mad(scale, c[j], b[j]);
}
#endif

#if KIND == 3
__attribute__((reqd_work_group_size(LOCAL, 1, 1))) kernel void stream_fill(
    global float *a, ulong a_at, long elements, float value) {
    a += a_at;
    const share s = share_of(a_at, elements);
    const FLOATV v = (FLOATV)(value);
    for (long i = s.first; i < s.end; i += s.step)
        PUT(v, a, i);
    for (long j = s.single; j < s.single_end; j += s.single_step)
        a[j] = value;
}
#endif
