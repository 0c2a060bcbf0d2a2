/* Bodies of the depthwise register kernels, over the vectors of gemm_vector.h; the instances are in
 * conv_taps_<isa>.c. */
#ifndef KERNELS_CONV_CONV_TAPS_VECTOR_H
#define KERNELS_CONV_CONV_TAPS_VECTOR_H

#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_vector.h"

/* One vector of channels of strip `n`, from channel c on: a row of weights stays in registers, each column of
 * X is read once. cols, stride, pixels: constants. */
GEMM_INLINE void strip_vector(
    const conv_strip *strip, const int cols, const int stride, const int pixels, int64_t n, int64_t c) {
    const int columns = (pixels - 1) * stride + cols;
    const int64_t at = n * strip->x_step + c;
    const float *const *x = strip->x;
    const float *w = strip->w + c;
    float *sums = strip->sums + n * pixels * strip->ld + c;
    gemm_f32v sum[CONV_STRIP] = {0};
    for (int64_t r = 0; r < strip->rows; r++, x += columns, w += strip->w_row) {
        gemm_f32v weight[5];
#pragma GCC unroll 5
        for (int s = 0; s < cols; s++)
            weight[s] = load_f32v(w + s * strip->w_col);
#pragma GCC unroll 15
        for (int j = 0; j < columns; j++) {
            const gemm_f32v column = load_f32v(x[j] + at);
#pragma GCC unroll 6
            for (int i = 0; i < pixels; i++)
                if (j >= i * stride && j < i * stride + cols)
                    sum[i] += column * weight[j - i * stride];
        }
    }
#pragma GCC unroll 6
    for (int i = 0; i < pixels; i++)
        store_f32v(sums + i * strip->ld, sum[i]);
}

/* One vector of channels of one pixel, any window. */
GEMM_INLINE void strip_vector_any(const conv_strip *strip, int64_t n, int64_t i, int64_t c) {
    const int64_t columns = (strip->pixels - 1) * strip->stride + strip->cols;
    gemm_f32v sum = {0};
    for (int64_t r = 0; r < strip->rows; r++)
        for (int64_t s = 0; s < strip->cols; s++)
            sum += load_f32v(strip->x[r * columns + i * strip->stride + s] + n * strip->x_step + c) *
                   load_f32v(strip->w + r * strip->w_row + s * strip->w_col + c);
    store_f32v(strip->sums + (n * strip->pixels + i) * strip->ld + c, sum);
}

/* The last channels of one pixel, fewer than a vector. */
GEMM_INLINE void strip_rest(const conv_strip *strip, int64_t n, int64_t i, int64_t c) {
    const int64_t columns = (strip->pixels - 1) * strip->stride + strip->cols;
    for (; c < strip->channels; c++) {
        float sum = 0;
        for (int64_t r = 0; r < strip->rows; r++)
            for (int64_t s = 0; s < strip->cols; s++)
                sum += strip->x[r * columns + i * strip->stride + s][n * strip->x_step + c] *
                       strip->w[r * strip->w_row + s * strip->w_col + c];
        strip->sums[(n * strip->pixels + i) * strip->ld + c] = sum;
    }
}

/* The columns that the next row reads and this one did not, of the channels of a strip. */
GEMM_INLINE void strip_fetch(const conv_strip *strip, const int stride, const int pixels, int64_t n) {
    const int64_t columns = (pixels - 1) * stride + strip->cols;
    for (int64_t r = strip->rows > stride ? strip->rows - stride : 0; r < strip->rows; r++)
        for (int64_t j = 0; j < pixels * stride && j < columns; j++)
            for (int64_t c = 0; c < strip->channels; c += 16)
                __builtin_prefetch(strip->x[r * columns + j] + n * strip->x_step + strip->ahead + c);
}

GEMM_INLINE void strip_fixed(const conv_strip *strip, const int cols, const int stride, const int pixels) {
    const int64_t whole = strip->channels / GEMM_F32_LANES * GEMM_F32_LANES;
    for (int64_t n = 0; n < strip->count; n++) {
        if (strip->ahead)
            strip_fetch(strip, stride, pixels, n);
        for (int64_t c = 0; c < whole; c += GEMM_F32_LANES)
            strip_vector(strip, cols, stride, pixels, n, c);
        for (int i = 0; i < pixels && whole < strip->channels; i++)
            strip_rest(strip, n, i, whole);
    }
}

GEMM_INLINE void strip_pixels(const conv_strip *strip, const int cols, const int stride) {
    switch (strip->pixels) {
    case 1: strip_fixed(strip, cols, stride, 1); break;
    case 2: strip_fixed(strip, cols, stride, 2); break;
    case 3: strip_fixed(strip, cols, stride, 3); break;
    case 4: strip_fixed(strip, cols, stride, 4); break;
    case 5: strip_fixed(strip, cols, stride, 5); break;
    default: strip_fixed(strip, cols, stride, 6); break;
    }
}

GEMM_INLINE void strip_any(const conv_strip *strip) {
    for (int64_t n = 0; n < strip->count; n++)
        for (int64_t i = 0; i < strip->pixels; i++) {
            int64_t c = 0;
            for (; c + GEMM_F32_LANES <= strip->channels; c += GEMM_F32_LANES)
                strip_vector_any(strip, n, i, c);
            strip_rest(strip, n, i, c);
        }
}

GEMM_INLINE void strip_f32(const conv_strip *strip) {
    if (strip->cols == 3 && strip->stride == 1)
        strip_pixels(strip, 3, 1);
    else if (strip->cols == 3 && strip->stride == 2)
        strip_pixels(strip, 3, 2);
    else if (strip->cols == 5 && strip->stride == 1)
        strip_pixels(strip, 5, 1);
    else if (strip->cols == 5 && strip->stride == 2)
        strip_pixels(strip, 5, 2);
    else
        strip_any(strip);
}

#endif
