/*
 * Register tiles with bfmmla: two rows by two columns by four of the depth an instruction, twice what bfdot
 * does. A unit is four bf16 (8 bytes), so two lanes of a panel are one register as they lie. A sum of two
 * rows and two columns is one register; the last step sorts them into rows. The instruction rounds sums to
 * odd and takes subnormal numbers for zero.
 */
#include "kernels/gemm/gemm_put_neon.h"
#include "kernels/gemm/gemm_tiles.h"

enum { PAIRS_OF_ROWS = NEON_ROWS / 2, PAIRS_OF_COLS = NEON_COLS / 2 };

/* Two lanes; the second is zero where there is none. */
GEMM_INLINE bfloat16x8_t load_two(const bool is_pair, const uint16_t *a) {
    const uint16x4_t none = vdup_n_u16(0);
    return vreinterpretq_bf16_u16(is_pair ? vld1q_u16(a) : vcombine_u16(vld1_u16(a), none));
}

GEMM_INLINE void multiply_squares(
    const int rows, const uint16_t *a, const uint16_t *b, float32x4_t sum[][PAIRS_OF_COLS]) {
    bfloat16x8_t factor[PAIRS_OF_ROWS];
#pragma GCC unroll 3
    for (int i = 0; i < rows; i += 2)
        factor[i / 2] = load_two(i + 1 < rows, a + 4 * i);
#pragma GCC unroll 8
    for (int j = 0; j < PAIRS_OF_COLS; j++) {
        const bfloat16x8_t two = vreinterpretq_bf16_u16(vld1q_u16(b + 8 * j));
#pragma GCC unroll 3
        for (int i = 0; i < (rows + 1) / 2; i++)
            sum[i][j] = vbfmmlaq_f32(sum[i][j], factor[i], two);
    }
}

GEMM_INLINE void tile_squares(const int rows, int cols, int64_t units, const uint16_t *a, const uint16_t *b,
    const void *next, float *c, int64_t ldc, bool accumulate) {
    float32x4_t sum[PAIRS_OF_ROWS][PAIRS_OF_COLS], line[NEON_ROWS][4];
#pragma GCC unroll 3
    for (int i = 0; i < (rows + 1) / 2; i++)
#pragma GCC unroll 8
        for (int j = 0; j < PAIRS_OF_COLS; j++)
            sum[i][j] = vdupq_n_f32(0.0f);
    for (int64_t p = 0; p < units;
         p++, a += 4 * rows, b += 4 * NEON_COLS, next = gemm_fetch(next, NEON_FETCH_BYTES))
        multiply_squares(rows, a, b, sum);
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            const float32x4_t left = sum[i / 2][2 * v], right = sum[i / 2][2 * v + 1];
            line[i][v] = i % 2 == 0 ? vcombine_f32(vget_low_f32(left), vget_low_f32(right))
                                    : vcombine_f32(vget_high_f32(left), vget_high_f32(right));
        }
    put_neon_f32(rows, cols, line, c, ldc, accumulate);
}

void gemm_tile_bf16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_squares(1, cols, units, a, b, next, c, ldc, accumulate); break;
    case 2: tile_squares(2, cols, units, a, b, next, c, ldc, accumulate); break;
    case 3: tile_squares(3, cols, units, a, b, next, c, ldc, accumulate); break;
    case 4: tile_squares(4, cols, units, a, b, next, c, ldc, accumulate); break;
    case 5: tile_squares(5, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_squares(6, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}
