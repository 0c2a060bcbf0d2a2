/* Element types, rounding modes of the arithmetic (`math`), and small enumerations shared by all. */
#ifndef STEELYARD_TYPES_H
#define STEELYARD_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Element types. Numbers are ABI: never renumber, only append. They travel as uint32_t.
 * X(constant, number, name, bytes, significand bits with the hidden one (0: integer), largest finite value)
 * f8e4m3 is the OCP "fn" form (no infinity, NaN = 0x7f/0xff, largest 448); f8e5m2 has infinities (largest
 * 57344). Source: OCP 8-bit Floating Point Specification 1.0; IEEE 754-2019 for the others.
 */
#define SY_DTYPE_LIST(X)                                                                                     \
    X(SY_F64, 1, "f64", 8, 53, 1.7976931348623157e308)                                                       \
    X(SY_F32, 2, "f32", 4, 24, 3.4028234663852886e38)                                                        \
    X(SY_F16, 3, "f16", 2, 11, 65504.0)                                                                      \
    X(SY_BF16, 4, "bf16", 2, 8, 3.3895313892515355e38)                                                       \
    X(SY_F8E4M3, 5, "f8e4m3", 1, 4, 448.0)                                                                   \
    X(SY_F8E5M2, 6, "f8e5m2", 1, 3, 57344.0)                                                                 \
    X(SY_S8, 7, "s8", 1, 0, 127.0)                                                                           \
    X(SY_U8, 8, "u8", 1, 0, 255.0)                                                                           \
    X(SY_S32, 9, "s32", 4, 0, 2147483647.0)

#define SY_DTYPE_ENUMERATOR(constant, number, name, bytes, digits, largest) constant = number,
enum { SY_DTYPE_NONE = 0, SY_DTYPE_LIST(SY_DTYPE_ENUMERATOR) };
#undef SY_DTYPE_ENUMERATOR

/** Number of dtype rows plus one: a dtype is valid if 0 < dtype < SY_DTYPE_COUNT. */
#define SY_DTYPE_COUNT 10u

/** One bit a dtype, for `sy_device_info.dtypes`. */
#define SY_DTYPE_BIT(dtype) (UINT64_C(1) << (dtype))

/**
 * Rounding of the arithmetic, widest lowering last but `any`. In a problem: the widest lowering allowed.
 * In an algorithm: what it does. Delivered must be "<=" asked; see sy_math_allows().
 */
enum {
    SY_MATH_STRICT = 0, /* nothing is rounded below its declared type */
    SY_MATH_TF32 = 1,   /* f32 inputs rounded to 10 stored significand bits */
    SY_MATH_HF32 = 2,   /* f32 inputs rounded to 11 stored significand bits (CANN) */
    SY_MATH_BF16X3 = 3, /* f32 inputs split into bf16 parts, products summed in f32 */
    SY_MATH_ANY = 4,    /* any of these, and algorithms with a larger bound (Winograd; what
                           they say they do is still one of those above) */
    SY_MATH_UNKNOWN = 5 /* only as an answer: the library does not tell */
};
#define SY_MATH_COUNT 6u

#pragma GCC visibility push(default)

/** Bytes of one element; 0 if `dtype` is not valid. */
size_t sy_dtype_size(uint32_t dtype);

/** Name as written in problem strings ("bf16"); "none" for SY_DTYPE_NONE, "?" if not valid. */
const char *sy_dtype_name(uint32_t dtype);

/** The dtype of that name ("int8" is s8), SY_DTYPE_NONE if there is none. */
uint32_t sy_dtype_parse(const char *name);

/** Whether `dtype` is a floating-point type. */
bool sy_dtype_is_float(uint32_t dtype);

/** Significand bits with the hidden one; 0 for integers and for an invalid dtype. */
int sy_dtype_digits(uint32_t dtype);

/** Largest finite value; 0 if `dtype` is not valid. */
double sy_dtype_largest(uint32_t dtype);

/** Unit roundoff 2^-digits of a floating-point type (round to nearest), 0 for integers. */
double sy_dtype_unit_roundoff(uint32_t dtype);

/** Name of a math mode ("strict", "tf32", ..., "unknown"); "?" if not valid. */
const char *sy_math_name(uint32_t math);

/** Parse a math mode into *out_math. Returns false, and leaves *out_math alone, if the name is unknown. */
bool sy_math_parse(const char *name, uint32_t *out_math);

/** Whether an algorithm that delivers `delivered` may serve a problem that allows `allowed`. UNKNOWN only
 * under ANY. */
bool sy_math_allows(uint32_t allowed, uint32_t delivered);

#pragma GCC visibility pop

#endif
