/*
 * Convolution of images (cross-correlation: the filter is not flipped): the contract. Layouts are strides, so
 * NCHW, NHWC and padded ones are all the same to the caller. One-dimensional: h = r = 1. Pure functions, used
 * like gemm.h: plan once, pack constant weights once, then `steps` rounds of `parts` independent shares with
 * a barrier between.
 */
#ifndef KERNELS_CONV_CONV_H
#define KERNELS_CONV_CONV_H

#include "kernels/gemm/gemm.h"

/* Flags of sy_conv_desc. */
enum { SY_CONV_W_CONST = 1 /* args.w is what sy_conv_weights_pack() made, not W itself */ };

/**
 * What is to be computed: Y[n,k,p,q] = post(sum over c,r,s of X[n, g C/G + c, p stride - pad + r dilation,
 * ...] W[k,c,r,s]).
 *
 * dtype_x, dtype_w, dtype_y  as dtype_a, dtype_b, dtype_d of sy_gemm_desc.
 * n, c, h, w, k, r, s        extents >= 0; groups >= 1 divides c and k. c or r or s = 0: an empty sum, Y =
 * post(0). stride, dilation           [0] along h, [1] along w; >= 1. pad                        top, left,
 * bottom, right; >= 0; padding reads as zero. x_stride, y_stride         elements, in the order N C H W, >=
 * 0; the two innermost loops are quickest when the channel stride (NHWC) or the column stride (NCHW) is 1.
 * w_stride                   elements, in the order K C/groups R S.
 * post                       operands: BIAS, SCALE_COL: dense [k]; SCALE_ROW: dense [n]; ADD: strides of Y.
 *
 * A weight that is not finite may give NaN over padding: some ways multiply it by zero, others skip it.
 */
typedef struct sy_conv_desc {
    uint32_t dtype_x, dtype_w, dtype_y;
    uint32_t isa, flags;
    int64_t n, c, h, w, k, r, s, groups;
    int64_t stride[2], dilation[2], pad[4];
    int64_t x_stride[4], w_stride[4], y_stride[4];
    uint32_t n_post;
    sy_kernel_post post[SY_KERNEL_MAX_POSTS];
} sy_conv_desc;

/**
 * A convolution with its method, blocking and split over threads; a plain value. Fields from `path` on are
 * the kernels' own.
 *
 * parts, steps, workspace_bytes  as in sy_gemm_plan; steps = 0 if Y is empty.
 * weights_bytes                  size of packed constant weights; 0 without SY_CONV_W_CONST.
 * p, q                           extents of Y.
 */
typedef struct sy_conv_plan {
    sy_conv_desc desc;
    int32_t parts;
    int64_t steps;
    size_t workspace_bytes, weights_bytes;
    int64_t p, q;
    uint32_t path;
    int32_t parts_m, parts_n;
    int64_t block_units, block_n, block_panels;
    int64_t band_p, band_q, bands;
    sy_gemm_plan product;
    size_t shared_bytes, scratch_bytes, group_bytes, list_bytes, copy_bytes;
} sy_conv_plan;

/** Operands of one run; ownership, overlap and alignment as in sy_gemm_args (an ADD operand may be y itself).
 */
typedef struct sy_conv_args {
    const void *x, *w;
    void *y;
    const void *post_operand[SY_KERNEL_MAX_POSTS];
    void *workspace;
} sy_conv_args;

/**
 * Check `desc`, choose a method and lay out the work for at most `parts` threads (>= 1).
 *
 * Result   NULL and *out_plan filled; or a static text saying what is not possible, *out_plan all zero.
 * Method   depthwise: strips of pixels; else open tiles over the image where it lies, padding skipped, or,
 *          where no tile fits, a product whose image panels are gathered while packing. No unfolded image
 *          ever lies in memory.
 * Source   implicit GEMM: Chetlur et al., arXiv 1410.0759, section 3.2; addresses in place of gathering:
 *          Dukhan, arXiv 1907.02129.
 */
const char *sy_conv_plan_init(const sy_conv_desc *desc, int parts, sy_conv_plan *out_plan);

/**
 * Extents of Y for an image extent `in`: floor((in + pads - (window - 1) dilation - 1) / stride) + 1, 0 if
 * the window does not fit. All arguments as in sy_conv_desc.
 */
int64_t sy_conv_extent(int64_t in, int64_t window, int64_t stride, int64_t dilation, int64_t pads);

/**
 * As sy_gemm_weights_pack(). The result serves every plan that has the same isa, types of x and w, c, k, r,
 * s, groups and `path` (which follows from layouts and extents); n, h, w, posts and parts may differ.
 */
void sy_conv_weights_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed);

/** As sy_gemm_step(). */
void sy_conv_step(const sy_conv_plan *plan, const sy_conv_args *args, int64_t step, int part);

/** All steps and parts one after the other, on the calling thread. */
void sy_conv_run(const sy_conv_plan *plan, const sy_conv_args *args);

#endif
