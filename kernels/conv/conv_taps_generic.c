/* Depthwise register kernels, instances for any CPU of the bodies in conv_taps_vector.h. */
#include "kernels/conv/conv_taps.h"
#include "kernels/conv/conv_taps_vector.h"

void conv_channels_f32_generic(int taps, const float *const *x, int64_t step, const float *const *w,
    int64_t pixels, int cols, float *sums, int64_t ld) {
    channels_f32(taps, x, step, w, pixels, cols, sums, ld);
}

void conv_line_f32_generic(int taps, const float *const *x, const float *w, int64_t count, float *sums) {
    line_f32(taps, x, w, count, sums);
}
