/* Which functions and block sizes serve which element types on which instruction set. Tuning edits this file,
 * never the maths. */
#include "kernels/gemm/gemm_kernel.h"
#include "kernels/gemm/gemm_tiles.h"

#define BIT(dtype) (1u << (dtype))
#define FLOATS                                                                                               \
    (BIT(SY_ELEMENT_F32) | BIT(SY_ELEMENT_F16) | BIT(SY_ELEMENT_BF16) | BIT(SY_ELEMENT_F8E4M3) |             \
        BIT(SY_ELEMENT_F8E5M2))
#define BYTES (BIT(SY_ELEMENT_S8) | BIT(SY_ELEMENT_U8))

/*
 * Of the rows of a level that fit a problem the first is taken, so the special stand above the general. Each
 * level ends with a plain row (groups of one, same elements in A and B) for each type of sum; convolutions
 * gather into those. Block sizes: x86 measured on Zen 3 (AVX2; 32 KiB L1, 512 KiB L2) and Zen 4 (AVX-512; 32
 * KiB L1, 1 MiB L2). NEON has a file of its own.
 */
static const gemm_kernel kernels[] = {
#if defined(__x86_64__)
    {.name = "bf16_pairs_14x32_avx512_bf16",
        .level = SY_ISA_AVX512,
        .needs = SY_ISA_BF16,
        .sum = SY_ELEMENT_F32,
        .a_types = BIT(SY_ELEMENT_BF16) | BIT(SY_ELEMENT_F8E4M3) | BIT(SY_ELEMENT_F8E5M2),
        .b_types = BIT(SY_ELEMENT_BF16) | BIT(SY_ELEMENT_F8E4M3) | BIT(SY_ELEMENT_F8E5M2),
        .a = {SY_ELEMENT_BF16, 2, 4, 0, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_BF16, 2, 4, 0, gemm_interleave_4_avx512},
        .rows = 14,
        .cols = 32,
        .block_units = 384,
        .block_panels = 20,
        .block_n = 2048,
        .tile = gemm_tile_bf16_pairs_14x32_avx512_bf16,
        .finish = gemm_finish_f32_avx512},
    {.name = "f32_bf16_14x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = BIT(SY_ELEMENT_BF16) | BIT(SY_ELEMENT_F8E4M3) | BIT(SY_ELEMENT_F8E5M2),
        .is_for_const = true,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_BF16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 14,
        .cols = 32,
        .block_units = 512,
        .block_panels = 16,
        .block_n = 2048,
        .tile = gemm_tile_f32_bf16_14x32_avx512,
        .finish = gemm_finish_f32_avx512},
    {.name = "f32_f16_14x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = BIT(SY_ELEMENT_F16),
        .is_for_const = true,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_F16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 14,
        .cols = 32,
        .block_units = 512,
        .block_panels = 16,
        .block_n = 2048,
        .tile = gemm_tile_f32_f16_14x32_avx512,
        .finish = gemm_finish_f32_avx512},
    {.name = "s32_quads_14x32_avx512_vnni",
        .level = SY_ISA_AVX512,
        .needs = SY_ISA_VNNI,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {SY_ELEMENT_U8, 4, 4, 1, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_S8, 4, 4, 1, gemm_interleave_4_avx512},
        .rows = 14,
        .cols = 32,
        .block_units = 384,
        .block_panels = 20,
        .block_n = 2048,
        .tile = gemm_tile_s32_quads_14x32_avx512_vnni,
        .finish = gemm_finish_s32_avx512},
    {.name = "s32_pairs_s8_12x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BIT(SY_ELEMENT_S8),
        .is_for_const = true,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_S8, 2, 2, 0, gemm_interleave_2_generic},
        .rows = 12,
        .cols = 32,
        .block_units = 512,
        .block_panels = 16,
        .block_n = 2048,
        .tile = gemm_tile_s32_pairs_s8_12x32_avx512,
        .finish = gemm_finish_s32_avx512},
    {.name = "s32_pairs_u8_12x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BIT(SY_ELEMENT_U8),
        .is_for_const = true,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_U8, 2, 2, 0, gemm_interleave_2_generic},
        .rows = 12,
        .cols = 32,
        .block_units = 512,
        .block_panels = 16,
        .block_n = 2048,
        .tile = gemm_tile_s32_pairs_u8_12x32_avx512,
        .finish = gemm_finish_s32_avx512},
    {.name = "s32_pairs_12x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx512},
        .b = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx512},
        .rows = 12,
        .cols = 32,
        .block_units = 384,
        .block_panels = 20,
        .block_n = 2048,
        .tile = gemm_tile_s32_pairs_12x32_avx512,
        .finish = gemm_finish_s32_avx512},
    {.name = "f32_14x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx512},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx512},
        .rows = 14,
        .cols = 32,
        .block_units = 512,
        .block_panels = 16,
        .block_n = 2048,
        .tile = gemm_tile_f32_14x32_avx512,
        .bare = gemm_bare_f32_avx512,
        .axpy = gemm_axpy_f32_avx512,
        .dot = gemm_dot_f32_avx512,
        .finish = gemm_finish_f32_avx512},
    {.name = "f64_14x16_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_F64,
        .a_types = BIT(SY_ELEMENT_F64),
        .b_types = BIT(SY_ELEMENT_F64),
        .a = {SY_ELEMENT_F64, 1, 8, 0, gemm_interleave_8_avx512},
        .b = {SY_ELEMENT_F64, 1, 8, 0, gemm_interleave_8_avx512},
        .rows = 14,
        .cols = 16,
        .block_units = 384,
        .block_panels = 12,
        .block_n = 1024,
        .tile = gemm_tile_f64_14x16_avx512,
        .bare = gemm_bare_f64_avx512,
        .axpy = gemm_axpy_f64_avx512,
        .dot = gemm_dot_f64_avx512,
        .finish = gemm_finish_f64},
    {.name = "s32_8x32_avx512",
        .level = SY_ISA_AVX512,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {GEMM_ELEMENT_S16, 1, 2, 0, gemm_interleave_2_generic},
        .b = {GEMM_ELEMENT_S16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 8,
        .cols = 32,
        .block_units = 1024,
        .block_panels = 24,
        .block_n = 2048,
        .tile = gemm_tile_s32_8x32_avx512,
        .finish = gemm_finish_s32_avx512},
    {.name = "f32_bf16_6x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = BIT(SY_ELEMENT_BF16) | BIT(SY_ELEMENT_F8E4M3) | BIT(SY_ELEMENT_F8E5M2),
        .is_for_const = true,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx2},
        .b = {SY_ELEMENT_BF16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 6,
        .cols = 16,
        .block_units = 256,
        .block_panels = 42,
        .block_n = 2048,
        .tile = gemm_tile_f32_bf16_6x16_avx2,
        .finish = gemm_finish_f32_avx2},
    {.name = "f32_f16_6x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = BIT(SY_ELEMENT_F16),
        .is_for_const = true,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx2},
        .b = {SY_ELEMENT_F16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 6,
        .cols = 16,
        .block_units = 256,
        .block_panels = 42,
        .block_n = 2048,
        .tile = gemm_tile_f32_f16_6x16_avx2,
        .finish = gemm_finish_f32_avx2},
    {.name = "s32_quads_6x16_avxvnni",
        .level = SY_ISA_AVX2,
        .needs = SY_ISA_AVX_VNNI,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {SY_ELEMENT_U8, 4, 4, 1, gemm_interleave_4_avx2},
        .b = {SY_ELEMENT_S8, 4, 4, 1, gemm_interleave_4_avx2},
        .rows = 6,
        .cols = 16,
        .block_units = 256,
        .block_panels = 28,
        .block_n = 2048,
        .tile = gemm_tile_s32_quads_6x16_avxvnni,
        .finish = gemm_finish_s32_avx2},
    {.name = "s32_pairs_s8_6x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BIT(SY_ELEMENT_S8),
        .is_for_const = true,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx2},
        .b = {SY_ELEMENT_S8, 2, 2, 0, gemm_interleave_2_generic},
        .rows = 6,
        .cols = 16,
        .block_units = 384,
        .block_panels = 28,
        .block_n = 2048,
        .tile = gemm_tile_s32_pairs_s8_6x16_avx2,
        .finish = gemm_finish_s32_avx2},
    {.name = "s32_pairs_u8_6x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BIT(SY_ELEMENT_U8),
        .is_for_const = true,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx2},
        .b = {SY_ELEMENT_U8, 2, 2, 0, gemm_interleave_2_generic},
        .rows = 6,
        .cols = 16,
        .block_units = 384,
        .block_panels = 28,
        .block_n = 2048,
        .tile = gemm_tile_s32_pairs_u8_6x16_avx2,
        .finish = gemm_finish_s32_avx2},
    {.name = "s32_pairs_6x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx2},
        .b = {GEMM_ELEMENT_S16, 2, 4, 0, gemm_interleave_4_avx2},
        .rows = 6,
        .cols = 16,
        .block_units = 256,
        .block_panels = 42,
        .block_n = 2048,
        .tile = gemm_tile_s32_pairs_6x16_avx2,
        .finish = gemm_finish_s32_avx2},
    {.name = "f32_6x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx2},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_avx2},
        .rows = 6,
        .cols = 16,
        .block_units = 256,
        .block_panels = 42,
        .block_n = 2048,
        .tile = gemm_tile_f32_6x16_avx2,
        .bare = gemm_bare_f32_avx2,
        .axpy = gemm_axpy_f32_avx2,
        .dot = gemm_dot_f32_avx2,
        .finish = gemm_finish_f32_avx2},
    {.name = "f64_6x8_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_F64,
        .a_types = BIT(SY_ELEMENT_F64),
        .b_types = BIT(SY_ELEMENT_F64),
        .a = {SY_ELEMENT_F64, 1, 8, 0, gemm_interleave_8_avx2},
        .b = {SY_ELEMENT_F64, 1, 8, 0, gemm_interleave_8_avx2},
        .rows = 6,
        .cols = 8,
        .block_units = 256,
        .block_panels = 14,
        .block_n = 1024,
        .tile = gemm_tile_f64_6x8_avx2,
        .bare = gemm_bare_f64_avx2,
        .axpy = gemm_axpy_f64_avx2,
        .dot = gemm_dot_f64_avx2,
        .finish = gemm_finish_f64},
    {.name = "s32_4x16_avx2",
        .level = SY_ISA_AVX2,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {GEMM_ELEMENT_S16, 1, 2, 0, gemm_interleave_2_generic},
        .b = {GEMM_ELEMENT_S16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 4,
        .cols = 16,
        .block_units = 1024,
        .block_panels = 32,
        .block_n = 2048,
        .tile = gemm_tile_s32_4x16_avx2,
        .finish = gemm_finish_s32_avx2},
#endif
    {.name = "f32_4x8_generic",
        .level = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_F32,
        .a_types = FLOATS,
        .b_types = FLOATS,
        .a = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_generic},
        .b = {SY_ELEMENT_F32, 1, 4, 0, gemm_interleave_4_generic},
        .rows = 4,
        .cols = 8,
        .block_units = 384,
        .block_panels = 32,
        .block_n = 1024,
        .tile = gemm_tile_f32_4x8_generic,
        .bare = gemm_bare_f32_generic,
        .axpy = gemm_axpy_f32_generic,
        .dot = gemm_dot_f32_generic,
        .finish = gemm_finish_f32_generic},
    {.name = "f64_4x4_generic",
        .level = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_F64,
        .a_types = BIT(SY_ELEMENT_F64),
        .b_types = BIT(SY_ELEMENT_F64),
        .a = {SY_ELEMENT_F64, 1, 8, 0, gemm_interleave_8_generic},
        .b = {SY_ELEMENT_F64, 1, 8, 0, gemm_interleave_8_generic},
        .rows = 4,
        .cols = 4,
        .block_units = 384,
        .block_panels = 16,
        .block_n = 1024,
        .tile = gemm_tile_f64_4x4_generic,
        .bare = gemm_bare_f64_generic,
        .axpy = gemm_axpy_f64_generic,
        .dot = gemm_dot_f64_generic,
        .finish = gemm_finish_f64},
    {.name = "s32_4x8_generic",
        .level = SY_ISA_GENERIC,
        .sum = SY_ELEMENT_S32,
        .a_types = BYTES,
        .b_types = BYTES,
        .a = {GEMM_ELEMENT_S16, 1, 2, 0, gemm_interleave_2_generic},
        .b = {GEMM_ELEMENT_S16, 1, 2, 0, gemm_interleave_2_generic},
        .rows = 4,
        .cols = 8,
        .block_units = 1024,
        .block_panels = 32,
        .block_n = 1024,
        .tile = gemm_tile_s32_4x8_generic,
        .finish = gemm_finish_s32_generic},
};
#define KERNEL_COUNT (sizeof(kernels) / sizeof(kernels[0]))

