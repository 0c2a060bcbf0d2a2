/* What NEON tiles share: their size, and the storing of sums in rows of four vectors. Internal to the
 * *_neon.c files. */
#ifndef KERNELS_GEMM_GEMM_PUT_NEON_H
#define KERNELS_GEMM_GEMM_PUT_NEON_H

#include "kernels/gemm/gemm_vector.h"

#include <arm_neon.h>

/* Of every NEON tile: 24 of 32 registers hold sums, enough for two pipes of four cycles three times over;
 * sixteen columns, because channel counts are multiples of that. f64: eight columns. */
enum { NEON_ROWS = 6, NEON_COLS = 16, NEON_COLS_F64 = 8 };

/* Of what comes next, fetched with a unit row of 64 bytes. */
enum { NEON_FETCH_BYTES = 64 / GEMM_FETCH_TURNS };

/* Keeps the compiler from loading all factors at once, which would push sums out of their registers. */
GEMM_INLINE void load_in_turn(void) {
    __asm__ volatile("" ::: "memory");
}

/* A tile of fewer than all columns, out of memory, element by element. */
GEMM_INLINE void put_narrow_neon_f32(
    const int rows, int cols, const float *flat, float *c, int64_t ldc, bool accumulate) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const float value = flat[i * NEON_COLS + j];
            c[i * ldc + j] = accumulate ? c[i * ldc + j] + value : value;
        }
}

GEMM_INLINE void put_neon_f32(
    const int rows, int cols, float32x4_t sum[][4], float *c, int64_t ldc, bool accumulate) {
    float flat[NEON_ROWS * NEON_COLS];
    const bool is_narrow = cols < NEON_COLS;
    float *to = is_narrow ? flat : c;
    const int64_t ld = is_narrow ? NEON_COLS : ldc;
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            float *at = to + i * ld + 4 * v;
            vst1q_f32(at, accumulate && !is_narrow ? vaddq_f32(vld1q_f32(at), sum[i][v]) : sum[i][v]);
        }
    if (is_narrow)
        put_narrow_neon_f32(rows, cols, flat, c, ldc, accumulate);
}

GEMM_INLINE void put_narrow_neon_f64(
    const int rows, int cols, const double *flat, double *c, int64_t ldc, bool accumulate) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const double value = flat[i * NEON_COLS_F64 + j];
            c[i * ldc + j] = accumulate ? c[i * ldc + j] + value : value;
        }
}

GEMM_INLINE void put_neon_f64(
    const int rows, int cols, float64x2_t sum[][4], double *c, int64_t ldc, bool accumulate) {
    double flat[NEON_ROWS * NEON_COLS_F64];
    const bool is_narrow = cols < NEON_COLS_F64;
    double *to = is_narrow ? flat : c;
    const int64_t ld = is_narrow ? NEON_COLS_F64 : ldc;
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            double *at = to + i * ld + 2 * v;
            vst1q_f64(at, accumulate && !is_narrow ? vaddq_f64(vld1q_f64(at), sum[i][v]) : sum[i][v]);
        }
    if (is_narrow)
        put_narrow_neon_f64(rows, cols, flat, c, ldc, accumulate);
}

/* Integer sums wrap around. */
GEMM_INLINE void put_narrow_neon_s32(
    const int rows, int cols, const int32_t *flat, int32_t *c, int64_t ldc, bool accumulate) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const uint32_t before = accumulate ? (uint32_t)c[i * ldc + j] : 0;
            c[i * ldc + j] = (int32_t)(before + (uint32_t)flat[i * NEON_COLS + j]);
        }
}

GEMM_INLINE void put_neon_s32(
    const int rows, int cols, int32x4_t sum[][4], int32_t *c, int64_t ldc, bool accumulate) {
    int32_t flat[NEON_ROWS * NEON_COLS];
    const bool is_narrow = cols < NEON_COLS;
    int32_t *to = is_narrow ? flat : c;
    const int64_t ld = is_narrow ? NEON_COLS : ldc;
#pragma GCC unroll 6
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) {
            int32_t *at = to + i * ld + 4 * v;
            vst1q_s32(at, accumulate && !is_narrow ? vaddq_s32(vld1q_s32(at), sum[i][v]) : sum[i][v]);
        }
    if (is_narrow)
        put_narrow_neon_s32(rows, cols, flat, c, ldc, accumulate);
}

#endif
