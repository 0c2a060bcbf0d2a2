/*
 * Products for processors with caches and vector units: one work-item computes a tile of mc x nc elements of D over the
 * whole depth, kc of it at a time, in register tiles of MR x NRV vectors. What is read more than once is packed into
 * private memory, which stays in the caches; panels of constant weights are read where they lie. LEFT_MAX, RIGHT_MAX and
 * TILE_MAX are the most elements that a block of each side and a tile have.
 *
 * PANEL is the type that is multiplied in (float, double), SUM the one of the tile (int for 8-bit inputs: KC products of
 * two of them are exact in a float, blocks are added as ints).
 */
#define NR (NRV * VW)
#define PANELV JOIN(PANEL, VW)
#define SUMV JOIN(SUM, VW)
#define VLOAD JOIN(vload, VW)
#define VSTORE JOIN(vstore, VW)
#define PANELV_OF JOIN(JOIN(convert_, PANEL), VW)
#define SUMV_OF JOIN(JOIN(convert_, SUM), VW)

/* Rows of the left side lie packed as they come: [row][kc], or side by side: [k][MR]. */
#if L_UNIT == 2
#define L_STEP(kc) 1
#define L_NEXT MR
#else
#define L_STEP(kc) (kc)
#define L_NEXT 1
#endif

/* Sides that are read where they lie: at which place, and which steps lead to the next line and the next k. Panels are
 * whole; of strided sides the last lines are packed where they do not fill a register tile. */
#if L_FORM == 1
#define LEFT_AT(line, k) panel_at(line, k, depth, MR)
#define LEFT_STEP 1
#define LEFT_NEXT MR
#define IS_LEFT_DIRECT(is_whole) (L_DIRECT != 0)
#else
#define LEFT_AT(line, k) ((line) * L_line + (k) * L_depth)
#define LEFT_STEP L_line
#define LEFT_NEXT 1
#define IS_LEFT_DIRECT(is_whole) (L_DIRECT ? (is_whole) : false)
#endif
#if R_FORM == 1
#define RIGHT_AT(line, k) panel_at(line, k, depth, NR)
#define RIGHT_NEXT NR
#define IS_RIGHT_DIRECT(is_whole) (R_DIRECT != 0)
#else
#define RIGHT_AT(line, k) ((k) * R_depth + (line))
#define RIGHT_NEXT R_depth
#define IS_RIGHT_DIRECT(is_whole) (R_DIRECT ? (is_whole) : false)
#endif

/* The register tile: sums += l[i * l_step + k * l_next] * r[k * r_next + j], into `tile` (rows nc apart), which is set by
 * the first block and added to by the others. */
#define REGISTER_TILE(name, L_SPACE, L_TYPE, R_SPACE, R_TYPE)                                                          \
    inline void name(L_SPACE const L_TYPE *l, const long l_step, const long l_next, R_SPACE const R_TYPE *r,           \
        const long r_next, SUM *tile, const int nc, const int count, const bool is_first) {                            \
        PANELV s[MR][NRV];                                                                                             \
        UNROLLED for (int i = 0; i < MR; i++) UNROLLED for (int j = 0; j < NRV; j++) s[i][j] = (PANELV)(0);            \
        UNROLLED_DEPTH for (int k = 0; k < count; k++) {                                                               \
            PANELV line[NRV];                                                                                          \
            UNROLLED for (int j = 0; j < NRV; j++) line[j] = VLOAD(j, r + k * r_next);                                 \
            UNROLLED for (int i = 0; i < MR; i++) {                                                                    \
                const PANELV x = (PANELV)(l[i * l_step + k * l_next]);                                                 \
                UNROLLED for (int j = 0; j < NRV; j++) s[i][j] = fma(x, line[j], s[i][j]);                             \
            }                                                                                                          \
        }                                                                                                              \
        UNROLLED for (int i = 0; i < MR; i++) UNROLLED for (int j = 0; j < NRV; j++) {                                 \
            SUM *place = tile + i * nc;                                                                                \
            const SUMV sum = SUMV_OF(s[i][j]);                                                                         \
            VSTORE(is_first ? sum : sum + VLOAD(j, place), j, place);                                                  \
        }                                                                                                              \
    }

