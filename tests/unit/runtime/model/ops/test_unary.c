#include "tests/unit/runtime/model/ops/trial.h"

#include <float.h>
#include <string.h>

/* One function at a few numbers: the C library's value beside. */
typedef struct sample {
    const char *op, *domain;
    uint32_t opset;
    double (*expected)(double x);
    double tolerance;
} sample;

static double gelu(double x) {
    return 0.5 * x * erfc(-x * M_SQRT1_2);
}
static double gelu_tanh(double x) {
    return 0.5 * x * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}
static double relu(double x) {
    return x < 0 ? 0 : x;
}
static double leaky(double x) {
    return x < 0 ? (double)0.01f * x : x;
}
static double elu(double x) {
    return x < 0 ? expm1(x) : x;
}
static double selu(double x) {
    return (double)1.05070102f * (x < 0 ? (double)1.67326319f * expm1(x) : x);
}
static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
}
static double quick(double x) {
    return x * sigmoid((double)1.702f * x);
}
static double bounded(double x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
}
static double hard_sigmoid(double x) {
    return bounded((double)0.2f * x + 0.5);
}
static double hard_swish(double x) {
    return x * bounded(x / 6 + 0.5);
}
static double softplus(double x) {
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}
static double softsign(double x) {
    return x / (1 + fabs(x));
}
static double mish(double x) {
    return x * tanh(softplus(x));
}
static double thresholded(double x) {
    return x > 1 ? x : 0;
}
static double shrink(double x) {
    return x < -0.5 || x > 0.5 ? x : 0;
}
static double reciprocal(double x) {
    return 1 / x;
}
static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : 0;
}
static double negative(double x) {
    return -x;
}

static const sample samples[] = {
    {"Relu", "", 7, relu, 0},
    {"LeakyRelu", "", 7, leaky, 1e-7},
    {"Elu", "", 7, elu, 1e-6},
    {"Selu", "", 7, selu, 1e-6},
    {"Celu", "", 12, elu, 1e-6},
    {"Sigmoid", "", 13, sigmoid, 1e-6},
    {"QuickGelu", "com.microsoft", 1, quick, 1e-6},
    {"HardSigmoid", "", 7, hard_sigmoid, 1e-6},
    {"HardSwish", "", 14, hard_swish, 1e-6},
    {"Tanh", "", 13, tanh, 1e-6},
    {"Softplus", "", 7, softplus, 1e-6},
    {"Softsign", "", 7, softsign, 1e-6},
    {"Mish", "", 18, mish, 1e-6},
    {"ThresholdedRelu", "", 10, thresholded, 0},
    {"Shrink", "", 9, shrink, 0},
    {"Erf", "", 9, erf, 1e-6},
    {"Exp", "", 7, exp, 1e-6},
    {"Reciprocal", "", 7, reciprocal, 1e-6},
    {"Abs", "", 7, fabs, 0},
    {"Neg", "", 7, negative, 0},
    {"Sign", "", 9, sign, 0},
    {"Floor", "", 7, floor, 0},
    {"Ceil", "", 7, ceil, 0},
    {"Round", "", 11, rint, 0},
    {"Sin", "", 7, sin, 1e-6},
    {"Cos", "", 7, cos, 1e-6},
    {"Tan", "", 7, tan, 1e-6},
    {"Atan", "", 7, atan, 1e-6},
    {"Sinh", "", 9, sinh, 1e-6},
    {"Cosh", "", 9, cosh, 1e-6},
    {"Asinh", "", 9, asinh, 1e-6},
    {"Gelu", "", 20, gelu, 1e-6},
    {"Gelu", "com.microsoft", 1, gelu, 1e-6},
    {"FastGelu", "com.microsoft", 1, gelu_tanh, 1e-6},
};

/* Exact in every floating type, more of them than a vector is wide. */
enum { POINTS = 24 };
static const double points[POINTS] = {-8, -4, -2.5, -2, -1.5, -1.25, -1, -0.75, -0.5, -0.25, -0.125, -0.0625,
    0.0625, 0.125, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 4, 8};

