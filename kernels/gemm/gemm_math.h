/*
 * e^x, tanh and the normal distribution in f32 by polynomials, as loop bodies that compilers vectorise. Error
 * about 2 units in the last place of the result (of 1 where the result is a difference from 1). NaN gives
 * NaN. Source: own Chebyshev fits of the functions named at each table; range reduction of e^x: Cody & Waite,
 * 1980.
 */
#ifndef KERNELS_GEMM_GEMM_MATH_H
#define KERNELS_GEMM_GEMM_MATH_H

#include "kernels/convert/convert.h"
#include "kernels/gemm/gemm_vector.h"

#include <math.h>

/* e^x; infinity above 88 and 0 below -87, close to where f32 has no normal result. */
GEMM_INLINE float gemm_exp(float x) {
    const float clamped = x > 88.0f ? 88.0f : x < -87.0f ? -87.0f : x;
    const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to an integer, left in the low bits */
    const float shifted = clamped * 1.44269504f + magic;
    const float n = shifted - magic;
    const float r = (clamped - n * 0.693359375f) - n * -2.12194440e-4f;
    /* (e^r - 1 - r) / r^2 on +-0.347 */
    float tail = 0.00139262681f;
    tail = tail * r + 0.00836324667f;
    tail = tail * r + 0.0416665541f;
    tail = tail * r + 0.166665766f;
    tail = tail * r + 0.5f;
    const float scale = sy_f32_from_bits((sy_f32_bits(shifted) + 127u) << 23);
    const float value = (1.0f + (r + r * r * tail)) * scale;
    return x > 88.0f ? INFINITY : x < -87.0f ? 0.0f : value;
}

GEMM_INLINE float gemm_sigmoid(float x) {
    return 1.0f / (1.0f + gemm_exp(-x));
}

GEMM_INLINE float gemm_tanh(float x) {
    const float size = x < 0.0f ? -x : x;
    const float far = 1.0f - 2.0f / (gemm_exp(2.0f * size) + 1.0f);
    /* (tanh(x) / x - 1) / x^2 over x^2 on [0, 0.36] */
    const float square = x * x;
    float tail = -0.00626850619f;
    tail = tail * square + 0.0211104602f;
    tail = tail * square + -0.0538738134f;
    tail = tail * square + 0.13332914f;
    tail = tail * square + -0.333333303f;
    const float near = x + x * square * tail;
    return size < 0.6f ? near : x < 0.0f ? -far : far;
}

/* Standard normal distribution function, small in relative error on both sides: erfc(|x| / sqrt 2) / 2
 * reflected. */
GEMM_INLINE float gemm_normal_cdf(float x) {
    const float size = x < 0.0f ? -x : x;
    const float z = size * 0.707106781f;
    const float t = 1.0f / (1.0f + 0.5f * z);
    /* e^(z^2) erfc(z) / t over t on [0.09, 1] */
    float p = 0.0425430457f;
    p = p * t + -0.230837855f;
    p = p * t + 0.483579576f;
    p = p * t + -0.440002195f;
    p = p * t + 0.118263523f;
    p = p * t + -0.0507837177f;
    p = p * t + 0.0901196056f;
    p = p * t + 0.176165035f;
    p = p * t + 0.246753966f;
    p = p * t + 0.282104589f;
    p = p * t + 0.282094433f;
    const float beyond = 0.5f * t * p * gemm_exp(-0.5f * size * size);
    return x < 0.0f ? beyond : 1.0f - beyond;
}

#endif
