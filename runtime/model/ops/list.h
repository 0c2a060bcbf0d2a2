/* Lists of integers that are an attribute in older opsets and an input in newer ones (axes, steps, pads). */
#ifndef RUNTIME_MODEL_OPS_LIST_H
#define RUNTIME_MODEL_OPS_LIST_H

#include "runtime/model/ops/op.h"

/** A list as a node has it; `count` 0 and has false where it has none. */
typedef struct sy_net_list {
    bool has;
    size_t count;
    int64_t item[2 * SY_NET_MAX_RANK];
} sy_net_list;

/**
 * Input `index` if the node has it, else the attribute `name`.
 * Errors  as sy_net_call_ints(); an attribute of more than 2 * SY_NET_MAX_RANK numbers is
 *         SY_INVALID_ARGUMENT.
 */
sy_status sy_net_call_list(
    const sy_net_call *call, uint32_t index, const char *name, sy_net_list *out, sy_error *err);

/** The list as axes of a tensor of `rank`, made non-negative. SY_INVALID_ARGUMENT: beyond, or twice. */
sy_status sy_net_call_axes(const sy_net_call *call, const sy_net_list *list, uint32_t rank,
    uint32_t out_axis[SY_NET_MAX_RANK], sy_error *err);

/** Known rank of input `index`, `least` to `most`. SY_INVALID_ARGUMENT. */
sy_status sy_net_call_rank(
    const sy_net_call *call, uint32_t index, uint32_t least, uint32_t most, sy_error *err);

#endif