static void try_sample(const sample *one, uint32_t dtype, double tolerance) {
    double expected[POINTS];
    trial t;
    for (int i = 0; i < POINTS; i++)
        expected[i] = one->expected(points[i]);
    trial_open_in(&t, one->domain, one->op, one->opset);
    trial_in(&t, dtype, DIMS(1, 3, 2, 4), (trial_numbers){points, POINTS});
    trial_gives(&t, dtype, DIMS(1, 3, 2, 4), (trial_numbers){expected, POINTS}, tolerance);
    trial_close(&t);
}

static void functions_in_every_floating_type(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        try_sample(&samples[i], SY_F32, samples[i].tolerance);
        try_sample(&samples[i], SY_F64, samples[i].tolerance > 0 ? 2e-8 : 0);
        try_sample(&samples[i], SY_F16, samples[i].tolerance > 0 ? 6e-4 : 0);
        try_sample(&samples[i], SY_BF16, samples[i].tolerance > 0 ? 5e-3 : 0);
    }
}

static void functions_with_a_narrow_domain(void **state) {
    (void)state;
    const double x[] = {0.125, 0.5, 1};
    static const struct {
        const char *op;
        double (*expected)(double x);
    } narrow[] = {{"Log", log}, {"Sqrt", sqrt}, {"Asin", asin}, {"Acos", acos}};
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        trial t;
        trial_open(&t, narrow[i].op, 9);
        trial_in(&t, SY_F32, DIMS(3), (trial_numbers){x, 3});
        trial_gives(&t, SY_F32, DIMS(3),
            NUMBERS(narrow[i].expected(x[0]), narrow[i].expected(x[1]), narrow[i].expected(x[2])), 1e-6);
        trial_close(&t);
    }
    trial t;
    trial_open(&t, "Atanh", 9);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(-0.5, 0.25));
    trial_gives(&t, SY_F32, DIMS(2), NUMBERS(atanh(-0.5), atanh(0.25)), 1e-6);
    trial_close(&t);
    trial_open(&t, "Acosh", 9);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1, 3));
    trial_gives(&t, SY_F32, DIMS(2), NUMBERS(0, acosh(3)), 1e-6);
    trial_close(&t);
}

static void special_values(void **state) {
    (void)state;
    static const struct {
        const char *op;
        uint32_t opset;
        double at_nan, at_infinity, at_minus_infinity;
    } special[] = {
        {"Relu", 7, NAN, INFINITY, 0},
        {"Sigmoid", 7, NAN, 1, 0},
        {"Tanh", 7, NAN, 1, -1},
        {"Erf", 9, NAN, 1, -1},
        {"Exp", 7, NAN, INFINITY, 0},
        {"Log", 7, NAN, INFINITY, NAN},
        {"Softplus", 7, NAN, INFINITY, 0},
        {"Elu", 7, NAN, INFINITY, -1},
        {"Celu", 12, NAN, INFINITY, -1},
        {"LeakyRelu", 7, NAN, INFINITY, -INFINITY},
        {"HardSigmoid", 7, NAN, 1, 0},
        {"Abs", 7, NAN, INFINITY, INFINITY},
        {"Sign", 9, NAN, 1, -1},
        {"Floor", 7, NAN, INFINITY, -INFINITY},
        {"Reciprocal", 7, NAN, 0, 0},
        {"Sqrt", 7, NAN, INFINITY, NAN},
    };
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_BF16};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) {
            trial t;
            trial_open(&t, special[i].op, special[i].opset);
            trial_in(&t, types[j], DIMS(3), NUMBERS(NAN, INFINITY, -INFINITY));
            trial_gives(&t, types[j], DIMS(3),
                NUMBERS(special[i].at_nan, special[i].at_infinity, special[i].at_minus_infinity), 0);
            trial_close(&t);
        }
}

