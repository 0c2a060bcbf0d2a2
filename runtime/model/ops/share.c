#include "runtime/model/ops/share.h"

sy_status sy_ops_need(const sy_net_call *call, uint32_t index, uint32_t types, sy_error *err) {
    if (!sy_net_call_has(call, index))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is left out, but needed", index);
    if (!sy_ops_is_in(call->in[index].dtype, types))
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input %u is %s, which it is not done for", index,
            sy_net_dtype_name(call->in[index].dtype));
    return SY_OK;
}

sy_status sy_ops_need_same(const sy_net_call *call, uint32_t a, uint32_t b, sy_error *err) {
    if (call->in[a].dtype == call->in[b].dtype)
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
        "input %u is %s and input %u %s, must be one type", a, sy_net_dtype_name(call->in[a].dtype), b,
        sy_net_dtype_name(call->in[b].dtype));
}

sy_status sy_ops_need_shape(const sy_net_call *call, uint32_t index, sy_error *err) {
    if (sy_net_elements(&call->in[index]) >= 0)
        return SY_OK;
    return sy_net_call_fail(call, SY_UNAVAILABLE, err,
        "extents of input %u have to be known when the network is compiled", index);
}

sy_status sy_ops_need_fit(const sy_net_call *call, uint32_t index, const sy_net_tensor *to, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    char text[SY_NET_TENSOR_TEXT_MAX], target[SY_NET_TENSOR_TEXT_MAX];
    bool fits = in->rank <= to->rank;
    for (uint32_t i = 0; i < in->rank && fits; i++) { /* from the last dimension on */
        int64_t own = in->dim[in->rank - 1 - i], other = to->dim[to->rank - 1 - i];
        fits = own == 1 || own == other || own < 0 || other < 0;
    }
    if (fits)
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u, %s, does not broadcast to %s", index,
        sy_net_tensor_print(in, text), sy_net_tensor_print(to, target));
}

uint32_t sy_ops_onnx_dtype(int64_t number) {
    static const uint32_t types[] = {0, SY_F32, SY_U8, SY_S8, SY_U16, SY_S16, SY_S32, SY_S64, SY_STRING,
        SY_BOOL, SY_F16, SY_F64, SY_U32, SY_U64, 0, 0, SY_BF16, SY_F8E4M3, 0, SY_F8E5M2};
    return number >= 0 && number < (int64_t)(sizeof types / sizeof types[0]) ? types[number] : 0;
}

const sy_nn *sy_ops_kernels(const sy_net_call *call) {
    return sy_nn_find(call->team != NULL ? call->team->isa : SY_ISA_GENERIC);
}

void sy_ops_walk_call(sy_ops_walk *walk, const sy_net_call *call, uint32_t count) {
    const sy_net_tensor *tensor[SY_OPS_WALKERS] = {&call->out[0]};
    for (uint32_t i = 0; i < count; i++)
        tensor[i + 1] = &call->in[i];
    sy_ops_walk_make(walk, tensor, count + 1);
}

int64_t sy_ops_span(const sy_net_tensor *tensor, uint32_t begin, uint32_t end) {
    int64_t count = 1;
    for (uint32_t i = begin; i < end; i++)
        count *= tensor->dim[i];
    return count;
}
