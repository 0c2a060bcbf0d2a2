/* Kinds of posts over a line of f32. */
#include <math.h>

#include "kernels/gemm/gemm_math.h"
#include "runtime/model/ops/post.h"

static void add(float *x, int64_t count, const float *y, int64_t step) {
    if (step == 0)
        for (int64_t i = 0; i < count; i++)
            x[i] += y[0];
    else
        for (int64_t i = 0; i < count; i++)
            x[i] += y[i];
}

static void scale(float *x, int64_t count, const float *y, int64_t step) {
    for (int64_t i = 0; i < count; i++)
        x[i] *= y[i * step];
}

/* Written so that NaN stays NaN. */
static void clip(float *x, int64_t count, float lowest, float highest) {
    for (int64_t i = 0; i < count; i++) {
        float low = x[i] < lowest ? lowest : x[i];
        x[i] = low > highest ? highest : low;
    }
}

static void sigmoid(float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        x[i] = gemm_sigmoid(x[i]);
}

static void tanh_line(float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        x[i] = gemm_tanh(x[i]);
}

/* x times something that is 0 far below: 0 there, even at minus infinity. */
static float weigh(float x, float weight) {
    return x == -INFINITY ? 0.0f : x * weight;
}

static void silu(float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        x[i] = weigh(x[i], gemm_sigmoid(x[i]));
}

static void gelu_erf(float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        x[i] = weigh(x[i], gemm_normal_cdf(x[i]));
}

/* (1 + tanh u) / 2 = 1 / (1 + e^-2u). */
static void gelu_tanh(float *x, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        float u = 0.797884561f * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
        x[i] = weigh(x[i], gemm_sigmoid(2.0f * u));
    }
}

static void requant(float *x, int64_t count, float factor, float zero) {
    for (int64_t i = 0; i < count; i++)
        x[i] = nearbyintf(x[i] * factor) + zero;
}

void sy_net_post_line(
    const sy_net_post *post, float *values, int64_t count, const float *operand, int64_t operand_step) {
    switch (post->kind) {
    case SY_POST_BIAS:
    case SY_POST_ADD: add(values, count, operand, operand_step); break;
    case SY_POST_SCALE_ROW:
    case SY_POST_SCALE_COL: scale(values, count, operand, operand_step); break;
    case SY_POST_RELU: clip(values, count, 0.0f, INFINITY); break;
    case SY_POST_CLIP: clip(values, count, post->a, post->b); break;
    case SY_POST_SILU: silu(values, count); break;
    case SY_POST_GELU_ERF: gelu_erf(values, count); break;
    case SY_POST_GELU_TANH: gelu_tanh(values, count); break;
    case SY_POST_REQUANT: requant(values, count, post->a, post->b); break;
    case SY_POST_SIGMOID: sigmoid(values, count); break;
    case SY_POST_TANH: tanh_line(values, count); break;
    default: break;
    }
}
