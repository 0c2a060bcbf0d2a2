/*
 * Post-operations in f64: what is applied to a product's sum before it is rounded. The kinds are those of
 * kernels/gemm/gemm_types.h (SY_KERNEL_POST_*). Pure functions, any thread.
 */
#ifndef KERNELS_REFERENCE_POST_H
#define KERNELS_REFERENCE_POST_H

#include <stdint.h>

/**
 * One step. `operand`, if the kind has one, is read at the output element's index times `stride` (elements; 0
 * broadcasts), dimension by dimension: a gemm's bias over [batch, m, n] has strides {0, 0, 0, 1} (outermost
 * dimension 1), a convolution's over [n, k, p, q] {0, 1, 0, 0}. a, b: as in sy_kernel_post.
 */
typedef struct sy_reference_post {
    uint32_t kind;
    double a, b;
    const double *operand;
    int64_t stride[4];
} sy_reference_post;

/**
 * One step on one value: what SY_KERNEL_POST_* says, in f64; NaN stays NaN. REQUANT rounds to nearest even
 * and does not saturate (that is the conversion to the output type). An unknown kind gives NaN.
 */
double sy_reference_post_value(const sy_reference_post *post, double value, double operand);

/** All steps in order on the element at `index` of the output. */
double sy_reference_post_element(
    const sy_reference_post *post, uint32_t count, const int64_t index[4], double value);

/** All steps in order on every element of `values`, dims `dim`, strides `stride` in elements; in place. */
void sy_reference_post_apply(const sy_reference_post *post, uint32_t count, const int64_t dim[4],
    const int64_t stride[4], double *values);

#endif
