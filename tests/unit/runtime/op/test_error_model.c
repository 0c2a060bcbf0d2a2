/* The error model against arithmetic done here in the declared precision: honest results pass, faults do not.
 */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/reference/gemm.h"
#include "runtime/base/convert.h"
#include "runtime/base/random.h"
#include "runtime/op/error_model.h"

enum { LENGTH_MAX = 16384 };

/* How a machine sums: the type of its sums, how it rounds, how many products go in at a time, and how it
 * lowers its inputs. */
typedef struct machine {
    const char *name, *problem;
    uint32_t math;
    uint32_t acc_dtype;
    bool truncates;        /* the sums, and the inputs if they are lowered */
    int group, input_bits; /* significand bits of inputs; 0: as they are */
} machine;

static const machine machines[] = {
    {"f32 in order", "dtype=f32", SY_MATH_STRICT, SY_F32, false, 1, 0},
    {"f32 in groups", "dtype=f32", SY_MATH_STRICT, SY_F32, false, 16, 0},
    {"bf16 in order", "dtype=bf16:bf16:f32", SY_MATH_STRICT, SY_F32, false, 1, 0},
    {"bf16, truncating unit", "dtype=bf16", SY_MATH_STRICT, SY_F32, true, 4, 0},
    {"f16, truncating unit", "dtype=f16:f16:f32", SY_MATH_STRICT, SY_F32, true, 16, 0},
    {"f16 sums", "dtype=f16:f16:f16:f16", SY_MATH_STRICT, SY_F16, false, 1, 0},
    {"f8, truncating unit", "dtype=f8e4m3:f8e5m2:f32", SY_MATH_STRICT, SY_F32, true, 16, 0},
    {"tf32", "dtype=f32,math=tf32", SY_MATH_TF32, SY_F32, true, 8, 11},
    {"tf32, rounded inputs", "dtype=f32,math=tf32", SY_MATH_TF32, SY_F32, false, 8, 11},
    {"hf32", "dtype=f32,math=hf32", SY_MATH_HF32, SY_F32, false, 8, 12},
    {"unknown, like tf32", "dtype=f32,math=any", SY_MATH_UNKNOWN, SY_F32, true, 4, 11},
    {"f64 in groups", "dtype=f64", SY_MATH_STRICT, SY_F64, false, 8, 0},
};

/* An input as the machine takes it: lowered to its significand bits, to nearest or towards zero. */
static double lower(const machine *how, double value) {
    int exponent = 0, bits = how->input_bits;
    if (bits == 0)
        return value;
    double scaled = ldexp(frexp(value, &exponent), bits);
    return ldexp(how->truncates ? trunc(scaled) : nearbyint(scaled), exponent - bits);
}

/* Sum in the machine's way. f64 holds a group's exact sum for the narrow types used here. */
static double sum_products(const machine *how, const double *a, const double *b, int64_t length) {
    double sum = 0.0;
    for (int64_t k = 0; k < length; k += how->group) {
        double next = 0.0;
        for (int64_t i = k; i < k + how->group && i < length; i++)
            next += lower(how, a[i]) * lower(how, b[i]);
        next += sum;
        if (how->truncates)
            fesetround(FE_TOWARDZERO);
        sum = how->acc_dtype == SY_F32 ? (double)(volatile float)next : next;
        fesetround(FE_TONEAREST);
        if (how->acc_dtype == SY_F16)
            sum = sy_convert_round(SY_F16, sum);
    }
    return sum;
}

