/* ReverseSequence: the beginning of each line turned round. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/index.h"
#include "runtime/model/ops/list.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *length = &call->in[1];
    int64_t batch = sy_net_attr_int(call->node, "batch_axis", 1),
            time = sy_net_attr_int(call->node, "time_axis", 0);
    sy_status status = sy_net_call_rank(call, 0, 2, SY_NET_MAX_RANK, err);
    if (status == SY_OK)
        status = sy_net_index_type(call, 1, err);
    if (status != SY_OK)
        return status;
    if (batch < 0 || batch > 1 || time != 1 - batch)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "batch_axis and time_axis must be 0 and 1 or 1 and 0");
    if (length->rank != 1 || length->dim[0] != in->dim[batch])
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 1 must have %lld lengths", (long long)in->dim[batch]);
    sy_net_shape_like(&call->out[0], in);
    return SY_OK;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    int64_t batch = sy_net_attr_int(call->node, "batch_axis", 1), times = in->dim[1 - batch], row = 1;
    size_t size = sy_net_dtype_size(in->dtype);
    for (uint32_t i = 2; i < in->rank; i++)
        row *= in->dim[i];
    for (int64_t b = 0; b < in->dim[batch]; b++) {
        int64_t length = sy_net_index(&call->in[1], b);
        if (length < 0 || length > times)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "length %lld of %lld elements",
                (long long)length, (long long)times);
        for (int64_t t = 0; t < times && row > 0; t++) {
            int64_t from = t < length ? length - 1 - t : t;
            int64_t to_row = batch == 0 ? b * times + t : t * in->dim[1] + b;
            int64_t from_row = batch == 0 ? b * times + from : from * in->dim[1] + b;
            memcpy((char *)call->out[0].data + (size_t)(to_row * row) * size,
                (const char *)in->data + (size_t)(from_row * row) * size, (size_t)row * size);
        }
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"ReverseSequence", "", 10, 0, 0, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_sequence = {row, sizeof row / sizeof row[0]};
