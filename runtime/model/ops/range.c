/* Range, EyeLike, Trilu, OneHot: values that follow from where they are. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

static bool is_number(const sy_net_tensor *in, uint32_t dtype) {
    return in->dtype == dtype && sy_net_elements(in) == 1;
}

static bool is_float(uint32_t dtype) {
    return dtype < SY_DTYPE_COUNT && sy_dtype_is_float(dtype);
}

/* Steps of integers from start to limit: as unsigned, for their distance may be beyond s64. */
static double count_whole(int64_t start, int64_t limit, int64_t delta) {
    bool is_up = delta > 0;
    if (is_up ? limit <= start : limit >= start)
        return 0;
    uint64_t way = is_up ? (uint64_t)limit - (uint64_t)start : (uint64_t)start - (uint64_t)limit;
    uint64_t step = is_up ? (uint64_t)delta : 0 - (uint64_t)delta;
    return (double)((way - 1) / step + 1);
}

static sy_status infer_range(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = call->in;
    uint32_t dtype = in[0].dtype;
    bool is_whole = dtype == SY_S64 || dtype == SY_S32 || dtype == SY_S16;
    if (!is_whole && !is_float(dtype))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "type %s, must be s16, s32, s64 or floating-point", sy_net_dtype_name(dtype));
    for (uint32_t i = 0; i < 3; i++) {
        if (!is_number(&in[i], dtype))
            return sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "input %u must be one %s", i, sy_net_dtype_name(dtype));
        if (in[i].data == NULL)
            return sy_net_call_fail(call, SY_UNAVAILABLE, err,
                "input %u decides an extent: its value has to be known when the network is compiled", i);
    }
    double delta = sy_net_get(&in[2], 0);
    double count = is_whole ? 0 : ceil((sy_net_get(&in[1], 0) - sy_net_get(&in[0], 0)) / delta);
    if (is_whole && delta != 0)
        count = count_whole(sy_net_get_int(&in[0], 0), sy_net_get_int(&in[1], 0), sy_net_get_int(&in[2], 0));
    if (delta == 0 || isnan(count) || count > (double)SY_NET_TENSOR_BYTES_MAX)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "from its start no limit is reached in steps of %g", delta);
    call->out[0].dtype = dtype;
    call->out[0].rank = 1;
    call->out[0].dim[0] = count > 0 ? (int64_t)count : 0;
    return SY_OK;
}

static sy_status run_range(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = call->in;
    sy_net_tensor *out = &call->out[0];
    (void)err;
    if (is_float(out->dtype)) {
        double start = sy_net_get(&in[0], 0), delta = sy_net_get(&in[2], 0);
        for (int64_t i = 0; i < out->dim[0]; i++)
            sy_net_set(out, i, start + (double)i * delta);
        return SY_OK;
    }
    uint64_t start = (uint64_t)sy_net_get_int(&in[0], 0), delta = (uint64_t)sy_net_get_int(&in[2], 0);
    for (int64_t i = 0; i < out->dim[0]; i++) {
        int64_t value = (int64_t)(start + (uint64_t)i * delta);
        if (out->dtype == SY_S64)
            ((int64_t *)out->data)[i] = value;
        else
            sy_net_set(out, i, (double)value);
    }
    return SY_OK;
}

static sy_status infer_eye(sy_net_call *call, sy_error *err) {
    sy_status status = sy_net_call_rank(call, 0, 2, 2, err);
    if (status != SY_OK)
        return status;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    /* Numbers of TensorProto.DataType, which the attribute holds as it is in the file. */
    static const uint32_t type[] = {0, SY_F32, SY_U8, SY_S8, SY_U16, SY_S16, SY_S32, SY_S64, 0, SY_BOOL,
        SY_F16, SY_F64, SY_U32, SY_U64, 0, 0, SY_BF16};
    int64_t wanted = sy_net_attr_int(call->node, "dtype", 0);
    if (wanted < 0 || wanted >= (int64_t)(sizeof type / sizeof type[0]) || (wanted > 0 && type[wanted] == 0))
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "dtype is %lld", (long long)wanted);
    if (wanted > 0)
        call->out[0].dtype = type[wanted];
    return SY_OK;
}

static sy_status run_eye(const sy_net_call *call, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    int64_t rows = out->dim[0], columns = out->dim[1], shift = sy_net_attr_int(call->node, "k", 0);
    size_t bytes = sy_net_bytes(out);
    (void)err;
    if (bytes > 0)
        memset(out->data, 0, bytes);
    if (shift <= -rows || shift >= columns)
        return SY_OK;
    for (int64_t i = shift < 0 ? -shift : 0; i < rows && i + shift < columns; i++)
        sy_net_set(out, i * columns + i + shift, 1);
    return SY_OK;
}

