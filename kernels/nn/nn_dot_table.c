/* Which product of a matrix and a vector an instruction set gets. */
#include "kernels/gemm/gemm_types.h"
#include "kernels/nn/nn_dot.h"

nn_dot_fn nn_dot_find(uint32_t isa) {
    switch (isa & SY_ISA_LEVEL_MASK) {
#if defined(__x86_64__)
    case SY_ISA_AVX512: return nn_dot_f32_avx512;
    case SY_ISA_AVX2: return nn_dot_f32_avx2;
#elif defined(__aarch64__)
    case SY_ISA_NEON: return nn_dot_f32_neon;
#endif
    default: return nn_dot_f32_generic;
    }
}
