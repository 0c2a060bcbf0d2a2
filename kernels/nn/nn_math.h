/*
 * Elementary functions in f32 by polynomials, beside those of gemm_math.h (which epilogues of products use
 * too: the same function has the same bits fused or not). Loop bodies without branches, for any compiler to
 * vectorise. Errors: nn.h. Tables: own fits of the function named at each, relative to the final result.
 */
#ifndef KERNELS_NN_NN_MATH_H
#define KERNELS_NN_NN_MATH_H

#include "kernels/gemm/gemm_math.h"

#define NN_LN2_HIGH 0.693359375f
#define NN_LN2_LOW -2.12194440e-4f

/* x = n log 2 + r, |r| <= 0.35; *out_n is n, e^r - 1 the result. x within +-110. */
GEMM_INLINE float nn_exp_reduced(float x, float *out_n) {
    const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to an integer */
    const float n = (x * 1.44269504f + magic) - magic;
    const float r = (x - n * NN_LN2_HIGH) - n * NN_LN2_LOW;
    /* (e^r - 1 - r) / r^2 */
    float tail = 0.00139517174f;
    tail = tail * r + 0.00836959854f;
    tail = tail * r + 0.0416661873f;
    tail = tail * r + 0.166665122f;
    tail = tail * r + 0.5f;
    *out_n = n;
    return r + r * r * tail;
}

/* 2^n for whole n from -126 to 127 */
GEMM_INLINE float nn_power_of_two(float n) {
    return sy_f32_from_bits((sy_f32_bits(n + 12582912.0f) + 127u) << 23);
}

/* e^x for x within +-80 */
GEMM_INLINE float nn_exp_within(float x) {
    float n;
    const float value = 1.0f + nn_exp_reduced(x, &n);
    return value * nn_power_of_two(n);
}

/* e^x; subnormal results too. The power of two comes in two halves, as it may lie outside of f32. */
GEMM_INLINE float nn_exp(float x) {
    const float clamped = x > 89.0f ? 89.0f : x < -104.0f ? -104.0f : x;
    float n;
    const float value = 1.0f + nn_exp_reduced(clamped, &n);
    const float half = (n * 0.5f + 12582912.0f) - 12582912.0f;
    return value * nn_power_of_two(half) * nn_power_of_two(n - half);
}

/* e^x - 1 for x <= 0 */
GEMM_INLINE float nn_expm1_below(float x) {
    float n;
    const float value = nn_exp_reduced(x < -20.0f ? -20.0f : x, &n);
    const float scale = nn_power_of_two(n);
    return value * scale + (scale - 1.0f);
}

/* log x of a normal x > 0: x = 2^n (1 + f), f in sqrt(1/2) - 1 .. sqrt(2) - 1 */
GEMM_INLINE float nn_log_normal(float x) {
    const uint32_t moved = sy_f32_bits(x) + 0x004afb0du; /* the exponent steps at sqrt(1/2) */
    const float n = (float)((int32_t)(moved >> 23) - 127);
    const float f = sy_f32_from_bits((moved & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    /* (log(1 + f) - f + f^2 / 2) / f^3 */
    float tail = 0.0691536814f;
    tail = tail * f + -0.117898077f;
    tail = tail * f + 0.118729763f;
    tail = tail * f + -0.123843484f;
    tail = tail * f + 0.142186582f;
    tail = tail * f + -0.16669251f;
    tail = tail * f + 0.200022265f;
    tail = tail * f + -0.249999866f;
    tail = tail * f + 0.333333105f;
    const float square = f * f;
    const float low = square * f * tail + n * NN_LN2_LOW - 0.5f * square;
    return n * NN_LN2_HIGH + (f + low);
}

GEMM_INLINE float nn_log(float x) {
    const bool is_tiny = x < 1.17549435e-38f; /* subnormal, or no positive number */
    const float scaled = is_tiny ? x * 8388608.0f : x;
    const float value = nn_log_normal(scaled) - (is_tiny ? 15.942385f : 0.0f); /* 23 log 2 */
    const float finite = x < INFINITY ? value : x; /* infinity and NaN are themselves */
    return x > 0.0f ? finite : x < 0.0f ? NAN : x == 0.0f ? -INFINITY : x;
}

/* log(1 + u), 0 <= u <= 1: what 1 + u lost comes back by the derivative. */
GEMM_INLINE float nn_log1p_unit(float u) {
    const float whole = 1.0f + u;
    return nn_log_normal(whole) + (u - (whole - 1.0f)) / whole;
}

GEMM_INLINE float nn_softplus(float x) {
    const float size = x < 0.0f ? -x : x;
    return (x < 0.0f ? 0.0f : x) + nn_log1p_unit(nn_exp(-size));
}

/* tanh(softplus(x)) = w / (w + 2), w = e^x (e^x + 2); 1 in f32 from 20 on */
GEMM_INLINE float nn_mish(float x) {
    const float power = nn_exp_within(x > 20.0f ? 20.0f : x < -80.0f ? -80.0f : x);
    const float w = power * (power + 2.0f);
    return x * (w / (w + 2.0f));
}

GEMM_INLINE float nn_erf(float x) {
    const float size = x < 0.0f ? -x : x;
    const float square = x * x;
    /* (erf(x) / x - 2 / sqrt pi) / x^2 over x^2 on 0 .. 0.86 */
    float near = 8.40233552e-05f;
    near = near * square + -0.000815258827f;
    near = near * square + 0.00520217279f;
    near = near * square + -0.0268600155f;
    near = near * square + 0.112837113f;
    near = near * square + -0.376126349f;
    near = x * 1.12837917f + x * square * near;
    /* log erfc(x) on 0.91 .. 3.95; beyond, erf is 1 in f32 */
    const float t = size > 3.95f ? 3.95f : size;
    float far = -5.58074873e-07f;
    far = far * t + -1.37899779e-05f;
    far = far * t + 0.000393490423f;
    far = far * t + -0.00404239818f;
    far = far * t + 0.0248718653f;
    far = far * t + -0.107981056f;
    far = far * t + -0.633568525f;
    far = far * t + -1.12942278f;
    far = far * t + 0.000158197407f;
    far = 1.0f - nn_exp_within(far);
    return size > 0.92f ? (x < 0.0f ? -far : far) : near;
}

/* x^p for x > 0 */
GEMM_INLINE float nn_power(float x, float p) {
    return nn_exp(p * nn_log(x));
}

#endif
