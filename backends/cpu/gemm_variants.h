/* Settings of the gemm kernels that tuning may find better than the cost model's: a short list a problem. */
#ifndef BACKENDS_CPU_GEMM_VARIANTS_H
#define BACKENDS_CPU_GEMM_VARIANTS_H

#include "kernels/gemm/gemm.h"

/** Most variants of one problem. */
#define SY_CPU_GEMM_VARIANTS_MAX 16u

/** Longest name with its NUL. */
#define SY_CPU_GEMM_VARIANT_NAME_MAX 56u

/**
 * Variant `number` (from 1) of a product for `threads` threads: what is set, and a name that spells it, as
 * "bare/u384/p8/t1x2": the way (panels, fused, axpy, dot), A packed or bare, depth of a block in units,
 * panels and columns of a block, shares of rows x columns, slices of the depth. The list depends on
 * descriptor and threads alone; each gives another plan than the cost model and than those before it, and
 * keeps the packed form of constant B. False past the end, and for a product that cannot be planned at all.
 */
bool sy_cpu_gemm_variant(const sy_gemm_desc *desc, int threads, uint32_t number, sy_gemm_tuning *out_tuning,
    char out_name[SY_CPU_GEMM_VARIANT_NAME_MAX]);

#endif
