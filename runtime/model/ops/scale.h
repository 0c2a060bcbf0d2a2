/* Scales and zero points of QuantizeLinear and DequantizeLinear: one, one a slice along an axis, or one a
 * block. */
#ifndef RUNTIME_MODEL_OPS_SCALE_H
#define RUNTIME_MODEL_OPS_SCALE_H

#include "runtime/model/ops/share.h"

/** block: elements along the axis that share a scale, 0 if scales are not in blocks. */
typedef struct sy_ops_scale {
    bool is_axis, is_saturated;
    uint32_t axis;
    int64_t block;
} sy_ops_scale;

/** From the attributes and inputs 1 (scale) and 2 (zero point, optional). SY_INVALID_ARGUMENT,
 * SY_UNSUPPORTED. */
sy_status sy_ops_scale_infer(const sy_net_call *call, sy_ops_scale *scale, sy_error *err);

/**
 * One piece of a row: element i of output, input, scale and zero point at offset[.] + i * step[.]; zero is
 * NULL in `arg`'s tensors where there is none.
 */
void sy_ops_scale_run(
    const sy_net_call *call, const sy_ops_scale *scale, sy_ops_piece_fn *fn, const void *arg);

#endif
