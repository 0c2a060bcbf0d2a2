/* Elements of tensors as numbers, whatever their type. */
#include <math.h>
#include <string.h>

#include "runtime/base/convert.h"
#include "runtime/model/graph/tensor.h"

int64_t sy_net_get_int(const sy_net_tensor *tensor, int64_t index) {
    const void *data = tensor->data;
    switch (tensor->dtype) {
    case SY_S64:
    case SY_U64: return ((const int64_t *)data)[index];
    case SY_S32: return ((const int32_t *)data)[index];
    case SY_U32: return ((const uint32_t *)data)[index];
    case SY_S16: return ((const int16_t *)data)[index];
    case SY_U16: return ((const uint16_t *)data)[index];
    case SY_S8: return ((const int8_t *)data)[index];
    case SY_U8:
    case SY_BOOL: return ((const uint8_t *)data)[index];
    default: {
        double value = sy_net_get(tensor, index);
        if (isnan(value))
            return 0;
        return value >= 0x1p63 ? INT64_MAX : value < -0x1p63 ? INT64_MIN : (int64_t)value;
    }
    }
}

double sy_net_get(const sy_net_tensor *tensor, int64_t index) {
    double value = 0;
    size_t size = sy_net_dtype_size(tensor->dtype);
    if (tensor->dtype == SY_F32)
        return (double)((const float *)tensor->data)[index];
    if (tensor->dtype == SY_U64)
        return (double)((const uint64_t *)tensor->data)[index];
    if (tensor->dtype >= SY_S64)
        return size > 0 ? (double)sy_net_get_int(tensor, index) : 0;
    if (size > 0)
        sy_convert_to_f64(tensor->dtype, (const char *)tensor->data + (size_t)index * size, 1, &value);
    return value;
}

/* Rounded to nearest even and saturated; NaN is 0. */
static int64_t to_int(double value, double lowest, double highest) {
    if (isnan(value))
        return 0;
    double rounded = nearbyint(value);
    if (rounded <= lowest)
        return (int64_t)lowest;
    return rounded >= highest ? (highest >= 0x1p63 ? INT64_MAX : (int64_t)highest) : (int64_t)rounded;
}

static uint64_t to_unsigned(double value) {
    double rounded = isnan(value) || value < 0 ? 0 : nearbyint(value);
    return rounded >= 0x1p64 ? UINT64_MAX : (uint64_t)rounded;
}

void sy_net_set(sy_net_tensor *tensor, int64_t index, double value) {
    void *data = tensor->data;
    size_t size = sy_net_dtype_size(tensor->dtype);
    switch (tensor->dtype) {
    case SY_F32: ((float *)data)[index] = (float)value; break;
    case SY_S64: ((int64_t *)data)[index] = to_int(value, -0x1p63, 0x1p63); break;
    case SY_U64: ((uint64_t *)data)[index] = to_unsigned(value); break;
    case SY_U32: ((uint32_t *)data)[index] = (uint32_t)to_int(value, 0, UINT32_MAX); break;
    case SY_S16: ((int16_t *)data)[index] = (int16_t)to_int(value, INT16_MIN, INT16_MAX); break;
    case SY_U16: ((uint16_t *)data)[index] = (uint16_t)to_int(value, 0, UINT16_MAX); break;
    case SY_BOOL: ((uint8_t *)data)[index] = value != 0; break;
    default:
        if (size > 0)
            sy_convert_from_f64(tensor->dtype, &value, 1, (char *)data + (size_t)index * size);
    }
}
