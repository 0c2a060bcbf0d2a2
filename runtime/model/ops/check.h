/* Checks of inputs that several families share. */
#ifndef RUNTIME_MODEL_OPS_CHECK_H
#define RUNTIME_MODEL_OPS_CHECK_H

#include "runtime/model/ops/op.h"

/** Whether it is f64, f32, f16 or bf16. */
bool sy_net_is_float(uint32_t dtype);

/** Inputs 0 .. count - 1 that are there: floating point and of one type, all shapes known.
 * SY_UNSUPPORTED: a type; SY_INVALID_ARGUMENT: types that differ; SY_UNAVAILABLE: a shape. */
sy_status sy_net_check_floats(const sy_net_call *call, uint32_t count, sy_error *err);

/** Input `index` has its shape known and is of rank lowest .. highest. */
sy_status sy_net_check_rank(
    const sy_net_call *call, uint32_t index, uint32_t lowest, uint32_t highest, sy_error *err);

/** Input `index`, if it is there, has exactly the `rank` extents of `dim`. */
sy_status sy_net_check_shape(
    const sy_net_call *call, uint32_t index, uint32_t rank, const int64_t *dim, sy_error *err);

#endif
