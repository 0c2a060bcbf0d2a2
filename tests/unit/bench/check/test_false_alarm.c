/* Honest results over many seeds, types, shapes, epilogues and orders of summation: none may be called wrong.
 */
#include "bench/check/check.h"
#include "bench/check/honest.h"
#include "runtime/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const float_types[] = {"f64", "f32", "f16", "f16:f16:f16:f16", "f16:f16:f32", "bf16",
    "bf16:bf16:f32", "f8e4m3", "f8e5m2", "f8e4m3:f8e5m2:f8e4m3", "f8e5m2:f8e4m3:f8e5m2", "f8e4m3:f8e4m3:f16"};
static const char *const float_epilogues[] = {
    "none", "bias", "bias_relu", "bias_gelu_erf", "bias_gelu_tanh", "bias_silu", "residual_relu"};
static const char *const scalars[] = {"", ",alpha=0.5", ",beta=1", ",alpha=-1.7,beta=0.3", ",alpha=1e-3"};

static const char *pick(sy_random *random, const char *const *list, size_t count) {
    return list[sy_random_below(random, count)];
}

/* Mostly short sums; now and then a long one, with a small result. */
static void draw_gemm(sy_random *random, char *text, size_t capacity) {
    bool is_long = sy_random_below(random, 20) == 0;
    unsigned m = (unsigned)sy_random_below(random, is_long ? 3 : 40) + 1;
    unsigned n = (unsigned)sy_random_below(random, is_long ? 9 : 40) + 1;
    unsigned k = (unsigned)sy_random_below(random, is_long ? 30000 : 200);
    const char *scalar = pick(random, scalars, COUNT(scalars));
    if (sy_random_below(random, 5) == 0)
        snprintf(text, capacity, "gemm:m=%u,n=%u,k=%u,%s", m, n, k,
            sy_random_below(random, 2) != 0 ? "dtype=u8" : "dtype=s8:s8:bf16:s32,epilogue=dequant");
    else
        snprintf(text, capacity, "gemm:m=%u,n=%u,k=%u%s,dtype=%s,epilogue=%s", m, n, k, scalar,
            pick(random, float_types, COUNT(float_types)),
            pick(random, float_epilogues, COUNT(float_epilogues)));
}

static void draw_conv(sy_random *random, char *text, size_t capacity) {
    unsigned groups = sy_random_below(random, 3) == 0 ? 4 : 1, r = (unsigned)sy_random_below(random, 3) + 1;
    snprintf(text, capacity,
        "conv2d:n=%u,c=%u,h=%u,w=%u,k=%u,r=%u,s=%u,pad=%u,groups=%u,dtype=%s,epilogue=%s",
        (unsigned)sy_random_below(random, 4) + 1, 4 * ((unsigned)sy_random_below(random, 5) + 1),
        (unsigned)sy_random_below(random, 9) + 3, (unsigned)sy_random_below(random, 9) + 3,
        4 * ((unsigned)sy_random_below(random, 9) + 1), r, 4 - r, (unsigned)sy_random_below(random, 2),
        groups, pick(random, float_types, COUNT(float_types)),
        pick(random, float_epilogues, COUNT(float_epilogues)));
}

static uint32_t draw_math(sy_random *random, const sy_spec *spec) {
    static const uint32_t maths[] = {SY_MATH_STRICT, SY_MATH_TF32, SY_MATH_HF32};
    return spec->dtype_a == SY_F32 ? maths[sy_random_below(random, 3)] : (uint32_t)SY_MATH_STRICT;
}

/* One random problem, worked out honestly and checked. */
static void check_one(sy_random *random, sy_data_block *const block[4]) {
    char text[SY_SPEC_TEXT_MAX];
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    if (sy_random_below(random, 3) == 0)
        draw_conv(random, text, sizeof text);
    else
        draw_gemm(random, text, sizeof text);
    if (sy_spec_parse(text, NULL, &spec, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
    spec.math = draw_math(random, &spec);
    uint64_t set[SY_MAX_TENSORS];
    for (size_t i = 0; i < SY_MAX_TENSORS; i++)
        set[i] = sy_random_below(random, 100);
    sy_check_request request = {.spec = &spec,
        .block = block[sy_random_below(random, 10) < 6 ? 0 : sy_random_below(random, 4)],
        .key = sy_random_next(random),
        .seed = sy_random_next(random),
        .set = set,
        .math = spec.math,
        .algorithm_bound_factor = 1.0,
        .budget_ns = sy_random_below(random, 2) != 0 ? 0 : 20000};
    check_product *product = malloc(sizeof *product);
    assert_non_null(product);
    assert_int_equal(check_product_init(&request, product, &err), SY_OK);
    assert_int_equal(sy_check_output_bytes(&spec, &request.output_bytes, &err), SY_OK);
    void *output = malloc(request.output_bytes);
    check_honest how = {.order = (uint32_t)sy_random_below(random, CHECK_ORDER_COUNT)};
    if (!check_honest_allows(product, how.order))
        how.order = CHECK_ORDER_SEQUENTIAL;
    assert_int_equal(check_honest_run(product, &how, output, &err), SY_OK);
    request.output = output;
    sy_check_result result;
    assert_int_equal(sy_check_run(&request, &result, &err), SY_OK);
    if (result.status != SY_OK && result.status != SY_OVERFLOW)
        fail_msg("%s math %u data %s order %u %s: %s", text, spec.math,
            sy_data_name(sy_data_block_kind(request.block)), how.order, result.method, result.reason);
    free(output);
    free(product);
}

static void honest_results_are_never_accused(void **state) {
    (void)state;
    const char *wanted = getenv("STEELYARD_TEST_RUNS");
    long runs = wanted != NULL ? strtol(wanted, NULL, 10) : 2000;
    sy_data_block *block[4];
    for (uint32_t data = 0; data < 4; data++)
        assert_int_equal(sy_data_block_create(data, 5, &block[data], NULL), SY_OK);
    sy_random random;
    sy_random_seed(&random, 20261122, 0);
    for (long run = 0; run < runs; run++)
        check_one(&random, block);
    for (uint32_t data = 0; data < 4; data++)
        sy_data_block_destroy(block[data]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(honest_results_are_never_accused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
