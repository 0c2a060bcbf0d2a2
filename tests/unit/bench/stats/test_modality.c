/* Two modes are seen; one mode, whatever its form, is not taken for two. */
#include "bench/stats/modality.h"
#include "bench/stats/order.h"
#include "runtime/base/random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"

enum { COUNT = 80 };

static double draw(sy_random *random, int form) {
    switch (form) {
    case 0: return sy_random_normal(random);
    case 1: return sy_random_unit(random);
    case 2: return exp(sy_random_normal(random));         /* skewed */
    default: return 1.0 / (1.0 - sy_random_unit(random)); /* no mean */
    }
}

static void one_mode_is_not_two(void **state) {
    (void)state;
    for (int form = 0; form < 4; form++) {
        int two = 0;
        for (uint64_t seed = 0; seed < 500; seed++) {
            double values[COUNT];
            sy_random random;
            sy_random_seed(&random, seed, (uint64_t)form);
            for (size_t i = 0; i < COUNT; i++)
                values[i] = draw(&random, form);
            sy_sort_f64(values, COUNT);
            sy_modality modes = sy_modality_find(values, COUNT, COUNT);
            two += modes.p_value < 0.001 && modes.minority >= 0.25;
        }
        assert_true(two <= 5);
    }
}

static void two_modes_are_found(void **state) {
    (void)state;
    double values[COUNT];
    sy_random random;
    sy_random_seed(&random, 9, 0);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = 10.0 + 0.1 * sy_random_normal(&random) + (i < COUNT * 2 / 5 ? 1.0 : 0.0);
    sy_sort_f64(values, COUNT);
    sy_modality modes = sy_modality_find(values, COUNT, COUNT);
    assert_true(modes.p_value < 1e-4 && modes.within < 0.08);
    assert_near(10.0, modes.low, 0.1);
    assert_near(11.0, modes.high, 0.1);
    assert_near(0.4, modes.minority, 0.06);
    /* the same values, but only a few of them independent: not certain */
    assert_true(sy_modality_find(values, COUNT, 6.0).p_value > 0.05);
}

static void outliers_make_no_mode(void **state) {
    (void)state;
    double values[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        values[i] = i < COUNT - 3 ? 1.0 + 0.001 * (double)i : 5.0;
    sy_modality modes = sy_modality_find(values, COUNT, COUNT);
    assert_true(modes.high < 2.0 && modes.p_value > 0.01 && modes.within > 0.2);
}

static void too_few_or_equal_values_have_no_modes(void **state) {
    (void)state;
    double values[COUNT] = {0};
    assert_near(1.0, sy_modality_find(values, COUNT, COUNT).p_value, 0.0);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = i < 5 ? 1.0 : 2.0;
    assert_near(0.0, sy_modality_find(values, 9, 9).minority, 0.0);
    sy_modality ten = sy_modality_find(values, 10, 10);
    assert_near(1.0, ten.p_value, 0.0);
    assert_near(0.5, ten.minority, 0.0);
    assert_near(0.0, ten.within, 1e-12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_mode_is_not_two),
        cmocka_unit_test(two_modes_are_found),
        cmocka_unit_test(outliers_make_no_mode),
        cmocka_unit_test(too_few_or_equal_values_have_no_modes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
