/* Post-operations: known values, order, broadcasting, special values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/gemm/gemm_types.h"
#include "kernels/reference/post.h"

/* Values from tables of the functions, to 12 digits. */
static const struct {
    uint32_t kind;
    double a, b, value, operand, expected;
} known[] = {
    {SY_KERNEL_POST_BIAS, 0, 0, 1.5, -2.0, -0.5},
    {SY_KERNEL_POST_ADD, 0, 0, 1.5, 0.25, 1.75},
    {SY_KERNEL_POST_RELU, 0, 0, -3.0, 0, 0.0},
    {SY_KERNEL_POST_RELU, 0, 0, 3.0, 0, 3.0},
    {SY_KERNEL_POST_CLIP, -1, 6, 7.0, 0, 6.0},
    {SY_KERNEL_POST_CLIP, -1, 6, -7.0, 0, -1.0},
    {SY_KERNEL_POST_CLIP, -1, 6, 2.0, 0, 2.0},
    {SY_KERNEL_POST_SILU, 0, 0, 1.0, 0, 0.731058578630},
    {SY_KERNEL_POST_SILU, 0, 0, -800.0, 0, 0.0},
    {SY_KERNEL_POST_GELU_ERF, 0, 0, 1.0, 0, 0.841344746069},
    {SY_KERNEL_POST_GELU_ERF, 0, 0, -1.0, 0, -0.158655253931},
    {SY_KERNEL_POST_GELU_TANH, 0, 0, 1.0, 0, 0.841191990608},
    {SY_KERNEL_POST_SCALE_ROW, 0, 0, 3.0, 0.5, 1.5},
    {SY_KERNEL_POST_SCALE_COL, 0, 0, 3.0, -2.0, -6.0},
    {SY_KERNEL_POST_REQUANT, 0.5, 3, 5.0, 0, 5.0},
    {SY_KERNEL_POST_REQUANT, 0.5, 3, 7.0, 0, 7.0},
    {SY_KERNEL_POST_REQUANT, 1, 0, 1e9, 0, 1e9},
    {SY_KERNEL_POST_SIGMOID, 0, 0, 0.0, 0, 0.5},
    {SY_KERNEL_POST_SIGMOID, 0, 0, -1000.0, 0, 0.0},
    {SY_KERNEL_POST_TANH, 0, 0, 1.0, 0, 0.761594155956},
};

static void posts_have_known_values(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const sy_reference_post post = {.kind = known[i].kind, .a = known[i].a, .b = known[i].b};
        double value = sy_reference_post_value(&post, known[i].value, known[i].operand);
        if (!(fabs(value - known[i].expected) <= 1e-11))
            fail_msg("row %zu: %.12g, expected %.12g", i, value, known[i].expected);
    }
}

static void nan_goes_through_every_post(void **state) {
    (void)state;
    for (uint32_t kind = SY_KERNEL_POST_BIAS; kind <= SY_KERNEL_POST_TANH; kind++) {
        const sy_reference_post post = {.kind = kind, .a = -1.0, .b = 1.0};
        assert_true(isnan(sy_reference_post_value(&post, NAN, 1.0)));
    }
    assert_true(isnan(sy_reference_post_value(&(sy_reference_post){.kind = 99}, 1.0, 1.0)));
}

static void infinities_have_their_limits(void **state) {
    static const uint32_t gates[] = {
        SY_KERNEL_POST_SILU, SY_KERNEL_POST_GELU_ERF, SY_KERNEL_POST_GELU_TANH, SY_KERNEL_POST_RELU};
    (void)state;
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        const sy_reference_post post = {.kind = gates[i]};
        assert_true(sy_reference_post_value(&post, INFINITY, 0.0) == INFINITY);
        assert_true(sy_reference_post_value(&post, -INFINITY, 0.0) == 0.0);
    }
}

static void posts_apply_in_order_with_broadcast(void **state) {
    double values[12], bias[3] = {10.0, -20.0, 0.5}, scale[2] = {2.0, -1.0};
    const sy_reference_post posts[] = {
        {.kind = SY_KERNEL_POST_BIAS, .operand = bias, .stride = {0, 0, 0, 1}},
        {.kind = SY_KERNEL_POST_RELU},
        {.kind = SY_KERNEL_POST_SCALE_ROW, .operand = scale, .stride = {0, 0, 1, 0}},
    };
    const int64_t dim[4] = {2, 1, 2, 3}, stride[4] = {6, 6, 3, 1};
    (void)state;
    for (size_t i = 0; i < 12; i++)
        values[i] = (double)i;
    sy_reference_post_apply(posts, 3, dim, stride, values);
    const double expected[12] = {20, 0, 5, -13, 0, -5.5, 32, 0, 17, -19, 0, -11.5};
    for (size_t i = 0; i < 12; i++)
        assert_true(values[i] == expected[i]);
    const int64_t at[4] = {1, 0, 1, 2};
    assert_true(sy_reference_post_element(posts, 3, at, 11.0) == -11.5);
    assert_true(sy_reference_post_element(posts, 0, at, 11.0) == 11.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_have_known_values),
        cmocka_unit_test(nan_goes_through_every_post),
        cmocka_unit_test(infinities_have_their_limits),
        cmocka_unit_test(posts_apply_in_order_with_broadcast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
