/* Register tiles that read A and B where they lie, NEON: for products so small that packing would not pay. */
#include "kernels/gemm/gemm_put_neon.h"
#include "kernels/gemm/gemm_tiles.h"

GEMM_INLINE void bare_f32_neon(const int rows, int cols, int64_t k, const float *a, int64_t lda,
    const float *b, int64_t ldb, const void *next, float *c, int64_t ldc, bool accumulate) {
    float32x4_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_f32(0.0f);
    for (int64_t p = 0; p < k; p++, b += ldb, next = gemm_fetch(next, NEON_FETCH_BYTES)) {
        float32x4_t row[4];
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++)
            row[v] = vld1q_f32(b + 4 * v);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            load_in_turn();
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++)
                sum[i][v] = vfmaq_n_f32(sum[i][v], row[v], a[i * lda + p]);
        }
    }
    put_neon_f32(rows, cols, sum, c, ldc, accumulate);
}

GEMM_INLINE void bare_f64_neon(const int rows, int cols, int64_t k, const double *a, int64_t lda,
    const double *b, int64_t ldb, const void *next, double *c, int64_t ldc, bool accumulate) {
    float64x2_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_f64(0.0);
    for (int64_t p = 0; p < k; p++, b += ldb, next = gemm_fetch(next, NEON_FETCH_BYTES)) {
        float64x2_t row[4];
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++)
            row[v] = vld1q_f64(b + 2 * v);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            load_in_turn();
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++)
                sum[i][v] = vfmaq_n_f64(sum[i][v], row[v], a[i * lda + p]);
        }
    }
    put_neon_f64(rows, cols, sum, c, ldc, accumulate);
}

void gemm_bare_f32_neon(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: bare_f32_neon(1, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 2: bare_f32_neon(2, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 3: bare_f32_neon(3, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 4: bare_f32_neon(4, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 5: bare_f32_neon(5, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    default: bare_f32_neon(6, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    }
}

void gemm_bare_f64_neon(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: bare_f64_neon(1, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 2: bare_f64_neon(2, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 3: bare_f64_neon(3, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 4: bare_f64_neon(4, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 5: bare_f64_neon(5, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    default: bare_f64_neon(6, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    }
}
