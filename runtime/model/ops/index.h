/* Indices as values: s32 or s64, negative ones from the end. */
#ifndef RUNTIME_MODEL_OPS_INDEX_H
#define RUNTIME_MODEL_OPS_INDEX_H

#include "runtime/model/ops/op.h"

/** Index `at` of a tensor of s32 or s64. */
static inline int64_t sy_net_index(const sy_net_tensor *tensor, int64_t at) {
    return tensor->dtype == SY_S64 ? ((const int64_t *)tensor->data)[at]
                                   : ((const int32_t *)tensor->data)[at];
}

/** As sy_net_index(), counted from the beginning of `dim` elements. */
static inline int64_t sy_net_index_in(const sy_net_tensor *tensor, int64_t at, int64_t dim) {
    int64_t index = sy_net_index(tensor, at);
    return index < 0 ? index + dim : index;
}

/** infer(): input `index` holds s32 or s64 of known extents. SY_INVALID_ARGUMENT. */
sy_status sy_net_index_type(const sy_net_call *call, uint32_t index, sy_error *err);

/**
 * run(): all of input `index` lie within the extents: index i within dim[i % n_dim].
 * Errors  SY_INVALID_ARGUMENT: one does not.
 */
sy_status sy_net_index_check(
    const sy_net_call *call, uint32_t index, const int64_t *dim, uint32_t n_dim, sy_error *err);

#endif
