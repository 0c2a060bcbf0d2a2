/* Register tiles with AVX2 and FMA for a B that is kept as 16-bit floats and widened in the loop: half the
 * memory to read, which is what products of few rows wait for. A is f32. */
#include "kernels/gemm/gemm_tiles.h"
#include "kernels/gemm/gemm_vector.h"

#include <immintrin.h>

/* Columns of the two vectors: bf16 comes as even and odd columns, because one shift and one mask then make
 * two vectors of one load; f16 comes in order. */
GEMM_INLINE void load_columns(const bool is_bf16, const uint16_t *b, __m256 *out_low, __m256 *out_high) {
    if (is_bf16) {
        const __m256i pairs = _mm256_loadu_si256((const __m256i *)(const void *)b);
        *out_low = _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16));
        *out_high = _mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32((int)0xffff0000)));
        return;
    }
    *out_low = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)b));
    *out_high = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)(b + 8)));
}

/* Sums of one row in the order of columns. */
GEMM_INLINE void order_columns(const bool is_bf16, __m256 low, __m256 high, gemm_f32v out[2]) {
    if (is_bf16) {
        const __m256 a = _mm256_unpacklo_ps(low, high), b = _mm256_unpackhi_ps(low, high);
        low = _mm256_permute2f128_ps(a, b, 0x20);
        high = _mm256_permute2f128_ps(a, b, 0x31);
    }
    out[0] = (gemm_f32v)low;
    out[1] = (gemm_f32v)high;
}

/* `chains` sums of each element, so that few rows do not wait for the latency of their additions; rows *
 * chains <= 6. */
GEMM_INLINE void tile_half(const int rows, const int chains, const bool is_bf16, int cols, int64_t k,
    const float *a, const uint16_t *b, const void *next, float *c, int64_t ldc, bool accumulate) {
    __m256 sum[6][2];
    prefetch_tile(rows, 64, c, (size_t)ldc * 4);
#pragma GCC unroll 6
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = _mm256_setzero_ps();
    int64_t p = 0;
    for (; p + chains <= k; p += chains) {
        if (chains > 1)
            __builtin_prefetch(b + GEMM_PREFETCH / 2);
        else
            next = gemm_fetch(next, GEMM_FETCH_BYTES / 2);
#pragma GCC unroll 6
        for (int u = 0; u < chains; u++) {
            __m256 low, high;
            load_columns(is_bf16, b, &low, &high);
#pragma GCC unroll 6
            for (int i = 0; i < rows; i++) {
                const __m256 factor = _mm256_broadcast_ss(a + i);
                sum[u * rows + i][0] = _mm256_fmadd_ps(factor, low, sum[u * rows + i][0]);
                sum[u * rows + i][1] = _mm256_fmadd_ps(factor, high, sum[u * rows + i][1]);
            }
            a += rows;
            b += GEMM_F32_COLS;
        }
    }
    for (; p < k; p++, a += rows, b += GEMM_F32_COLS) {
        __m256 low, high;
        load_columns(is_bf16, b, &low, &high);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            const __m256 factor = _mm256_broadcast_ss(a + i);
            sum[i][0] = _mm256_fmadd_ps(factor, low, sum[i][0]);
            sum[i][1] = _mm256_fmadd_ps(factor, high, sum[i][1]);
        }
    }
    gemm_f32v ordered[6][2];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 6
        for (int u = 1; u < chains; u++) {
            sum[i][0] = _mm256_add_ps(sum[i][0], sum[u * rows + i][0]);
            sum[i][1] = _mm256_add_ps(sum[i][1], sum[u * rows + i][1]);
        }
        order_columns(is_bf16, sum[i][0], sum[i][1], ordered[i]);
    }
    put_tile_f32(rows, cols, ordered, c, ldc, accumulate);
}

GEMM_INLINE void tile_half_rows(int rows, const bool is_bf16, int cols, int64_t k, const float *a,
    const uint16_t *b, const void *next, float *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_half(1, 4, is_bf16, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_half(2, 3, is_bf16, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_half(3, 2, is_bf16, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_half(4, 1, is_bf16, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_half(5, 1, is_bf16, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_half(6, 1, is_bf16, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_f32_bf16_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_half_rows(rows, true, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_f32_f16_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_half_rows(rows, false, cols, units, a, b, next, c, ldc, accumulate);
}
