/* Tiles of operands as they lie, instances for avx2 of the bodies in gemm_bare_vector.h. */
#include "kernels/gemm/gemm_bare_vector.h"
#include "kernels/gemm/gemm_tiles.h"

void gemm_bare_f32_avx2(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: bare_few_f32(1, PAIR_CHAINS, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 2: bare_f32(2, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 3: bare_f32(3, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 4: bare_f32(4, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 5: bare_f32(5, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    default: bare_f32(6, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    }
}

void gemm_bare_f64_avx2(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: bare_f64(1, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 2: bare_f64(2, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 3: bare_f64(3, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 4: bare_f64(4, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 5: bare_f64(5, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    default: bare_f64(6, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    }
}

void gemm_pair_f32_avx2(int rows, int64_t k, const void *a, int64_t lda, const void *b, int64_t b_step,
    void *c, int64_t ldc, int64_t c_step, bool accumulate) {
    pair_rows_f32(rows, k, a, lda, b, b_step, c, ldc, c_step, accumulate);
}
