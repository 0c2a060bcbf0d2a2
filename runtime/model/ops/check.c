#include "runtime/model/ops/check.h"

#include <string.h>

bool sy_net_is_float(uint32_t dtype) {
    return dtype == SY_F32 || dtype == SY_F64 || dtype == SY_F16 || dtype == SY_BF16;
}

sy_status sy_net_check_rank(
    const sy_net_call *call, uint32_t index, uint32_t lowest, uint32_t highest, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    if (sy_net_elements(in) < 0)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err, "the shape of input %u is not known", index);
    if (in->rank < lowest || in->rank > highest)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is of rank %u, must be %u to %u",
            index, in->rank, lowest, highest);
    return SY_OK;
}

sy_status sy_net_check_floats(const sy_net_call *call, uint32_t count, sy_error *err) {
    for (uint32_t i = 0; i < count; i++) {
        if (!sy_net_call_has(call, i))
            continue;
        const char *name = sy_net_dtype_name(call->in[i].dtype);
        if (!sy_net_is_float(call->in[i].dtype))
            return sy_net_call_fail(
                call, SY_UNSUPPORTED, err, "input %u is %s, must be f32, f64, f16 or bf16", i, name);
        if (call->in[i].dtype != call->in[0].dtype)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is %s, input 0 is %s", i, name,
                sy_net_dtype_name(call->in[0].dtype));
        sy_status status = sy_net_check_rank(call, i, 0, SY_NET_MAX_RANK, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

sy_status sy_net_check_shape(
    const sy_net_call *call, uint32_t index, uint32_t rank, const int64_t *dim, sy_error *err) {
    char is[SY_NET_TENSOR_TEXT_MAX], wanted[SY_NET_TENSOR_TEXT_MAX];
    if (!sy_net_call_has(call, index))
        return SY_OK;
    const sy_net_tensor *in = &call->in[index];
    sy_net_tensor right = {.dtype = in->dtype, .rank = rank};
    memcpy(right.dim, dim, rank * sizeof *dim);
    if (sy_net_same_shape(in, &right))
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is %s, must be %s", index,
        sy_net_tensor_print(in, is), sy_net_tensor_print(&right, wanted));
}
