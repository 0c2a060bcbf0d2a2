/* Loads and stores by element type. */
#include "backends/cpu/element.h"

#include <math.h>

#include "kernels/convert/convert.h"
#include "steelyard/types.h"

double sy_cpu_element_load(uint32_t dtype, const void *array, int64_t index) {
    switch (dtype) {
    case SY_F64: return ((const double *)array)[index];
    case SY_F32: return (double)((const float *)array)[index];
    case SY_F16: return (double)sy_f16_to_f32(((const uint16_t *)array)[index]);
    case SY_BF16: return (double)sy_bf16_to_f32(((const uint16_t *)array)[index]);
    case SY_F8E4M3: return (double)sy_f8e4m3_to_f32(((const uint8_t *)array)[index]);
    case SY_F8E5M2: return (double)sy_f8e5m2_to_f32(((const uint8_t *)array)[index]);
    case SY_S8: return (double)((const int8_t *)array)[index];
    case SY_U8: return (double)((const uint8_t *)array)[index];
    default: return (double)((const int32_t *)array)[index];
    }
}

static double to_range(double value, double least, double most) {
    double whole = rint(value);
    if (isnan(whole))
        return 0.0;
    return whole < least ? least : whole > most ? most : whole;
}

static int32_t to_s32(double value, bool wraps) {
    if (wraps && fabs(value) <= 0x1p53)
        return (int32_t)(uint32_t)(int64_t)value;
    return (int32_t)to_range(value, (double)INT32_MIN, (double)INT32_MAX);
}

void sy_cpu_element_store(uint32_t dtype, bool wraps, double value, void *array, int64_t index) {
    switch (dtype) {
    case SY_F64: ((double *)array)[index] = value; break;
    case SY_F32: ((float *)array)[index] = (float)value; break;
    case SY_F16: ((uint16_t *)array)[index] = sy_f16_from_f64(value); break;
    case SY_BF16: ((uint16_t *)array)[index] = sy_bf16_from_f64(value); break;
    case SY_F8E4M3: ((uint8_t *)array)[index] = sy_f8e4m3_from_f64(value); break;
    case SY_F8E5M2: ((uint8_t *)array)[index] = sy_f8e5m2_from_f64(value); break;
    case SY_S8: ((int8_t *)array)[index] = (int8_t)to_range(value, INT8_MIN, INT8_MAX); break;
    case SY_U8: ((uint8_t *)array)[index] = (uint8_t)to_range(value, 0, UINT8_MAX); break;
    default: ((int32_t *)array)[index] = to_s32(value, wraps); break;
    }
}
