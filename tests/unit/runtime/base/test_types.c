/* The table of element types and math modes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/gemm/gemm_types.h"
#include "steelyard/problem.h"
#include "steelyard/types.h"

static void every_dtype_has_its_row(void **state) {
    (void)state;
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++) {
        assert_int_equal(sy_dtype_parse(sy_dtype_name(dtype)), dtype);
        assert_true(sy_dtype_size(dtype) >= 1 && sy_dtype_size(dtype) <= 8);
        assert_true(sy_dtype_largest(dtype) > 0.0);
        assert_int_equal(sy_dtype_is_float(dtype), sy_dtype_digits(dtype) > 0);
    }
    assert_true(sy_dtype_unit_roundoff(SY_F32) == 0x1p-24 && sy_dtype_unit_roundoff(SY_BF16) == 0x1p-8);
    assert_true(sy_dtype_unit_roundoff(SY_F8E4M3) == 0x1p-4 && sy_dtype_unit_roundoff(SY_S8) == 0.0);
    assert_true(sy_dtype_largest(SY_F8E4M3) == 448.0 && sy_dtype_largest(SY_BF16) == 0x1.fep127);
}

static void no_dtype_is_all_zero(void **state) {
    static const uint32_t wrong[] = {SY_DTYPE_NONE, SY_DTYPE_COUNT, UINT32_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(sy_dtype_size(wrong[i]), 0);
        assert_int_equal(sy_dtype_digits(wrong[i]), 0);
        assert_true(sy_dtype_largest(wrong[i]) == 0.0 && sy_dtype_unit_roundoff(wrong[i]) == 0.0);
        assert_false(sy_dtype_is_float(wrong[i]));
        assert_string_equal(sy_dtype_name(wrong[i]), wrong[i] == SY_DTYPE_NONE ? "none" : "?");
    }
}

static void dtype_names_are_exact(void **state) {
    static const char *const wrong[] = {"", "none", "?", "F32", "f32 ", "bf", "int32", "f8"};
    (void)state;
    assert_int_equal(sy_dtype_parse("int8"), SY_S8);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(sy_dtype_parse(wrong[i]), SY_DTYPE_NONE);
}

static void math_names_round_trip(void **state) {
    uint32_t parsed = 77;
    (void)state;
    for (uint32_t math = 0; math < SY_MATH_COUNT; math++) {
        assert_true(sy_math_parse(sy_math_name(math), &parsed));
        assert_int_equal(parsed, math);
    }
    parsed = 77;
    assert_false(sy_math_parse("TF32", &parsed));
    assert_int_equal(parsed, 77);
    assert_string_equal(sy_math_name(SY_MATH_COUNT), "?");
}

static void math_serves_what_allows_it(void **state) {
    (void)state;
    for (uint32_t math = 0; math < SY_MATH_COUNT; math++) {
        assert_true(sy_math_allows(SY_MATH_ANY, math));
        assert_int_equal(sy_math_allows(SY_MATH_STRICT, math), math == SY_MATH_STRICT);
        assert_int_equal(sy_math_allows(math, SY_MATH_STRICT), math <= SY_MATH_ANY);
    }
    assert_true(sy_math_allows(SY_MATH_HF32, SY_MATH_TF32));
    assert_false(sy_math_allows(SY_MATH_TF32, SY_MATH_HF32));
    assert_false(sy_math_allows(SY_MATH_BF16X3, SY_MATH_UNKNOWN));
    assert_false(sy_math_allows(SY_MATH_UNKNOWN, SY_MATH_STRICT));
    assert_false(sy_math_allows(SY_MATH_ANY, SY_MATH_COUNT));
}

/* Kernels do not include the public headers; their numbers must be the same. */
static void kernels_use_the_same_numbers(void **state) {
    (void)state;
    static const uint32_t pairs[][2] = {{SY_ELEMENT_F64, SY_F64}, {SY_ELEMENT_F32, SY_F32},
        {SY_ELEMENT_F16, SY_F16}, {SY_ELEMENT_BF16, SY_BF16}, {SY_ELEMENT_F8E4M3, SY_F8E4M3},
        {SY_ELEMENT_F8E5M2, SY_F8E5M2}, {SY_ELEMENT_S8, SY_S8}, {SY_ELEMENT_U8, SY_U8},
        {SY_ELEMENT_S32, SY_S32}, {SY_KERNEL_POST_BIAS, SY_POST_BIAS}, {SY_KERNEL_POST_ADD, SY_POST_ADD},
        {SY_KERNEL_POST_RELU, SY_POST_RELU}, {SY_KERNEL_POST_CLIP, SY_POST_CLIP},
        {SY_KERNEL_POST_SILU, SY_POST_SILU}, {SY_KERNEL_POST_GELU_ERF, SY_POST_GELU_ERF},
        {SY_KERNEL_POST_GELU_TANH, SY_POST_GELU_TANH}, {SY_KERNEL_POST_SCALE_ROW, SY_POST_SCALE_ROW},
        {SY_KERNEL_POST_SCALE_COL, SY_POST_SCALE_COL}, {SY_KERNEL_POST_REQUANT, SY_POST_REQUANT},
        {SY_KERNEL_POST_SIGMOID, SY_POST_SIGMOID}, {SY_KERNEL_POST_TANH, SY_POST_TANH},
        {SY_KERNEL_MAX_POSTS, SY_MAX_POSTS}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_int_equal(pairs[i][0], pairs[i][1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_dtype_has_its_row),
        cmocka_unit_test(no_dtype_is_all_zero),
        cmocka_unit_test(dtype_names_are_exact),
        cmocka_unit_test(math_names_round_trip),
        cmocka_unit_test(math_serves_what_allows_it),
        cmocka_unit_test(kernels_use_the_same_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
