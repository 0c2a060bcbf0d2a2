/* NonZero and Compress: what is picked by values decides the extents, so those values have to be constants.
 */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

static sy_status need_value(const sy_net_call *call, uint32_t index, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "type or extents of input %u are not known", index);
    if (in->data == NULL)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err,
            "input %u decides an extent: its value has to be known when the network is compiled", index);
    return SY_OK;
}

static sy_status infer_nonzero(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_status status = need_value(call, 0, err);
    int64_t count = 0;
    for (int64_t i = 0; status == SY_OK && i < sy_net_elements(in); i++)
        count += sy_net_get(in, i) != 0;
    call->out[0].dtype = SY_S64;
    call->out[0].rank = 2;
    call->out[0].dim[0] = in->rank;
    call->out[0].dim[1] = count;
    return status;
}

static sy_status run_nonzero(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    int64_t *out = call->out[0].data, count = call->out[0].dim[1], found = 0;
    (void)err;
    for (int64_t i = 0; i < sy_net_elements(in) && found < count; i++) {
        if (sy_net_get(in, i) == 0)
            continue;
        int64_t rest = i;
        for (uint32_t d = in->rank; d-- > 0; rest /= in->dim[d])
            out[d * count + found] = rest % in->dim[d];
        found++;
    }
    return SY_OK;
}

/* before x dim x after: slices of the middle dimension are kept or not. */
typedef struct compress {
    int64_t before, dim, after, kept;
} compress;

static sy_status infer_compress(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *condition = &call->in[1];
    bool is_flat = sy_net_attr_find(call->node, "axis") == NULL;
    uint32_t axis = 0;
    sy_status status = need_value(call, 1, err);
    if (status == SY_OK && (!sy_net_is_known(in) || condition->rank != 1 || condition->dtype != SY_BOOL))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "the condition must be a list of bool");
    if (status == SY_OK && !is_flat)
        status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", 0), in->rank, &axis, err);
    compress *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    *state = (compress){1, is_flat ? sy_net_elements(in) : in->dim[axis], 1, 0};
    for (uint32_t i = 0; i < in->rank && !is_flat; i++)
        if (i != axis)
            *(i < axis ? &state->before : &state->after) *= in->dim[i];
    for (int64_t i = 0; i < condition->dim[0] && i < state->dim; i++)
        state->kept += sy_net_get(condition, i) != 0;
    sy_net_shape_like(&call->out[0], in);
    if (is_flat)
        call->out[0].rank = 1;
    call->out[0].dim[axis] = state->kept;
    return SY_OK;
}

static sy_status run_compress(const sy_net_call *call, sy_error *err) {
    const compress *state = call->state;
    const sy_net_tensor *condition = &call->in[1];
    size_t bytes = (size_t)state->after * sy_net_dtype_size(call->in[0].dtype);
    char *out = call->out[0].data;
    (void)err;
    for (int64_t i = 0; i < state->before && bytes > 0; i++)
        for (int64_t k = 0; k < state->dim && k < condition->dim[0]; k++)
            if (sy_net_get(condition, k) != 0) {
                memcpy(out, (const char *)call->in[0].data + (size_t)(i * state->dim + k) * bytes, bytes);
                out += bytes;
            }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"NonZero", "", 9, 0, 0, 1, 1, 1, 1, infer_nonzero, NULL, run_nonzero},
    {"Compress", "", 9, 0, 0, 2, 2, 1, 1, infer_compress, NULL, run_compress},
};
const sy_net_family sy_net_family_select = {row, sizeof row / sizeof row[0]};