static void make_model(
    const char *fields, int64_t length, uint32_t math, sy_spec *out_spec, sy_error_model *out) {
    char text[256];
    sy_error err = SY_ERROR_INIT;
    snprintf(text, sizeof text, "gemm:m=1,n=1,k=%lld,%s", (long long)length, fields);
    if (sy_spec_parse(text, NULL, out_spec, &err) != SY_OK ||
        sy_error_model_init(out_spec, math, 1.0, out, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
}

static void fill(sy_random *random, uint32_t dtype, double *values, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        values[i] = sy_convert_round(dtype, 2.0 * sy_random_unit(random) - 1.0);
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

static double a_values[LENGTH_MAX], b_values[LENGTH_MAX];

/* Largest error over its bound, and root mean square of error over sigma, of `trials` elements. */
static void try_machine(const machine *how, int64_t length, int trials, double *out_worst, double *out_rms) {
    sy_spec spec;
    sy_error_model model;
    sy_random random;
    double squares = 0.0;
    make_model(how->problem, length, how->math, &spec, &model);
    sy_random_seed(&random, 7, (uint64_t)length);
    *out_worst = 0.0;
    for (int i = 0; i < trials; i++) {
        fill(&random, spec.dtype_a, a_values, length);
        fill(&random, spec.dtype_b, b_values, length);
        sy_error_point point = point_of(a_values, b_values, length);
        double output = sy_convert_round(spec.dtype_c, sum_products(how, a_values, b_values, length));
        double error = fabs(output - point.result);
        *out_worst = fmax(*out_worst, error / sy_error_bound(&model, &point));
        squares += error / sy_error_sigma(&model, &point) * error / sy_error_sigma(&model, &point);
    }
    *out_rms = sqrt(squares / trials);
}

static void honest_machines_pass(void **state) {
    static const int64_t lengths[] = {1, 2, 3, 7, 16, 64, 257, 2048, 16384};
    (void)state;
    for (size_t m = 0; m < sizeof machines / sizeof machines[0]; m++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            double worst = 0.0, rms = 0.0;
            int trials = (int)(120000 / (lengths[i] + 60)) + 8;
            try_machine(&machines[m], lengths[i], trials, &worst, &rms);
            if (worst > 1.0)
                fail_msg("%s, k = %lld: error %.3g times its bound", machines[m].name, (long long)lengths[i],
                    worst);
            if (rms > 1.5)
                fail_msg("%s, k = %lld: deviation %.3g sigma", machines[m].name, (long long)lengths[i], rms);
        }
}

/* Where no truncation has to be allowed for, sigma is near the truth; everywhere, 8 sigma of sums in f32 or
 * f64 is small beside the deviation of the result, which is |a||b| / sqrt(k). */
static void bounds_are_not_far_above_the_truth(void **state) {
    enum { LENGTH = 1024 };
    (void)state;
    for (size_t m = 0; m < sizeof machines / sizeof machines[0]; m++) {
        double worst = 0.0, rms = 0.0;
        sy_spec spec;
        sy_error_model model;
        make_model(machines[m].problem, LENGTH, machines[m].math, &spec, &model);
        sy_error_point point = SY_ERROR_POINT_INIT;
        point.a_norm = point.b_norm = 1.0;
        double share = sy_error_bound(&model, &point) * sqrt(LENGTH);
        if (machines[m].acc_dtype != SY_F16 && share > 0.01)
            fail_msg("%s: the bound is %.3g of the result", machines[m].name, share);
        if (model.truncates || machines[m].group > 1)
            continue;
        try_machine(&machines[m], LENGTH, 100, &worst, &rms);
        if (rms < 0.1)
            fail_msg("%s: deviation %.3g sigma", machines[m].name, rms);
    }
}

/* Dropping the last 4 of k, or writing zero, must exceed the bound nearly always, at the largest lengths of
 * language models. */
static void faults_exceed_the_bound(void **state) {
    static const char *const problems[] = {
        "dtype=f32", "dtype=bf16", "dtype=bf16:bf16:f32", "dtype=f16", "dtype=f32,math=tf32", "dtype=f64"};
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        sy_spec spec;
        sy_error_model model;
        sy_random random;
        int dropped = 0, zeroed = 0, trials = 100;
        int64_t length = 4096;
        make_model(problems[i], length, SY_MATH_STRICT, &spec, &model);
        make_model(problems[i], length, spec.math, &spec, &model);
        sy_random_seed(&random, 11, i);
        for (int t = 0; t < trials; t++) {
            fill(&random, spec.dtype_a, a_values, length);
            fill(&random, spec.dtype_b, b_values, length);
            sy_error_point point = point_of(a_values, b_values, length);
            double bound = sy_error_bound(&model, &point);
            double tail = point_of(a_values + length - 4, b_values + length - 4, 4).product;
            dropped += fabs(tail) > bound;
            zeroed += fabs(point.product) > bound;
        }
        assert_true(zeroed >= 95);
        assert_true(dropped >= (spec.dtype_c == SY_BF16 ? 20 : 60)); /* bf16 results have 8 bits */
    }
}

static void integers_must_be_exact(void **state) {
    sy_spec spec;
    sy_error_model model;
    sy_error_point point = SY_ERROR_POINT_INIT;
    (void)state;
    make_model("dtype=s8", 4096, SY_MATH_STRICT, &spec, &model);
    point.a_norm = point.b_norm = 127.0 * 64;
    point.product = point.result = 12345;
    assert_true(sy_error_sigma(&model, &point) == 0.0 && sy_error_bound(&model, &point) == 0.0);
    make_model("dtype=s8", 4096, SY_MATH_UNKNOWN, &spec, &model);
    assert_true(sy_error_bound(&model, &point) == 0.0);
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_NONE);
    point.product = point.result = 2147483648.0;
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_CERTAIN);
    point.product = point.result = -2147483648.0;
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_NONE);
}

