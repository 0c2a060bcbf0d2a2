/* Which functions and block sizes serve which instruction set. Tuning edits this file, never the maths. */
#include "kernels/gemm/gemm_types.h"
#include "kernels/winograd/winograd_kernel.h"

#include <stddef.h>

static const winograd_kernel rows[] = {
#if defined(__x86_64__)
    {.level = SY_ISA_AVX512,
        .lanes = 16,
        .rows = 14,
        .cols = 32,
        .block_c = 256,
        .block_bytes = 768 * 1024,
        .input = {winograd_input2_avx512, winograd_input4_avx512},
        .output = {winograd_output2_avx512, winograd_output4_avx512},
        .product = winograd_product_14x32_avx512,
        .turn = winograd_turn_avx512},
    {.level = SY_ISA_AVX2,
        .lanes = 8,
        .rows = 6,
        .cols = 16,
        .block_c = 256,
        .block_bytes = 384 * 1024,
        .input = {winograd_input2_avx2, winograd_input4_avx2},
        .output = {winograd_output2_avx2, winograd_output4_avx2},
        .product = winograd_product_6x16_avx2,
        .turn = winograd_turn_avx2},
#endif
#if defined(__aarch64__)
    {.level = SY_ISA_NEON,
        .lanes = 4,
        .rows = 6,
        .cols = 16,
        .block_c = 256,
        .block_bytes = 384 * 1024,
        .input = {winograd_input2_neon, winograd_input4_neon},
        .output = {winograd_output2_neon, winograd_output4_neon},
        .product = winograd_product_6x16_neon,
        .turn = winograd_turn_neon},
#endif
    {.level = SY_ISA_GENERIC,
        .lanes = 4,
        .rows = 4,
        .cols = 8,
        .block_c = 256,
        .block_bytes = 384 * 1024,
        .input = {winograd_input2_generic, winograd_input4_generic},
        .output = {winograd_output2_generic, winograd_output4_generic},
        .product = winograd_product_4x8_generic,
        .turn = winograd_turn_generic},
};

const winograd_kernel *winograd_kernel_at(size_t index) {
    return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index] : NULL;
}

const winograd_kernel *winograd_kernel_find(uint32_t isa) {
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].level == (isa & SY_ISA_LEVEL_MASK))
            return &rows[i];
    return NULL;
}
