/* Open tiles, AVX2 with FMA: the constants of each tile height over the bodies of gemm_open_vector.h. */
#include "kernels/gemm/gemm_open_vector.h"

#include <immintrin.h>

/* Pairs of s16 along the depth, multiplied and added by vpmaddwd without loss; vectors: 2, or 1 for half the
 * columns. */
GEMM_INLINE void open_pairs(const int rows, const int vectors, int64_t runs, const gemm_open_run *run,
    const unsigned char *b, int32_t *c, const int64_t *row, bool accumulate) {
    __m256i sum[6][2];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = _mm256_setzero_si256();
    for (; runs > 0; runs--, run = open_next(run, rows)) {
        const unsigned char *a[6], *at = b + run->b * 64;
#pragma GCC unroll 6
        for (int i = 0; i < rows; i++)
            a[i] = run->a[i];
        for (int64_t p = 0; p < run->count; p++, at += 64) {
            const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
            const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
#pragma GCC unroll 6
            for (int i = 0; i < rows; i++) {
                int32_t pair;
                memcpy(&pair, a[i] + p * 4, sizeof(pair));
                const __m256i factor = _mm256_set1_epi32(pair);
                sum[i][0] = _mm256_add_epi32(sum[i][0], _mm256_madd_epi16(factor, low));
                if (vectors == 2)
                    sum[i][1] = _mm256_add_epi32(sum[i][1], _mm256_madd_epi16(factor, high));
            }
        }
    }
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            __m256i *at = (__m256i *)(void *)(c + row[i] + j * 8);
            if (accumulate)
                sum[i][j] = _mm256_add_epi32(sum[i][j], _mm256_loadu_si256(at));
            _mm256_storeu_si256(at, sum[i][j]);
        }
}

GEMM_INLINE void open_pairs_rows(int rows, const int vectors, int64_t runs, const gemm_open_run *run,
    const void *b, void *c, const int64_t *row, bool accumulate) {
    switch (rows) {
    case 1: open_pairs(1, vectors, runs, run, b, c, row, accumulate); break;
    case 2: open_pairs(2, vectors, runs, run, b, c, row, accumulate); break;
    case 3: open_pairs(3, vectors, runs, run, b, c, row, accumulate); break;
    case 4: open_pairs(4, vectors, runs, run, b, c, row, accumulate); break;
    case 5: open_pairs(5, vectors, runs, run, b, c, row, accumulate); break;
    default: open_pairs(6, vectors, runs, run, b, c, row, accumulate); break;
    }
}

void gemm_open_s32_pairs_6x16_avx2(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    (void)end; /* the table has no endings here */
    if (cols <= 8)
        open_pairs_rows(rows, 1, runs, run, b, c, row, accumulate);
    else
        open_pairs_rows(rows, 2, runs, run, b, c, row, accumulate);
}

static void open_half(int rows, int cols, int64_t runs, const gemm_open_run *run, const float *b, float *c,
    const int64_t *row, bool accumulate, const gemm_open_end *end) {
    switch (rows) {
    case 1: open_half_f32(1, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_half_f32(2, 2, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_half_f32(3, 2, cols, runs, run, b, c, row, accumulate, end); break;
    case 4: open_half_f32(4, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 5: open_half_f32(5, 1, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_half_f32(6, 1, cols, runs, run, b, c, row, accumulate, end); break;
    }
}

void gemm_open_f32_6x16_avx2(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    if (2 * cols <= GEMM_F32_COLS) {
        open_half(rows, cols, runs, run, b, c, row, accumulate, end);
        return;
    }
    switch (rows) {
    case 1: open_few_f32(1, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_few_f32(2, 2, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_few_f32(3, 2, cols, runs, run, b, c, row, accumulate, end); break;
    case 4: open_f32(4, cols, runs, run, b, c, row, accumulate, end); break;
    case 5: open_f32(5, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_f32(6, cols, runs, run, b, c, row, accumulate, end); break;
    }
}
