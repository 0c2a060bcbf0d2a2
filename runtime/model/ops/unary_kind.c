#include "runtime/model/ops/unary_kind.h"

#include <math.h>
#include <string.h>

#include "kernels/nn/nn.h"
#include "runtime/model/ops/chunk.h"

/* The functions in f64: what f64 itself uses, and rare functions of any type. NaN stays NaN. */

static double relu(double x, const double *p) {
    (void)p;
    return x < 0 ? 0 : x;
}
static double leaky(double x, const double *p) {
    return x < 0 ? p[0] * x : x;
}
static double elu(double x, const double *p) {
    return x < 0 ? p[1] * p[0] * expm1(x) : p[1] * x;
}
static double celu(double x, const double *p) {
    return x < 0 ? p[0] * expm1(x / p[0]) : x;
}
static double sigmoid(double x, const double *p) {
    (void)p;
    return 1 / (1 + exp(-x));
}
static double swish(double x, const double *p) {
    return x / (1 + exp(-p[0] * x));
}
static double between(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}
static double hard_sigmoid(double x, const double *p) {
    return between(p[0] * x + p[1], 0, 1);
}
static double hard_swish(double x, const double *p) {
    (void)p;
    return x * between(x / 6 + 0.5, 0, 1);
}
static double softplus(double x, const double *p) {
    (void)p;
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}
static double softsign(double x, const double *p) {
    (void)p;
    return x / (1 + fabs(x));
}
static double mish(double x, const double *p) {
    return x * tanh(softplus(x, p));
}
static double thresholded(double x, const double *p) {
    return x <= p[0] ? 0 : x;
}
static double shrink(double x, const double *p) {
    return x < -p[0] ? x + p[1] : x > p[0] ? x - p[1] : isnan(x) ? x : 0;
}
static double reciprocal(double x, const double *p) {
    (void)p;
    return 1 / x;
}
static double sign(double x, const double *p) {
    (void)p;
    return x > 0 ? 1 : x < 0 ? -1 : x;
}
static double negative(double x, const double *p) {
    (void)p;
    return -x;
}

/* Those of the C library, without parameters. */
static double call_fabs(double x, const double *p) {
    return (void)p, fabs(x);
}
static double call_exp(double x, const double *p) {
    return (void)p, exp(x);
}
static double call_log(double x, const double *p) {
    return (void)p, log(x);
}
static double call_sqrt(double x, const double *p) {
    return (void)p, sqrt(x);
}
static double call_floor(double x, const double *p) {
    return (void)p, floor(x);
}
static double call_ceil(double x, const double *p) {
    return (void)p, ceil(x);
}
static double call_rint(double x, const double *p) {
    return (void)p, rint(x);
}
static double call_erf(double x, const double *p) {
    return (void)p, erf(x);
}
static double call_sin(double x, const double *p) {
    return (void)p, sin(x);
}
static double call_cos(double x, const double *p) {
    return (void)p, cos(x);
}
static double call_tan(double x, const double *p) {
    return (void)p, tan(x);
}
static double call_asin(double x, const double *p) {
    return (void)p, asin(x);
}
static double call_acos(double x, const double *p) {
    return (void)p, acos(x);
}
static double call_atan(double x, const double *p) {
    return (void)p, atan(x);
}
static double call_sinh(double x, const double *p) {
    return (void)p, sinh(x);
}
static double call_cosh(double x, const double *p) {
    return (void)p, cosh(x);
}
static double call_tanh(double x, const double *p) {
    return (void)p, tanh(x);
}
static double call_asinh(double x, const double *p) {
    return (void)p, asinh(x);
}
static double call_acosh(double x, const double *p) {
    return (void)p, acosh(x);
}
static double call_atanh(double x, const double *p) {
    return (void)p, atanh(x);
}

static bool is_below_zero(uint64_t x, bool is_unsigned) {
    return !is_unsigned && x >> 63 != 0;
}
static uint64_t integer_abs(uint64_t x, bool is_unsigned) {
    return is_below_zero(x, is_unsigned) ? 0 - x : x;
}
static uint64_t integer_negative(uint64_t x, bool is_unsigned) {
    return (void)is_unsigned, 0 - x;
}
static uint64_t integer_sign(uint64_t x, bool is_unsigned) {
    return is_below_zero(x, is_unsigned) ? UINT64_MAX : x != 0;
}
static uint64_t integer_relu(uint64_t x, bool is_unsigned) {
    return is_below_zero(x, is_unsigned) ? 0 : x;
}
static uint64_t integer_not(uint64_t x, bool is_unsigned) {
    return (void)is_unsigned, x == 0;
}
static uint64_t integer_flip(uint64_t x, bool is_unsigned) {
    return (void)is_unsigned, ~x;
}

