/*
 * The insides of pools: one line made of several, element by element, in f32. A line is a row of a plane, a
 * row under the taps of a window, or the channels of a pixel.
 */
#ifndef KERNELS_NN_NN_POOL_H
#define KERNELS_NN_NN_POOL_H

#include <stdbool.h>
#include <stdint.h>

/**
 * out[i] = the greatest, or `factor` times the sum, of line[t][i * stride] over t.
 *
 * lines   at least 1. stride: at least 1; 1 and 2 are quick.
 * onto    out[i] takes part: an additional line (which `factor` multiplies too).
 * The greatest is NaN if any is; sums are made in the order of the lines, nine or four at a time.
 * Memory  `out` overlaps no line. Threads: no state.
 */
typedef struct nn_pool_job {
    const float *const *line;
    int64_t lines, stride, count;
    float factor;
    bool onto;
    float *out;
} nn_pool_job;
typedef void (*nn_pool_fn)(const nn_pool_job *job);

/** The greatest (NaN if any is; minus infinity of none) or the sum of `count` values that lie side by side.
 */
typedef float (*nn_pool_all_fn)(const float *values, int64_t count);

/** By instruction set. */
typedef struct nn_pool_kernels {
    nn_pool_fn max_lines, sum_lines;
    nn_pool_all_fn max, sum;
} nn_pool_kernels;

/** Those for SY_ISA_* of kernels/gemm/gemm_types.h: of its level, or of the best below that is built. */
const nn_pool_kernels *nn_pool_table(uint32_t isa);

/* By file: nn_pool_<isa>.c. */
extern const nn_pool_kernels nn_pool_generic, nn_pool_avx2, nn_pool_avx512, nn_pool_neon;

#endif
