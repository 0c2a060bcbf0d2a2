/* Conversion between any element type and f64, by a switch over the type outside the loops. */
#include "runtime/base/convert.h"

#include <math.h>
#include <string.h>

#include "kernels/convert/convert.h"

/* Strided elements pass through a packed piece of this many. */
enum { PIECE = 256 };

/* Saturated, then to nearest even: within 2^31 adding 1.5 x 2^52 leaves no place for a fraction, so the adder
 * rounds (several times faster than a library call). NaN is 0: C leaves its conversion undefined. */
static double to_integer_range(double value, double lowest, double highest) {
    double bounded = value < lowest ? lowest : value > highest ? highest : value;
    bounded = bounded == bounded ? bounded : 0.0;
    return (bounded + 0x1.8p52) - 0x1.8p52;
}

static void widen_f32(const float *source, uint64_t count, double *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (double)source[i];
}

static void widen_s8(const int8_t *source, uint64_t count, double *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (double)source[i];
}

static void widen_u8(const uint8_t *source, uint64_t count, double *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (double)source[i];
}

static void widen_s32(const int32_t *source, uint64_t count, double *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (double)source[i];
}

void sy_convert_to_f64(uint32_t dtype, const void *source, uint64_t count, double *out_values) {
    switch (dtype) {
    case SY_F64:
        if (count > 0)
            memcpy(out_values, source, count * sizeof(double));
        break;
    case SY_F32: widen_f32(source, count, out_values); break;
    case SY_F16: sy_f16_array_to_f64(source, count, out_values); break;
    case SY_BF16: sy_bf16_array_to_f64(source, count, out_values); break;
    case SY_F8E4M3: sy_f8e4m3_array_to_f64(source, count, out_values); break;
    case SY_F8E5M2: sy_f8e5m2_array_to_f64(source, count, out_values); break;
    case SY_S8: widen_s8(source, count, out_values); break;
    case SY_U8: widen_u8(source, count, out_values); break;
    case SY_S32: widen_s32(source, count, out_values); break;
    default: break;
    }
}

static void narrow_f32(const double *source, uint64_t count, float *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (float)source[i];
}

static void narrow_s8(const double *source, uint64_t count, int8_t *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (int8_t)to_integer_range(source[i], INT8_MIN, INT8_MAX);
}

static void narrow_u8(const double *source, uint64_t count, uint8_t *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (uint8_t)to_integer_range(source[i], 0, UINT8_MAX);
}

static void narrow_s32(const double *source, uint64_t count, int32_t *out_values) {
    for (uint64_t i = 0; i < count; i++)
        out_values[i] = (int32_t)to_integer_range(source[i], INT32_MIN, INT32_MAX);
}

void sy_convert_from_f64(uint32_t dtype, const double *source, uint64_t count, void *out_elements) {
    switch (dtype) {
    case SY_F64:
        if (count > 0)
            memcpy(out_elements, source, count * sizeof(double));
        break;
    case SY_F32: narrow_f32(source, count, out_elements); break;
    case SY_F16: sy_f16_array_from_f64(source, count, out_elements); break;
    case SY_BF16: sy_bf16_array_from_f64(source, count, out_elements); break;
    case SY_F8E4M3: sy_f8e4m3_array_from_f64(source, count, out_elements); break;
    case SY_F8E5M2: sy_f8e5m2_array_from_f64(source, count, out_elements); break;
    case SY_S8: narrow_s8(source, count, out_elements); break;
    case SY_U8: narrow_u8(source, count, out_elements); break;
    case SY_S32: narrow_s32(source, count, out_elements); break;
    default: break;
    }
}

/* Move `count` elements of `size` bytes, `from` and `to` bytes apart. */
static void move_strided(
    const char *source, ptrdiff_t from, char *target, ptrdiff_t to, uint64_t count, size_t size) {
    for (uint64_t i = 0; i < count; i++)
        memcpy(target + (ptrdiff_t)i * to, source + (ptrdiff_t)i * from, size);
}

void sy_convert_to_f64_strided(
    uint32_t dtype, const void *source, int64_t stride, uint64_t count, double *out_values) {
    double piece[PIECE]; /* any element type fits and is aligned */
    size_t size = sy_dtype_size(dtype);
    ptrdiff_t step = (ptrdiff_t)stride * (ptrdiff_t)size;
    for (uint64_t done = 0; done < count; done += PIECE) {
        uint64_t part = count - done < PIECE ? count - done : PIECE;
        const char *first = (const char *)source + (ptrdiff_t)done * step;
        move_strided(first, step, (char *)piece, (ptrdiff_t)size, part, size);
        sy_convert_to_f64(dtype, piece, part, out_values + done);
    }
}

void sy_convert_from_f64_strided(
    uint32_t dtype, const double *source, int64_t stride, uint64_t count, void *out_elements) {
    double piece[PIECE];
    size_t size = sy_dtype_size(dtype);
    ptrdiff_t step = (ptrdiff_t)stride * (ptrdiff_t)size;
    for (uint64_t done = 0; done < count; done += PIECE) {
        uint64_t part = count - done < PIECE ? count - done : PIECE;
        char *first = (char *)out_elements + (ptrdiff_t)done * step;
        sy_convert_from_f64(dtype, source + done, part, piece);
        move_strided((const char *)piece, (ptrdiff_t)size, first, step, part, size);
    }
}

double sy_convert_round(uint32_t dtype, double value) {
    double element = 0.0, back = NAN; /* any element type fits and is aligned */
    sy_convert_from_f64(dtype, &value, 1, &element);
    sy_convert_to_f64(dtype, &element, 1, &back);
    return back;
}

bool sy_convert_overflows(uint32_t dtype, double value) {
    if (!isfinite(value))
        return false;
    if (sy_dtype_is_float(dtype))
        return !isfinite(sy_convert_round(dtype, value));
    return sy_convert_round(dtype, value) != nearbyint(value);
}
