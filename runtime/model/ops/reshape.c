/* Reshape, Flatten, Squeeze, Unsqueeze: the same bytes under other extents. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* Product of extents begin .. end - 1; they are those of a checked tensor. */
static int64_t product(const sy_net_tensor *tensor, uint32_t begin, uint32_t end) {
    int64_t count = 1;
    for (uint32_t i = begin; i < end; i++)
        count *= tensor->dim[i];
    return count;
}

static sy_status need_known(const sy_net_call *call, sy_error *err) {
    if (sy_net_is_known(&call->in[0]))
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "extents of input 0 are not known");
}

/* Extents as asked for: 0 is the input's own (unless allowzero), one -1 what is left. */
static sy_status take_extents(sy_net_call *call, const sy_net_list *list, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    bool zero_is_zero = sy_net_attr_int(call->node, "allowzero", 0) != 0;
    uint32_t open = SY_NET_MAX_RANK;
    out->rank = (uint32_t)list->count;
    for (uint32_t i = 0; i < out->rank; i++) {
        int64_t dim = list->item[i];
        if (dim < -1 || (dim == -1 && open < SY_NET_MAX_RANK) || (dim == 0 && !zero_is_zero && i >= in->rank))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "extent %u is %lld: must be positive, -1 once, or 0 for one that the input has", i,
                (long long)dim);
        if (dim == -1)
            open = i;
        out->dim[i] = dim == -1 ? 1 : dim == 0 && !zero_is_zero ? in->dim[i] : dim;
    }
    sy_status status = sy_net_tensor_check(out, err);
    if (status != SY_OK)
        return sy_net_call_fail(call, status, err, "extents too large");
    int64_t rest = product(out, 0, out->rank), all = sy_net_elements(in);
    if (open < SY_NET_MAX_RANK && rest > 0)
        out->dim[open] = all / rest;
    if (open < SY_NET_MAX_RANK ? (rest == 0 ? all != 0 : all % rest != 0) : rest != all)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "%lld elements do not fit into extents of %lld elements", (long long)all, (long long)rest);
    if (open < SY_NET_MAX_RANK && rest == 0)
        out->dim[open] = 0;
    return SY_OK;
}

static sy_status infer_reshape(sy_net_call *call, sy_error *err) {
    sy_net_list list;
    sy_status status = need_known(call, err);
    if (status == SY_OK)
        status = sy_net_call_list(call, 1, "shape", &list, err);
    if (status != SY_OK)
        return status;
    if (!list.has || list.count > SY_NET_MAX_RANK)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "it needs extents, at most %u of them", SY_NET_MAX_RANK);
    call->out[0].dtype = call->in[0].dtype;
    return take_extents(call, &list, err);
}

static sy_status infer_flatten(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    int64_t axis = sy_net_attr_int(call->node, "axis", 1);
    sy_status status = need_known(call, err);
    if (status != SY_OK)
        return status;
    if (axis < -(int64_t)in->rank || axis > in->rank)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "axis %lld of a tensor of rank %u", (long long)axis, in->rank);
    uint32_t cut = (uint32_t)(axis < 0 ? axis + in->rank : axis);
    call->out[0].dtype = in->dtype;
    call->out[0].rank = 2;
    call->out[0].dim[0] = product(in, 0, cut);
    call->out[0].dim[1] = product(in, cut, in->rank);
    return SY_OK;
}

static sy_status infer_squeeze(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    uint32_t axis[SY_NET_MAX_RANK], drop = 0;
    sy_net_list list;
    sy_status status = need_known(call, err);
    if (status == SY_OK)
        status = sy_net_call_list(call, 1, "axes", &list, err);
    if (status == SY_OK)
        status = sy_net_call_axes(call, &list, in->rank, axis, err);
    if (status != SY_OK)
        return status;
    for (size_t i = 0; i < list.count; i++) {
        if (in->dim[axis[i]] != 1)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "extent %u is %lld, only 1 can be dropped", axis[i], (long long)in->dim[axis[i]]);
        drop |= 1u << axis[i];
    }
    out->dtype = in->dtype;
    out->rank = 0;
    for (uint32_t i = 0; i < in->rank; i++)
        if (list.has ? (drop >> i & 1) == 0 : in->dim[i] != 1)
            out->dim[out->rank++] = in->dim[i];
    return SY_OK;
}

static sy_status infer_unsqueeze(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    uint32_t axis[SY_NET_MAX_RANK], added = 0;
    sy_net_list list;
    sy_status status = need_known(call, err);
    if (status == SY_OK)
        status = sy_net_call_list(call, 1, "axes", &list, err);
    if (status != SY_OK)
        return status;
    if (!list.has || in->rank + list.count > SY_NET_MAX_RANK)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "%zu axes for a tensor of rank %u: at least one, and a rank of at most %u", list.count, in->rank,
            SY_NET_MAX_RANK);
    out->dtype = in->dtype;
    out->rank = in->rank + (uint32_t)list.count;
    status = sy_net_call_axes(call, &list, out->rank, axis, err);
    for (size_t i = 0; i < list.count && status == SY_OK; i++)
        added |= 1u << axis[i];
    for (uint32_t i = 0, from = 0; i < out->rank && status == SY_OK; i++)
        out->dim[i] = (added >> i & 1) != 0 ? 1 : in->dim[from++];
    return status;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    size_t bytes = sy_net_bytes(&call->out[0]);
    (void)err;
    if (bytes > 0 && call->out[0].data != call->in[0].data)
        memcpy(call->out[0].data, call->in[0].data, bytes);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_VIEW | SY_NET_OP_IN_PLACE)

static const sy_net_op row[] = {
    {"Reshape", "", 1, 0, FLAGS, 1, 2, 1, 1, infer_reshape, NULL, run},
    {"Flatten", "", 1, 0, FLAGS, 1, 1, 1, 1, infer_flatten, NULL, run},
    {"Squeeze", "", 1, 0, FLAGS, 1, 2, 1, 1, infer_squeeze, NULL, run},
    {"Unsqueeze", "", 1, 0, FLAGS, 1, 2, 1, 1, infer_unsqueeze, NULL, run},
};
const sy_net_family sy_net_family_reshape = {row, sizeof row / sizeof row[0]};