static void ends_of_the_range_of_f32(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Exp", 7);
    trial_in(&t, SY_F32, DIMS(5), NUMBERS(88.5, 89, -87.5, -103, -105));
    trial_gives(&t, SY_F32, DIMS(5),
        NUMBERS(exp(88.5), INFINITY, (double)(float)exp(-87.5), (double)(float)exp(-103.0), 0), 1e-6);
    assert_true(((const float *)t.out[0].data)[2] > 0); /* subnormal, not 0 */
    trial_close(&t);
    trial_open(&t, "Log", 7);
    trial_in(&t, SY_F32, DIMS(4), NUMBERS(0, -1, 0x1p-149, FLT_MAX));
    trial_gives(&t, SY_F32, DIMS(4), NUMBERS(-INFINITY, NAN, log(0x1p-149), log((double)FLT_MAX)), 2e-7);
    trial_close(&t);
    trial_open(&t, "Round", 11);
    trial_in(&t, SY_F32, DIMS(5), NUMBERS(0.5, 1.5, 2.5, -0.5, 0x1p23 + 1));
    trial_gives(&t, SY_F32, DIMS(5), NUMBERS(0, 2, 2, 0, 0x1p23 + 1), 0);
    trial_close(&t);
}

static void integers_and_bool(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Abs", 13);
    trial_in(&t, SY_S8, DIMS(3), NUMBERS(-128, -3, 127));
    trial_gives(&t, SY_S8, DIMS(3), NUMBERS(-128, 3, 127), 0); /* wraps, and does not trap */
    trial_close(&t);
    trial_open(&t, "Neg", 13);
    trial_in(&t, SY_S64, DIMS(2), NUMBERS(-0x1p63, 5));
    trial_gives(&t, SY_S64, DIMS(2), NUMBERS(-0x1p63, -5), 0);
    trial_close(&t);
    trial_open(&t, "Sign", 13);
    trial_in(&t, SY_U64, DIMS(2), NUMBERS(0, 0x1p63));
    trial_gives(&t, SY_U64, DIMS(2), NUMBERS(0, 1), 0);
    trial_close(&t);
    trial_open(&t, "Relu", 14);
    trial_in(&t, SY_S32, DIMS(2), NUMBERS(-7, 7));
    trial_gives(&t, SY_S32, DIMS(2), NUMBERS(0, 7), 0);
    trial_close(&t);
    trial_open(&t, "Not", 7);
    trial_in(&t, SY_BOOL, DIMS(2), NUMBERS(0, 1));
    trial_gives(&t, SY_BOOL, DIMS(2), NUMBERS(1, 0), 0);
    trial_close(&t);
    trial_open(&t, "BitwiseNot", 18);
    trial_in(&t, SY_U16, DIMS(2), NUMBERS(0, 0x1234));
    trial_gives(&t, SY_U16, DIMS(2), NUMBERS(0xffff, 0xedcb), 0);
    trial_close(&t);
}

static void attributes_are_parameters(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "LeakyRelu", 7);
    trial_float(&t, "alpha", 0.5f);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(-4, 4));
    trial_gives(&t, SY_F32, DIMS(2), NUMBERS(-2, 4), 0);
    trial_close(&t);
    trial_open(&t, "HardSigmoid", 7);
    trial_float(&t, "alpha", 0.25f);
    trial_float(&t, "beta", 0.75f);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(-2, 0.5, 2));
    trial_gives(&t, SY_F32, DIMS(3), NUMBERS(0.25, 0.875, 1), 0);
    trial_close(&t);
    trial_open(&t, "Shrink", 9);
    trial_float(&t, "lambd", 1);
    trial_float(&t, "bias", 0.5f);
    trial_in(&t, SY_F32, DIMS(4), NUMBERS(-2, -1, 1, 2));
    trial_gives(&t, SY_F32, DIMS(4), NUMBERS(-1.5, 0, 0, 1.5), 0);
    trial_close(&t);
    trial_open(&t, "Celu", 12);
    trial_float(&t, "alpha", 2);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(-1, 3));
    trial_gives(&t, SY_F32, DIMS(2), NUMBERS(2 * expm1(-0.5), 3), 1e-6);
    trial_close(&t);
}

