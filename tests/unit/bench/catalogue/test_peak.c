/* The peak of a row's types and delivered arithmetic: dense, the right one, or none. */
#include "tests/unit/bench/catalogue/shipped.h"

#include "steelyard/types.h"

static double peak_of(
    const sy_catalogue_device *device, uint32_t a, uint32_t b, uint32_t acc, uint32_t math) {
    const sy_figure *figure = sy_catalogue_peak(device, a, b, acc, math);
    return figure != NULL ? figure->value : 0.0;
}

static void each_type_has_its_own(void **state) {
    const sy_catalogue_device *h100 = only(*state, "h100-sxm");
    static const struct {
        uint32_t a, b, acc, math;
        double peak;
    } rows[] = {{SY_F64, SY_F64, SY_F64, SY_MATH_STRICT, 67}, {SY_F32, SY_F32, SY_F32, SY_MATH_STRICT, 67},
        {SY_F32, SY_F32, SY_F32, SY_MATH_TF32, 494.5}, {SY_BF16, SY_BF16, SY_F32, SY_MATH_STRICT, 989},
        {SY_F16, SY_F16, SY_F32, SY_MATH_STRICT, 989}, {SY_S8, SY_S8, SY_S32, SY_MATH_STRICT, 1979},
        {SY_U8, SY_S8, SY_S32, SY_MATH_STRICT, 1979}, {SY_F8E4M3, SY_F8E5M2, SY_F32, SY_MATH_STRICT, 1979},
        /* none of these is published */
        {SY_F32, SY_F32, SY_F32, SY_MATH_HF32, 0}, {SY_F32, SY_F32, SY_F32, SY_MATH_BF16X3, 0},
        {SY_F32, SY_F32, SY_F32, SY_MATH_ANY, 0}, {SY_F32, SY_F32, SY_F32, SY_MATH_UNKNOWN, 0},
        {SY_BF16, SY_BF16, SY_F32, SY_MATH_TF32, 0}, {SY_F16, SY_F16, SY_F16, SY_MATH_STRICT, 0},
        {SY_F16, SY_BF16, SY_F32, SY_MATH_STRICT, 0}, {SY_BF16, SY_S8, SY_F32, SY_MATH_STRICT, 0},
        {SY_S8, SY_S8, SY_F32, SY_MATH_STRICT, 0}, {SY_S32, SY_S32, SY_S32, SY_MATH_STRICT, 0},
        {SY_DTYPE_NONE, SY_DTYPE_NONE, SY_F32, SY_MATH_STRICT, 0}, {99, 99, SY_F32, SY_MATH_STRICT, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (peak_of(h100, rows[i].a, rows[i].b, rows[i].acc, rows[i].math) != rows[i].peak)
            fail_msg("row %zu: %g", i, peak_of(h100, rows[i].a, rows[i].b, rows[i].acc, rows[i].math));
}

static void what_is_not_published_is_not_there(void **state) {
    const sy_catalogue_device *c550 = only(*state, "c550"), *b3 = only(*state, "ascend-910b3");
    assert_null(sy_catalogue_peak(c550, SY_BF16, SY_BF16, SY_F32, SY_MATH_STRICT));
    assert_null(sy_catalogue_peak(b3, SY_F32, SY_F32, SY_F32, SY_MATH_STRICT));
    assert_non_null(sy_catalogue_peak(b3, SY_F16, SY_F16, SY_F32, SY_MATH_STRICT));
}

/* Vendors advertise sparse rates of twice the dense; none of those is here. */
static void peaks_are_dense(void **state) {
    assert_true(peak_of(only(*state, "h100-sxm"), SY_F8E4M3, SY_F8E4M3, SY_F32, SY_MATH_STRICT) < 2000);
    assert_true(peak_of(only(*state, "a100-sxm-80"), SY_F16, SY_F16, SY_F32, SY_MATH_STRICT) == 312);
    assert_true(peak_of(only(*state, "l40s"), SY_BF16, SY_BF16, SY_F32, SY_MATH_STRICT) == 362);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_type_has_its_own),
        cmocka_unit_test(what_is_not_published_is_not_there), cmocka_unit_test(peaks_are_dense)};
    return cmocka_run_group_tests(tests, load_shipped, release_shipped);
}
