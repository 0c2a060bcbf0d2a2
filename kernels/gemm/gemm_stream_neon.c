/* Few-row products without packing, instances for neon of the bodies in gemm_stream_vector.h. */
#include "kernels/gemm/gemm_stream_vector.h"
#include "kernels/gemm/gemm_tiles.h"

void gemm_axpy_f32_neon(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum) {
    axpy_rows_f32(rows, n, k, a, b, ldb, sum, ld_sum);
}

void gemm_axpy_f64_neon(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum) {
    axpy_rows_f64(rows, n, k, a, b, ldb, sum, ld_sum);
}

void gemm_dot_f32_neon(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum) {
    dot_all_f32(rows, cols, k, a, lda, b, ldb, sum, ld_sum);
}

void gemm_dot_f64_neon(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum) {
    dot_all_f64(rows, cols, k, a, lda, b, ldb, sum, ld_sum);
}
