/* Register tiles with fmlal: products of f16 added to f32 without rounding in between. Both panels are f16.
 */
#include "kernels/gemm/gemm_put_neon.h"
#include "kernels/gemm/gemm_tiles.h"

/* Two rows of A as the first lanes of a vector; the second may be any. */
GEMM_INLINE float16x4_t load_factor(const bool is_pair, const uint16_t *a) {
    uint32_t pair = a[0];
    if (is_pair)
        memcpy(&pair, a, sizeof(pair));
    return vreinterpret_f16_u32(vdup_n_u32(pair));
}

GEMM_INLINE void multiply_halves(const int rows, const uint16_t *a, const uint16_t *b, float32x4_t sum[][4]) {
    const float16x8_t left = vreinterpretq_f16_u16(vld1q_u16(b));
    const float16x8_t right = vreinterpretq_f16_u16(vld1q_u16(b + 8));
#pragma GCC unroll 3
    for (int i = 0; i < rows; i += 2) {
        const float16x4_t factor = load_factor(i + 1 < rows, a + i);
        sum[i][0] = vfmlalq_lane_low_f16(sum[i][0], left, factor, 0);
        sum[i][1] = vfmlalq_lane_high_f16(sum[i][1], left, factor, 0);
        sum[i][2] = vfmlalq_lane_low_f16(sum[i][2], right, factor, 0);
        sum[i][3] = vfmlalq_lane_high_f16(sum[i][3], right, factor, 0);
        if (i + 1 == rows)
            continue;
        sum[i + 1][0] = vfmlalq_lane_low_f16(sum[i + 1][0], left, factor, 1);
        sum[i + 1][1] = vfmlalq_lane_high_f16(sum[i + 1][1], left, factor, 1);
        sum[i + 1][2] = vfmlalq_lane_low_f16(sum[i + 1][2], right, factor, 1);
        sum[i + 1][3] = vfmlalq_lane_high_f16(sum[i + 1][3], right, factor, 1);
    }
}

GEMM_INLINE void tile_halves(const int rows, int cols, int64_t units, const uint16_t *a, const uint16_t *b,
    const void *next, float *c, int64_t ldc, bool accumulate) {
    float32x4_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_f32(0.0f);
    for (int64_t p = 0; p < units; p++, a += rows, b += NEON_COLS, next = gemm_fetch(next, NEON_FETCH_BYTES))
        multiply_halves(rows, a, b, sum);
    put_neon_f32(rows, cols, sum, c, ldc, accumulate);
}

void gemm_tile_f16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_halves(1, cols, units, a, b, next, c, ldc, accumulate); break;
    case 2: tile_halves(2, cols, units, a, b, next, c, ldc, accumulate); break;
    case 3: tile_halves(3, cols, units, a, b, next, c, ldc, accumulate); break;
    case 4: tile_halves(4, cols, units, a, b, next, c, ldc, accumulate); break;
    case 5: tile_halves(5, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_halves(6, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}
