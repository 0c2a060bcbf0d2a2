/* Depthwise register kernels, instances for avx512 of the bodies in conv_taps_vector.h. */
#include "kernels/conv/conv_taps_vector.h"

void conv_block_f32_avx512(const conv_block *block) {
    block_f32(block);
}