#define INTEGERS (SY_OPS_SIGNED | SY_OPS_UNSIGNED)
static const sy_ops_unary_kind kinds[] = {
    {"Relu", SY_OPS_FLOATS | SY_OPS_SIGNED, SY_NN_RELU, relu, integer_relu, {{0}}},
    {"LeakyRelu", SY_OPS_FLOATS, SY_NN_LEAKY, leaky, NULL, {{"alpha", 0.01f}}},
    {"Elu", SY_OPS_FLOATS, SY_NN_ELU, elu, NULL, {{"alpha", 1}, {NULL, 1}}},
    {"Selu", SY_OPS_FLOATS, SY_NN_ELU, elu, NULL, {{"alpha", 1.67326319f}, {"gamma", 1.05070102f}}},
    {"Celu", SY_OPS_FLOATS, SY_NN_CELU, celu, NULL, {{"alpha", 1}}},
    {"Sigmoid", SY_OPS_FLOATS, SY_NN_SIGMOID, sigmoid, NULL, {{0}}},
    {"QuickGelu", SY_OPS_FLOATS, SY_NN_SWISH, swish, NULL, {{"alpha", 1.702f}}},
    {"HardSigmoid", SY_OPS_FLOATS, SY_NN_HARD_SIGMOID, hard_sigmoid, NULL, {{"alpha", 0.2f}, {"beta", 0.5f}}},
    {"HardSwish", SY_OPS_FLOATS, SY_NN_HARD_SWISH, hard_swish, NULL, {{0}}},
    {"Tanh", SY_OPS_FLOATS, SY_NN_TANH, call_tanh, NULL, {{0}}},
    {"Softplus", SY_OPS_FLOATS, SY_NN_SOFTPLUS, softplus, NULL, {{0}}},
    {"Softsign", SY_OPS_FLOATS, SY_NN_SOFTSIGN, softsign, NULL, {{0}}},
    {"ThresholdedRelu", SY_OPS_FLOATS, SY_NN_NONE, thresholded, NULL, {{"alpha", 1}}},
    {"Mish", SY_OPS_FLOATS, SY_NN_MISH, mish, NULL, {{0}}},
    {"Shrink", SY_OPS_FLOATS, SY_NN_NONE, shrink, NULL, {{"lambd", 0.5f}, {"bias", 0}}},
    {"Erf", SY_OPS_FLOATS, SY_NN_ERF, call_erf, NULL, {{0}}},
    {"Exp", SY_OPS_FLOATS, SY_NN_EXP, call_exp, NULL, {{0}}},
    {"Log", SY_OPS_FLOATS, SY_NN_LOG, call_log, NULL, {{0}}},
    {"Sqrt", SY_OPS_FLOATS, SY_NN_SQRT, call_sqrt, NULL, {{0}}},
    {"Reciprocal", SY_OPS_FLOATS, SY_NN_RECIPROCAL, reciprocal, NULL, {{0}}},
    {"Abs", SY_OPS_NUMBERS, SY_NN_ABS, call_fabs, integer_abs, {{0}}},
    {"Neg", SY_OPS_FLOATS | SY_OPS_SIGNED, SY_NN_NEG, negative, integer_negative, {{0}}},
    {"Sign", SY_OPS_NUMBERS, SY_NN_NONE, sign, integer_sign, {{0}}},
    {"Floor", SY_OPS_FLOATS, SY_NN_FLOOR, call_floor, NULL, {{0}}},
    {"Ceil", SY_OPS_FLOATS, SY_NN_CEIL, call_ceil, NULL, {{0}}},
    {"Round", SY_OPS_FLOATS, SY_NN_ROUND, call_rint, NULL, {{0}}},
    {"Sin", SY_OPS_FLOATS, SY_NN_NONE, call_sin, NULL, {{0}}},
    {"Cos", SY_OPS_FLOATS, SY_NN_NONE, call_cos, NULL, {{0}}},
    {"Tan", SY_OPS_FLOATS, SY_NN_NONE, call_tan, NULL, {{0}}},
    {"Asin", SY_OPS_FLOATS, SY_NN_NONE, call_asin, NULL, {{0}}},
    {"Acos", SY_OPS_FLOATS, SY_NN_NONE, call_acos, NULL, {{0}}},
    {"Atan", SY_OPS_FLOATS, SY_NN_NONE, call_atan, NULL, {{0}}},
    {"Sinh", SY_OPS_FLOATS, SY_NN_NONE, call_sinh, NULL, {{0}}},
    {"Cosh", SY_OPS_FLOATS, SY_NN_NONE, call_cosh, NULL, {{0}}},
    {"Asinh", SY_OPS_FLOATS, SY_NN_NONE, call_asinh, NULL, {{0}}},
    {"Acosh", SY_OPS_FLOATS, SY_NN_NONE, call_acosh, NULL, {{0}}},
    {"Atanh", SY_OPS_FLOATS, SY_NN_NONE, call_atanh, NULL, {{0}}},
    {"Not", SY_OPS_BOOL, SY_NN_NONE, NULL, integer_not, {{0}}},
    {"BitwiseNot", INTEGERS, SY_NN_NONE, NULL, integer_flip, {{0}}},
};

const sy_ops_unary_kind *sy_ops_unary_find(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}
