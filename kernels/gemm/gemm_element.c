/* Runs of elements of any type to and from f32, f64 and 16-bit integers; what each code means is in
 * convert.h. */
#include "kernels/gemm/gemm_element.h"

#include "kernels/convert/convert.h"

#include <math.h>
#include <string.h>

size_t sy_element_bytes(uint32_t dtype) {
    static const uint8_t bytes[] = {0, 8, 4, 2, 2, 1, 1, 1, 1, 4};
    return dtype < sizeof(bytes) ? bytes[dtype] : 0;
}

static const unsigned char *address(uint32_t dtype, const void *base, int64_t index) {
    return (const unsigned char *)base + index * (int64_t)sy_element_bytes(dtype);
}

static double load_one_f64(uint32_t dtype, const void *at) {
    switch (dtype) {
    case SY_ELEMENT_F64: return *(const double *)at;
    case SY_ELEMENT_F32: return (double)*(const float *)at;
    case SY_ELEMENT_F16: return (double)sy_f16_to_f32(*(const uint16_t *)at);
    case SY_ELEMENT_BF16: return (double)sy_bf16_to_f32(*(const uint16_t *)at);
    case SY_ELEMENT_F8E4M3: return (double)sy_f8e4m3_to_f32(*(const uint8_t *)at);
    case SY_ELEMENT_F8E5M2: return (double)sy_f8e5m2_to_f32(*(const uint8_t *)at);
    case SY_ELEMENT_S8: return *(const int8_t *)at;
    case SY_ELEMENT_U8: return *(const uint8_t *)at;
    default: return *(const int32_t *)at;
    }
}

/* Contiguous runs of the types that vectorise; false: not one of them. */
static bool load_run_f32(uint32_t dtype, const void *at, int64_t count, float *out) {
    const size_t n = (size_t)count;
    switch (dtype) {
    case SY_ELEMENT_F32: memcpy(out, at, n * sizeof(float)); return true;
    case SY_ELEMENT_F16: sy_f16_array_to_f32(at, n, out); return true;
    case SY_ELEMENT_BF16: sy_bf16_array_to_f32(at, n, out); return true;
    case SY_ELEMENT_F8E4M3: sy_f8e4m3_array_to_f32(at, n, out); return true;
    case SY_ELEMENT_F8E5M2: sy_f8e5m2_array_to_f32(at, n, out); return true;
    default: return false;
    }
}

void gemm_load_f32(
    uint32_t dtype, const void *base, int64_t first, int64_t stride, int64_t count, float *out) {
    if (count == 0)
        return; /* an operand without elements may have no address */
    const unsigned char *at = address(dtype, base, first);
    if (stride == 1 && load_run_f32(dtype, at, count, out))
        return;
    const int64_t step = stride * (int64_t)sy_element_bytes(dtype);
    if (dtype == SY_ELEMENT_F32) {
        for (int64_t i = 0; i < count; i++, at += step)
            out[i] = *(const float *)at;
        return;
    }
    for (int64_t i = 0; i < count; i++, at += step)
        out[i] = (float)load_one_f64(dtype, at);
}

void gemm_load_f64(
    uint32_t dtype, const void *base, int64_t first, int64_t stride, int64_t count, double *out) {
    if (count == 0)
        return;
    const unsigned char *at = address(dtype, base, first);
    if (dtype == SY_ELEMENT_F64 && stride == 1) {
        memcpy(out, at, (size_t)count * sizeof(double));
        return;
    }
    const int64_t step = stride * (int64_t)sy_element_bytes(dtype);
    for (int64_t i = 0; i < count; i++, at += step)
        out[i] = load_one_f64(dtype, at);
}

static void load_s16(uint32_t dtype, const unsigned char *at, int64_t stride, int64_t count, int16_t *out) {
    if (dtype == SY_ELEMENT_S8)
        for (int64_t i = 0; i < count; i++)
            out[i] = (int8_t)at[i * stride];
    else
        for (int64_t i = 0; i < count; i++)
            out[i] = at[i * stride];
}

/* Bytes as they are, or moved to the other signedness by turning the highest bit over. */
static void load_bytes(
    const unsigned char *at, unsigned char turn, int64_t stride, int64_t count, unsigned char *out) {
    if (stride == 1)
        for (int64_t i = 0; i < count; i++)
            out[i] = at[i] ^ turn;
    else
        for (int64_t i = 0; i < count; i++)
            out[i] = at[i * stride] ^ turn;
}

