/* Few-row products without packing, instances for avx2 of the bodies in gemm_stream_vector.h. */
#include "kernels/gemm/gemm_stream_vector.h"
#include "kernels/gemm/gemm_tiles.h"

#include <immintrin.h>

/* Depth below which adding up lanes costs more than reading B once for each row of four. */
enum { SHORT_DEPTH = 128 };

/* Lane j: the sum of the lanes of s[j], in the order of sum_lanes_f32(). */
static inline gemm_f32v sum_lanes_8(const gemm_f32v s[8]) {
    const __m256 low = _mm256_hadd_ps(
        _mm256_hadd_ps((__m256)s[0], (__m256)s[1]), _mm256_hadd_ps((__m256)s[2], (__m256)s[3]));
    const __m256 high = _mm256_hadd_ps(
        _mm256_hadd_ps((__m256)s[4], (__m256)s[5]), _mm256_hadd_ps((__m256)s[6], (__m256)s[7]));
    return (gemm_f32v)_mm256_permute2f128_ps(low, high, 0x20) +
           (gemm_f32v)_mm256_permute2f128_ps(low, high, 0x31);
}

/* Eight dot products of one line with lines ldb apart: order and expressions of dot_f32(), so that the bits
 * are the same, and short ones too are quick. */
static inline void dot_8(int64_t k, const float *a, const float *b, int64_t ldb, float *sum) {
    gemm_f32v part[8] = {0};
    int64_t p = 0;
    for (; p + GEMM_F32_LANES <= k; p += GEMM_F32_LANES) {
        const gemm_f32v line = load_f32v(a + p);
#pragma GCC unroll 8
        for (int j = 0; j < 8; j++)
            part[j] += load_f32v(b + j * ldb + p) * line;
    }
    gemm_f32v total = sum_lanes_8(part);
    for (; p < k; p++) {
        const float *at = b + p;
        const gemm_f32v row = {
            at[0], at[ldb], at[2 * ldb], at[3 * ldb], at[4 * ldb], at[5 * ldb], at[6 * ldb], at[7 * ldb]};
        total += a[p] * row;
    }
    store_f32v(sum, total);
}

void gemm_axpy_f32_avx2(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum) {
    axpy_rows_f32(rows, n, k, a, b, ldb, sum, ld_sum);
}

void gemm_axpy_f64_avx2(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum) {
    axpy_rows_f64(rows, n, k, a, b, ldb, sum, ld_sum);
}

void gemm_dot_f32_avx2(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum) {
    const float *first = a, *lines = b;
    float *out = sum;
    int64_t j = 0;
    for (const bool is_short = rows < 4 || k < SHORT_DEPTH; is_short && j + 8 <= cols; j += 8)
        for (int i = 0; i < rows; i++)
            dot_8(k, first + i * lda, lines + j * ldb, ldb, out + i * ld_sum + j);
    dot_all_f32(rows, cols - j, k, a, lda, lines + j * ldb, ldb, out + j, ld_sum);
}

void gemm_dot_f64_avx2(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum) {
    dot_all_f64(rows, cols, k, a, lda, b, ldb, sum, ld_sum);
}
