/*
 * Conversions of the narrow floating-point types (raw codes) to and from f32 and f64: one element inline, and
 * arrays. Pure functions, no state, any thread. Integers and the choice by element type live elsewhere.
 *
 * Formats  f16   IEEE 754 binary16
 *          bf16  the upper half of a binary32
 *          f8e4m3, f8e5m2  OCP 8-bit Floating Point Specification 1.0 (E4M3 is the "fn" form: no infinity,
 *                NaN = 0x7f and 0xff, largest 448)
 * Widening is exact, subnormals included; to f32 it does not depend on the CPU's flush-to-zero mode. NaN
 * stays NaN; f16 and f8e5m2 NaN become quiet and keep sign and payload. Narrowing rounds once, to nearest,
 * ties to even (the rounding mode must be the default one), subnormals included; f64 goes to the narrow type
 * directly, never by way of f32. Beyond the largest finite value (after rounding): f16, bf16 and f8e5m2 give
 * infinity, f8e4m3, which has none, gives NaN (OCP's non-saturating mode), and so does an infinite input. A
 * narrowed NaN is quiet and keeps its sign.
 */
#ifndef KERNELS_CONVERT_CONVERT_H
#define KERNELS_CONVERT_CONVERT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t sy_f32_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float sy_f32_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t sy_f64_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double sy_f64_from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/*
 * Comparisons and selections as masks, all without a branch: loops over arrays are then vectorised by any
 * compiler for any instruction set. a, b < 2^31 (2^63): magnitudes, without their sign.
 */
static inline uint32_t sy_below_u32(uint32_t a, uint32_t b) {
    return 0u - ((a - b) >> 31); /* all ones if a < b */
}

static inline uint64_t sy_below_u64(uint64_t a, uint64_t b) {
    return UINT64_C(0) - ((a - b) >> 63);
}

static inline uint32_t sy_select_u32(uint32_t mask, uint32_t yes, uint32_t no) {
    return (yes & mask) | (no & ~mask);
}

static inline uint64_t sy_select_u64(uint64_t mask, uint64_t yes, uint64_t no) {
    return (yes & mask) | (no & ~mask);
}

/**
 * Code of a magnitude (the bits of |value| as f32) in a narrow format with `mantissa` stored significand bits
 * and exponent `bias`. `overflow` is the code of what is too large; as a number it would be the next value
 * after the largest (f8e4m3: 480), and all above becomes it, NaN too.
 *
 * Normal results are rounded on the bits. Subnormal ones by adding 2^(23 + exponent of the smallest
 * subnormal): the sum's last place is then the format's quantum, so the adder does the rounding.
 */
static inline uint32_t sy_narrow_from_f32(uint32_t magnitude, int mantissa, int bias, uint32_t overflow) {
    const int shift = 23 - mantissa;
    const uint32_t rebias = (uint32_t)(127 - bias) << 23;
    const uint32_t limit = (overflow << shift) + rebias;
    const uint32_t magic = (uint32_t)(127 + 23 + 1 - bias - mantissa) << 23;
    uint32_t bits = sy_select_u32(sy_below_u32(magnitude, limit), magnitude, limit);
    uint32_t odd = (bits >> shift) & 1u;
    uint32_t normal = (bits + ((1u << (shift - 1)) - 1u) + odd - rebias) >> shift;
    uint32_t subnormal = sy_f32_bits(sy_f32_from_bits(bits) + sy_f32_from_bits(magic)) - magic;
    return sy_select_u32(sy_below_u32(bits, rebias + (1u << 23)), subnormal, normal);
}

/** As sy_narrow_from_f32(), from the bits of |value| as f64. */
static inline uint32_t sy_narrow_from_f64(uint64_t magnitude, int mantissa, int bias, uint64_t overflow) {
    const int shift = 52 - mantissa;
    const uint64_t rebias = (uint64_t)(1023 - bias) << 52;
    const uint64_t limit = (overflow << shift) + rebias;
    const uint64_t magic = (uint64_t)(1023 + 52 + 1 - bias - mantissa) << 52;
    uint64_t bits = sy_select_u64(sy_below_u64(magnitude, limit), magnitude, limit);
    uint64_t odd = (bits >> shift) & 1u;
    uint64_t normal = (bits + ((UINT64_C(1) << (shift - 1)) - 1u) + odd - rebias) >> shift;
    uint64_t subnormal = sy_f64_bits(sy_f64_from_bits(bits) + sy_f64_from_bits(magic)) - magic;
    return (uint32_t)sy_select_u64(sy_below_u64(bits, rebias + (UINT64_C(1) << 52)), subnormal, normal);
}

