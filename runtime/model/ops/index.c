#include "runtime/model/ops/index.h"

sy_status sy_net_index_type(const sy_net_call *call, uint32_t index, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    if (in->dtype != SY_S64 && in->dtype != SY_S32)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is %s, indices must be s32 or s64",
            index, sy_net_dtype_name(in->dtype));
    if (!sy_net_is_known(in))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "extents of input %u are not known", index);
    return SY_OK;
}

sy_status sy_net_index_check(
    const sy_net_call *call, uint32_t index, const int64_t *dim, uint32_t n_dim, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    int64_t count = sy_net_elements(in);
    for (int64_t i = 0; i < count; i++) {
        int64_t at = sy_net_index(in, i), bound = dim[n_dim > 1 ? i % n_dim : 0];
        if (at < -bound || at >= bound)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "index %lld (number %lld of input %u) is out of range for an extent of %lld", (long long)at,
                (long long)i, index, (long long)bound);
    }
    return SY_OK;
}
