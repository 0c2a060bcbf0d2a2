/* Which open tiles serve which element types on which instruction set; a missing row sends callers to packed
 * panels. */
#include "kernels/gemm/gemm_open.h"

#define BIT(dtype) (1u << (dtype))
#define FLOATS                                                                                               \
    (BIT(SY_ELEMENT_F32) | BIT(SY_ELEMENT_F16) | BIT(SY_ELEMENT_BF16) | BIT(SY_ELEMENT_F8E4M3) |             \
        BIT(SY_ELEMENT_F8E5M2))
#define BYTES (BIT(SY_ELEMENT_S8) | BIT(SY_ELEMENT_U8))

/* The first row of a level that fits is taken. Blocks: x86 measured on Zen 3 (32 KiB L1, 512 KiB L2). */
static const gemm_open rows[] = {
#if defined(__x86_64__)
    {.level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, NULL},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx512},
        .rows = 12,
        .cols = 32,
        .end_cols = 1,
        .block = 256,
        .tile = gemm_open_f32_12x32_avx512,
        .strip = gemm_strip_f32_12x32_avx512,
        .lanes = gemm_lanes_f32_8x48_avx512,
        .part = gemm_part_f32_avx512,
        .turn = gemm_turn_4_avx2,
        .finish = gemm_finish_f32_avx512},
    {.level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, NULL},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx2},
        .rows = 6,
        .cols = 16,
        .end_cols = 8,
        .block = 320,
        .tile = gemm_open_f32_6x16_avx2,
        .strip = gemm_strip_f32_6x16_avx2,
        .lanes = gemm_lanes_f32_4x24_avx2,
        .part = gemm_part_f32_avx2,
        .turn = gemm_turn_4_avx2,
        .finish = gemm_finish_f32_avx2},
    {.level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, NULL},
        .b = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx2},
        .rows = 6,
        .cols = 16,
        .block = 320,
        .tile = gemm_open_s32_pairs_6x16_avx2,
        .turn = gemm_turn_4_avx2,
        .finish = gemm_finish_s32_avx2},
#elif defined(__aarch64__)
    {.level = SY_ISA_NEON,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, NULL},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_neon},
        .rows = 6,
        .cols = 16,
        .end_cols = 4,
        .block = 320,
        .tile = gemm_open_f32_6x16_neon,
        .strip = gemm_strip_f32_6x16_neon,
        .lanes = gemm_lanes_f32_4x24_neon,
        .part = gemm_part_f32_neon,
        .turn = gemm_turn_4_generic,
        .finish = gemm_finish_f32_neon},
#endif
    {.level = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, NULL},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_generic},
        .rows = 4,
        .cols = 8,
        .end_cols = 4,
        .block = 320,
        .tile = gemm_open_f32_4x8_generic,
        .strip = gemm_strip_f32_4x8_generic,
        .lanes = gemm_lanes_f32_4x12_generic,
        .part = gemm_part_f32_generic,
        .turn = gemm_turn_4_generic,
        .finish = gemm_finish_f32_generic},
};

const gemm_open *gemm_open_at(size_t index) {
    return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index] : NULL;
}

static bool takes(uint32_t types, uint32_t dtype) {
    return dtype < 32 && (types >> dtype & 1u) != 0;
}

const gemm_open *gemm_open_choose(uint32_t isa, uint32_t dtype_a, uint32_t dtype_b) {
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].level == (isa & SY_ISA_LEVEL_MASK) && (rows[i].needs & ~isa) == 0 &&
            takes(rows[i].a_types, dtype_a) && takes(rows[i].b_types, dtype_b))
            return &rows[i];
    return NULL;
}