static void shapes_without_elements_and_scalars(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Relu", 7);
    trial_in(&t, SY_F32, DIMS(2, 0, 3), NOTHING);
    trial_gives(&t, SY_F32, DIMS(2, 0, 3), NOTHING, 0);
    trial_close(&t);
    trial_open(&t, "Neg", 7);
    trial_in(&t, SY_F32, SCALAR, NUMBERS(3));
    trial_gives(&t, SY_F32, SCALAR, NUMBERS(-3), 0);
    trial_close(&t);
    trial_open(&t, "Neg", 7); /* long enough for pieces */
    trial_in(&t, SY_F32, DIMS(10001), NUMBERS(2));
    trial_gives(&t, SY_F32, DIMS(10001), NUMBERS(-2), 0);
    trial_close(&t);
    trial_open(&t, "Neg", 7);
    trial_in(&t, SY_F32, DIMS(2, 1, 3, 1), NUMBERS(1, 2, 3, 4, 5, 6));
    trial_gives(&t, SY_F32, DIMS(2, 1, 3, 1), NUMBERS(-1, -2, -3, -4, -5, -6), 0);
    trial_close(&t);
}

static void bias_before_gelu(void **state) {
    (void)state;
    trial t;
    trial_open_in(&t, "com.microsoft", "BiasGelu", 1);
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(0, 1, -1, 2));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1, -1));
    trial_gives(&t, SY_F32, DIMS(2, 2), NUMBERS(gelu(1), gelu(0), gelu(0), gelu(1)), 1e-6);
    trial_close(&t);
    trial_open_in(&t, "com.microsoft", "FastGelu", 1);
    trial_in(&t, SY_F64, DIMS(1, 2), NUMBERS(0, 1));
    trial_in(&t, SY_F64, DIMS(2), NUMBERS(1, -1));
    trial_gives(&t, SY_F64, DIMS(1, 2), NUMBERS(gelu_tanh(1), 0), 1e-6);
    trial_close(&t);
    trial_open(&t, "Gelu", 20);
    trial_text(&t, "approximate", "tanh");
    trial_in(&t, SY_F32, DIMS(1), NUMBERS(1.5));
    trial_gives(&t, SY_F32, DIMS(1), NUMBERS(gelu_tanh(1.5)), 1e-6);
    trial_close(&t);
}

static void nan_and_infinity_are_found(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "IsNaN", 13);
    trial_in(&t, SY_F16, DIMS(3), NUMBERS(1, NAN, INFINITY));
    trial_gives(&t, SY_BOOL, DIMS(3), NUMBERS(0, 1, 0), 0);
    trial_close(&t);
    trial_open(&t, "IsInf", 10);
    trial_in(&t, SY_F32, DIMS(4), NUMBERS(1, NAN, INFINITY, -INFINITY));
    trial_gives(&t, SY_BOOL, DIMS(4), NUMBERS(0, 0, 1, 1), 0);
    trial_int(&t, "detect_negative", 0);
    trial_gives(&t, SY_BOOL, DIMS(4), NUMBERS(0, 0, 1, 0), 0);
    trial_close(&t);
}

static void what_is_refused(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Exp", 7);
    trial_in(&t, SY_S32, DIMS(1), NUMBERS(1));
    trial_refused(&t, SY_UNSUPPORTED, "Exp 'it' (opset 7): input 0 is s32");
    trial_close(&t);
    trial_open(&t, "Exp", 7);
    trial_in_left_out(&t);
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 0 is left out");
    trial_close(&t);
    trial_open(&t, "Gelu", 20);
    trial_text(&t, "approximate", "sine");
    trial_in(&t, SY_F32, DIMS(1), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "approximate is 'sine'");
    trial_close(&t);
    trial_open_in(&t, "com.microsoft", "BiasGelu", 1);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 1, f32[3], does not broadcast to f32[2]");
    trial_close(&t);
    assert_null(sy_net_op_find("", "Mish", 17));
    assert_null(sy_net_op_find("", "Sinh", 8));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_in_every_floating_type),
        cmocka_unit_test(functions_with_a_narrow_domain),
        cmocka_unit_test(special_values),
        cmocka_unit_test(ends_of_the_range_of_f32),
        cmocka_unit_test(integers_and_bool),
        cmocka_unit_test(attributes_are_parameters),
        cmocka_unit_test(shapes_without_elements_and_scalars),
        cmocka_unit_test(bias_before_gelu),
        cmocka_unit_test(nan_and_infinity_are_found),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
