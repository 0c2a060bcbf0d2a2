/* Depthwise register kernels, instances for any CPU of the bodies in conv_taps_vector.h. */
#include "kernels/conv/conv_taps_vector.h"

void conv_strip_f32_generic(const conv_strip *strip) {
    strip_f32(strip);
}

void conv_line_f32_generic(int taps, const float *const *x, const float *w, int64_t count, float *sums) {
    line_f32(taps, x, w, count, sums);
}
