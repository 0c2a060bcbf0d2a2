#include "runtime/model/ops/list.h"

#include <string.h>

sy_status sy_net_call_list(
    const sy_net_call *call, uint32_t index, const char *name, sy_net_list *out, sy_error *err) {
    size_t room = sizeof out->item / sizeof out->item[0], count = 0;
    *out = (sy_net_list){0};
    out->has = sy_net_call_has(call, index);
    if (out->has)
        return sy_net_call_ints(call, index, out->item, room, &out->count, err);
    const int64_t *item = sy_net_attr_ints(call->node, name, &count);
    if (count > room)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "attribute %s has %zu numbers, at most %zu make sense", name, count, room);
    out->has = item != NULL;
    out->count = count;
    if (count > 0)
        memcpy(out->item, item, count * sizeof *item);
    return SY_OK;
}

sy_status sy_net_call_axes(const sy_net_call *call, const sy_net_list *list, uint32_t rank,
    uint32_t out_axis[SY_NET_MAX_RANK], sy_error *err) {
    uint32_t seen = 0;
    if (list->count > SY_NET_MAX_RANK)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "%zu axes, at most %u are possible",
            list->count, SY_NET_MAX_RANK);
    for (size_t i = 0; i < list->count; i++) {
        sy_status status = sy_net_call_axis(call, list->item[i], rank, &out_axis[i], err);
        if (status != SY_OK)
            return status;
        if ((seen >> out_axis[i] & 1) != 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "axis %u is named twice", out_axis[i]);
        seen |= 1u << out_axis[i];
    }
    return SY_OK;
}

sy_status sy_net_call_rank(
    const sy_net_call *call, uint32_t index, uint32_t least, uint32_t most, sy_error *err) {
    uint32_t rank = call->in[index].rank;
    if (rank >= least && rank <= most && rank <= SY_NET_MAX_RANK)
        return SY_OK;
    if (rank == SY_NET_UNKNOWN_RANK)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is of unknown rank", index);
    return sy_net_call_fail(
        call, SY_INVALID_ARGUMENT, err, "input %u has rank %u, must be %u to %u", index, rank, least, most);
}