static sy_status infer_trilu(sy_net_call *call, sy_error *err) {
    sy_status status = sy_net_call_rank(call, 0, 2, SY_NET_MAX_RANK, err);
    if (status == SY_OK && sy_net_call_has(call, 1) && !is_number(&call->in[1], SY_S64))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 1 must be one s64");
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return status;
}

static sy_status run_trilu(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *out = &call->out[0];
    int64_t columns = out->dim[out->rank - 1], rows = out->dim[out->rank - 2];
    int64_t shift = sy_net_call_has(call, 1) ? sy_net_get_int(&call->in[1], 0) : 0;
    bool is_upper = sy_net_attr_int(call->node, "upper", 1) != 0;
    size_t size = sy_net_dtype_size(out->dtype), bytes = sy_net_bytes(out);
    (void)err;
    if (bytes == 0)
        return SY_OK;
    if (out->data != call->in[0].data)
        memcpy(out->data, call->in[0].data, bytes);
    shift = shift < -rows ? -rows : shift > columns ? columns : shift;
    for (int64_t i = 0; i < sy_net_elements(out) / columns; i++) {
        int64_t at = i % rows + shift + (is_upper ? 0 : 1); /* from here on: the upper part */
        int64_t cut = at < 0 ? 0 : at > columns ? columns : at;
        char *line = (char *)out->data + (size_t)(i * columns) * size;
        if (is_upper)
            memset(line, 0, (size_t)cut * size);
        else
            memset(line + (size_t)cut * size, 0, (size_t)(columns - cut) * size);
    }
    return SY_OK;
}

/* before, after: elements before and behind the new dimension. */
typedef struct one_hot {
    int64_t before, depth, after;
} one_hot;

static sy_status infer_one_hot(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    uint32_t axis = 0;
    sy_status status = sy_net_call_rank(call, 0, 0, SY_NET_MAX_RANK - 1, err);
    if (status == SY_OK)
        status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", -1), in->rank + 1, &axis, err);
    if (status != SY_OK)
        return status;
    if (sy_net_elements(&call->in[1]) != 1 || sy_net_elements(&call->in[2]) != 2)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 1 must be one number, input 2 two");
    if (call->in[1].data == NULL)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err,
            "input 1 decides an extent: its value has to be known when the network is compiled");
    one_hot *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    *state = (one_hot){1, sy_net_get_int(&call->in[1], 0), 1};
    if (state->depth < 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "depth is %lld", (long long)state->depth);
    out->dtype = call->in[2].dtype;
    out->rank = in->rank + 1;
    for (uint32_t i = 0; i < out->rank; i++) {
        out->dim[i] = i < axis ? in->dim[i] : i == axis ? state->depth : in->dim[i - 1];
        if (i != axis)
            *(i < axis ? &state->before : &state->after) *= out->dim[i];
    }
    return SY_OK;
}

static sy_status run_one_hot(const sy_net_call *call, sy_error *err) {
    const one_hot *state = call->state;
    size_t size = sy_net_dtype_size(call->out[0].dtype);
    char *out = call->out[0].data;
    const char *value = call->in[2].data;
    (void)err;
    for (int64_t i = 0; i < sy_net_elements(&call->out[0]); i++)
        memcpy(out + (size_t)i * size, value, size);
    for (int64_t i = 0; i < sy_net_elements(&call->in[0]); i++) {
        int64_t index = sy_net_get_int(&call->in[0], i);
        index = index < 0 && index >= -state->depth ? index + state->depth : index;
        if (index < 0 || index >= state->depth)
            continue;
        int64_t at = (i / state->after * state->depth + index) * state->after + i % state->after;
        memcpy(out + (size_t)at * size, value + size, size);
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Range", "", 11, 0, 0, 3, 3, 1, 1, infer_range, NULL, run_range},
    {"EyeLike", "", 9, 0, SY_NET_OP_EXTENTS, 1, 1, 1, 1, infer_eye, NULL, run_eye},
    {"Trilu", "", 14, 0, SY_NET_OP_IN_PLACE, 1, 2, 1, 1, infer_trilu, NULL, run_trilu},
    {"OneHot", "", 9, 0, 0, 3, 3, 1, 1, infer_one_hot, NULL, run_one_hot},
};
const sy_net_family sy_net_family_range = {row, sizeof row / sizeof row[0]};
