#include "runtime/model/ops/chunk.h"

#include <math.h>
#include <string.h>

#include "kernels/convert/convert.h"

bool sy_ops_is_in(uint32_t dtype, uint32_t set) {
    bool is_type = (dtype > 0 && dtype < SY_DTYPE_COUNT) || (dtype >= SY_S64 && dtype < SY_STRING);
    return is_type && (SY_OPS_TYPE(dtype) & set) != 0;
}

uint32_t sy_ops_form(uint32_t dtype) {
    switch (dtype) {
    case SY_F64: return SY_OPS_F64;
    case SY_F32:
    case SY_F16:
    case SY_BF16:
    case SY_F8E4M3:
    case SY_F8E5M2: return SY_OPS_F32;
    case SY_U64: return SY_OPS_U64;
    default: return SY_OPS_S64;
    }
}

void sy_ops_range(uint32_t dtype, int64_t *out_low, uint64_t *out_high) {
    size_t size = sy_net_dtype_size(dtype);
    bool is_signed = sy_ops_is_in(dtype, SY_OPS_SIGNED);
    uint64_t high = dtype == SY_BOOL || size == 0 ? 1 : UINT64_MAX >> (64 - 8 * size + (is_signed ? 1 : 0));
    *out_high = high;
    *out_low = is_signed ? -(int64_t)high - 1 : 0;
}

/* The first `count` elements of the same value. */
static void repeat_f32(float value, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++)
        out[i] = value;
}

/* Codes that lie apart, one by one. */
static void load_apart(uint32_t dtype, const char *from, int64_t step, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++)
        switch (dtype) {
        case SY_F32: out[i] = ((const float *)from)[i * step]; break;
        case SY_F16: out[i] = sy_f16_to_f32(((const uint16_t *)from)[i * step]); break;
        case SY_BF16: out[i] = sy_bf16_to_f32(((const uint16_t *)from)[i * step]); break;
        case SY_F8E4M3: out[i] = sy_f8e4m3_to_f32(((const uint8_t *)from)[i * step]); break;
        default: out[i] = sy_f8e5m2_to_f32(((const uint8_t *)from)[i * step]); break;
        }
}

static void load_floats(uint32_t dtype, const char *from, int64_t step, int64_t count, float *out) {
    size_t many = (size_t)count;
    if (step != 1) {
        load_apart(dtype, from, step, step == 0 ? 1 : count, out);
        if (step == 0)
            repeat_f32(out[0], count, out);
        return;
    }
    switch (dtype) {
    case SY_F32: memcpy(out, from, many * sizeof *out); break;
    case SY_F16: sy_f16_array_to_f32((const uint16_t *)from, many, out); break;
    case SY_BF16: sy_bf16_array_to_f32((const uint16_t *)from, many, out); break;
    case SY_F8E4M3: sy_f8e4m3_array_to_f32((const uint8_t *)from, many, out); break;
    default: sy_f8e5m2_array_to_f32((const uint8_t *)from, many, out); break;
    }
}

static void load_doubles(const double *from, int64_t step, int64_t count, double *out) {
    for (int64_t i = 0; i < count; i++)
        out[i] = from[i * step];
}

static void load_integers(uint32_t dtype, const void *from, int64_t step, int64_t count, int64_t *out) {
    switch (dtype) {
    case SY_S8:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const int8_t *)from)[i * step];
        break;
    case SY_S16:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const int16_t *)from)[i * step];
        break;
    case SY_U16:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const uint16_t *)from)[i * step];
        break;
    case SY_S32:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const int32_t *)from)[i * step];
        break;
    case SY_U32:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const uint32_t *)from)[i * step];
        break;
    case SY_S64:
    case SY_U64:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const int64_t *)from)[i * step];
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const uint8_t *)from)[i * step];
    }
}

void sy_ops_load(
    uint32_t dtype, const void *data, int64_t first, int64_t step, int64_t count, sy_ops_chunk *out) {
    if (count <= 0)
        return;
    const char *from = (const char *)data + first * (int64_t)sy_net_dtype_size(dtype);
    switch (sy_ops_form(dtype)) {
    case SY_OPS_F32: load_floats(dtype, from, step, count, out->f32); break;
    case SY_OPS_F64: load_doubles((const double *)from, step, count, out->f64); break;
    default: load_integers(dtype, from, step, count, out->s64); break;
    }
}

static void store_apart(uint32_t dtype, const float *in, int64_t step, int64_t count, char *to) {
    for (int64_t i = 0; i < count; i++)
        switch (dtype) {
        case SY_F32: ((float *)to)[i * step] = in[i]; break;
        case SY_F16: ((uint16_t *)to)[i * step] = sy_f16_from_f32(in[i]); break;
        case SY_BF16: ((uint16_t *)to)[i * step] = sy_bf16_from_f32(in[i]); break;
        case SY_F8E4M3: ((uint8_t *)to)[i * step] = sy_f8e4m3_from_f32(in[i]); break;
        default: ((uint8_t *)to)[i * step] = sy_f8e5m2_from_f32(in[i]); break;
        }
}

