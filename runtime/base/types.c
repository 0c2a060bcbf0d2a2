/* What is known of each element type and math mode: one table row each. */
#include "steelyard/types.h"

#include <math.h>
#include <string.h>

typedef struct dtype_row {
    const char *name;
    size_t bytes;
    int digits;
    double largest;
} dtype_row;

#define DTYPE_ROW(constant, number, name_, bytes_, digits_, largest_)                                        \
    [number] = {.name = (name_), .bytes = (bytes_), .digits = (digits_), .largest = (largest_)},
static const dtype_row dtype_rows[SY_DTYPE_COUNT] = {
    [SY_DTYPE_NONE] = {.name = "none"}, SY_DTYPE_LIST(DTYPE_ROW)};
#undef DTYPE_ROW

static const char *const math_names[SY_MATH_COUNT] = {
    [SY_MATH_STRICT] = "strict",
    [SY_MATH_TF32] = "tf32",
    [SY_MATH_HF32] = "hf32",
    [SY_MATH_BF16X3] = "bf16x3",
    [SY_MATH_ANY] = "any",
    [SY_MATH_UNKNOWN] = "unknown",
};

/* The row of a dtype; that of SY_DTYPE_NONE, which is all zero but its name, if it is not valid. */
static const dtype_row *find_row(uint32_t dtype) {
    return &dtype_rows[dtype < SY_DTYPE_COUNT ? dtype : SY_DTYPE_NONE];
}

size_t sy_dtype_size(uint32_t dtype) {
    return find_row(dtype)->bytes;
}

const char *sy_dtype_name(uint32_t dtype) {
    return dtype < SY_DTYPE_COUNT ? dtype_rows[dtype].name : "?";
}

uint32_t sy_dtype_parse(const char *name) {
    if (strcmp(name, "int8") == 0)
        return SY_S8;
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++)
        if (strcmp(name, dtype_rows[dtype].name) == 0)
            return dtype;
    return SY_DTYPE_NONE;
}

bool sy_dtype_is_float(uint32_t dtype) {
    return find_row(dtype)->digits > 0;
}

int sy_dtype_digits(uint32_t dtype) {
    return find_row(dtype)->digits;
}

double sy_dtype_largest(uint32_t dtype) {
    return find_row(dtype)->largest;
}

double sy_dtype_unit_roundoff(uint32_t dtype) {
    int digits = find_row(dtype)->digits;
    return digits > 0 ? ldexp(1.0, -digits) : 0.0;
}

const char *sy_math_name(uint32_t math) {
    return math < SY_MATH_COUNT ? math_names[math] : "?";
}

bool sy_math_parse(const char *name, uint32_t *out_math) {
    for (uint32_t math = 0; math < SY_MATH_COUNT; math++) {
        if (strcmp(name, math_names[math]) != 0)
            continue;
        *out_math = math;
        return true;
    }
    return false;
}

bool sy_math_allows(uint32_t allowed, uint32_t delivered) {
    if (allowed > SY_MATH_ANY || delivered >= SY_MATH_COUNT)
        return false;
    return allowed == SY_MATH_ANY || delivered <= allowed;
}
