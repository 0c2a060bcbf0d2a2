/* Which kernels an instruction set gets. */
#include "kernels/gemm/gemm_types.h"
#include "kernels/nn/nn_pool.h"

const nn_pool_kernels *nn_pool_table(uint32_t isa) {
    switch (isa & SY_ISA_LEVEL_MASK) {
#if defined(__x86_64__)
    case SY_ISA_AVX512: return &nn_pool_avx512;
    case SY_ISA_AVX2: return &nn_pool_avx2;
#elif defined(__aarch64__)
    case SY_ISA_NEON: return &nn_pool_neon;
#endif
    default: return &nn_pool_generic;
    }
}
