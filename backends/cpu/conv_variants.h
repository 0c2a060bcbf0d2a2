/* Settings of the conv kernels that tuning may find better than the cost model's: a short list a problem. */
#ifndef BACKENDS_CPU_CONV_VARIANTS_H
#define BACKENDS_CPU_CONV_VARIANTS_H

#include "kernels/conv/conv.h"

/** Most variants of one problem. */
#define SY_CPU_CONV_VARIANTS_MAX 8u

/** Longest name with its NUL. */
#define SY_CPU_CONV_VARIANT_NAME_MAX 56u

/**
 * Variant `number` (from 1) of a convolution for `threads` threads: what is set, and a name that spells it,
 * as
 * "/rows" or "/strips/b96": the way, how its bands are walked (tiles, strips, lanes), depth of a block in
 * units (u), panels at a time (p), pixels of a band (b), threads (t). The list depends on the arguments
 * alone; each gives another plan than the cost model and than those before it. A way has its own form of
 * packed weights. False past the end, and for a convolution that is empty or cannot be planned at all.
 *
 * has_model   whether the cost model's plan is offered already; if not, it is the first variant, by its way.
 */
bool sy_cpu_conv_variant(const sy_conv_desc *desc, int threads, bool has_model, uint32_t number,
    sy_conv_tuning *out_tuning, char out_name[SY_CPU_CONV_VARIANT_NAME_MAX]);

#endif