const gemm_kernel *gemm_kernel_at(size_t index) {
#if defined(__aarch64__)
    const gemm_kernel *neon;
    const size_t neon_count = gemm_neon_rows(&neon);
    if (index < neon_count)
        return &neon[index];
    index -= neon_count;
#endif
    return index < KERNEL_COUNT ? &kernels[index] : NULL;
}

static bool is_there(const gemm_kernel *kernel, uint32_t isa) {
    return kernel->level == (isa & SY_ISA_LEVEL_MASK) && (kernel->needs & ~isa) == 0;
}

static bool takes(uint32_t types, uint32_t dtype) {
    return dtype < 32 && (types >> dtype & 1u) != 0;
}

const gemm_kernel *gemm_kernel_choose(uint32_t isa, uint32_t dtype_a, uint32_t dtype_b, bool is_const) {
    const gemm_kernel *kernel;
    for (size_t i = 0; (kernel = gemm_kernel_at(i)) != NULL; i++)
        if (is_there(kernel, isa) && takes(kernel->a_types, dtype_a) && takes(kernel->b_types, dtype_b) &&
            (is_const || !kernel->is_for_const))
            return kernel;
    return NULL;
}

static bool is_plain(const gemm_kernel *kernel) {
    return kernel->a.group == 1 && kernel->a.element == kernel->b.element &&
           (kernel->a.element == kernel->sum || kernel->a.element == GEMM_ELEMENT_S16);
}

const gemm_kernel *gemm_kernel_find(uint32_t isa, uint32_t sum) {
    const gemm_kernel *kernel;
    for (size_t i = 0; (kernel = gemm_kernel_at(i)) != NULL; i++)
        if (is_there(kernel, isa) && is_plain(kernel) && kernel->sum == sum)
            return kernel;
    return NULL;
}

const char *sy_isa_name(uint32_t isa) {
    static const char *const names[SY_ISA_COUNT] = {"generic", "avx2", "avx512", "neon"};
    const uint32_t level = isa & SY_ISA_LEVEL_MASK;
    return level < SY_ISA_COUNT ? names[level] : "?";
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
