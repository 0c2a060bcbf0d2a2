/* Which functions serve which instruction set. */
#include "kernels/nn/nn_kernel.h"

static const sy_nn *const rows[] = {
#if defined(__x86_64__)
    &nn_avx512,
    &nn_avx2,
#endif
#if defined(__aarch64__)
    &nn_neon,
#endif
    &nn_generic,
};

const sy_nn *sy_nn_find(uint32_t isa) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i]->level == (isa & SY_ISA_LEVEL_MASK))
            return rows[i];
    return &nn_generic;
}
