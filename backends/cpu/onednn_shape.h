/* A problem in oneDNN's terms: extents and strides of each operand, and the window of a convolution. */
#ifndef BACKENDS_CPU_ONEDNN_SHAPE_H
#define BACKENDS_CPU_ONEDNN_SHAPE_H

#include <stdbool.h>

#include "backends/cpu/onednn_api.h"
#include "runtime/task/task.h"
#include "steelyard/backend.h"

/** One operand, in the order of oneDNN's dimensions; strides in elements. */
typedef struct sy_onednn_view {
    int rank;
    int64_t dim[SY_ONEDNN_RANK_MAX], stride[SY_ONEDNN_RANK_MAX];
} sy_onednn_view;

/**
 * A product ([batch,] rows, columns) or a convolution ([groups,] ...).
 *
 * bias, post   operands of posts: a bias as an argument has one dimension in a convolution and the output's
 *              rank in a product; all others have the output's rank, with 1 where they repeat.
 * post_tensor  index among the task's tensors; SY_NO_OPERAND where a post has none.
 * rows_mask, columns_mask  bit of the source's dimension that the output's rows (images) come from, and of
 *              the weights' (two, with groups) that its columns (channels) come from.
 * is_open      of each tensor of the task: oneDNN may lay it out as it likes.
 */
typedef struct sy_onednn_shape {
    sy_onednn_view src, weights, dst, bias, post[SY_MAX_POSTS];
    uint32_t post_tensor[SY_MAX_POSTS];
    bool is_convolution;
    sy_onednn_window window;
    uint32_t groups;
    int rows_mask, columns_mask;
    double alpha, beta;
    bool is_open[SY_MAX_TENSORS];
} sy_onednn_shape;

/** Read a task whose open tensors are SY_LAYOUT_ANY or private. Errors: as sy_cpu_product_read() and
 * sy_cpu_convolution_read(); SY_UNSUPPORTED: empty operands, strides of 0, sums in another type. */
typedef sy_status sy_onednn_shape_fn(
    sy_device *device, const sy_task *task, sy_onednn_shape *out_shape, sy_error *err);

/** Dimensions of a view; a stride of a dimension of 1 becomes one that fits around all others. Errors:
 * SY_UNSUPPORTED: an extent of 0, or a stride of 0 over several elements. */
sy_status sy_onednn_view_make(
    int rank, const int64_t *dim, const int64_t *stride, sy_onednn_view *out_view, sy_error *err);

/** oneDNN's number of an element type, 0 if it has none. */
int sy_onednn_type(uint32_t dtype);

#endif
