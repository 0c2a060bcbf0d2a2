/*
 * Matrix products and convolutions as one thing: D[row, col] = post(alpha sum_k L[row, k] R[k, col] + beta
 * C[row, col]), over a batch of two levels (outer: batch or images; inner: groups of channels). What families
 * of kernels are written for.
 *
 * A convolution whose output has channels as the unit stride has rows = pixels (L = image, R = weights); one
 * with pixels as the unit stride has rows = channels (L = weights, R = image).
 */
#ifndef BACKENDS_OPENCL_CONTRACTION_H
#define BACKENDS_OPENCL_CONTRACTION_H

#include "backends/opencl/traits.h"
#include "runtime/task/task.h"

/* What a side is read from. */
enum {
    OCL_STRIDED = 0, /* element (line, k) at offset + line * line_stride + k * depth_stride */
    OCL_PANELS = 1,  /* constant weights in panels of `width` lines: [line / width][k][line % width], zeros
                        behind the  last line; a private layout (panels.h) */
    OCL_IMAGE = 2    /* pixels of an image under the filter: see ocl_image */
};

/* Order of k where a convolution is no plain product. */
enum { OCL_CHANNELS_OUTSIDE = 0 /* c r s, as weights are written */, OCL_CHANNELS_INSIDE = 1 /* r s c */ };

/**
 * One side of the product: `line` is its row (L) or column (R). Strides in elements; outer, inner: from one
 * member of the batch to the next. tensor: index among the problem's tensors. lines_valid of PANELS: as the
 * contraction's.
 */
typedef struct ocl_side {
    uint32_t form, dtype, tensor, width;
    int64_t line_stride, depth_stride, outer_stride, inner_stride;
} ocl_side;

/** The geometry of a convolution. h, w: extents of the input; c: channels of a group. Strides of the image in
 * elements; batch strides are the side's. Lines are pixels p * q + column, and over images too where `across`
 * is set (n_stride is then used, and the outer batch is 1). */
typedef struct ocl_image {
    uint32_t order; /* of k: OCL_CHANNELS_* */
    bool across;
    int64_t n, c, h, w, p, q, r, s;
    int64_t stride_h, stride_w, dilation_h, dilation_w, pad_h, pad_w;
    int64_t n_stride, c_stride, h_stride, w_stride;
} ocl_image;

/** D, or C that is read: element (row, col). */
typedef struct ocl_matrix {
    uint32_t dtype, tensor;
    int64_t row_stride, col_stride, outer_stride, inner_stride;
} ocl_matrix;

/** A post step; the operand's element for (row, col). kind: SY_POST_*; tensor: SY_NO_OPERAND if it has none.
 */
typedef struct ocl_post {
    uint32_t kind;
    float a, b;
    ocl_matrix operand;
} ocl_post;

/**
 * The product. rows, cols, depth >= 0. outer x inner members of the batch. acc_dtype: SY_F32, SY_F64 or
 * SY_S32. `is_conv`: `image` is valid (also where neither side is an IMAGE: a 1 x 1 convolution is STRIDED).
 */
typedef struct ocl_contraction {
    int64_t rows, cols, depth, outer, inner;
    uint32_t acc_dtype, n_post;
    bool is_conv, rows_are_channels, has_c;
    double alpha, beta;
    ocl_side left, right;
    ocl_image image;
    ocl_matrix d, c;
    ocl_post post[SY_MAX_POSTS];
} ocl_contraction;

/**
 * Read a gemm or conv task as a contraction. Open layouts (SY_LAYOUT_ANY) count as: images channels last, all
 * else packed row-major; private weights become PANELS. Errors: SY_INVALID_ARGUMENT: extents that do not go
 * together, a private layout that is none of ours; SY_UNSUPPORTED with the reason: types, transposed or
 * three-dimensional convolutions, sizes of 2^31 or more.
 */
sy_status ocl_contraction_read(
    const ocl_traits *traits, const sy_task *task, ocl_contraction *out_contraction, sy_error *err);

/** The side that the weights are: right, or left where rows are channels. */
ocl_side *ocl_contraction_weights(ocl_contraction *c);

/**
 * Let constant weights be panels of `width` lines, as they will be once the host has prepared them, and k be
 * in the order that suits the image. Returns the layout to wish for; 0: there are no such panels, nothing is
 * changed.
 */
uint32_t ocl_contraction_wish_panels(const sy_task *task, uint32_t width, ocl_contraction *c);

/** The same product with rows and columns exchanged: the sides, D and all that is read beside it. Weights are
 * to be wished for before. */
void ocl_contraction_mirror(ocl_contraction *c);

/* Layouts of a recipe for a task: the problem's own; images that are open channels last, other open ones
 * strided. */
void ocl_wish_layouts(const sy_task *task, uint32_t out_layout[SY_MAX_TENSORS]);

/* Between the files of this noun. */
bool ocl_has_dims(const sy_tensor *tensor, const int64_t *dim, uint32_t rank);
sy_status ocl_check_sizes(const int64_t *size, uint32_t count, sy_error *err);
sy_status ocl_contraction_read_conv(const sy_task *task, ocl_contraction *c, sy_error *err);
/** Weights that are private: PANELS of that width, k in their order. */
sy_status ocl_contraction_take_panels(const sy_task *task, ocl_contraction *c, sy_error *err);

#endif
