/*
 * Depthwise convolutions with pixels of a row side by side, for processors: a band of input rows is copied with its
 * padding into private memory, split by the strides, so that each tap is a view of it in even steps and all rows of the
 * band are one run of vectors. Wants depthwise.cl.
 *
 * Definitions: BUFFER, SUMS: elements of the copy and of the sums of a band, both with room for RUN vectors behind; RUN:
 * vectors at once; X_VECTOR: pixels of a row of x are neighbours.
 */
#define VLOAD JOIN(vload, VW)
#define VSTORE JOIN(vstore, VW)

/* Pixel `column` of a row; 0 outside of it. */
inline VALUE pixel_or_0(global const X_T *row, const long x_w, const int column, const int width) {
    return column >= 0 && column < width ? (VALUE)X_LOAD(row, column * (X_VECTOR ? 1 : x_w)) : (VALUE)0;
}

/* A row from column `column` on, which may lie outside, `count` pixels in each of its STRIDE_W parts, `step` apart. */
inline void copy_row(VALUE *to, const long step, global const X_T *row, const long x_w, const int column,
    const int width, const int count) {
    const int first = column < 0 ? min(count, (STRIDE_W - 1 - column) / STRIDE_W) : 0;
    const int inside = min(count, (width - column) / STRIDE_W);
    int i = 0;
    for (; i < first; i++)
        for (int b = 0; b < STRIDE_W; b++)
            to[b * step + i] = pixel_or_0(row, x_w, column + i * STRIDE_W + b, width);
#if X_VECTOR && STRIDE_W <= 2
    for (; i + VW <= inside; i += VW) {
        const VALUEV low = VALUEV_OF(X_LOADV(row, column + i * STRIDE_W));
#if STRIDE_W == 2
        const VALUEV high = VALUEV_OF(X_LOADV(row, column + i * STRIDE_W + VW));
        VSTORE((VALUEV)(low.even, high.even), 0, to + i);
        VSTORE((VALUEV)(low.odd, high.odd), 0, to + step + i);
#else
        VSTORE(low, 0, to + i);
#endif
    }
#endif
    for (; i < inside; i++)
        for (int b = 0; b < STRIDE_W; b++)
            to[b * step + i] = (VALUE)X_LOAD(row, (column + i * STRIDE_W + b) * (X_VECTOR ? 1 : x_w));
    for (; i < count; i++)
        for (int b = 0; b < STRIDE_W; b++)
            to[b * step + i] = pixel_or_0(row, x_w, column + i * STRIDE_W + b, width);
}

/* The band whose first row is y0 and first column -pad_w: [STRIDE_H][STRIDE_W][lines][pitch]. */
inline void copy_band(VALUE *to, global const X_T *x, const long x_h, const long x_w, const int height, const int width,
    const int pad_w, const int y0, const int lines, const int pitch) {
    const int step = lines * pitch;
    for (int a = 0; a < STRIDE_H; a++, to += STRIDE_W * step)
        for (int i = 0; i < lines; i++) {
            const int y = y0 + i * STRIDE_H + a;
            VALUE *line = to + i * pitch;
            if (y >= 0 && y < height)
                copy_row(line, step, x + y * x_h, x_w, -pad_w, width, pitch);
            else
                for (int b = 0; b < STRIDE_W; b++)
                    for (int j = 0; j < pitch; j++)
                        line[b * step + j] = (VALUE)0;
        }
}

/* Sums of RUN vectors from `from` on. */
INLINED void run_of(VALUE *to, const VALUE *from, const VALUE *weight, const int lines, const int pitch) {
    VALUEV sum[RUN];
    UNROLLED for (int j = 0; j < RUN; j++) sum[j] = (VALUEV)(0);
    TAPS_UNROLLED for (int r = 0; r < R; r++) TAPS_UNROLLED for (int s = 0; s < S; s++) {
        const int a = r * DILATION_H % STRIDE_H, b = s * DILATION_W % STRIDE_W;
        const VALUE *view = from + ((a * STRIDE_W + b) * lines + r * DILATION_H / STRIDE_H) * pitch + s * DILATION_W / STRIDE_W;
        const VALUEV factor = (VALUEV)(weight[r * S + s]);
        UNROLLED for (int j = 0; j < RUN; j++) sum[j] = MULTIPLY_ADD(VLOAD(j, view), factor, sum[j]);
    }
    UNROLLED for (int j = 0; j < RUN; j++) VSTORE(sum[j], j, to);
}

ATTRIBUTES kernel void depthwise_planes(DEPTHWISE_PARAMS, FINISH_PARAMS, const int band, const int lines,
    const int pitch) {
    VALUE buffer[BUFFER] __attribute__((aligned(64))), sums[SUMS] __attribute__((aligned(64))), weight[TAPS];
    const part t = PART_OF_PARAMS;
    if (t.n >= images)
        return;
    FINISH_BEGIN(ACROSS ? 0 : t.n, 0);
    for (int k = t.k; k < t.k_end; k++) {
        global const X_T *plane = x + x_first + (ulong)(t.n * x_n + (long)(k / MULTIPLIER) * x_c);
        for (int i = 0; i < TAPS; i++)
            weight[i] = (VALUE)W_LOAD(w, (long)w_first + k * w_line + i * w_tap);
        for (int p = t.p; p < t.p_end; p += band) {
            const int rows = min(band, t.p_end - p), count = (rows - 1) * pitch + q_count;
            copy_band(buffer, plane, x_h, x_w, height, width, pad_w, p * STRIDE_H - pad_h, lines, pitch);
            for (int i = 0; i < count; i += RUN * VW)
                run_of(sums + i, buffer + i, weight, lines, pitch);
            for (int i = 0; i < rows; i++) {
                const VALUE *row = sums + i * pitch;
                const int at = (p + i) * q_count;
                int q = 0;
#ifdef FINISH_VECTOR
                for (; q + VW <= q_count; q += VW)
                    FINISHV(SUMV_OF(VLOAD(0, row + q)), k, at + q);
#endif
                for (; q < q_count; q++)
                    FINISH(SUM_OF(row[q]), k, at + q);
            }
        }
    }
}