static void store_floats(uint32_t dtype, const float *in, int64_t step, int64_t count, char *to) {
    size_t many = (size_t)count;
    if (step != 1) {
        store_apart(dtype, in, step, count, to);
        return;
    }
    switch (dtype) {
    case SY_F32: memcpy(to, in, many * sizeof *in); break;
    case SY_F16: sy_f16_array_from_f32(in, many, (uint16_t *)to); break;
    case SY_BF16: sy_bf16_array_from_f32(in, many, (uint16_t *)to); break;
    case SY_F8E4M3: sy_f8e4m3_array_from_f32(in, many, (uint8_t *)to); break;
    default: sy_f8e5m2_array_from_f32(in, many, (uint8_t *)to); break;
    }
}

static void store_integers(uint32_t dtype, const int64_t *in, int64_t step, int64_t count, void *to) {
    bool is_bool = dtype == SY_BOOL;
    switch (sy_net_dtype_size(dtype)) {
    case 8:
        for (int64_t i = 0; i < count; i++)
            ((int64_t *)to)[i * step] = in[i];
        break;
    case 4:
        for (int64_t i = 0; i < count; i++)
            ((uint32_t *)to)[i * step] = (uint32_t)(uint64_t)in[i];
        break;
    case 2:
        for (int64_t i = 0; i < count; i++)
            ((uint16_t *)to)[i * step] = (uint16_t)(uint64_t)in[i];
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            ((uint8_t *)to)[i * step] = is_bool ? in[i] != 0 : (uint8_t)(uint64_t)in[i];
    }
}

void sy_ops_store(
    uint32_t dtype, const sy_ops_chunk *in, int64_t first, int64_t step, int64_t count, void *data) {
    if (count <= 0)
        return;
    char *to = (char *)data + first * (int64_t)sy_net_dtype_size(dtype);
    switch (sy_ops_form(dtype)) {
    case SY_OPS_F32: store_floats(dtype, in->f32, step, count, to); break;
    case SY_OPS_F64:
        for (int64_t i = 0; i < count; i++)
            ((double *)to)[i * step] = in->f64[i];
        break;
    default: store_integers(dtype, in->s64, step, count, to); break;
    }
}

void sy_ops_load_f64(
    uint32_t dtype, const void *data, int64_t first, int64_t step, int64_t count, double *out) {
    sy_ops_chunk chunk;
    if (dtype == SY_F64) {
        load_doubles((const double *)data + first, step, count, out);
        return;
    }
    sy_ops_load(dtype, data, first, step, count, &chunk);
    switch (sy_ops_form(dtype)) {
    case SY_OPS_F32:
        for (int64_t i = 0; i < count; i++)
            out[i] = (double)chunk.f32[i];
        break;
    case SY_OPS_S64:
        for (int64_t i = 0; i < count; i++)
            out[i] = (double)chunk.s64[i];
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            out[i] = (double)chunk.u64[i];
    }
}

/* To nearest even, within the type. The upper end goes by comparison: 2^63 - 1 is no f64. */
static int64_t to_integer(double value, int64_t low, uint64_t high) {
    double rounded = nearbyint(value);
    if (isnan(rounded))
        return 0;
    if (rounded <= (double)low)
        return low;
    if (rounded >= (double)high)
        return (int64_t)high;
    return high > INT64_MAX ? (int64_t)(uint64_t)rounded : (int64_t)rounded;
}

static void store_narrow(uint32_t dtype, double value, char *to) {
    switch (dtype) {
    case SY_F32: *(float *)to = (float)value; break;
    case SY_F16: *(uint16_t *)to = sy_f16_from_f64(value); break;
    case SY_BF16: *(uint16_t *)to = sy_bf16_from_f64(value); break;
    case SY_F8E4M3: *(uint8_t *)to = sy_f8e4m3_from_f64(value); break;
    case SY_F8E5M2: *(uint8_t *)to = sy_f8e5m2_from_f64(value); break;
    default: *(double *)to = value; break;
    }
}

void sy_ops_store_f64(
    uint32_t dtype, const double *in, int64_t first, int64_t step, int64_t count, void *data) {
    int64_t size = (int64_t)sy_net_dtype_size(dtype), low;
    uint64_t high;
    sy_ops_chunk chunk;
    sy_ops_range(dtype, &low, &high);
    if (dtype == SY_F32 && step == 1) {
        float *to = (float *)data + first;
        for (int64_t i = 0; i < count; i++)
            to[i] = (float)in[i];
        return;
    }
    if (sy_ops_form(dtype) == SY_OPS_F32 || sy_ops_form(dtype) == SY_OPS_F64) {
        for (int64_t i = 0; i < count; i++)
            store_narrow(dtype, in[i], (char *)data + (first + i * step) * size);
        return;
    }
    for (int64_t i = 0; i < count; i++)
        chunk.s64[i] = dtype == SY_BOOL ? in[i] != 0 : to_integer(in[i], low, high);
    sy_ops_store(dtype, &chunk, first, step, count, data);
}