#define UNROLLED _Pragma("unroll")
#define UNROLLED_DEPTH _Pragma("unroll 4")

REGISTER_TILE(tile_of_packed, private, PANEL, private, PANEL)
#if L_DIRECT
REGISTER_TILE(tile_of_left, global, L_T, private, PANEL)
#endif
#if R_DIRECT
REGISTER_TILE(tile_of_right, private, PANEL, global, R_T)
#endif
#if L_DIRECT && R_DIRECT
REGISTER_TILE(tile_of_both, global, L_T, global, R_T)
#endif

/* Left side: `lines` rows from `line` on (MR at most are wanted, missing ones become 0), k from k0 on. */
inline void pack_left_lines(PANEL *to, global const L_T *L, const long l_line, const long l_depth, int line, int lines,
    int k0, int count, int depth, int kc) {
#if L_FORM == 1
    (void)l_line, (void)l_depth, (void)lines;
    for (int k = 0; k < count; k++)
        for (int i = 0; i < MR; i++)
            to[k * MR + i] = (PANEL)L_LOAD(L, panel_at(line, k0 + k, depth, MR) + i);
#elif L_FORM == 0
    for (int i = 0; i < MR; i++) {
        const long from = (long)(line + i) * l_line + k0 * l_depth;
        for (int k = 0; k < count; k++)
            to[i * L_STEP(kc) + k * L_NEXT] = i < lines ? (PANEL)L_LOAD(L, from + k * (L_UNIT == 1 ? 1 : l_depth)) : (PANEL)0;
    }
#endif
}

#if L_FORM == 2
/* `count` elements from `from` on, of which those from lo up to hi are there, the others 0. */
inline void pack_run(PANEL *to, global const L_T *L, const long from, int lo, int hi, int count) {
    const int first = clamp(lo, 0, count), last = clamp(hi, first, count);
    for (int i = 0; i < first; i++)
        to[i * L_NEXT] = (PANEL)0;
    for (int i = first; i < last; i++)
        to[i * L_NEXT] = (PANEL)L_LOAD(L, from + i);
    for (int i = last; i < count; i++)
        to[i * L_NEXT] = (PANEL)0;
}

/* Left side, one pixel: k from k0 on. */
inline void pack_left_pixel(PANEL *to, global const L_T *L, const image m, const tap t, int k0, int count) {
#if IMAGE_ROWS
    /* All channels of all taps of a row lie side by side. */
    const int row = m.s * m.c, lo = -t.x * m.c, hi = (m.w - t.x) * m.c;
    int r = k0 / row, at = k0 - r * row;
    for (int k = 0; k < count;) {
        const int y = t.y + r * m.dilation_h, run = min(row - at, count - k);
        const bool inside = y >= 0 && y < m.h;
        pack_run(to + k * L_NEXT, L, t.offset + y * m.h_stride + (long)t.x * m.c + at, lo - at, inside ? hi - at : 0, run);
        k += run;
        at = 0;
        r++;
    }
#elif IMAGE_ORDER == 1 && L_UNIT == 1
    for (int k = 0; k < count;) {
        const int4 place = place_of(m, k0 + k);
        const int run = min(m.c - place.z, count - k);
        const long from = pixel_at(m, t, place);
        pack_run(to + k * L_NEXT, L, from, 0, from >= 0 ? run : 0, run);
        k += run;
    }
#else
    for (int k = 0; k < count; k++) {
        const long from = pixel_at(m, t, place_of(m, k0 + k));
        to[k * L_NEXT] = from >= 0 ? (PANEL)L_LOAD(L, from) : (PANEL)0;
    }
#endif
}

/* Left side, MR pixels, of which `lines` are there. */
inline void pack_left_pixels(
    PANEL *to, global const L_T *L, const image m, int line, int lines, int k0, int count, int kc) {
    for (int i = 0; i < MR; i++) {
        if (i < lines)
            pack_left_pixel(to + i * L_STEP(kc), L, m, tap_of(m, line + i), k0, count);
        else
            for (int k = 0; k < count; k++)
                to[i * L_STEP(kc) + k * L_NEXT] = (PANEL)0;
    }
}
#endif