static void a_row_is_the_root_of_its_squares(void **state) {
    sy_spec spec;
    sy_error_model model;
    sy_error_point row = SY_ERROR_POINT_INIT;
    double squares = 0.0, b_square = 0.0, product_square = 0.0;
    (void)state;
    make_model("dtype=bf16,alpha=0.5", 300, SY_MATH_STRICT, &spec, &model);
    for (int j = 1; j <= 50; j++) {
        sy_error_point point = SY_ERROR_POINT_INIT;
        point.a_norm = 3.0;
        point.b_norm = j;
        point.product = j * 0.1;
        point.result = j * 0.05;
        double sigma = sy_error_sigma(&model, &point);
        squares += sigma * sigma;
        b_square += (double)j * j;
        product_square += point.product * point.product;
    }
    row.a_norm = 3.0;
    row.b_norm = sqrt(b_square);
    row.product = sqrt(product_square);
    row.result = 0.5 * row.product;
    row.count = 50;
    assert_true(fabs(sy_error_sigma(&model, &row) / sqrt(squares) - 1.0) < 1e-12);
}

static void limit_caps_short_sums_and_gives_up_on_long_f16(void **state) {
    sy_spec spec;
    sy_error_model model;
    sy_error_point point = SY_ERROR_POINT_INIT;
    (void)state;
    point.a_norm = point.b_norm = point.absolute = point.product = point.result = 1.0;
    make_model("dtype=f32", 1, SY_MATH_STRICT, &spec, &model);
    assert_true(sy_error_limit(&model, &point) < 8.0 * sy_error_sigma(&model, &point));
    assert_true(sy_error_bound(&model, &point) == sy_error_limit(&model, &point));
    make_model("dtype=f16:f16:f16:f16", 4096, SY_MATH_STRICT, &spec, &model);
    assert_true(isinf(sy_error_limit(&model, &point)));
    assert_true(sy_error_bound(&model, &point) == 8.0 * sy_error_sigma(&model, &point));
    make_model("dtype=f32", 0, SY_MATH_STRICT, &spec, &model);
    point = SY_ERROR_POINT_INIT;
    assert_true(sy_error_bound(&model, &point) <= 0x1p-126);
}

static void wider_math_widens(void **state) {
    sy_spec spec;
    sy_error_model model;
    sy_error_point point = SY_ERROR_POINT_INIT;
    double sigma[SY_MATH_COUNT];
    (void)state;
    point.a_norm = point.b_norm = 20.0;
    for (uint32_t math = 0; math < SY_MATH_COUNT; math++) {
        make_model("dtype=f32,math=any", 400, math, &spec, &model);
        sigma[math] = sy_error_sigma(&model, &point);
    }
    assert_true(sigma[SY_MATH_STRICT] < sigma[SY_MATH_BF16X3]);
    assert_true(sigma[SY_MATH_BF16X3] < sigma[SY_MATH_HF32] && sigma[SY_MATH_HF32] < sigma[SY_MATH_TF32]);
    assert_true(sigma[SY_MATH_TF32] <= sigma[SY_MATH_ANY] && sigma[SY_MATH_ANY] <= sigma[SY_MATH_UNKNOWN]);
    double plain = sigma[SY_MATH_STRICT];
    assert_int_equal(sy_error_model_init(&spec, SY_MATH_STRICT, 10.0, &model, NULL), SY_OK);
    assert_true(sy_error_sigma(&model, &point) > 9.0 * plain);
    make_model("dtype=bf16:bf16:f32,math=any", 400, SY_MATH_TF32, &spec, &model);
    assert_true(model.u_input == 0.0); /* narrow inputs are exact already */
}

