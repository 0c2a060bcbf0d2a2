/* Putting an element onto another: as it is, or combined with it. */
#ifndef RUNTIME_MODEL_OPS_SCATTER_H
#define RUNTIME_MODEL_OPS_SCATTER_H

#include "runtime/model/ops/op.h"

typedef enum sy_net_reduction {
    SY_NET_PUT,
    SY_NET_ADD,
    SY_NET_MUL,
    SY_NET_MIN,
    SY_NET_MAX,
} sy_net_reduction;

/** Attribute `reduction` of a node. SY_INVALID_ARGUMENT. */
sy_status sy_net_reduction_find(const sy_net_call *call, sy_net_reduction *out, sy_error *err);

/** Combine `count` elements of `from`, from element `at` on, with those of `to`, from element `into` on. */
void sy_net_reduce(sy_net_reduction reduction, sy_net_tensor *to, int64_t into, const sy_net_tensor *from,
    int64_t at, int64_t count);

#endif