/* Right side: NR columns from `line` on, `lines` of them there. */
inline void pack_right_lines(PANEL *to, global const R_T *R, const long r_line, const long r_depth, int line, int lines,
    int k0, int count, int depth) {
#if R_FORM == 1
    (void)r_line, (void)r_depth, (void)lines;
    global const R_T *from = R + panel_at(line, k0, depth, NR);
    for (int i = 0; i < count * NRV; i++)
        VSTORE(PANELV_OF(R_LOADV(from, i * VW)), i, to);
#elif R_FORM == 0 && R_UNIT == 2
    (void)depth, (void)r_line;
    for (int k = 0; k < count; k++) {
        const long from = (k0 + k) * r_depth + line;
        if (lines >= NR)
            for (int j = 0; j < NRV; j++)
                VSTORE(PANELV_OF(R_LOADV(R, from + j * VW)), k * NRV + j, to);
        else
            for (int j = 0; j < NR; j++)
                to[k * NR + j] = j < lines ? (PANEL)R_LOAD(R, from + j) : (PANEL)0;
    }
#elif R_FORM == 0
    (void)depth;
    for (int j = 0; j < NR; j++) {
        const long from = (line + j) * r_line + k0 * r_depth;
        for (int k = 0; k < count; k++)
            to[k * NR + j] = j < lines ? (PANEL)R_LOAD(R, from + k * (R_UNIT == 1 ? 1 : r_depth)) : (PANEL)0;
    }
#endif
}

#if R_FORM == 2
/* Pixels of one row of the output, side by side: the first one's column in a panel, their number, and its first tap. */
typedef struct pixel_run {
    int column, count;
    tap first;
} pixel_run;

/* The runs that `lines` pixels from `line` on fall into; how many there are. */
inline int find_runs(const image m, int line, int lines, pixel_run *runs) {
    int count = 0;
    for (int j = 0; j < lines; count++) {
        const int left = m.q - (line + j) % m.q;
        runs[count].column = j;
        runs[count].count = min(left, lines - j);
        runs[count].first = tap_of(m, line + j);
        j += runs[count].count;
    }
    return count;
}

/* One run under tap `place`; what lies outside of the image is 0. */
inline void pack_pixel_run(PANEL *to, global const R_T *R, const image m, const pixel_run run, int4 place) {
    const int y = run.first.y + place.x * m.dilation_h, x = run.first.x + place.y * m.dilation_w;
    const int before = x < 0 ? (-x + m.stride_w - 1) / m.stride_w : 0;
    const int until = y >= 0 && y < m.h && x < m.w ? (m.w - x + m.stride_w - 1) / m.stride_w : 0;
    const int first = min(before, run.count), last = clamp(until, first, run.count);
    const long from = run.first.offset + place.z * m.c_stride + y * m.h_stride + x * m.w_stride;
    const long step = m.stride_w * m.w_stride;
    for (int j = 0; j < first; j++)
        to[j] = (PANEL)0;
    if (step == 1)
        for (int j = first; j < last; j++)
            to[j] = (PANEL)R_LOAD(R, from + j);
    else
        for (int j = first; j < last; j++)
            to[j] = (PANEL)R_LOAD(R, from + j * step);
    for (int j = last; j < run.count; j++)
        to[j] = (PANEL)0;
}

/* The tap and channel after `place`. */
inline int4 next_place(const image m, int4 place) {
#if IMAGE_ORDER == 0
    place.y++;
    if (place.y == m.s)
        place.y = 0, place.x++;
    if (place.x == m.r)
        place.x = 0, place.z++;
#else
    place.z++;
    if (place.z == m.c)
        place.z = 0, place.y++;
    if (place.y == m.s)
        place.y = 0, place.x++;
#endif
    return place;
}

