/* Open tiles, NEON: A where it lies, factors multiplied by element, as in gemm_bare_neon.c. */
#include "kernels/gemm/gemm_open_vector.h"
#include "kernels/gemm/gemm_put_neon.h"

GEMM_INLINE void open_end_neon(
    const int rows, const int vectors, int cols, float32x4_t sum[][4], const gemm_open_end *end) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        if (4 * v >= cols)
            return;
        const ending_lane lane = ending_lane_f32(&end->ending, 4 * v, 4);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++)
            end_f32v(&lane, (gemm_f32v)sum[i][v], end->row[i]);
    }
}

GEMM_INLINE void open_put_neon(const int rows, const int vectors, int cols, float32x4_t sum[][4], float *c,
    const int64_t *row, bool accumulate, const gemm_open_end *end) {
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            float *at = c + row[i] + 4 * v;
            if (accumulate)
                sum[i][v] = vaddq_f32(vld1q_f32(at), sum[i][v]);
            if (!end)
                vst1q_f32(at, sum[i][v]);
        }
    if (end)
        open_end_neon(rows, vectors, cols, sum, end);
}

/* One step of depth: four vectors of B against one element of each row. */
GEMM_INLINE void open_step_neon(const int rows, const int vectors, const float *const *a, int64_t p,
    const float *b, float32x4_t sum[][4]) {
    float32x4_t line[4];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++)
        line[v] = vld1q_f32(b + 4 * v);
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
        load_in_turn();
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            sum[i][v] = vfmaq_n_f32(sum[i][v], line[v], a[i][p]);
    }
}

/* One row takes two chains by turns, so as not to wait for the latency of its additions; rows * chains <= 6.
 */
GEMM_INLINE void open_neon(const int rows, const int vectors, const int chains, int cols, int64_t runs,
    const gemm_open_run *run, const float *b, float *c, const int64_t *row, bool accumulate,
    const gemm_open_end *end) {
    float32x4_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_f32(0.0f);
    for (; runs > 0; runs--, run = open_next(run, rows)) {
        const float *a[NEON_ROWS], *at = b + run->b * NEON_COLS;
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++)
            a[i] = run->a[i];
        const int64_t count = run->count;
        int64_t p = 0;
        for (; p + chains <= count; p += chains)
#pragma GCC unroll 2
            for (int u = 0; u < chains; u++, at += NEON_COLS)
                open_step_neon(rows, vectors, a, p + u, at, sum + u * rows);
        if (chains > 1 && p < count)
            open_step_neon(rows, vectors, a, p, at, sum);
    }
    if (chains > 1)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            sum[0][v] = vaddq_f32(sum[0][v], sum[1][v]);
    open_put_neon(rows, vectors, cols, sum, c, row, accumulate, end);
}

GEMM_INLINE void open_neon_rows(int rows, const int vectors, int cols, int64_t runs, const gemm_open_run *run,
    const void *b, void *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    switch (rows) {
    case 1: open_neon(1, vectors, 2, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_neon(2, vectors, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_neon(3, vectors, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 4: open_neon(4, vectors, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 5: open_neon(5, vectors, 1, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_neon(6, vectors, 1, cols, runs, run, b, c, row, accumulate, end); break;
    }
}

void gemm_open_f32_6x16_neon(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    if (cols <= NEON_COLS / 2)
        open_neon_rows(rows, 2, cols, runs, run, b, c, row, accumulate, end);
    else
        open_neon_rows(rows, 4, cols, runs, run, b, c, row, accumulate, end);
}
