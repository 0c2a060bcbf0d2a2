/* Bodies of the register tiles that read A where it lies, and B where it lies or in a panel: for products so
 * small that packing would take longer than it saves. */
#ifndef KERNELS_GEMM_GEMM_BARE_VECTOR_H
#define KERNELS_GEMM_GEMM_BARE_VECTOR_H

#include "kernels/gemm/gemm_vector.h"

/* Sums of each element where there is one row. */
enum { PAIR_CHAINS = 3 };

/* rows x 2 vectors of C (+)= A B; rows of A are contiguous along the depth, lda apart; rows of B two vectors,
 * ldb apart. */
GEMM_INLINE void bare_f32(const int rows, int cols, int64_t k, const float *a, int64_t lda, const float *b,
    int64_t ldb, const void *next, float *c, int64_t ldc, bool accumulate) {
    gemm_f32v sum[GEMM_MAX_ROWS][2];
    if (cols <= GEMM_F32_LANES) {
        half_tile_f32(rows, cols, k, a, lda, 1, b, ldb, c, ldc, accumulate);
        return;
    }
    prefetch_tile(rows, 2 * GEMM_VECTOR_BYTES, c, (size_t)ldc * 4);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    int64_t p = 0;
    for (; p + 4 <= k; p += 4, b += 4 * ldb)
        next = four_steps_f32(rows, a + p, lda, 1, b, ldb, next, sum);
    for (; p < k; p++, b += ldb)
        step_f32(rows, a + p, lda, b, sum);
    put_tile_f32(rows, cols, sum, c, ldc, accumulate);
}

/* The same for one row: `chains` sums of each element, so that none waits for its own latency. As many as
 * pair_f32() has, so that the bits do not tell who was a pair. rows * chains <= 6. */
GEMM_INLINE void bare_few_f32(const int rows, const int chains, int cols, int64_t k, const float *a,
    int64_t lda, const float *b, int64_t ldb, const void *next, float *c, int64_t ldc, bool accumulate) {
    gemm_f32v sum[6][2];
#pragma GCC unroll 6
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    int64_t p = 0;
    for (; p + chains <= k; p += chains)
#pragma GCC unroll 4
        for (int u = 0; u < chains; u++, b += ldb) {
            next = gemm_fetch(next, GEMM_FETCH_BYTES);
            step_f32(rows, a + p + u, lda, b, sum + u * rows);
        }
    for (; p < k; p++, b += ldb)
        step_f32(rows, a + p, lda, b, sum);
    join_chains_f32(rows, chains, sum);
    put_tile_f32(rows, cols, sum, c, ldc, accumulate);
}

/* One unit of depth of two panels: sum[panel * rows + row]. */
GEMM_INLINE void pair_step_f32(
    const int rows, const float *a, int64_t lda, const float *b, int64_t b_step, gemm_f32v sum[][2]) {
#pragma GCC unroll 2
    for (int j = 0; j < 2; j++)
        step_f32(rows, a, lda, b + j * b_step, sum + j * rows);
}

/*
 * One to three rows over two panels: such products run at the speed of memory, which is quicker in two
 * streams than in one, and hardware foresees both. rows * chains <= 3.
 */
GEMM_INLINE void pair_f32(const int rows, const int chains, int64_t k, const float *a, int64_t lda,
    const float *b, int64_t b_step, float *c, int64_t ldc, int64_t c_step, bool accumulate) {
    gemm_f32v sum[6][2];
#pragma GCC unroll 6
    for (int i = 0; i < 2 * rows * chains; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    int64_t p = 0;
    for (; p + chains <= k; p += chains)
#pragma GCC unroll 3
        for (int u = 0; u < chains; u++, b += GEMM_F32_COLS)
            pair_step_f32(rows, a + p + u, lda, b, b_step, sum + 2 * rows * u);
    for (; p < k; p++, b += GEMM_F32_COLS)
        pair_step_f32(rows, a + p, lda, b, b_step, sum);
    join_chains_f32(2 * rows, chains, sum);
    put_tile_f32(rows, GEMM_F32_COLS, sum, c, ldc, accumulate);
    put_tile_f32(rows, GEMM_F32_COLS, sum + rows, c + c_step, ldc, accumulate);
}

GEMM_INLINE void pair_rows_f32(int rows, int64_t k, const float *a, int64_t lda, const float *b,
    int64_t b_step, float *c, int64_t ldc, int64_t c_step, bool accumulate) {
    switch (rows) {
    case 1: pair_f32(1, PAIR_CHAINS, k, a, lda, b, b_step, c, ldc, c_step, accumulate); break;
    case 2: pair_f32(2, 1, k, a, lda, b, b_step, c, ldc, c_step, accumulate); break;
    default: pair_f32(3, 1, k, a, lda, b, b_step, c, ldc, c_step, accumulate); break;
    }
}

GEMM_INLINE void bare_f64(const int rows, int cols, int64_t k, const double *a, int64_t lda, const double *b,
    int64_t ldb, const void *next, double *c, int64_t ldc, bool accumulate) {
    gemm_f64v sum[GEMM_MAX_ROWS][2];
    prefetch_tile(rows, 2 * GEMM_VECTOR_BYTES, c, (size_t)ldc * 8);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = (gemm_f64v){0};
    for (int64_t p = 0; p < k; p++, next = gemm_fetch(next, GEMM_FETCH_BYTES)) {
        const gemm_f64v lo = load_f64v(b), hi = load_f64v(b + GEMM_F64_LANES);
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            sum[i][0] += a[i * lda + p] * lo;
            sum[i][1] += a[i * lda + p] * hi;
        }
        b += ldb;
    }
    put_tile_f64(rows, cols, sum, c, ldc, accumulate);
}

#endif