/* Right side, pixels side by side: each k is a shifted view of the image. */
inline void pack_right_pixels(PANEL *to, global const R_T *R, const image m, int line, int lines, int k0, int count) {
    pixel_run runs[NR];
    const int wanted = min(lines, NR), many = find_runs(m, line, wanted, runs);
    int4 place = place_of(m, k0);
    for (int k = 0; k < count; k++) {
        const int x = runs[0].first.x + place.y * m.dilation_w, y = runs[0].first.y + place.x * m.dilation_h;
        PANEL *row = to + k * NR;
        if (many == 1 && wanted == NR && m.stride_w * m.w_stride == 1 && x >= 0 && x + NR <= m.w && y >= 0 && y < m.h) {
            const long from = runs[0].first.offset + place.z * m.c_stride + y * m.h_stride + x * m.w_stride;
            for (int j = 0; j < NRV; j++)
                VSTORE(PANELV_OF(R_LOADV(R, from + j * VW)), j, row);
        } else {
            for (int i = 0; i < many; i++)
                pack_pixel_run(row + runs[i].column, R, m, runs[i], place);
            for (int j = wanted; j < NR; j++)
                row[j] = (PANEL)0;
        }
        place = next_place(m, place);
    }
}
#endif

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void core(
    SIDES_PARAMS, FINISH_PARAMS, const int mc, const int nc, const int kc IMAGE_PARAMS) {
    SUM tile[TILE_MAX] __attribute__((aligned(64)));
    PANEL left[LEFT_MAX] __attribute__((aligned(64)));
    PANEL right[RIGHT_MAX] __attribute__((aligned(64)));
    const int col0 = (int)get_group_id(0) * nc, row0 = (int)get_group_id(1) * mc;
    const int outer = (int)get_group_id(2) / members, inner = (int)get_group_id(2) - outer * members;
    const int height = min(mc, rows - row0), width = min(nc, cols - col0);
#if L_FORM == 2 || R_FORM == 2
    const image m = IMAGE_OF_PARAMS;
#endif
    MOVE(L, outer, inner);
    MOVE(R, outer, inner);
    FINISH_BEGIN(outer, inner);
    for (int i = 0; depth == 0 && i < mc * nc; i++)
        tile[i] = (SUM)0;
    for (int k0 = 0; k0 < depth; k0 += kc) {
        const int count = min(kc, depth - k0);
        for (int i = 0; i < height; i += MR) {
            if (IS_LEFT_DIRECT(i + MR <= height))
                continue;
#if L_FORM == 2
            pack_left_pixels(left + i * kc, L, m, row0 + i, height - i, k0, count, kc);
#else
            pack_left_lines(left + i * kc, L, L_line, L_depth, row0 + i, height - i, k0, count, depth, kc);
#endif
        }
        for (int j = 0; j < width; j += NR) {
            const bool is_right_direct = IS_RIGHT_DIRECT(j + NR <= width);
            if (!is_right_direct) {
#if R_FORM == 2
                pack_right_pixels(right, R, m, col0 + j, width - j, k0, count);
#else
                pack_right_lines(right, R, R_line, R_depth, col0 + j, width - j, k0, count, depth);
#endif
            }
#if R_DIRECT
            global const R_T *r = R + RIGHT_AT(col0 + j, k0);
#endif
            for (int i = 0; i < height; i += MR) {
                SUM *place = tile + i * nc + j;
#if L_DIRECT
                global const L_T *l = L + LEFT_AT(row0 + i, k0);
                const bool is_left_direct = IS_LEFT_DIRECT(i + MR <= height);
#endif
#if L_DIRECT && R_DIRECT
                if (is_left_direct && is_right_direct)
                    tile_of_both(l, LEFT_STEP, LEFT_NEXT, r, RIGHT_NEXT, place, nc, count, k0 == 0);
                else
#endif
#if L_DIRECT
                if (is_left_direct)
                    tile_of_left(l, LEFT_STEP, LEFT_NEXT, right, NR, place, nc, count, k0 == 0);
                else
#endif
#if R_DIRECT
                if (is_right_direct)
                    tile_of_right(left + i * kc, L_STEP(kc), L_NEXT, r, RIGHT_NEXT, place, nc, count, k0 == 0);
                else
#endif
                    tile_of_packed(left + i * kc, L_STEP(kc), L_NEXT, right, NR, place, nc, count, k0 == 0);
            }
        }
    }
    for (int i = 0; i < height; i++) {
        int j = 0;
#ifdef FINISH_VECTOR
        for (; j + VW <= width; j += VW)
            FINISHV(VLOAD(0, tile + i * nc + j), row0 + i, col0 + j);
#endif
        for (; j < width; j++)
            FINISH(tile[i * nc + j], row0 + i, col0 + j);
    }
}
