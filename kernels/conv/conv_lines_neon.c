/* Depthwise register kernels over planes, instances for neon of the bodies in conv_lines_vector.h. */
#include "kernels/conv/conv_lines_vector.h"

void conv_lines_f32_neon(const conv_lines *lines) {
    lines_f32(lines);
}

void conv_spread_f32_neon(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out) {
    spread_f32(spread, in, planes, lines, out);
}
