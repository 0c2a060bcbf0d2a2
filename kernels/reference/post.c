/* Post-operations in f64, one element at a time. */
#include "kernels/reference/post.h"

#include <math.h>
#include <stddef.h>

#include "kernels/gemm/gemm_types.h"

static double gelu_erf(double x) {
    return 0.5 * x * (1.0 + erf(x * 0.70710678118654752440));
}

static double gelu_tanh(double x) {
    return 0.5 * x * (1.0 + tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
}

/* min(max(x, lo), hi) that lets NaN through. */
static double clip(double x, double lo, double hi) {
    return x < lo ? lo : x > hi ? hi : x;
}

double sy_reference_post_value(const sy_reference_post *post, double value, double operand) {
    switch (post->kind) {
    case SY_KERNEL_POST_BIAS:
    case SY_KERNEL_POST_ADD: return value + operand;
    case SY_KERNEL_POST_RELU: return value < 0.0 ? 0.0 : value;
    case SY_KERNEL_POST_CLIP: return clip(value, post->a, post->b);
    case SY_KERNEL_POST_SILU: return value == -INFINITY ? 0.0 : value / (1.0 + exp(-value));
    case SY_KERNEL_POST_GELU_ERF: return value == -INFINITY ? 0.0 : gelu_erf(value);
    case SY_KERNEL_POST_GELU_TANH: return value == -INFINITY ? 0.0 : gelu_tanh(value);
    case SY_KERNEL_POST_SCALE_ROW:
    case SY_KERNEL_POST_SCALE_COL: return value * operand;
    case SY_KERNEL_POST_REQUANT: return nearbyint(value * post->a) + post->b;
    case SY_KERNEL_POST_SIGMOID: return 1.0 / (1.0 + exp(-value));
    case SY_KERNEL_POST_TANH: return tanh(value);
    default: return NAN;
    }
}

double sy_reference_post_element(
    const sy_reference_post *post, uint32_t count, const int64_t index[4], double value) {
    for (uint32_t i = 0; i < count; i++) {
        double operand = 0.0;
        if (post[i].operand != NULL) {
            int64_t at = 0;
            for (size_t d = 0; d < 4; d++)
                at += index[d] * post[i].stride[d];
            operand = post[i].operand[at];
        }
        value = sy_reference_post_value(&post[i], value, operand);
    }
    return value;
}

void sy_reference_post_apply(const sy_reference_post *post, uint32_t count, const int64_t dim[4],
    const int64_t stride[4], double *values) {
    int64_t at[4];
    for (at[0] = 0; at[0] < dim[0]; at[0]++)
        for (at[1] = 0; at[1] < dim[1]; at[1]++)
            for (at[2] = 0; at[2] < dim[2]; at[2]++)
                for (at[3] = 0; at[3] < dim[3]; at[3]++) {
                    double *value = values + at[0] * stride[0] + at[1] * stride[1] + at[2] * stride[2] +
                                    at[3] * stride[3];
                    *value = sy_reference_post_element(post, count, at, *value);
                }
}