/** Bits of |value| as f32 of a finite narrow magnitude code. */
static inline uint32_t sy_narrow_to_f32(uint32_t magnitude, int mantissa, int bias) {
    const float quantum = sy_f32_from_bits((uint32_t)(127 + 1 - bias - mantissa) << 23);
    uint32_t normal = (magnitude << (23 - mantissa)) + ((uint32_t)(127 - bias) << 23);
    uint32_t subnormal = sy_f32_bits((float)(int32_t)magnitude * quantum);
    return sy_select_u32(sy_below_u32(magnitude, 1u << mantissa), subnormal, normal);
}

/** All ones if the magnitude bits of an f32 (f64) are those of a NaN. */
static inline uint32_t sy_nan_mask_f32(uint32_t magnitude) {
    return sy_below_u32(0x7f800000u, magnitude);
}

static inline uint32_t sy_nan_mask_f64(uint64_t magnitude) {
    return (uint32_t)sy_below_u64(UINT64_C(0x7ff0000000000000), magnitude);
}

static inline float sy_f16_to_f32(uint16_t code) {
    uint32_t magnitude = code & 0x7fffu;
    uint32_t sign = (uint32_t)(code & 0x8000u) << 16;
    uint32_t finite = sy_narrow_to_f32(magnitude, 10, 15);
    uint32_t quiet = sy_below_u32(0x7c00u, magnitude) & 0x00400000u;
    uint32_t special = 0x7f800000u | quiet | (magnitude & 0x3ffu) << 13;
    return sy_f32_from_bits(sign | sy_select_u32(sy_below_u32(magnitude, 0x7c00u), finite, special));
}

static inline uint16_t sy_f16_from_f32(float value) {
    uint32_t bits = sy_f32_bits(value), magnitude = bits & 0x7fffffffu;
    uint32_t code = sy_narrow_from_f32(magnitude, 10, 15, 0x7c00u);
    uint32_t nan = 0x7e00u | (magnitude >> 13 & 0x3ffu);
    return (uint16_t)((bits >> 16 & 0x8000u) | sy_select_u32(sy_nan_mask_f32(magnitude), nan, code));
}

static inline uint16_t sy_f16_from_f64(double value) {
    uint64_t bits = sy_f64_bits(value), magnitude = bits & INT64_MAX;
    uint32_t code = sy_narrow_from_f64(magnitude, 10, 15, 0x7c00u);
    uint32_t nan = 0x7e00u | (uint32_t)(magnitude >> 42 & 0x3ffu);
    return (
        uint16_t)((uint32_t)(bits >> 48 & 0x8000u) | sy_select_u32(sy_nan_mask_f64(magnitude), nan, code));
}

static inline float sy_bf16_to_f32(uint16_t code) {
    return sy_f32_from_bits((uint32_t)code << 16);
}

