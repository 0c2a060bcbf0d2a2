/*
 * Depthwise convolutions: one input channel a group; what the kernels have in common. Wants element.cl.
 *
 * Definitions: R, S, STRIDE_*, DILATION_*: the window; MULTIPLIER: output channels of an input channel; VALUE: what is
 * multiplied and summed in; SUM, SUM_OF(v): type of a sum that FINISH gets, SUMV_OF(v) of vectors of them; ACROSS: the
 * output's pixels count over all images.
 */
#define TAPS (R * S)
#define VALUEV JOIN(VALUE, VW)
#define VALUEV_OF JOIN(JOIN(convert_, VALUE), VW)
#define UNROLLED _Pragma("unroll")
/* Constants among the arguments must reach the loops. */
#define INLINED inline __attribute__((always_inline))

/* p x q pixels out; chunks: rows, columns and channels of a work-item. Strides in elements. */
#define DEPTHWISE_PARAMS                                                                                               \
    global const X_T *x, const ulong x_first, global const W_T *w, const ulong w_first, const int images,              \
        const int channels, const int height, const int width, const int p_count, const int q_count, const int pad_h,  \
        const int pad_w, const int row_chunk, const int column_chunk, const int channel_chunk, const long x_n,         \
        const long x_c, const long x_h, const long x_w, const long w_line, const long w_tap

/* What a work-item computes: begin and end of output rows, columns and channels of an image. */
typedef struct part {
    int n, p, p_end, q, q_end, k, k_end;
} part;

/* Items count channels first, then columns, rows and images. */
inline part part_of(int item, const int images, const int channels, const int p_count, const int q_count,
    const int row_chunk, const int column_chunk, const int channel_chunk) {
    const int channel_chunks = (channels - 1) / channel_chunk + 1, column_chunks = (q_count - 1) / column_chunk + 1;
    const int row_chunks = (p_count - 1) / row_chunk + 1;
    part t;
    int rest = item / channel_chunks;
    t.k = (item - rest * channel_chunks) * channel_chunk;
    item = rest / column_chunks;
    t.q = (rest - item * column_chunks) * column_chunk;
    t.n = item / row_chunks;
    t.p = (item - t.n * row_chunks) * row_chunk;
    t.k_end = min(channels, t.k + channel_chunk);
    t.q_end = min(q_count, t.q + column_chunk);
    t.p_end = min(p_count, t.p + row_chunk);
    return t;
}
#define PART_OF_PARAMS                                                                                                 \
    part_of((int)get_global_id(0), images, channels, p_count, q_count, row_chunk, column_chunk, channel_chunk)
