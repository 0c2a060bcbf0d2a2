/*
 * Register tiles, NEON of any 64-bit Arm: f32 (B as f32, or 16-bit floats widened in the loop), f64, and
 * 16-bit integers. Elements of A are taken two rows a load and multiplied by element, so that no instruction
 * is spent on spreading them: seven loads for 24 multiply-adds.
 */
#include "kernels/gemm/gemm_put_neon.h"
#include "kernels/gemm/gemm_tiles.h"

enum { FROM_F32 = 1, FROM_BF16 = 2, FROM_F16 = 3 };

/* Sixteen elements of a row of B as f32. */
GEMM_INLINE void load_row(const int from, const void *b, float32x4_t out[4]) {
    if (from == FROM_F32) {
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++)
            out[v] = vld1q_f32((const float *)b + 4 * v);
        return;
    }
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
        const uint16x8_t eight = vld1q_u16((const uint16_t *)b + 8 * half);
        if (from == FROM_BF16) {
            out[2 * half] = vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(eight), 16));
            out[2 * half + 1] = vreinterpretq_f32_u32(vshll_high_n_u16(eight, 16));
        } else {
            const float16x8_t halves = vreinterpretq_f16_u16(eight);
            out[2 * half] = vcvt_f32_f16(vget_low_f16(halves));
            out[2 * half + 1] = vcvt_high_f32_f16(halves);
        }
    }
}

/* One unit: sum[i] += a[i] * b for all rows. */
GEMM_INLINE void multiply_f32(
    const int rows, const int from, const float *a, const void *b, float32x4_t sum[][4]) {
    float32x4_t row[4];
    load_row(from, b, row);
#pragma GCC unroll 3
    for (int i = 0; i < rows; i += 2) {
        const bool is_pair = i + 1 < rows;
        float32x2_t factor = is_pair ? vld1_f32(a + i) : vld1_dup_f32(a + i);
        /* One register: as two scalars, the factors would push sums out of theirs. */
        __asm__("" : "+w"(factor));
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            sum[i][v] = vfmaq_lane_f32(sum[i][v], row[v], factor, 0);
            if (is_pair)
                sum[i + 1][v] = vfmaq_lane_f32(sum[i + 1][v], row[v], factor, 1);
        }
    }
}

/* `chains` sums of each element, so that one row does not wait for the latency of its additions; rows *
 * chains <= 6. */
GEMM_INLINE void tile_f32_neon(const int rows, const int chains, const int from, int cols, int64_t k,
    const float *a, const void *b, const void *next, float *c, int64_t ldc, bool accumulate) {
    const int64_t step = from == FROM_F32 ? 4 * NEON_COLS : 2 * NEON_COLS;
    const unsigned char *at = b;
    float32x4_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_f32(0.0f);
    int64_t p = 0;
    for (; p + chains <= k; p += chains) {
#pragma GCC unroll 2
        for (int u = 0; u < chains; u++) {
            multiply_f32(rows, from, a, at, sum + u * rows);
            a += rows;
            at += step;
            next = gemm_fetch(next, NEON_FETCH_BYTES);
        }
    }
    if (chains > 1 && p < k)
        multiply_f32(rows, from, a, at, sum);
    if (chains > 1)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++)
            sum[0][v] = vaddq_f32(sum[0][v], sum[1][v]);
    put_neon_f32(rows, cols, sum, c, ldc, accumulate);
}