static inline uint16_t sy_bf16_from_f32(float value) {
    uint32_t bits = sy_f32_bits(value);
    uint32_t rounded =
        (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16; /* a carry out of the largest is infinity */
    uint32_t nan = bits >> 16 | 0x40u;
    return (uint16_t)sy_select_u32(sy_nan_mask_f32(bits & 0x7fffffffu), nan, rounded);
}

static inline uint16_t sy_bf16_from_f64(double value) {
    uint64_t bits = sy_f64_bits(value), magnitude = bits & INT64_MAX;
    uint32_t code = sy_narrow_from_f64(magnitude, 7, 127, 0x7f80u);
    uint32_t nan = 0x7fc0u | (uint32_t)(magnitude >> 45 & 0x7fu);
    return (
        uint16_t)((uint32_t)(bits >> 48 & 0x8000u) | sy_select_u32(sy_nan_mask_f64(magnitude), nan, code));
}

static inline float sy_f8e4m3_to_f32(uint8_t code) {
    uint32_t magnitude = code & 0x7fu;
    uint32_t sign = (uint32_t)(code & 0x80u) << 24;
    uint32_t finite = sy_narrow_to_f32(magnitude, 3, 7);
    return sy_f32_from_bits(sign | sy_select_u32(sy_below_u32(magnitude, 0x7fu), finite, 0x7fc00000u));
}

static inline uint8_t sy_f8e4m3_from_f32(float value) {
    uint32_t bits = sy_f32_bits(value);
    uint32_t code = sy_narrow_from_f32(bits & 0x7fffffffu, 3, 7, 0x7fu); /* NaN too becomes 0x7f */
    return (uint8_t)((bits >> 24 & 0x80u) | code);
}

static inline uint8_t sy_f8e4m3_from_f64(double value) {
    uint64_t bits = sy_f64_bits(value);
    uint32_t code = sy_narrow_from_f64(bits & INT64_MAX, 3, 7, 0x7fu);
    return (uint8_t)((uint32_t)(bits >> 56 & 0x80u) | code);
}

static inline float sy_f8e5m2_to_f32(uint8_t code) {
    return sy_f16_to_f32((uint16_t)(code << 8)); /* the upper half of an f16 */
}

static inline uint8_t sy_f8e5m2_from_f32(float value) {
    uint32_t bits = sy_f32_bits(value), magnitude = bits & 0x7fffffffu;
    uint32_t code = sy_narrow_from_f32(magnitude, 2, 15, 0x7cu);
    uint32_t nan = 0x7eu | (magnitude >> 21 & 0x3u);
    return (uint8_t)((bits >> 24 & 0x80u) | sy_select_u32(sy_nan_mask_f32(magnitude), nan, code));
}

static inline uint8_t sy_f8e5m2_from_f64(double value) {
    uint64_t bits = sy_f64_bits(value), magnitude = bits & INT64_MAX;
    uint32_t code = sy_narrow_from_f64(magnitude, 2, 15, 0x7cu);
    uint32_t nan = 0x7eu | (uint32_t)(magnitude >> 50 & 0x3u);
    return (uint8_t)((uint32_t)(bits >> 56 & 0x80u) | sy_select_u32(sy_nan_mask_f64(magnitude), nan, code));
}

/* Arrays of `count` elements; source and destination do not overlap; count 0 is fine. Same values as above.
 */
void sy_f16_array_to_f32(const uint16_t *source, size_t count, float *out_values);
void sy_bf16_array_to_f32(const uint16_t *source, size_t count, float *out_values);
void sy_f8e4m3_array_to_f32(const uint8_t *source, size_t count, float *out_values);
void sy_f8e5m2_array_to_f32(const uint8_t *source, size_t count, float *out_values);
void sy_f16_array_from_f32(const float *source, size_t count, uint16_t *out_codes);
void sy_bf16_array_from_f32(const float *source, size_t count, uint16_t *out_codes);
void sy_f8e4m3_array_from_f32(const float *source, size_t count, uint8_t *out_codes);
void sy_f8e5m2_array_from_f32(const float *source, size_t count, uint8_t *out_codes);
void sy_f16_array_to_f64(const uint16_t *source, size_t count, double *out_values);
void sy_bf16_array_to_f64(const uint16_t *source, size_t count, double *out_values);
void sy_f8e4m3_array_to_f64(const uint8_t *source, size_t count, double *out_values);
void sy_f8e5m2_array_to_f64(const uint8_t *source, size_t count, double *out_values);
void sy_f16_array_from_f64(const double *source, size_t count, uint16_t *out_codes);
void sy_bf16_array_from_f64(const double *source, size_t count, uint16_t *out_codes);
void sy_f8e4m3_array_from_f64(const double *source, size_t count, uint8_t *out_codes);
void sy_f8e5m2_array_from_f64(const double *source, size_t count, uint8_t *out_codes);

#endif
