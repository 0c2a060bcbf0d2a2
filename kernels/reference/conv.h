/*
 * Convolution in f64 (cross-correlation: the filter is not flipped): what every other kernel is compared
 * with. Inputs are the already rounded values of the problem. Pure functions: no allocation, no state, any
 * thread. Integers up to 2^53 stay exact.
 */
#ifndef KERNELS_REFERENCE_CONV_H
#define KERNELS_REFERENCE_CONV_H

#include <stdint.h>

#include "kernels/reference/gemm.h"

/**
 * Y[n,k,p,q] = sum over c, r, s of X[n, c, p stride + r dilation - pad, ...] W[k, c, r, s], zero outside X.
 *
 * c, k       channels of all groups; each filter has c / groups.
 * p, q       output extents; the caller computed them.
 * pad        {top, left}: what lies beyond bottom and right follows from p and q.
 * x_stride   of n, c, h, w; w_stride: of k, c, r, s; y_stride: of n, k, p, q; in elements.
 */
typedef struct sy_reference_conv {
    int64_t n, c, h, w, k, r, s, p, q;
    int64_t stride[2], dilation[2], pad[2], groups;
    const double *x, *filter;
    double *y;
    int64_t x_stride[4], w_stride[4], y_stride[4];
} sy_reference_conv;

/** The whole output; sums in order of c, r, s. */
void sy_reference_conv_run(const sy_reference_conv *conv);

/** Output channel `channel` of image `image` alone: p x q values into y at its place. */
void sy_reference_conv_channel(const sy_reference_conv *conv, int64_t image, int64_t channel);

/** One element {n, k, p, q} and what its error bound needs; y is not touched. a_norm is that of the window of
 * X. */
void sy_reference_conv_point(
    const sy_reference_conv *conv, const int64_t at[4], sy_reference_point *out_point);

#endif
