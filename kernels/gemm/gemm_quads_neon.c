/* Register tiles with the dot product extension (sdot: four products of bytes a lane and instruction). Both
 * panels are s8; the first unit row holds what the sums start from (gemm_form.h). */
#include "kernels/gemm/gemm_put_neon.h"
#include "kernels/gemm/gemm_tiles.h"

/* sum[i][j] = header_a[i] + header_b[j]. */
GEMM_INLINE void start_sums(const int rows, const int8_t *a, const int8_t *b, int32x4_t sum[][4]) {
    int32_t of_row[NEON_ROWS], of_col[NEON_COLS];
    memcpy(of_row, a, (size_t)rows * sizeof(int32_t));
    memcpy(of_col, b, sizeof(of_col));
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++)
            sum[i][v] = vaddq_s32(vdupq_n_s32(of_row[i]), vld1q_s32(of_col + 4 * v));
}

GEMM_INLINE void multiply_quads(const int rows, const int8_t *a, const int8_t *b, int32x4_t sum[][4]) {
    int8x16_t row[4];
#pragma GCC unroll 4
    for (int v = 0; v < 4; v++)
        row[v] = vld1q_s8(b + 16 * v);
#pragma GCC unroll 3
    for (int i = 0; i < rows; i += 2) {
        const bool is_pair = i + 1 < rows;
        int32_t last;
        memcpy(&last, a + 4 * i, sizeof(last));
        const int8x8_t factor = is_pair ? vld1_s8(a + 4 * i) : vreinterpret_s8_s32(vdup_n_s32(last));
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            sum[i][v] = vdotq_lane_s32(sum[i][v], row[v], factor, 0);
            if (is_pair)
                sum[i + 1][v] = vdotq_lane_s32(sum[i + 1][v], row[v], factor, 1);
        }
    }
}

GEMM_INLINE void tile_quads(const int rows, int cols, int64_t units, const int8_t *a, const int8_t *b,
    const void *next, int32_t *c, int64_t ldc, bool accumulate) {
    int32x4_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_s32(0);
    if (units > 0 && !accumulate)
        start_sums(rows, a, b, sum);
    for (int64_t p = 1; p < units; p++, next = gemm_fetch(next, NEON_FETCH_BYTES))
        multiply_quads(rows, a + p * 4 * rows, b + p * 4 * NEON_COLS, sum);
    put_neon_s32(rows, cols, sum, c, ldc, accumulate);
}

void gemm_tile_s32_quads_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_quads(1, cols, units, a, b, next, c, ldc, accumulate); break;
    case 2: tile_quads(2, cols, units, a, b, next, c, ldc, accumulate); break;
    case 3: tile_quads(3, cols, units, a, b, next, c, ldc, accumulate); break;
    case 4: tile_quads(4, cols, units, a, b, next, c, ldc, accumulate); break;
    case 5: tile_quads(5, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_quads(6, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}
