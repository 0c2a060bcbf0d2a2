/*
 * Matrix multiplication in f64: what every other kernel is compared with. Inputs are the already rounded
 * values of the problem. Pure functions: no allocation, no state, any thread. Integers up to 2^53 stay exact,
 * so sums that do not fit s32 show as they are and never wrap.
 */
#ifndef KERNELS_REFERENCE_GEMM_H
#define KERNELS_REFERENCE_GEMM_H

#include <stdint.h>

/**
 * D = alpha A B + beta C for one matrix of a batch: A m x k, B k x n, C and D m x n, extents >= 0.
 *
 * x_stride  in elements, [0] from row to row, [1] from column to column; a transpose is a stride.
 * c         read only if beta != 0; may be d with the same strides.
 * d         must not overlap a or b.
 */
typedef struct sy_reference_gemm {
    int64_t m, n, k;
    const double *a, *b, *c;
    double *d;
    int64_t a_stride[2], b_stride[2], c_stride[2], d_stride[2];
    double alpha, beta;
} sy_reference_gemm;

/**
 * The whole product. Each element is summed in f64 in groups of at most 4 neighbouring k, in order of k.
 * Cost   2 m n k FLOP at a few GFLOP/s; any strides, copied block by block.
 */
void sy_reference_gemm_run(const sy_reference_gemm *gemm);

/**
 * One element of a product and what its error bound needs.
 *
 * sum        the sum of products, before alpha, beta and posts.
 * absolute   the sum of the products' magnitudes.
 * a_norm     2-norm of the row of A (of the window of X); b_norm: of the column of B (of the filter).
 */
typedef struct sy_reference_point {
    double sum, absolute, a_norm, b_norm;
} sy_reference_point;

/** Element (row, column) of A B; the fields alpha, beta, c, d are not read. */
void sy_reference_gemm_point(
    const sy_reference_gemm *gemm, int64_t row, int64_t column, sy_reference_point *out_point);

/** 2-norm of `count` values `stride` elements apart. */
double sy_reference_norm(const double *values, int64_t count, int64_t stride);

#endif