/* f16 and bf16: a copy, or an f8, all of whose values both types have. */
static void load_half(
    uint32_t element, uint32_t dtype, const unsigned char *at, int64_t stride, int64_t count, uint16_t *out) {
    if (dtype == element && stride == 1) {
        memcpy(out, at, (size_t)count * sizeof(*out));
        return;
    }
    const int64_t step = stride * (int64_t)sy_element_bytes(dtype);
    for (int64_t i = 0; i < count; i++, at += step) {
        if (dtype == element)
            memcpy(&out[i], at, sizeof(*out));
        else if (element == SY_ELEMENT_BF16)
            out[i] = sy_bf16_from_f64(load_one_f64(dtype, at));
        else
            out[i] = sy_f16_from_f64(load_one_f64(dtype, at));
    }
}

void gemm_load_panel(const gemm_form *form, uint32_t dtype, const void *base, int64_t first, int64_t stride,
    int64_t count, void *out) {
    if (count == 0)
        return;
    const unsigned char *at = address(dtype, base, first);
    switch (form->element) {
    case SY_ELEMENT_F32: gemm_load_f32(dtype, base, first, stride, count, out); break;
    case SY_ELEMENT_F64: gemm_load_f64(dtype, base, first, stride, count, out); break;
    case SY_ELEMENT_BF16:
    case SY_ELEMENT_F16: load_half(form->element, dtype, at, stride, count, out); break;
    case GEMM_ELEMENT_S16: load_s16(dtype, at, stride, count, out); break;
    default: load_bytes(at, gemm_form_zero(form, dtype) != 0 ? 0x80 : 0, stride, count, out); break;
    }
}

static double saturate(double value, double low, double high) {
    const double rounded = nearbyint(value);
    if (isnan(rounded))
        return 0;
    return rounded < low ? low : rounded > high ? high : rounded;
}

static void store_one_f64(uint32_t dtype, void *at, double value) {
    switch (dtype) {
    case SY_ELEMENT_F64: *(double *)at = value; break;
    case SY_ELEMENT_F32: *(float *)at = (float)value; break;
    case SY_ELEMENT_F16: *(uint16_t *)at = sy_f16_from_f64(value); break;
    case SY_ELEMENT_BF16: *(uint16_t *)at = sy_bf16_from_f64(value); break;
    case SY_ELEMENT_F8E4M3: *(uint8_t *)at = sy_f8e4m3_from_f64(value); break;
    case SY_ELEMENT_F8E5M2: *(uint8_t *)at = sy_f8e5m2_from_f64(value); break;
    case SY_ELEMENT_S8: *(int8_t *)at = (int8_t)saturate(value, INT8_MIN, INT8_MAX); break;
    case SY_ELEMENT_U8: *(uint8_t *)at = (uint8_t)saturate(value, 0, UINT8_MAX); break;
    default: *(int32_t *)at = (int32_t)saturate(value, INT32_MIN, INT32_MAX); break;
    }
}

static bool store_run_f32(uint32_t dtype, void *at, int64_t count, const float *value) {
    const size_t n = (size_t)count;
    switch (dtype) {
    case SY_ELEMENT_F32: memcpy(at, value, n * sizeof(float)); return true;
    case SY_ELEMENT_F16: sy_f16_array_from_f32(value, n, at); return true;
    case SY_ELEMENT_BF16: sy_bf16_array_from_f32(value, n, at); return true;
    case SY_ELEMENT_F8E4M3: sy_f8e4m3_array_from_f32(value, n, at); return true;
    case SY_ELEMENT_F8E5M2: sy_f8e5m2_array_from_f32(value, n, at); return true;
    default: return false;
    }
}

void gemm_store_f32(
    uint32_t dtype, void *base, int64_t first, int64_t stride, int64_t count, const float *value) {
    const int64_t bytes = (int64_t)sy_element_bytes(dtype);
    unsigned char *at = (unsigned char *)base + first * bytes;
    if (stride == 1 && store_run_f32(dtype, at, count, value))
        return;
    for (int64_t i = 0; i < count; i++)
        store_one_f64(dtype, at + i * stride * bytes, (double)value[i]);
}

void gemm_store_f64(
    uint32_t dtype, void *base, int64_t first, int64_t stride, int64_t count, const double *value) {
    const int64_t bytes = (int64_t)sy_element_bytes(dtype);
    unsigned char *at = (unsigned char *)base + first * bytes;
    for (int64_t i = 0; i < count; i++)
        store_one_f64(dtype, at + i * stride * bytes, value[i]);
}