static void scalars_scale_the_error(void **state) {
    sy_spec spec;
    sy_error_model model;
    sy_error_point point = SY_ERROR_POINT_INIT;
    (void)state;
    point.a_norm = point.b_norm = 20.0;
    make_model("dtype=f32", 400, SY_MATH_STRICT, &spec, &model);
    double plain = sy_error_sigma(&model, &point);
    make_model("dtype=f32,alpha=-1000", 400, SY_MATH_STRICT, &spec, &model);
    assert_true(fabs(sy_error_sigma(&model, &point) / plain - 1000.0) < 1e-6);
    point.gain = 0.01;
    assert_true(fabs(sy_error_sigma(&model, &point) / plain - 10.0) < 1e-6);
}

static void overflow_is_told_apart(void **state) {
    sy_spec spec;
    sy_error_model model;
    sy_error_point point = SY_ERROR_POINT_INIT;
    (void)state;
    make_model("dtype=f16", 64, SY_MATH_STRICT, &spec, &model);
    point.a_norm = point.b_norm = 100.0;
    point.product = point.result = 1000.0;
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_NONE);
    point.product = point.result = 65500.0;
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_POSSIBLE);
    point.product = point.result = 70000.0;
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_CERTAIN);
    make_model("dtype=f16:f16:f32:f16", 64, SY_MATH_STRICT, &spec, &model);
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_CERTAIN);
    point.product = point.result = 5.0;
    point.absolute = 90000.0;
    assert_int_equal(sy_error_overflow(&model, &point), SY_OVERFLOW_POSSIBLE);
}

static void bad_requests_are_refused(void **state) {
    sy_spec spec;
    sy_error_model model;
    (void)state;
    assert_int_equal(sy_spec_parse("peak:flop=1", NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_error_model_init(&spec, SY_MATH_STRICT, 1.0, &model, NULL), SY_UNSUPPORTED);
    assert_int_equal(sy_spec_parse("gemm:m=1,n=1,k=1", NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_error_model_init(&spec, SY_MATH_COUNT, 1.0, &model, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_error_model_init(&spec, 0, 0.5, &model, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_error_model_init(&spec, 0, NAN, &model, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_error_model_init(&spec, 0, INFINITY, &model, NULL), SY_INVALID_ARGUMENT);
    spec.u.gemm.m = 0;
    assert_int_equal(sy_error_model_init(&spec, 0, 1.0, &model, NULL), SY_INVALID_ARGUMENT);
}

static void convolution_length_is_one_window(void **state) {
    sy_spec spec;
    sy_error_model model;
    (void)state;
    assert_int_equal(sy_spec_parse("conv2d:n=1,c=12,h=9,w=9,k=6,r=3,s=5,groups=3", NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_error_model_init(&spec, SY_MATH_STRICT, 1.0, &model, NULL), SY_OK);
    assert_true(model.length == 60.0 && model.alpha == 1.0 && model.beta == 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_machines_pass),
        cmocka_unit_test(bounds_are_not_far_above_the_truth),
        cmocka_unit_test(faults_exceed_the_bound),
        cmocka_unit_test(integers_must_be_exact),
        cmocka_unit_test(a_row_is_the_root_of_its_squares),
        cmocka_unit_test(limit_caps_short_sums_and_gives_up_on_long_f16),
        cmocka_unit_test(wider_math_widens),
        cmocka_unit_test(scalars_scale_the_error),
        cmocka_unit_test(overflow_is_told_apart),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(convolution_length_is_one_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
