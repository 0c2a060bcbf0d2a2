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

/*
 * The ways. ROWS: output pixels of all images are rows, output channels columns (suits NHWC). COLS: output
 * channels are rows, pixels of one image columns (suits NCHW). DEPTHWISE: one channel a group, direct,
 * channels as vectors; PLANES: pixels as vectors, X and Y by planes. The depth of the products runs over (r,
 * s, c), c innermost, whatever the layouts are. DIRECT: open tiles over the image where it lies;
 * DIRECT_PLANES: the same into planes (NCHW). MATRIX: a plain product; FEW: one of so few output
 * channels that no panel is made.
 */
enum {
    SY_CONV_PATH_ROWS = 1,
    SY_CONV_PATH_COLS = 2,
    SY_CONV_PATH_DEPTHWISE = 3,
    SY_CONV_PATH_PLANES = 4,
    SY_CONV_PATH_DIRECT = 5,
    SY_CONV_PATH_DIRECT_PLANES = 6,
    SY_CONV_PATH_MATRIX = 7,
    SY_CONV_PATH_FEW = 8
};

/*
 * How DIRECT and DIRECT_PLANES walk a band. TILES: pixels by lists of addresses; STRIPS: lines of pixels that
 * have the same taps; LANES: pixels as lanes over a copy of their rows, for planes, few channels and short
 * windows.
 */
enum { SY_CONV_WALK_TILES = 1, SY_CONV_WALK_STRIPS = 2, SY_CONV_WALK_LANES = 3 };

/**
 * Choices that the plan makes by its cost model, each where it is 0; a tuner fills them in. What does not fit
 * the problem is refused with words, never bent. Empty Y: only `path` is looked at.
 *
 * path         SY_CONV_PATH_*; the form of packed weights goes with it. COLS and DIRECT_PLANES want the
 *              pixels of Y at one stride, PLANES X and Y by planes.
 * walk         SY_CONV_WALK_*: of DIRECT and DIRECT_PLANES.
 * parts        threads that share the work, <= the plan's.
 * block_units  depth of a block in units of depth, as in gemm_kernel.h or (DIRECT, DIRECT_PLANES) of a tile;
 *              changes the rounding. Not where all of the depth is one chain: LANES, DEPTHWISE, PLANES, FEW.
 * panels       ROWS, COLS, MATRIX: panels of rows in a block; DIRECT, DIRECT_PLANES: panels of output
 *              channels that a band is computed for at a time.
 * band_pixels  DIRECT, DIRECT_PLANES: most output pixels in a band, which are whole rows if a row fits.
 */
typedef struct sy_conv_tuning {
    uint32_t path, walk;
    int32_t parts;
    int64_t block_units, panels, band_pixels;
} sy_conv_tuning;

/**
 * What is to be computed: Y[n,k,p,q] = post(sum over c,r,s of X[n, g C/G + c, p stride - pad + r dilation,
 * ...] W[k,c,r,s]).
 *
 * dtype_x, dtype_w, dtype_y  as dtype_a, dtype_b, dtype_d of sy_gemm_desc.
 * n, c, h, w, k, r, s  extents >= 0; groups >= 1 divides c and k. c or r or s = 0: an empty sum, Y = post(0).
 * stride, dilation  [0] along h, [1] along w; >= 1.
 * pad               top, left, bottom, right; >= 0; padding reads as zero.
 * x_stride, y_stride  elements, in the order N C H W, >= 0; the two innermost loops are quickest when the
 *                   channel stride (NHWC) or the column stride (NCHW) is 1.
 * w_stride          elements, in the order K C/groups R S.
 * post              operands: BIAS, SCALE_COL: dense [k]; SCALE_ROW: dense [n]; ADD: strides of Y.
 * tuning            all 0: the choices of the cost model; kernels/winograd does not look at it.
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
    sy_conv_tuning tuning;
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
    uint32_t path, walk;
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
