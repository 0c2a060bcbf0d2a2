/* A convolution as the algorithms see it: per group and image a product over packed weights. Internal. */
#ifndef KERNELS_CONV_CONV_PROBLEM_H
#define KERNELS_CONV_CONV_PROBLEM_H

#include "kernels/conv/conv.h"
#include "kernels/gemm/gemm_work.h"

/*
 * The ways. ROWS: output pixels of all images are rows, output channels columns (suits NHWC). COLS: output
 * channels are rows, pixels of one image columns (suits NCHW). DEPTHWISE: one channel a group, direct,
 * channels as vectors; PLANES: pixels as vectors, X and Y by planes. The depth of the products runs over (r,
 * s, c), c innermost, whatever the layouts are. DIRECT: open tiles over the image where it lies;
 * DIRECT_PLANES: the same into planes (NCHW). MATRIX: a plain product; FEW: one of so few output channels
 * that no panel is made.
 */
enum {
    CONV_PATH_ROWS = 1,
    CONV_PATH_COLS = 2,
    CONV_PATH_DEPTHWISE = 3,
    CONV_PATH_PLANES = 4,
    CONV_PATH_DIRECT = 5,
    CONV_PATH_DIRECT_PLANES = 6,
    CONV_PATH_MATRIX = 7,
    CONV_PATH_FEW = 8
};

/** The image as lanes (output pixels) by depth. base: first channel of the group, first image of the job. */
typedef struct conv_image {
    const sy_conv_plan *plan;
    const void *base;
} conv_image;

/** The weights of one group as lanes (output channels) by depth. */
typedef struct conv_weights {
    const sy_conv_plan *plan;
    const void *base;
} conv_weights;

/** Gathers a panel from an image while packing; context: conv_image. Padding is written as zeros. */
void conv_gather(const void *context, const gemm_form *form, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out);

/** Packs a panel of weights; context: conv_weights. */
void conv_pack_weights(const void *context, const gemm_form *form, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out);

/** Kernel row of a plan, and its epilogue; args as in conv.h, or NULL. `image`: 0 for ROWS and DEPTHWISE.
 */
const gemm_kernel *conv_kernel(const sy_conv_desc *desc);
void conv_finish(const sy_conv_plan *plan, const sy_conv_args *args, int64_t image, int64_t group,
    gemm_finish *out_finish);

/** Whether output channels are the rows of the view that conv_finish() gives. */
static inline bool conv_is_by_plane(uint32_t path) {
    return path == CONV_PATH_COLS || path == CONV_PATH_PLANES || path == CONV_PATH_DIRECT_PLANES;
}

/** Whether a path has one channel a group and weights by tap. */
static inline bool conv_is_depthwise(uint32_t path) {
    return path == CONV_PATH_DEPTHWISE || path == CONV_PATH_PLANES;
}

/** Whether a path is left to kernels/gemm whole. */
static inline bool conv_is_matrix(uint32_t path) {
    return path == CONV_PATH_MATRIX || path == CONV_PATH_FEW;
}

/** Whether a path reads bands of the image by open tiles. */
static inline bool conv_is_open(uint32_t path) {
    return path == CONV_PATH_DIRECT || path == CONV_PATH_DIRECT_PLANES;
}

/** Whether sums may go straight to Y: nothing follows, and Y is dense along columns and plain along rows. */
static inline bool conv_is_direct(const sy_conv_plan *plan, const gemm_finish *finish) {
    return plan->desc.n_post == 0 &&
           plan->desc.dtype_y == gemm_sum_type(plan->desc.dtype_x, plan->desc.dtype_w) &&
           finish->d.col == 1 && finish->inner == INT64_MAX;
}

/** Output channels, depth, and pixels of one image. */
static inline int64_t conv_channels(const sy_conv_desc *desc) {
    return desc->k / desc->groups;
}

static inline int64_t conv_depth(const sy_conv_desc *desc) {
    return desc->c / desc->groups * desc->r * desc->s;
}

#endif
