/* Bodies of the depthwise register kernels, over the vectors of gemm_vector.h; the instances are in
 * conv_taps_<isa>.c. */
#ifndef KERNELS_CONV_CONV_TAPS_VECTOR_H
#define KERNELS_CONV_CONV_TAPS_VECTOR_H

#include "kernels/gemm/gemm_vector.h"

/* One vector of channels over all pixels; with `taps` a small constant the weights stay in registers. */
GEMM_INLINE void channels_vector(const int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int64_t j, float *sums, int64_t ld) {
    for (int64_t i = 0; i < pixels; i++) {
        gemm_f32v sum = {0};
#pragma GCC unroll 9
        for (int t = 0; t < taps; t++)
            sum += load_f32v(x[t] + i * step + j) * load_f32v(w[t] + j);
        store_f32v(sums + i * ld + j, sum);
    }
}

GEMM_INLINE void channels_nine(const float *const *x, int64_t step, const float *const *w, int64_t pixels,
    int64_t j, float *sums, int64_t ld) {
    gemm_f32v weight[9];
    const float *at[9];
#pragma GCC unroll 9
    for (int t = 0; t < 9; t++) {
        weight[t] = load_f32v(w[t] + j);
        at[t] = x[t] + j;
    }
    for (int64_t i = 0; i < pixels; i++) {
        gemm_f32v sum = {0};
#pragma GCC unroll 9
        for (int t = 0; t < 9; t++)
            sum += load_f32v(at[t] + i * step) * weight[t];
        store_f32v(sums + i * ld + j, sum);
    }
}

GEMM_INLINE void channels_f32(int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int cols, float *sums, int64_t ld) {
    int j = 0;
    for (; j + GEMM_F32_LANES <= cols; j += GEMM_F32_LANES) {
        if (taps == 9 && pixels > 1)
            channels_nine(x, step, w, pixels, j, sums, ld);
        else
            channels_vector(taps, x, step, w, pixels, j, sums, ld);
    }
    for (; j < cols; j++)
        for (int64_t i = 0; i < pixels; i++) {
            float sum = 0;
            for (int t = 0; t < taps; t++)
                sum += x[t][i * step + j] * w[t][j];
            sums[i * ld + j] = sum;
        }
}

GEMM_INLINE void line_nine(const float *const *x, const float *w, int64_t count, float *sums) {
    const float *at[9];
    gemm_f32v weight[9];
#pragma GCC unroll 9
    for (int t = 0; t < 9; t++) {
        at[t] = x[t];
        weight[t] = w[t] + (gemm_f32v){0};
    }
    for (int64_t j = 0; j < count; j += GEMM_F32_LANES) {
        gemm_f32v sum = {0};
#pragma GCC unroll 9
        for (int t = 0; t < 9; t++)
            sum += load_f32v(at[t] + j) * weight[t];
        store_f32v(sums + j, sum);
    }
}

GEMM_INLINE void line_f32(int taps, const float *const *x, const float *w, int64_t count, float *sums) {
    if (taps == 9) {
        line_nine(x, w, count, sums);
        return;
    }
    for (int64_t j = 0; j < count; j += GEMM_F32_LANES) {
        gemm_f32v sum = {0};
        for (int t = 0; t < taps; t++)
            sum += load_f32v(x[t] + j) * w[t];
        store_f32v(sums + j, sum);
    }
}

#endif
