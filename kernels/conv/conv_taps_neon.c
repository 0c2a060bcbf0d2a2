/* Depthwise register kernels, instances for neon of the bodies in conv_taps_vector.h. */
#include "kernels/conv/conv_taps_vector.h"

void conv_strip_f32_neon(const conv_strip *strip) {
    strip_f32(strip);
}
