/* Bodies of nn_dot.h, over the vectors of kernels/gemm/gemm_vector.h; instances are in nn_dot_<isa>.c. */
#ifndef KERNELS_NN_NN_DOT_VECTOR_H
#define KERNELS_NN_NN_DOT_VECTOR_H

#include "kernels/gemm/gemm_vector.h"
#include "kernels/nn/nn_dot.h"

/* Rows that share loads of x, and chains of sums in each. */
enum { NN_DOT_ROWS = 4, NN_DOT_CHAINS = 2 };

/* The lanes of a vector, always in the same order. */
GEMM_INLINE float nn_dot_lanes(gemm_f32v sum) {
    float lane[GEMM_F32_LANES];
    store_f32v(lane, sum);
    for (int half = GEMM_F32_LANES / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            lane[i] += lane[i + half];
    return lane[0];
}

/* rows: a constant. */
GEMM_INLINE void nn_dot_tile(const int rows, const float *matrix, int64_t depth, const float *x, float *out) {
    gemm_f32v sum[NN_DOT_ROWS][NN_DOT_CHAINS];
    int64_t i = 0;
#pragma GCC unroll 4
    for (int r = 0; r < rows; r++)
        sum[r][0] = sum[r][1] = (gemm_f32v){0};
    for (; i + 2 * GEMM_F32_LANES <= depth; i += 2 * GEMM_F32_LANES) {
        const gemm_f32v lo = load_f32v(x + i), hi = load_f32v(x + i + GEMM_F32_LANES);
#pragma GCC unroll 4
        for (int r = 0; r < rows; r++) {
            const float *row = matrix + r * depth + i;
            __builtin_prefetch(row + NN_DOT_ROWS * depth);
            sum[r][0] = add_product_f32(sum[r][0], load_f32v(row), lo);
            sum[r][1] = add_product_f32(sum[r][1], load_f32v(row + GEMM_F32_LANES), hi);
        }
    }
    for (int r = 0; r < rows; r++) {
        float rest = 0.0f;
        for (int64_t p = i; p < depth; p++)
            rest += matrix[r * depth + p] * x[p];
        out[r] = nn_dot_lanes(sum[r][0] + sum[r][1]) + rest;
    }
}

GEMM_INLINE void nn_dot_rows(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out) {
    int64_t j = 0;
    for (; j + NN_DOT_ROWS <= rows; j += NN_DOT_ROWS)
        nn_dot_tile(NN_DOT_ROWS, matrix + j * depth, depth, x, out + j);
    for (; j < rows; j++)
        nn_dot_tile(1, matrix + j * depth, depth, x, out + j);
}

#endif