GEMM_INLINE void tile_f32_rows(int rows, const int from, int cols, int64_t k, const float *a, const void *b,
    const void *next, float *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_f32_neon(1, 2, from, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_f32_neon(2, 1, from, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_f32_neon(3, 1, from, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_f32_neon(4, 1, from, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_f32_neon(5, 1, from, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f32_neon(6, 1, from, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_f32_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_f32_rows(rows, FROM_F32, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_f32_bf16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_f32_rows(rows, FROM_BF16, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_f32_f16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_f32_rows(rows, FROM_F16, cols, units, a, b, next, c, ldc, accumulate);
}

GEMM_INLINE void tile_f64_neon(const int rows, int cols, int64_t k, const double *a, const double *b,
    const void *next, double *c, int64_t ldc, bool accumulate) {
    float64x2_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_f64(0.0);
    for (int64_t p = 0; p < k;
         p++, a += rows, b += NEON_COLS_F64, next = gemm_fetch(next, NEON_FETCH_BYTES)) {
        float64x2_t row[4];
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++)
            row[v] = vld1q_f64(b + 2 * v);
#pragma GCC unroll 3
        for (int i = 0; i < rows; i += 2) {
            const bool is_pair = i + 1 < rows;
            const float64x2_t factor = is_pair ? vld1q_f64(a + i) : vld1q_dup_f64(a + i);
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++) {
                sum[i][v] = vfmaq_laneq_f64(sum[i][v], row[v], factor, 0);
                if (is_pair)
                    sum[i + 1][v] = vfmaq_laneq_f64(sum[i + 1][v], row[v], factor, 1);
            }
        }
    }
    put_neon_f64(rows, cols, sum, c, ldc, accumulate);
}

void gemm_tile_f64_6x8_neon(int rows, int cols, int64_t units, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_f64_neon(1, cols, units, a, b, next, c, ldc, accumulate); break;
    case 2: tile_f64_neon(2, cols, units, a, b, next, c, ldc, accumulate); break;
    case 3: tile_f64_neon(3, cols, units, a, b, next, c, ldc, accumulate); break;
    case 4: tile_f64_neon(4, cols, units, a, b, next, c, ldc, accumulate); break;
    case 5: tile_f64_neon(5, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_f64_neon(6, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}

/* Two rows of A as the first lanes of a vector. */
GEMM_INLINE int16x4_t load_pair_s16(const int16_t *a) {
    int32_t pair;
    memcpy(&pair, a, sizeof(pair));
    return vreinterpret_s16_s32(vdup_n_s32(pair));
}

/* smlal: 16-bit factors, four products an instruction, none lost. */
GEMM_INLINE void multiply_s16(const int rows, const int16_t *a, const int16_t *b, int32x4_t sum[][4]) {
    int16x4_t row[4];
#pragma GCC unroll 4
    for (int v = 0; v < 4; v++)
        row[v] = vld1_s16(b + 4 * v);
#pragma GCC unroll 3
    for (int i = 0; i < rows; i += 2) {
        const bool is_pair = i + 1 < rows;
        const int16x4_t factor = is_pair ? load_pair_s16(a + i) : vld1_dup_s16(a + i);
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            sum[i][v] = vmlal_lane_s16(sum[i][v], row[v], factor, 0);
            if (is_pair)
                sum[i + 1][v] = vmlal_lane_s16(sum[i + 1][v], row[v], factor, 1);
        }
    }
}

GEMM_INLINE void tile_s16(const int rows, int cols, int64_t k, const int16_t *a, const int16_t *b,
    const void *next, int32_t *c, int64_t ldc, bool accumulate) {
    int32x4_t sum[NEON_ROWS][4];
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = sum[i][2] = sum[i][3] = vdupq_n_s32(0);
    for (int64_t p = 0; p < k; p++, a += rows, b += NEON_COLS, next = gemm_fetch(next, NEON_FETCH_BYTES))
        multiply_s16(rows, a, b, sum);
    put_neon_s32(rows, cols, sum, c, ldc, accumulate);
}

void gemm_tile_s32_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_s16(1, cols, units, a, b, next, c, ldc, accumulate); break;
    case 2: tile_s16(2, cols, units, a, b, next, c, ldc, accumulate); break;
    case 3: tile_s16(3, cols, units, a, b, next, c, ldc, accumulate); break;
    case 4: tile_s16(4, cols, units, a, b, next, c, ldc, accumulate); break;
    case 5: tile_s16(5, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_s16(6, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}
