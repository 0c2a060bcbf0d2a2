/* Turning lines of four-byte elements, AVX2: squares of eight by eight in registers. */
#include "kernels/gemm/gemm_open.h"

#include <immintrin.h>

enum { SIDE = 8 };

static inline __attribute__((always_inline)) void turn_square(
    const float *in, int64_t in_step, float *out, int64_t out_step) {
    __m256 line[SIDE], pair[SIDE], quad[SIDE];
#pragma GCC unroll 4
    for (int i = 0; i < SIDE / 2; i++) { /* rows i and i + 4 share a register by halves */
        const __m256 low = _mm256_castps128_ps256(_mm_loadu_ps(in + i * in_step));
        const __m256 high = _mm256_castps128_ps256(_mm_loadu_ps(in + i * in_step + 4));
        line[i] = _mm256_insertf128_ps(low, _mm_loadu_ps(in + (i + 4) * in_step), 1);
        line[i + 4] = _mm256_insertf128_ps(high, _mm_loadu_ps(in + (i + 4) * in_step + 4), 1);
    }
#pragma GCC unroll 2
    for (int h = 0; h < SIDE; h += 4) {
        pair[h] = _mm256_unpacklo_ps(line[h], line[h + 1]);
        pair[h + 1] = _mm256_unpackhi_ps(line[h], line[h + 1]);
        pair[h + 2] = _mm256_unpacklo_ps(line[h + 2], line[h + 3]);
        pair[h + 3] = _mm256_unpackhi_ps(line[h + 2], line[h + 3]);
        quad[h] = _mm256_shuffle_ps(pair[h], pair[h + 2], 0x44);
        quad[h + 1] = _mm256_shuffle_ps(pair[h], pair[h + 2], 0xee);
        quad[h + 2] = _mm256_shuffle_ps(pair[h + 1], pair[h + 3], 0x44);
        quad[h + 3] = _mm256_shuffle_ps(pair[h + 1], pair[h + 3], 0xee);
    }
#pragma GCC unroll 8
    for (int i = 0; i < SIDE; i++)
        _mm256_storeu_ps(out + i * out_step, quad[i]);
}

/* Fewer rows or columns than a square has. */
static void turn_narrow(
    const float *in, int64_t in_step, int64_t rows, int64_t cols, float *out, int64_t out_step) {
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < cols; j++)
            out[j * out_step + i] = in[i * in_step + j];
}

/* The last squares overlap those before them, which writes some elements twice. */
void gemm_turn_4_avx2(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step) {
    if (rows < SIDE || cols < SIDE) {
        turn_narrow(in, in_step, rows, cols, out, out_step);
        return;
    }
    for (int64_t i = 0; i < rows; i += SIDE) {
        const int64_t row = i + SIDE <= rows ? i : rows - SIDE;
        const float *from = (const float *)in + row * in_step;
        float *to = (float *)out + row;
        for (int64_t j = 0; j < cols; j += SIDE) {
            const int64_t col = j + SIDE <= cols ? j : cols - SIDE;
            turn_square(from + col, in_step, to + col * out_step, out_step);
        }
    }
}
