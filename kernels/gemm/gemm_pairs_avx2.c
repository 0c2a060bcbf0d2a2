/* Register tiles with AVX2 for bytes: pairs along the depth as 16-bit integers, multiplied and added by
 * vpmaddwd without loss (vpmaddubsw would take bytes as they are, but saturates). A is s16; B is s16, or s8
 * or u8 widened in the loop, which has half the memory to read. */
#include "kernels/gemm/gemm_tiles.h"
#include "kernels/gemm/gemm_vector.h"

#include <immintrin.h>

enum { COLS = 16, FROM_S16 = 1, FROM_S8 = 2, FROM_U8 = 3 };

/* Pairs of eight columns each. */
GEMM_INLINE void load_pairs(const int from, const unsigned char *b, __m256i *out_low, __m256i *out_high) {
    if (from == FROM_S16) {
        *out_low = _mm256_loadu_si256((const __m256i *)(const void *)b);
        *out_high = _mm256_loadu_si256((const __m256i *)(const void *)(b + 32));
        return;
    }
    const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)b);
    const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(b + 16));
    *out_low = from == FROM_S8 ? _mm256_cvtepi8_epi16(low) : _mm256_cvtepu8_epi16(low);
    *out_high = from == FROM_S8 ? _mm256_cvtepi8_epi16(high) : _mm256_cvtepu8_epi16(high);
}

GEMM_INLINE void put_tile(
    const int rows, int cols, __m256i sum[][2], int32_t *c, int64_t ldc, bool accumulate) {
    if (cols < COLS) {
        int32_t flat[6 * COLS];
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            _mm256_storeu_si256((__m256i *)(void *)(flat + i * COLS), sum[i][0]);
            _mm256_storeu_si256((__m256i *)(void *)(flat + i * COLS + 8), sum[i][1]);
        }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < cols; j++) {
                const uint32_t before = accumulate ? (uint32_t)c[i * ldc + j] : 0;
                c[i * ldc + j] = (int32_t)(before + (uint32_t)flat[i * COLS + j]);
            }
        return;
    }
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int j = 0; j < 2; j++) {
            __m256i *at = (__m256i *)(void *)(c + i * ldc + j * 8);
            if (accumulate)
                sum[i][j] = _mm256_add_epi32(sum[i][j], _mm256_loadu_si256(at));
            _mm256_storeu_si256(at, sum[i][j]);
        }
}

GEMM_INLINE void tile_pairs(const int rows, const int from, int cols, int64_t units, const unsigned char *a,
    const unsigned char *b, const void *next, int32_t *c, int64_t ldc, bool accumulate) {
    __m256i sum[6][2];
    prefetch_tile(rows, 64, c, (size_t)ldc * 4);
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = _mm256_setzero_si256();
    for (int64_t p = 0; p < units; p++) {
        __m256i low, high;
        load_pairs(from, b, &low, &high);
        if (rows < 4)
            __builtin_prefetch(b + GEMM_PREFETCH);
        else
            next = gemm_fetch(next, (from == FROM_S16 ? 4 * COLS : 2 * COLS) / GEMM_FETCH_TURNS);
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++) {
            int32_t pair;
            memcpy(&pair, a + i * 4, sizeof(pair));
            const __m256i factor = _mm256_set1_epi32(pair);
            sum[i][0] = _mm256_add_epi32(sum[i][0], _mm256_madd_epi16(factor, low));
            sum[i][1] = _mm256_add_epi32(sum[i][1], _mm256_madd_epi16(factor, high));
        }
        a += rows * 4;
        b += from == FROM_S16 ? 4 * COLS : 2 * COLS;
    }
    put_tile(rows, cols, sum, c, ldc, accumulate);
}

GEMM_INLINE void tile_pairs_rows(int rows, const int from, int cols, int64_t units, const unsigned char *a,
    const unsigned char *b, const void *next, int32_t *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_pairs(1, from, cols, units, a, b, next, c, ldc, accumulate); break;
    case 2: tile_pairs(2, from, cols, units, a, b, next, c, ldc, accumulate); break;
    case 3: tile_pairs(3, from, cols, units, a, b, next, c, ldc, accumulate); break;
    case 4: tile_pairs(4, from, cols, units, a, b, next, c, ldc, accumulate); break;
    case 5: tile_pairs(5, from, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_pairs(6, from, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_s32_pairs_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_pairs_rows(rows, FROM_S16, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_s32_pairs_s8_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_pairs_rows(rows, FROM_S8, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_s32_pairs_u8_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_pairs_rows(rows, FROM_U8, cols, units, a, b, next, c, ldc, accumulate);
}
