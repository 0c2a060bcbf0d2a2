/* Register kernels of direct depthwise convolution and their table. Internal. */
#ifndef KERNELS_CONV_CONV_TAPS_H
#define KERNELS_CONV_CONV_TAPS_H

#include <stdint.h>

/* Most taps (r * s) of a direct convolution; more go through products. */
#define CONV_MAX_TAPS 128

/** sums[i * ld + j] = sum over t of x[t][i * step + j] * w[t][j], i < pixels, j < cols; reads no more. */
typedef void (*conv_channels_fn)(int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int cols, float *sums, int64_t ld);

/** sums[j] = sum over t of x[t][j] * w[t], j < count, count a multiple of 16. */
typedef void (*conv_line_fn)(int taps, const float *const *x, const float *w, int64_t count, float *sums);

/** One row of the table: an instruction set's functions. */
typedef struct conv_taps {
    uint32_t isa;
    conv_channels_fn channels;
    conv_line_fn line;
} conv_taps;

/** The row for an instruction set, NULL if this build has none. */
const conv_taps *conv_taps_find(uint32_t isa);

void conv_channels_f32_generic(int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int cols, float *sums, int64_t ld);
void conv_channels_f32_avx2(int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int cols, float *sums, int64_t ld);
void conv_channels_f32_avx512(int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int cols, float *sums, int64_t ld);
void conv_line_f32_generic(int taps, const float *const *x, const float *w, int64_t count, float *sums);
void conv_line_f32_avx2(int taps, const float *const *x, const float *w, int64_t count, float *sums);
void conv_line_f32_avx512(int taps, const float *const *x, const float *w, int64_t count, float *sums);

#endif
