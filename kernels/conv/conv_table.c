/* Which direct kernels serve which instruction set; products take theirs from the table of GEMM. */
#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_open.h"

static const conv_taps rows[] = {
#if defined(__x86_64__)
    {.isa = SY_ISA_AVX512,
        .lanes = 16,
        .block = conv_block_f32_avx512,
        .lines = conv_lines_f32_avx512,
        .spread = conv_spread_f32_avx512,
        .turn = gemm_turn_4_avx2},
    {.isa = SY_ISA_AVX2,
        .lanes = 8,
        .block = conv_block_f32_avx2,
        .lines = conv_lines_f32_avx2,
        .spread = conv_spread_f32_avx2,
        .turn = gemm_turn_4_avx2},
#elif defined(__aarch64__)
    {.isa = SY_ISA_NEON,
        .lanes = 4,
        .block = conv_block_f32_neon,
        .lines = conv_lines_f32_neon,
        .spread = conv_spread_f32_neon,
        .turn = gemm_turn_4_generic},
#endif
    {.isa = SY_ISA_GENERIC,
        .lanes = 4,
        .block = conv_block_f32_generic,
        .lines = conv_lines_f32_generic,
        .spread = conv_spread_f32_generic,
        .turn = gemm_turn_4_generic},
};

const conv_taps *conv_taps_find(uint32_t isa) {
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].isa == (isa & SY_ISA_LEVEL_MASK))
            return &rows[i];
    return &rows[sizeof(rows) / sizeof(rows[0]) - 1];
}

const conv_taps *conv_taps_at(size_t index) {
    return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index] : NULL;
}
