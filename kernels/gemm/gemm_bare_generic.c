/* Tiles of operands as they lie, instances for generic of the bodies in gemm_bare_vector.h. */
#include "kernels/gemm/gemm_bare_vector.h"
#include "kernels/gemm/gemm_tiles.h"

void gemm_bare_f32_generic(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: bare_f32(1, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 2: bare_f32(2, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 3: bare_f32(3, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    default: bare_f32(4, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    }
}

void gemm_bare_f64_generic(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: bare_f64(1, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 2: bare_f64(2, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    case 3: bare_f64(3, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    default: bare_f64(4, cols, k, a, lda, b, ldb, next, c, ldc, accumulate); break;
    }
}
