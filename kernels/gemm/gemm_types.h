/* Values that every compute kernel speaks of: element types, instruction sets, post-operations. */
#ifndef KERNELS_GEMM_GEMM_TYPES_H
#define KERNELS_GEMM_GEMM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Element types: the same numbers as SY_F64 ... SY_S32 of steelyard/types.h, which kernels do not include
 * (a test compares them). Encodings as written there; 16- and 8-bit floats are raw bits.
 */
enum {
    SY_ELEMENT_F64 = 1,
    SY_ELEMENT_F32 = 2,
    SY_ELEMENT_F16 = 3,
    SY_ELEMENT_BF16 = 4,
    SY_ELEMENT_F8E4M3 = 5,
    SY_ELEMENT_F8E5M2 = 6,
    SY_ELEMENT_S8 = 7,
    SY_ELEMENT_U8 = 8,
    SY_ELEMENT_S32 = 9
};

/*
 * Instruction sets, as the caller found them on this CPU; kernels never probe. A number is a level, and bits
 * for what some CPUs of that level have besides. Each x86 level includes the lower ones. SY_ISA_AVX2 needs
 * AVX2, FMA and F16C; SY_ISA_AVX512 needs AVX-512 F, BW, DQ, VL besides; SY_ISA_NEON is what every 64-bit Arm
 * CPU has.
 */
enum { SY_ISA_GENERIC = 0, SY_ISA_AVX2 = 1, SY_ISA_AVX512 = 2, SY_ISA_NEON = 3 };
#define SY_ISA_COUNT 4u
#define SY_ISA_LEVEL_MASK 0xffu

/*
 * The bits. AVX2: AVX_VNNI (256-bit dot products of bytes). AVX512: VNNI, BF16 (dot products of bytes, of
 * bf16 pairs). NEON: DOTPROD (sdot, udot), I8MM (usdot, smmla), BF16 (bfdot, bfmmla), FHM (f16 products
 * summed in f32).
 */
enum {
    SY_ISA_AVX_VNNI = 1 << 8,
    SY_ISA_VNNI = 1 << 9,
    SY_ISA_BF16 = 1 << 10,
    SY_ISA_DOTPROD = 1 << 11,
    SY_ISA_I8MM = 1 << 12,
    SY_ISA_FHM = 1 << 13
};

/* Post-operations: the same numbers and meanings as SY_POST_* of steelyard/problem.h (a test compares them).
 */
enum {
    SY_KERNEL_POST_BIAS = 1,
    SY_KERNEL_POST_ADD = 2,
    SY_KERNEL_POST_RELU = 3,
    SY_KERNEL_POST_CLIP = 4,
    SY_KERNEL_POST_SILU = 5,
    SY_KERNEL_POST_GELU_ERF = 6,
    SY_KERNEL_POST_GELU_TANH = 7,
    SY_KERNEL_POST_SCALE_ROW = 8,
    SY_KERNEL_POST_SCALE_COL = 9,
    SY_KERNEL_POST_REQUANT = 10,
    SY_KERNEL_POST_SIGMOID = 11,
    SY_KERNEL_POST_TANH = 12
};
#define SY_KERNEL_MAX_POSTS 8u

/**
 * One step after the sum, applied in order to the f32 value (f64 when the sum is f64 or s32) before rounding.
 *
 * kind      SY_KERNEL_POST_*.
 * dtype     element type of its operand (BIAS, ADD, SCALE_ROW, SCALE_COL); any type but f64 beside f32 sums.
 * a, b      CLIP: bounds. REQUANT: round(x * a) + b, ties to even.
 * stride    GEMM, elements: ADD uses [0] per row and [1] per column; BIAS and SCALE_COL use [1] per column;
 *           SCALE_ROW uses [0] per row. 0 broadcasts. Convolution: not read (ADD lies like the output, the
 *           others are dense vectors).
 */
typedef struct sy_kernel_post {
    uint32_t kind, dtype;
    float a, b;
    int64_t stride[2];
} sy_kernel_post;

/** Bytes of an element type, 0 if there is no such type. */
size_t sy_element_bytes(uint32_t dtype);

/** Name of the level of `isa`: "generic", "avx2", "avx512", "neon"; "?" for any other. */
const char *sy_isa_name(uint32_t isa);

/** Whether this build has kernels for the level of `isa` (generic: always). Says nothing about the CPU it
 * runs on. */
bool sy_isa_is_built(uint32_t isa);

#endif
