/* What rows of several families share: checks of inputs, and the kernels of a call's instruction set. */
#ifndef RUNTIME_MODEL_OPS_SHARE_H
#define RUNTIME_MODEL_OPS_SHARE_H

#include "kernels/nn/nn.h"
#include "runtime/model/ops/chunk.h"
#include "runtime/model/ops/op.h"
#include "runtime/model/ops/walk.h"

/** That input `index` is there and of a type in the set (SY_OPS_FLOATS ...). SY_INVALID_ARGUMENT: it is left
 * out; SY_UNSUPPORTED: another type. */
sy_status sy_ops_need(const sy_net_call *call, uint32_t index, uint32_t types, sy_error *err);

/** That inputs `a` and `b` have one type. SY_INVALID_ARGUMENT. */
sy_status sy_ops_need_same(const sy_net_call *call, uint32_t a, uint32_t b, sy_error *err);

/** That rank and extents of input `index` are known. SY_UNAVAILABLE. */
sy_status sy_ops_need_shape(const sy_net_call *call, uint32_t index, sy_error *err);

/** That input `index` broadcasts to the shape of `to` without widening it. SY_INVALID_ARGUMENT. */
sy_status sy_ops_need_fit(const sy_net_call *call, uint32_t index, const sy_net_tensor *to, sy_error *err);

/** The element type of a number of ONNX's TensorProto.DataType (attributes `to`, `dtype`, `output_dtype`); 0
 * for what is not done here. */
uint32_t sy_ops_onnx_dtype(int64_t number);

/** The kernels for the processor of a call. */
const sy_nn *sy_ops_kernels(const sy_net_call *call);

/** A walk over output 0 and `count` inputs, from input 0 on. */
void sy_ops_walk_call(sy_ops_walk *walk, const sy_net_call *call, uint32_t count);

/** Product of extents `begin` .. `end` - 1. */
int64_t sy_ops_span(const sy_net_tensor *tensor, uint32_t begin, uint32_t end);

#endif
