/* Putting a problem together from values of a graph. Private to this folder. */
#ifndef RUNTIME_MODEL_EXEC_LOWER_H
#define RUNTIME_MODEL_EXEC_LOWER_H

#include "runtime/model/exec/exec.h"

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

/** Op, attribute, sums and math. */
void sy_lower_finish(sy_lowering *lower, uint32_t op, uint32_t acc_dtype, uint32_t math);

/** The types a product is summed in: f32 for floats, s32 for bytes, f64; 0: none. */
uint32_t sy_lower_sums(uint32_t dtype);

sy_status sy_lower_conv(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_gemm(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_matmul(sy_lowering *lower, uint32_t math, sy_error *err);
sy_status sy_lower_product(sy_lowering *lower, uint32_t math, sy_error *err);

#endif
