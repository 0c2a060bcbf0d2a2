/*
 * Register tiles with smmla: two rows by two columns by eight of the depth an instruction, twice what sdot
 * does. Both panels are s8, a unit is eight bytes; the first unit row begins with what the sums start from
 * (gemm_form.h). A sum of two rows and two columns is one register; the last step sorts them into rows.
 */
#include "kernels/gemm/gemm_put_neon.h"
#include "kernels/gemm/gemm_tiles.h"

enum { PAIRS_OF_ROWS = NEON_ROWS / 2, PAIRS_OF_COLS = NEON_COLS / 2 };

/* line[i][j] += header_a[i] + header_b[j]. */
GEMM_INLINE void add_headers(const int rows, const int8_t *a, const int8_t *b, int32x4_t line[][4]) {
    int32_t of_row[NEON_ROWS], of_col[NEON_COLS];
    memcpy(of_row, a, (size_t)rows * sizeof(int32_t));
    memcpy(of_col, b, sizeof(of_col));
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            const int32x4_t start = vaddq_s32(vdupq_n_s32(of_row[i]), vld1q_s32(of_col + 4 * v));
            line[i][v] = vaddq_s32(line[i][v], start);
        }
}

/* Two lanes; the second is zero where there is none. */
GEMM_INLINE int8x16_t load_two(const bool is_pair, const int8_t *a) {
    return is_pair ? vld1q_s8(a) : vcombine_s8(vld1_s8(a), vdup_n_s8(0));
}

GEMM_INLINE void multiply_squares(
    const int rows, const int8_t *a, const int8_t *b, int32x4_t sum[][PAIRS_OF_COLS]) {
    int8x16_t factor[PAIRS_OF_ROWS];
#pragma GCC unroll 3
    for (int i = 0; i < rows; i += 2)
        factor[i / 2] = load_two(i + 1 < rows, a + 8 * i);
#pragma GCC unroll 8
    for (int j = 0; j < PAIRS_OF_COLS; j++) {
        const int8x16_t two = vld1q_s8(b + 16 * j);
#pragma GCC unroll 3
        for (int i = 0; i < (rows + 1) / 2; i++)
            sum[i][j] = vmmlaq_s32(sum[i][j], factor[i], two);
    }
}

GEMM_INLINE void tile_squares(const int rows, int cols, int64_t units, const int8_t *a, const int8_t *b,
    const void *next, int32_t *c, int64_t ldc, bool accumulate) {
    int32x4_t sum[PAIRS_OF_ROWS][PAIRS_OF_COLS], line[NEON_ROWS][4];
#pragma GCC unroll 3
    for (int i = 0; i < (rows + 1) / 2; i++)
#pragma GCC unroll 8
        for (int j = 0; j < PAIRS_OF_COLS; j++)
            sum[i][j] = vdupq_n_s32(0);
    for (int64_t p = 1; p < units; p++, next = gemm_fetch(next, NEON_FETCH_BYTES))
        multiply_squares(rows, a + p * 8 * rows, b + p * 8 * NEON_COLS, sum);
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            const int32x4_t left = sum[i / 2][2 * v], right = sum[i / 2][2 * v + 1];
            line[i][v] = i % 2 == 0 ? vcombine_s32(vget_low_s32(left), vget_low_s32(right))
                                    : vcombine_s32(vget_high_s32(left), vget_high_s32(right));
        }
    if (units > 0 && !accumulate)
        add_headers(rows, a, b, line);
    put_neon_s32(rows, cols, line, c, ldc, accumulate);
}

void gemm_tile_s32_octets_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
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
