/* The error model of what follows the sum: scalars, epilogues, dequantisation, each done here in f32. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "kernels/reference/gemm.h"
#include "kernels/reference/post.h"
#include "runtime/base/convert.h"
#include "runtime/base/random.h"
#include "runtime/op/error_model.h"

static void make_model(
    const char *fields, int64_t length, uint32_t math, sy_spec *out_spec, sy_error_model *out) {
    char text[256];
    sy_error err = SY_ERROR_INIT;
    snprintf(text, sizeof text, "gemm:m=1,n=1,k=%lld,%s", (long long)length, fields);
    if (sy_spec_parse(text, NULL, out_spec, &err) != SY_OK ||
        sy_error_model_init(out_spec, math, 1.0, out, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
}

static sy_error_point point_of(const double *a, const double *b, int64_t length) {
    const sy_reference_gemm gemm = {
        .m = 1, .n = 1, .k = length, .a = a, .b = b, .a_stride = {0, 1}, .b_stride = {1, 0}};
    sy_reference_point sums;
    sy_reference_gemm_point(&gemm, 0, 0, &sums);
    sy_error_point point = SY_ERROR_POINT_INIT;
    point.a_norm = sums.a_norm;
    point.b_norm = sums.b_norm;
    point.absolute = sums.absolute;
    point.product = point.result = sums.sum;
    return point;
}

/* s32 sum, to f32, times two scales, to the output type: done here in f32. */
static void dequantisation_passes(void **state) {
    static const char *const problems[] = {"dtype=s8:s8:f32,epilogue=dequant",
        "dtype=s8:s8:f16,epilogue=dequant", "dtype=u8:s8:bf16,epilogue=dequant"};
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        sy_spec spec;
        sy_error_model model;
        sy_random random;
        make_model(problems[i], 4096, SY_MATH_STRICT, &spec, &model);
        sy_random_seed(&random, 3, i);
        for (int t = 0; t < 3000; t++) {
            double sum = nearbyint((sy_random_unit(&random) - 0.5) * 6e7);
            float row = (float)(sy_random_unit(&random) / 127 + 1e-4),
                  column = (float)(sy_random_unit(&random) / 127);
            float value = (float)sum * row * column;
            sy_error_point point = SY_ERROR_POINT_INIT;
            point.product = sum;
            point.result = sum * (double)row * (double)column;
            sy_error_point_epilogue(&spec, sum, (double)row, (double)column, &point);
            double output = sy_convert_round(spec.dtype_c, (double)value);
            assert_true(fabs(output - point.result) <= sy_error_bound(&model, &point));
            assert_true(sy_error_bound(&model, &point) <= 0.05 * fabs(point.result) + 1e-6);
        }
    }
}

static float relu(float x) {
    return x > 0.0f ? x : 0.0f;
}

static float gelu_erf(float x) {
    return 0.5f * x * (1.0f + erff(x * 0.70710678f));
}

static float gelu_tanh(float x) {
    return 0.5f * x * (1.0f + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
}

static float silu(float x) {
    return x / (1.0f + expf(-x));
}

/* Scalars and activations as a device would compute them, in f32. */
static const struct {
    const char *problem;
    uint32_t kind;
    float (*apply)(float x);
} scalar_rows[] = {
    {"epilogue=none,alpha=1e-3,beta=1000", 0, NULL},
    {"epilogue=bias,alpha=0.1,beta=0.3", 0, NULL},
    {"epilogue=bias_relu,alpha=-7", SY_POST_RELU, relu},
    {"epilogue=bias_gelu_erf,beta=3", SY_POST_GELU_ERF, gelu_erf},
    {"epilogue=bias_gelu_tanh,alpha=3", SY_POST_GELU_TANH, gelu_tanh},
    {"epilogue=bias_silu,alpha=2,beta=2", SY_POST_SILU, silu},
};

/* One element with random inputs, C and bias through row `row`. */
static void check_scalars(size_t row, const sy_spec *spec, const sy_error_model *model, sy_random *random) {
    enum { LENGTH = 8 };
    double a[LENGTH], b[LENGTH];
    float product = 0.0f;
    for (size_t i = 0; i < LENGTH; i++) {
        a[i] = (double)(float)(2.0 * sy_random_unit(random) - 1.0);
        b[i] = (double)(float)(2.0 * sy_random_unit(random) - 1.0);
        product += (float)a[i] * (float)b[i];
    }
    float c = (float)sy_random_normal(random), bias = (float)sy_random_normal(random);
    double alpha = spec->u.gemm.alpha, beta = spec->u.gemm.beta;
    bias = spec->epilogue == SY_EPILOGUE_NONE ? 0.0f : bias;
    sy_error_point point = point_of(a, b, LENGTH);
    point.accumulate = (double)c;
    double sum = alpha * point.product + beta * (double)c;
    float value = (float)alpha * product + (float)beta * c + bias;
    point.result = sum + (double)bias;
    sy_error_point_epilogue(spec, sum, (double)bias, 0.0, &point);
    if (scalar_rows[row].apply != NULL) {
        const sy_reference_post post = {.kind = scalar_rows[row].kind};
        value = scalar_rows[row].apply(value);
        point.result = sy_reference_post_value(&post, point.result, 0.0);
    }
    assert_true(fabs((double)value - point.result) <= sy_error_bound(model, &point));
}

static void scalars_and_posts_pass(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof scalar_rows / sizeof scalar_rows[0]; i++) {
        sy_spec spec;
        sy_error_model model;
        sy_random random;
        make_model(scalar_rows[i].problem, 8, SY_MATH_STRICT, &spec, &model);
        sy_random_seed(&random, 5, i);
        for (int t = 0; t < 3000; t++)
            check_scalars(i, &spec, &model, &random);
    }
}

/* No products at all: what is left is the activation's own error, which is of the size of its input. */
static void activations_of_a_bare_bias_pass(void **state) {
    (void)state;
    for (size_t i = 3; i < sizeof scalar_rows / sizeof scalar_rows[0]; i++) {
        sy_spec spec;
        sy_error_model model;
        const sy_reference_post post = {.kind = scalar_rows[i].kind};
        make_model(scalar_rows[i].problem, 8, SY_MATH_STRICT, &spec, &model);
        for (int step = -600; step <= 600; step++) {
            float bias = (float)step / 93.0f;
            sy_error_point point = SY_ERROR_POINT_INIT;
            sy_error_point_epilogue(&spec, 0.0, (double)bias, 0.0, &point);
            point.result = sy_reference_post_value(&post, (double)bias, 0.0);
            double error = fabs((double)scalar_rows[i].apply(bias) - point.result);
            assert_true(error <= sy_error_bound(&model, &point));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dequantisation_passes),
        cmocka_unit_test(scalars_and_posts_pass),
        cmocka_unit_test(activations_of_a_bare_bias_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
