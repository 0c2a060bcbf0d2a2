/* Putting a problem together from values of a graph. Private to this folder. */
#ifndef RUNTIME_MODEL_EXEC_LOWER_H
#define RUNTIME_MODEL_EXEC_LOWER_H

#include "runtime/model/exec/exec.h"
#include "runtime/model/ops/window.h"

/** A problem under construction: inputs first, then posts' operands, then the output. */
typedef struct sy_lowering {
    const sy_net_graph *graph;
    const sy_net_node *node;
    sy_exec_work *work;
} sy_lowering;

/**
 * Append an operand of the given extents and strides that is value `value`; SY_NET_NONE: an absent one.
 * Constants become SY_TENSOR_CONST if `may_pack`. Returns it, NULL beyond SY_MAX_TENSORS.
 */
sy_tensor *sy_lower_tensor(sy_lowering *lower, uint32_t value, uint32_t rank, const int64_t *dim,
    const int64_t *stride, bool may_pack);

/** The same for a constant that lowering makes of others: `made`, packed, whose data lives as long as the
 * graph. It is prepared as the device likes it. */
sy_tensor *sy_lower_made(
    sy_lowering *lower, const sy_net_tensor *made, uint32_t rank, const int64_t *dim, const int64_t *stride);

/** The next post, for the caller to fill; with such a constant as its operand. SY_UNSUPPORTED: there are too
 * many. */
sy_status sy_lower_post(sy_lowering *lower, sy_post **out_post, sy_error *err);
sy_status sy_lower_made_post(sy_lowering *lower, uint32_t kind, const sy_net_tensor *made, uint32_t rank,
    const int64_t *dim, const int64_t *stride, sy_error *err);

/** The same for the output, which comes after all inputs. */
sy_tensor *sy_lower_output(
    sy_lowering *lower, uint32_t value, uint32_t rank, const int64_t *dim, const int64_t *stride);

/** A bias of `columns` elements as the next post. SY_UNSUPPORTED: its shape or type. */
sy_status sy_lower_bias(sy_lowering *lower, uint32_t value, int64_t columns, sy_error *err);

/**
 * The node's posts and their operands, in order; `out` tells extents and strides of what is added.
 * SY_UNSUPPORTED: an operand of another shape.
 */
sy_status sy_lower_posts(sy_lowering *lower, uint32_t rank, const int64_t *dim, const int64_t *stride,
    int64_t columns, sy_error *err);

/** A tensor of rank 3 or 4 as N C H W. */
void sy_lower_image(const sy_net_tensor *tensor, int64_t dim[4], int64_t stride[4]);

/** A window of two dimensions as the attribute of a convolution. */
void sy_lower_window(const sy_net_window *window, int64_t groups, sy_conv_attr *out_attr);

/** Op, attribute, sums and math. */
void sy_lower_finish(sy_lowering *lower, uint32_t op, uint32_t acc_dtype, uint32_t math);

/** The types a product is summed in: f32 for floats, s32 for bytes, f64; 0: none. */
uint32_t sy_lower_sums(uint32_t dtype);

sy_status sy_lower_conv(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_gemm(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_matmul(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_qlinear_conv(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_conv_integer(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_qlinear_matmul(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_matmul_integer(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_product(sy_lowering *lower, uint32_t math, sy_error *err);

#endif
