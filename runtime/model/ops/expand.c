/* Expand and Tile: the same elements again and again. */
#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    sy_net_box_copy(
        call->state, sy_net_dtype_size(call->in[0].dtype), call->in[0].data, call->out[0].data, call->team);
    return SY_OK;
}

/* Input 0 and the list in input 1, and a box to fill. */
static sy_status begin(sy_net_call *call, sy_net_list *list, sy_net_box **out_box, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    sy_status status = sy_net_call_list(call, 1, "", list, err);
    if (status != SY_OK)
        return status;
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i] < 0)
            return sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "number %zu of input 1 is %lld", i, (long long)list->item[i]);
    *out_box = sy_net_call_state(call, sizeof **out_box, err);
    return *out_box != NULL ? SY_OK : SY_OUT_OF_MEMORY;
}

static sy_status infer_expand(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0], wanted = {0};
    int64_t from[SY_NET_MAX_RANK], to[SY_NET_MAX_RANK];
    sy_net_list list;
    sy_net_box *box = NULL;
    sy_status status = begin(call, &list, &box, err);
    if (status != SY_OK)
        return status;
    if (list.count > SY_NET_MAX_RANK)
        return sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "%zu extents, at most %u are possible", list.count, SY_NET_MAX_RANK);
    wanted.rank = (uint32_t)list.count;
    for (uint32_t i = 0; i < wanted.rank; i++)
        wanted.dim[i] = list.item[i];
    out->dtype = in->dtype;
    status = sy_net_call_broadcast(call, in, &wanted, out, err);
    if (status == SY_OK && sy_net_tensor_check(out, err) != SY_OK)
        return sy_net_call_fail(call, SY_OVERFLOW, err, "extents too large");
    if (status != SY_OK)
        return status;
    sy_net_strides(in, from);
    sy_net_strides(out, to);
    for (uint32_t i = 0; i < out->rank; i++) {
        uint32_t skip = out->rank - in->rank;
        bool is_one = i < skip || in->dim[i - skip] == 1;
        sy_net_box_add(box, out->dim[i], is_one ? 0 : from[i - skip], to[i]);
    }
    return SY_OK;
}

static sy_status infer_tile(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    int64_t from[SY_NET_MAX_RANK], to[SY_NET_MAX_RANK];
    sy_net_list list;
    sy_net_box *box = NULL;
    sy_status status = begin(call, &list, &box, err);
    if (status != SY_OK)
        return status;
    if (list.count != in->rank)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "%zu repeats for a tensor of rank %u", list.count, in->rank);
    sy_net_shape_like(out, in);
    for (uint32_t i = 0; i < in->rank; i++)
        if (__builtin_mul_overflow(in->dim[i], list.item[i], &out->dim[i]))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "an extent beyond what is countable");
    if (sy_net_tensor_check(out, err) != SY_OK)
        return sy_net_call_fail(call, SY_OVERFLOW, err, "extents too large");
    sy_net_strides(in, from);
    sy_net_strides(out, to);
    for (uint32_t i = 0; i < in->rank; i++) {
        sy_net_box_add(box, list.item[i], 0, in->dim[i] * to[i]);
        sy_net_box_add(box, in->dim[i], from[i], to[i]);
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Expand", "", 8, 0, 0, 2, 2, 1, 1, infer_expand, NULL, run},
    {"Tile", "", 6, 0, 0, 2, 2, 1, 1, infer_tile, NULL, run},
};
const sy_net_family sy_net_family_expand = {row, sizeof row / sizeof row[0]};
