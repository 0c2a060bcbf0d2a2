/* Conversion between f64 and every element type. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/convert.h"

static void small_integers_are_exact_in_every_type(void **state) {
    enum { COUNT = 9 };
    static const double values[COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8}; /* f8e5m2 ends at 8 */
    double elements[COUNT], back[COUNT];
    (void)state;
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++) {
        uint64_t count = COUNT - 1;
        memset(back, 0xff, sizeof back);
        sy_convert_from_f64(dtype, values, count, elements);
        sy_convert_to_f64(dtype, elements, count, back);
        for (uint64_t i = 0; i < count; i++)
            assert_true(back[i] == values[i]);
        assert_true(isnan(back[count])); /* nothing beyond count is written */
    }
}

static const struct {
    uint32_t dtype;
    double value, expected;
} stored[] = {
    {SY_S8, 127.5, 127},
    {SY_S8, 126.5, 126},
    {SY_S8, -128.6, -128},
    {SY_S8, 0.5, 0},
    {SY_S8, 1.5, 2},
    {SY_S8, 1e300, 127},
    {SY_S8, -INFINITY, -128},
    {SY_U8, -0.4, 0},
    {SY_U8, -5, 0},
    {SY_U8, 254.5, 254},
    {SY_U8, 255.5, 255},
    {SY_U8, INFINITY, 255},
    {SY_S32, 2147483646.5, 2147483646},
    {SY_S32, 2147483648.0, 2147483647},
    {SY_S32, -2147483649.0, -2147483648.0},
    {SY_S32, 2.5, 2},
    {SY_F16, 65519.0, 65504},
    {SY_F16, 65520.0, INFINITY},
    {SY_BF16, 1.00390625, 1.0},
    {SY_BF16, 1.01171875, 1.015625},
    {SY_F32, 1.0 + 0x1p-24, 1.0},
    {SY_F32, 0x1p-149, 0x1p-149},
    {SY_F32, 1e39, INFINITY},
    {SY_F64, 0.1, 0.1},
    {SY_F8E4M3, 17.0, 16},
    {SY_F8E4M3, -460.0, -448},
    {SY_F8E5M2, 0x1p-17, 0},
    {SY_F8E5M2, 0x1.8p-17, 0x1p-16},
};

static void values_round_to_nearest_even_and_saturate(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof stored / sizeof stored[0]; i++) {
        double value = sy_convert_round(stored[i].dtype, stored[i].value);
        if (value != stored[i].expected)
            fail_msg("%s of %.17g: %.17g, expected %.17g", sy_dtype_name(stored[i].dtype), stored[i].value,
                value, stored[i].expected);
    }
}

static void nan_stays_nan_or_becomes_zero(void **state) {
    (void)state;
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++) {
        double value = sy_convert_round(dtype, NAN);
        assert_true(sy_dtype_is_float(dtype) ? isnan(value) : value == 0.0);
        assert_false(sy_convert_overflows(dtype, NAN));
        assert_false(sy_convert_overflows(dtype, INFINITY));
    }
    assert_true(isnan(sy_convert_round(SY_F8E4M3, 1e6)));
}

static void overflow_is_seen_after_rounding(void **state) {
    static const struct {
        uint32_t dtype;
        double fits, exceeds;
    } rows[] = {{SY_F64, 1e308, INFINITY}, {SY_F32, 3.4028235e38, 3.4028236e38}, {SY_F16, 65519.9, 65520},
        {SY_BF16, 3.396e38, 3.397e38}, {SY_F8E4M3, 464, 464.1}, {SY_F8E5M2, 61439, 61440},
        {SY_S8, 127.5, 128}, {SY_U8, 255.4, 256}, {SY_S32, 2147483647.0, 2147483648.0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_f64 = rows[i].dtype == SY_F64; /* no finite double exceeds it */
        if (rows[i].dtype != SY_S8)
            assert_false(sy_convert_overflows(rows[i].dtype, rows[i].fits));
        assert_int_equal(sy_convert_overflows(rows[i].dtype, rows[i].exceeds), !is_f64);
    }
    assert_true(sy_convert_overflows(SY_U8, -1.0));
    assert_true(sy_convert_overflows(SY_S32, -2147483649.0));
    assert_false(sy_convert_overflows(SY_S32, -2147483648.0));
    assert_true(sy_convert_overflows(SY_S8, 127.5)); /* rounds to 128 */
    assert_false(sy_convert_overflows(SY_S8, 126.5));
}

/* Strides 0, negative, and longer than the pieces the conversion works in. */
static void strides_reach_the_right_elements(void **state) {
    enum { COUNT = 600, STRIDE = 3 };
    static int32_t elements[COUNT * STRIDE];
    static double values[COUNT], back[COUNT];
    (void)state;
    for (int i = 0; i < COUNT * STRIDE; i++)
        elements[i] = i;
    sy_convert_to_f64_strided(SY_S32, elements + 1, STRIDE, COUNT, values);
    for (int i = 0; i < COUNT; i++)
        assert_true(values[i] == i * STRIDE + 1);
    sy_convert_to_f64_strided(SY_S32, elements + COUNT, -1, COUNT, values);
    for (int i = 0; i < COUNT; i++)
        assert_true(values[i] == COUNT - i);
    sy_convert_to_f64_strided(SY_S32, elements + 7, 0, COUNT, values);
    assert_true(values[0] == 7.0 && values[COUNT - 1] == 7.0);
    for (int i = 0; i < COUNT; i++)
        values[i] = 10.0 * i;
    sy_convert_from_f64_strided(SY_S32, values, STRIDE, COUNT, elements);
    sy_convert_to_f64_strided(SY_S32, elements, STRIDE, COUNT, back);
    for (int i = 0; i < COUNT; i++)
        assert_true(back[i] == 10.0 * i && elements[i * STRIDE + 1] == i * STRIDE + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_integers_are_exact_in_every_type),
        cmocka_unit_test(values_round_to_nearest_even_and_saturate),
        cmocka_unit_test(nan_stays_nan_or_becomes_zero),
        cmocka_unit_test(overflow_is_seen_after_rounding),
        cmocka_unit_test(strides_reach_the_right_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
