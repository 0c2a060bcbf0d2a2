/* Bodies of the register tiles that read A where it lies, and B where it lies or in a panel: for products so
 * small that packing would take longer than it saves. */
#ifndef KERNELS_GEMM_GEMM_BARE_VECTOR_H
#define KERNELS_GEMM_GEMM_BARE_VECTOR_H

#include "kernels/gemm/gemm_vector.h"

/* rows x 2 vectors of C (+)= A B; rows of A are contiguous along the depth, lda apart; rows of B two vectors,
 * ldb apart. */
GEMM_INLINE void bare_f32(const int rows, int cols, int64_t k, const float *a, int64_t lda, const float *b,
    int64_t ldb, float *c, int64_t ldc, bool accumulate) {
    gemm_f32v sum[GEMM_MAX_ROWS][2];
    prefetch_tile(rows, 2 * GEMM_VECTOR_BYTES, c, (size_t)ldc * 4);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    for (int64_t p = 0; p < k; p++) {
        const gemm_f32v lo = load_f32v(b), hi = load_f32v(b + GEMM_F32_LANES);
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            sum[i][0] += a[i * lda + p] * lo;
            sum[i][1] += a[i * lda + p] * hi;
        }
        b += ldb;
    }
    put_tile_f32(rows, cols, sum, c, ldc, accumulate);
}

GEMM_INLINE void bare_f64(const int rows, int cols, int64_t k, const double *a, int64_t lda, const double *b,
    int64_t ldb, double *c, int64_t ldc, bool accumulate) {
    gemm_f64v sum[GEMM_MAX_ROWS][2];
    prefetch_tile(rows, 2 * GEMM_VECTOR_BYTES, c, (size_t)ldc * 8);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = (gemm_f64v){0};
    for (int64_t p = 0; p < k; p++) {
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
