/* Dependence, combination of neighbours, trend and change of level. */
#include "bench/stats/series.h"
#include "runtime/base/random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"

enum { COUNT = 640 };

static void fill_autoregression(double *values, size_t count, double phi, uint64_t seed) {
    sy_random random;
    sy_random_seed(&random, seed, 1);
    double value = sy_random_normal(&random);
    for (size_t i = 0; i < count; i++) {
        values[i] = value;
        value = phi * value + sqrt(1.0 - phi * phi) * sy_random_normal(&random);
    }
}

static void lag1_of_known_series(void **state) {
    (void)state;
    const double alternating[] = {1, -1, 1, -1, 1, -1, 1, -1}, constant[] = {3, 3, 3, 3};
    assert_near(-7.0 / 8.0, sy_lag1(alternating, 8), 1e-12);
    assert_near(0.0, sy_lag1(constant, 4), 0.0);
    assert_near(0.0, sy_lag1(alternating, 2), 0.0);
    double values[COUNT];
    fill_autoregression(values, COUNT, 0.9, 5);
    assert_near(0.9, sy_lag1(values, COUNT), 0.05);
}

static void combining_drops_the_oldest_rest(void **state) {
    (void)state;
    double values[] = {100, 1, 3, 5, 7};
    assert_int_equal(2, sy_combine(values, 5, 2));
    assert_near(2, values[0], 1e-15);
    assert_near(6, values[1], 1e-15);
    assert_int_equal(0, sy_combine(values, 1, 2));
}

static void slope_of_a_line(void **state) {
    (void)state;
    double values[10];
    for (int i = 0; i < 10; i++)
        values[i] = 4.0 - 0.25 * i;
    assert_near(-0.25, sy_slope(values, 10), 1e-12);
    assert_near(0.0, sy_slope(values, 1), 0.0);
    assert_near(0.0, sy_slope(values, 0), 0.0);
}

static void groups_grow_until_independent(void **state) {
    (void)state;
    double values[COUNT];
    fill_autoregression(values, COUNT, 0.0, 7);
    sy_grouping grouping = sy_group(values, COUNT);
    assert_int_equal(1, grouping.step);
    assert_true(grouping.is_resolved);
    fill_autoregression(values, COUNT, 0.9, 7);
    grouping = sy_group(values, COUNT);
    assert_true(grouping.step >= 8 && grouping.is_resolved && grouping.lag1 < SY_SERIES_LAG1_LIMIT);
    for (int i = 0; i < COUNT; i++)
        values[i] = i; /* a ramp never becomes independent */
    grouping = sy_group(values, COUNT);
    assert_false(grouping.is_resolved);
    assert_int_equal(10, grouping.groups);
}

static void long_run_variance_of_an_autoregression(void **state) {
    (void)state;
    double sum = 0.0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        double values[COUNT];
        fill_autoregression(values, COUNT, 0.6, seed);
        sum += sy_long_run_variance(values, COUNT, 16) / 40.0;
    }
    assert_near(1.6 / 0.4, sum, 0.8);
    double single[] = {1, 2};
    assert_near(0.0, sy_long_run_variance(single, 2, 2), 0.0);
}

static void a_step_is_found_where_it_is(void **state) {
    (void)state;
    double values[COUNT], scratch[COUNT];
    fill_autoregression(values, COUNT, 0.0, 3);
    for (int i = 200; i < COUNT; i++)
        values[i] += 1.5;
    sy_level_change change = sy_level_change_find(values, COUNT, scratch);
    assert_true(change.at >= 180 && change.at <= 220);
    assert_true(change.p_value < 1e-6);
}

static void a_clean_step_is_certain(void **state) {
    (void)state;
    double values[40], scratch[40];
    for (int i = 0; i < 40; i++)
        values[i] = i < 15 ? 1.0 : 2.0;
    sy_level_change change = sy_level_change_find(values, 40, scratch);
    assert_int_equal(15, change.at);
    assert_near(0.0, change.p_value, 1e-12);
}

/* Wandering noise changes its level all the time: that must hardly ever look certain. */
static void chance_is_rarely_taken_for_a_change(void **state) {
    (void)state;
    static const double phis[] = {0.0, 0.6, 0.9};
    static const int most[] = {2, 14, 36}; /* of 400; see the header for the last */
    for (size_t p = 0; p < 3; p++) {
        int certain = 0;
        for (uint64_t seed = 0; seed < 400; seed++) {
            double values[80], scratch[80];
            fill_autoregression(values, 80, phis[p], seed);
            certain += sy_level_change_find(values, 80, scratch).p_value < 0.001;
        }
        assert_true(certain <= most[p]);
    }
}

static void too_little_says_nothing(void **state) {
    (void)state;
    double values[40] = {0}, scratch[40];
    assert_int_equal(0, sy_level_change_find(values, 40, scratch).at);
    values[0] = 1;
    assert_int_equal(0, sy_level_change_find(values, 19, scratch).at);
    assert_near(1.0, sy_level_change_find(values, 19, scratch).p_value, 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lag1_of_known_series),
        cmocka_unit_test(combining_drops_the_oldest_rest),
        cmocka_unit_test(slope_of_a_line),
        cmocka_unit_test(groups_grow_until_independent),
        cmocka_unit_test(long_run_variance_of_an_autoregression),
        cmocka_unit_test(a_step_is_found_where_it_is),
        cmocka_unit_test(a_clean_step_is_certain),
        cmocka_unit_test(chance_is_rarely_taken_for_a_change),
        cmocka_unit_test(too_little_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
