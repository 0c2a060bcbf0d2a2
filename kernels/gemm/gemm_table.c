/* Which functions and block sizes serve which instruction set and sum type. Tuning edits this file, never the
 * maths. */
#include "kernels/gemm/gemm_kernel.h"

#if defined(__x86_64__)
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

/* One row per (isa, sum); order does not matter. Block sizes are measured on Zen 4 (32 KiB L1, 1 MiB L2). */
static const gemm_kernel kernels[] = {
#if HAS_X86
    {.name = "f32_14x32_avx512",
        .isa = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F32,
        .panel_element = 4,
        .rows = 14,
        .cols = 32,
        .block_k = 512,
        .block_panels = 16,
        .block_n = 2048,
        .tile = gemm_tile_f32_14x32_avx512,
        .interleave = gemm_interleave_f32_avx512,
        .axpy = gemm_axpy_f32_avx512,
        .dot = gemm_dot_f32_avx512,
        .finish = gemm_finish_f32_avx512},
    {.name = "f64_14x16_avx512",
        .isa = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F64,
        .panel_element = 8,
        .rows = 14,
        .cols = 16,
        .block_k = 384,
        .block_panels = 12,
        .block_n = 1024,
        .tile = gemm_tile_f64_14x16_avx512,
        .interleave = gemm_interleave_f64_avx512,
        .axpy = gemm_axpy_f64_avx512,
        .dot = gemm_dot_f64_avx512,
        .finish = gemm_finish_f64},
    {.name = "s32_8x32_avx512",
        .isa = SY_ISA_AVX512,
        .sum = SY_ELEMENT_S32,
        .panel_element = 2,
        .rows = 8,
        .cols = 32,
        .block_k = 1024,
        .block_panels = 24,
        .block_n = 2048,
        .tile = gemm_tile_s32_8x32_avx512,
        .finish = gemm_finish_s32},
    {.name = "f32_6x16_avx2",
        .isa = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F32,
        .panel_element = 4,
        .rows = 6,
        .cols = 16,
        .block_k = 384,
        .block_panels = 28,
        .block_n = 2048,
        .tile = gemm_tile_f32_6x16_avx2,
        .interleave = gemm_interleave_f32_avx2,
        .axpy = gemm_axpy_f32_avx2,
        .dot = gemm_dot_f32_avx2,
        .finish = gemm_finish_f32_avx2},
    {.name = "f64_6x8_avx2",
        .isa = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F64,
        .panel_element = 8,
        .rows = 6,
        .cols = 8,
        .block_k = 384,
        .block_panels = 14,
        .block_n = 1024,
        .tile = gemm_tile_f64_6x8_avx2,
        .interleave = gemm_interleave_f64_avx2,
        .axpy = gemm_axpy_f64_avx2,
        .dot = gemm_dot_f64_avx2,
        .finish = gemm_finish_f64},
    {.name = "s32_4x16_avx2",
        .isa = SY_ISA_AVX2,
        .sum = SY_ELEMENT_S32,
        .panel_element = 2,
        .rows = 4,
        .cols = 16,
        .block_k = 1024,
        .block_panels = 32,
        .block_n = 2048,
        .tile = gemm_tile_s32_4x16_avx2,
        .finish = gemm_finish_s32},
#endif
    {.name = "f32_4x8_generic",
        .isa = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_F32,
        .panel_element = 4,
        .rows = 4,
        .cols = 8,
        .block_k = 384,
        .block_panels = 32,
        .block_n = 1024,
        .tile = gemm_tile_f32_4x8_generic,
        .interleave = gemm_interleave_f32_generic,
        .axpy = gemm_axpy_f32_generic,
        .dot = gemm_dot_f32_generic,
        .finish = gemm_finish_f32_generic},
    {.name = "f64_4x4_generic",
        .isa = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_F64,
        .panel_element = 8,
        .rows = 4,
        .cols = 4,
        .block_k = 384,
        .block_panels = 16,
        .block_n = 1024,
        .tile = gemm_tile_f64_4x4_generic,
        .interleave = gemm_interleave_f64_generic,
        .axpy = gemm_axpy_f64_generic,
        .dot = gemm_dot_f64_generic,
        .finish = gemm_finish_f64},
    {.name = "s32_4x8_generic",
        .isa = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_S32,
        .panel_element = 2,
        .rows = 4,
        .cols = 8,
        .block_k = 1024,
        .block_panels = 32,
        .block_n = 1024,
        .tile = gemm_tile_s32_4x8_generic,
        .finish = gemm_finish_s32},
};

const gemm_kernel *gemm_kernel_find(uint32_t isa, uint32_t sum) {
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
        if (kernels[i].isa == isa && kernels[i].sum == sum)
            return &kernels[i];
    return NULL;
}

const char *sy_isa_name(uint32_t isa) {
    static const char *const names[SY_ISA_COUNT] = {"generic", "avx2", "avx512"};
    return isa < SY_ISA_COUNT ? names[isa] : "?";
}

bool sy_isa_is_built(uint32_t isa) {
    return gemm_kernel_find(isa, SY_ELEMENT_F32) != NULL;
}

static bool is_narrow_float(uint32_t dtype) {
    return dtype >= SY_ELEMENT_F32 && dtype <= SY_ELEMENT_F8E5M2;
}

static bool is_narrow_integer(uint32_t dtype) {
    return dtype == SY_ELEMENT_S8 || dtype == SY_ELEMENT_U8;
}

uint32_t gemm_sum_type(uint32_t dtype_a, uint32_t dtype_b) {
    if (dtype_a == SY_ELEMENT_F64 && dtype_b == SY_ELEMENT_F64)
        return SY_ELEMENT_F64;
    if (is_narrow_float(dtype_a) && is_narrow_float(dtype_b))
        return SY_ELEMENT_F32;
    return is_narrow_integer(dtype_a) && is_narrow_integer(dtype_b) ? SY_ELEMENT_S32 : 0;
}
