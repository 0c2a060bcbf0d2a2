#include "runtime/model/ops/quant.h"

#include <math.h>

#include "runtime/model/ops/check.h"

sy_status sy_net_quant_check(const sy_net_call *call, uint32_t index, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    if (in->dtype != SY_S8 && in->dtype != SY_U8)
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input %u is %s, must be s8 or u8", index,
            sy_net_dtype_name(in->dtype));
    return sy_net_check_rank(call, index, 0, SY_NET_MAX_RANK, err);
}

sy_status sy_net_quant_check_each(const sy_net_call *call, uint32_t index, uint32_t dtype,
    const int64_t *count, uint32_t n_count, sy_error *err) {
    if (!sy_net_call_has(call, index))
        return SY_OK;
    const sy_net_tensor *in = &call->in[index];
    if (dtype != 0 ? in->dtype != dtype : !sy_net_is_float(in->dtype))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is %s, must be %s", index,
            sy_net_dtype_name(in->dtype), dtype != 0 ? sy_net_dtype_name(dtype) : "floating point");
    int64_t elements = sy_net_elements(in);
    bool is_right = elements == 1;
    for (uint32_t i = 0; i < n_count; i++)
        is_right = is_right || (elements > 0 && elements == count[i]);
    if (!is_right)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u has %lld elements, must have 1%s",
            index, (long long)elements, n_count > 0 ? " or one for each row or channel" : "");
    return SY_OK;
}

int32_t sy_net_quant_zero(const sy_net_call *call, uint32_t index, int64_t at) {
    if (!sy_net_call_has(call, index))
        return 0;
    return (int32_t)sy_net_get_int(&call->in[index], at % sy_net_elements(&call->in[index]));
}

float sy_net_quant_scale(const sy_net_call *call, uint32_t index, int64_t at) {
    if (!sy_net_call_has(call, index))
        return 1.0f;
    return (float)sy_net_get(&call->in[index], at % sy_net_elements(&call->in[index]));
}

void sy_net_quant_widen(
    const sy_net_tensor *bytes, int64_t first, int64_t count, int32_t zero, int16_t *out_values) {
    if (bytes->dtype == SY_U8)
        for (int64_t i = 0; i < count; i++)
            out_values[i] = (int16_t)(((const uint8_t *)bytes->data)[first + i] - zero);
    else
        for (int64_t i = 0; i < count; i++)
            out_values[i] = (int16_t)(((const int8_t *)bytes->data)[first + i] - zero);
}

void sy_net_quant_narrow(const int32_t *sum, int64_t count, float scale, int32_t zero, sy_net_tensor *out,
    int64_t first, int64_t step) {
    bool is_unsigned = out->dtype == SY_U8;
    const double lowest = is_unsigned ? 0 : -128, highest = is_unsigned ? 255 : 127;
    uint8_t *to = (uint8_t *)out->data + first;
    for (int64_t i = 0; i < count; i++) {
        double value = nearbyint((double)sum[i] * (double)scale) + zero;
        value = value > lowest ? value : lowest; /* NaN, by a scale of 0 or infinity, too */
        value = value < highest ? value : highest;
        to[i * step] = (uint8_t)(int32_t)value;
    }
}

size_t sy_net_scratch_part(size_t bytes) {
    return (bytes + 63) / 64 * 64;
}
