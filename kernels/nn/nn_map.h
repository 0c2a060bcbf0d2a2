/* The function of one element over a row, a loop a kind; instances are in nn_<isa>.c. */
#ifndef KERNELS_NN_NN_MAP_H
#define KERNELS_NN_NN_MAP_H

#include "kernels/nn/nn.h"
#include "kernels/nn/nn_math.h"

GEMM_INLINE float nn_clip(float x, float low, float high) {
    const float above = x < low ? low : x;
    return above > high ? high : above;
}

/* Kinds of a few instructions. */
GEMM_INLINE float nn_cheap(const uint32_t kind, float x, float a, float b) {
    switch (kind) {
    case SY_NN_RELU: return x < 0.0f ? 0.0f : x;
    case SY_NN_LEAKY: return x < 0.0f ? x * a : x;
    case SY_NN_CLIP: return nn_clip(x, a, b);
    case SY_NN_AFFINE: return x * a + b;
    case SY_NN_HARD_SIGMOID: return nn_clip(x * a + b, 0.0f, 1.0f);
    case SY_NN_HARD_SWISH: return x * nn_clip(x * (1.0f / 6.0f) + 0.5f, 0.0f, 1.0f);
    case SY_NN_SQRT: return sqrtf(x);
    case SY_NN_ABS: return fabsf(x);
    case SY_NN_NEG: return -x;
    case SY_NN_RECIPROCAL: return 1.0f / x;
    case SY_NN_SOFTSIGN: return x / (1.0f + fabsf(x));
    case SY_NN_FLOOR: return floorf(x);
    case SY_NN_CEIL: return ceilf(x);
    case SY_NN_ROUND: return rintf(x);
    default: return x;
    }
}

GEMM_INLINE float nn_costly(const uint32_t kind, float x, float a, float b) {
    switch (kind) {
    case SY_NN_ELU: return x < 0.0f ? b * a * nn_expm1_below(x) : b * x;
    case SY_NN_CELU: return x < 0.0f ? a * nn_expm1_below(x / a) : x;
    case SY_NN_SIGMOID: return gemm_sigmoid(x);
    case SY_NN_SWISH: return x * gemm_sigmoid(a * x);
    case SY_NN_TANH: return gemm_tanh(x);
    case SY_NN_ERF: return nn_erf(x);
    case SY_NN_GELU_ERF: return x * gemm_normal_cdf(x);
    case SY_NN_GELU_TANH: return x * gemm_sigmoid(1.59576912f * (x + 0.044715f * x * x * x));
    case SY_NN_EXP: return nn_exp(x);
    case SY_NN_LOG: return nn_log(x);
    case SY_NN_SOFTPLUS: return nn_softplus(x);
    case SY_NN_MISH: return nn_mish(x);
    case SY_NN_POWER: return nn_power(x, a);
    default: return x;
    }
}

GEMM_INLINE void nn_map_cheap(const uint32_t kind, float *y, int64_t count, float a, float b) {
    for (int64_t i = 0; i < count; i++)
        y[i] = nn_cheap(kind, y[i], a, b);
}

GEMM_INLINE void nn_map_costly(const uint32_t kind, float *y, int64_t count, float a, float b) {
    for (int64_t i = 0; i < count; i++)
        y[i] = nn_costly(kind, y[i], a, b);
}

GEMM_INLINE void nn_map_cheap_kinds(uint32_t kind, float *y, int64_t count, float a, float b) {
    switch (kind) {
    case SY_NN_RELU: nn_map_cheap(SY_NN_RELU, y, count, a, b); break;
    case SY_NN_LEAKY: nn_map_cheap(SY_NN_LEAKY, y, count, a, b); break;
    case SY_NN_CLIP: nn_map_cheap(SY_NN_CLIP, y, count, a, b); break;
    case SY_NN_AFFINE: nn_map_cheap(SY_NN_AFFINE, y, count, a, b); break;
    case SY_NN_HARD_SIGMOID: nn_map_cheap(SY_NN_HARD_SIGMOID, y, count, a, b); break;
    case SY_NN_HARD_SWISH: nn_map_cheap(SY_NN_HARD_SWISH, y, count, a, b); break;
    case SY_NN_SQRT: nn_map_cheap(SY_NN_SQRT, y, count, a, b); break;
    case SY_NN_ABS: nn_map_cheap(SY_NN_ABS, y, count, a, b); break;
    case SY_NN_NEG: nn_map_cheap(SY_NN_NEG, y, count, a, b); break;
    case SY_NN_RECIPROCAL: nn_map_cheap(SY_NN_RECIPROCAL, y, count, a, b); break;
    case SY_NN_SOFTSIGN: nn_map_cheap(SY_NN_SOFTSIGN, y, count, a, b); break;
    case SY_NN_FLOOR: nn_map_cheap(SY_NN_FLOOR, y, count, a, b); break;
    case SY_NN_CEIL: nn_map_cheap(SY_NN_CEIL, y, count, a, b); break;
    case SY_NN_ROUND: nn_map_cheap(SY_NN_ROUND, y, count, a, b); break;
    default: break;
    }
}

GEMM_INLINE void nn_map(uint32_t kind, float *y, int64_t count, const float p[SY_NN_PARAMS]) {
    const float a = p[0], b = p[1];
    switch (kind) {
    case SY_NN_ELU: nn_map_costly(SY_NN_ELU, y, count, a, b); break;
    case SY_NN_CELU: nn_map_costly(SY_NN_CELU, y, count, a, b); break;
    case SY_NN_SIGMOID: nn_map_costly(SY_NN_SIGMOID, y, count, a, b); break;
    case SY_NN_SWISH: nn_map_costly(SY_NN_SWISH, y, count, a, b); break;
    case SY_NN_TANH: nn_map_costly(SY_NN_TANH, y, count, a, b); break;
    case SY_NN_ERF: nn_map_costly(SY_NN_ERF, y, count, a, b); break;
    case SY_NN_GELU_ERF: nn_map_costly(SY_NN_GELU_ERF, y, count, a, b); break;
    case SY_NN_GELU_TANH: nn_map_costly(SY_NN_GELU_TANH, y, count, a, b); break;
    case SY_NN_EXP: nn_map_costly(SY_NN_EXP, y, count, a, b); break;
    case SY_NN_LOG: nn_map_costly(SY_NN_LOG, y, count, a, b); break;
    case SY_NN_SOFTPLUS: nn_map_costly(SY_NN_SOFTPLUS, y, count, a, b); break;
    case SY_NN_MISH: nn_map_costly(SY_NN_MISH, y, count, a, b); break;
    case SY_NN_POWER: nn_map_costly(SY_NN_POWER, y, count, a, b); break;
    default: nn_map_cheap_kinds(kind, y, count, a, b); break;
    }
}

#endif
