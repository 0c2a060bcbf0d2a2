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
 * gather into those. These are for any CPU; x86 and NEON have files of their own.
 */
static const gemm_kernel kernels[] = {
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
    const gemm_kernel *own = NULL;
    size_t own_count = 0;
#if defined(__x86_64__)
    own_count = gemm_x86_rows(&own);
#elif defined(__aarch64__)
    own_count = gemm_neon_rows(&own);
#endif
    if (index < own_count)
        return &own[index];
    index -= own_count;
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
