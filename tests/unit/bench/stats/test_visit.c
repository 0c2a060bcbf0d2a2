/* Summary of one visit. */
#include "bench/stats/visit.h"
#include "runtime/base/random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"

enum { COUNT = 160 };

static double scratch[3 * COUNT];

static void fill_jitter(double *values, double size, uint64_t seed) {
    sy_random random;
    sy_random_seed(&random, seed, 2);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = 1000.0 * (1.0 + size * sy_random_normal(&random));
}

static void plain_figures_are_right(void **state) {
    (void)state;
    const double values[] = {5, 1, 4, 2, 3, 9};
    sy_visit_stats visit;
    assert_true(sy_visit_summarise(values, 6, scratch, &visit));
    assert_int_equal(6, visit.count);
    assert_near(3.5, visit.median_ns, 1e-12);
    assert_near(1.0, visit.min_ns, 0.0);
    assert_near(4.0, visit.mean_ns, 1e-12);
    assert_near(1.5, visit.mad_ns, 1e-12);
    assert_near(7.0, visit.p90_ns, 1e-12);
    assert_true(visit.has_interval && visit.low_ns < 3.5 && visit.high_ns > 3.5);
}

static void bad_values_are_refused(void **state) {
    (void)state;
    static const double bad[] = {0.0, -1.0, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        const double values[] = {1.0, bad[i], 2.0};
        sy_visit_stats visit;
        assert_false(sy_visit_summarise(values, 3, scratch, &visit));
        assert_int_equal(0, visit.count);
    }
}

static void few_values_have_no_interval(void **state) {
    (void)state;
    const double values[] = {1, 2, 3, 4, 5};
    sy_visit_stats visit;
    assert_true(sy_visit_summarise(NULL, 0, scratch, &visit));
    assert_int_equal(0, visit.count);
    assert_true(isinf(sy_visit_precision(&visit)));
    for (size_t count = 1; count <= 5; count++) {
        assert_true(sy_visit_summarise(values, count, scratch, &visit));
        assert_false(visit.has_interval);
        assert_true(isnan(visit.low_ns) && isnan(visit.error_ns) && isinf(sy_visit_precision(&visit)));
    }
}

static void equal_values_are_precise(void **state) {
    (void)state;
    double values[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        values[i] = 7.0;
    sy_visit_stats visit;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_near(0.0, sy_visit_precision(&visit), 0.0);
    assert_true(visit.is_resolved && !visit.is_bimodal && !visit.is_drifting);
    values[3] = 8.0; /* half of the deviations are still 0 */
    values[4] = 9.0;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_near(7.0, visit.high_ns, 0.0);
}

static void quiet_noise_raises_no_flag(void **state) {
    (void)state;
    double values[COUNT];
    fill_jitter(values, 0.01, 4);
    sy_visit_stats visit;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_true(visit.is_resolved && !visit.is_bimodal && !visit.is_drifting);
    assert_int_equal(1, visit.combined);
    assert_near(1.0, visit.inflation, 0.0);
    /* 1.2533 sigma / sqrt(n) for the median of a normal law */
    assert_near(1000.0 * 0.01 * 1.2533 / sqrt(COUNT), visit.error_ns, 0.35);
}

static void scaling_changes_nothing_else(void **state) {
    (void)state;
    double values[COUNT], scaled[COUNT];
    fill_jitter(values, 0.05, 6);
    for (size_t i = 0; i < COUNT; i++)
        scaled[i] = values[i] * 1e6;
    sy_visit_stats a, b;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &a));
    assert_true(sy_visit_summarise(scaled, COUNT, scratch, &b));
    assert_near(a.low_ns * 1e6, b.low_ns, 1e-3);
    assert_near(sy_visit_precision(&a), sy_visit_precision(&b), 1e-9);
    assert_near(a.lag1, b.lag1, 1e-9);
}

static void a_step_and_a_ramp_are_drift(void **state) {
    (void)state;
    double values[COUNT];
    sy_visit_stats visit;
    fill_jitter(values, 0.01, 8);
    for (size_t i = COUNT / 2; i < COUNT; i++)
        values[i] *= 1.05;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_true(visit.is_drifting);
    assert_near(0.05, visit.change, 0.01);
    fill_jitter(values, 0.01, 8);
    for (size_t i = 0; i < COUNT; i++)
        values[i] *= 1.1 - 0.1 * (double)i / COUNT;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_true(visit.is_drifting && visit.change < -0.03);
    assert_near(-0.1 / COUNT, visit.slope_per_batch, 0.02 / COUNT);
}

static void a_small_step_is_no_drift(void **state) {
    (void)state;
    double values[COUNT];
    fill_jitter(values, 0.001, 8);
    for (size_t i = COUNT / 2; i < COUNT; i++)
        values[i] *= 1.005;
    sy_visit_stats visit;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_false(visit.is_drifting);
    assert_near(0.005, visit.change, 0.001);
}

static void two_modes_are_flagged(void **state) {
    (void)state;
    double values[COUNT];
    fill_jitter(values, 0.005, 10);
    for (size_t i = 0; i < COUNT; i += 3)
        values[i] *= 1.08;
    sy_visit_stats visit;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &visit));
    assert_true(visit.is_bimodal);
    assert_near(1000.0, visit.mode_low_ns, 5.0);
    assert_near(1080.0, visit.mode_high_ns, 5.0);
    assert_near(1.0 / 3.0, visit.minority, 0.05);
}

static void outliers_do_not_move_the_interval(void **state) {
    (void)state;
    double values[COUNT];
    sy_visit_stats clean, dirty;
    fill_jitter(values, 0.01, 12);
    assert_true(sy_visit_summarise(values, COUNT, scratch, &clean));
    for (size_t i = 5; i < COUNT; i += 40)
        values[i] *= 50.0;
    assert_true(sy_visit_summarise(values, COUNT, scratch, &dirty));
    assert_near(clean.median_ns, dirty.median_ns, 1.0);
    assert_near(sy_visit_precision(&clean), sy_visit_precision(&dirty), 0.0015);
    assert_true(dirty.mean_ns > 1.5 * dirty.median_ns && dirty.p99_ns > 2.0 * dirty.median_ns);
    assert_false(dirty.is_bimodal || dirty.is_drifting);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_figures_are_right),
        cmocka_unit_test(bad_values_are_refused),
        cmocka_unit_test(few_values_have_no_interval),
        cmocka_unit_test(equal_values_are_precise),
        cmocka_unit_test(quiet_noise_raises_no_flag),
        cmocka_unit_test(scaling_changes_nothing_else),
        cmocka_unit_test(a_step_and_a_ramp_are_drift),
        cmocka_unit_test(a_small_step_is_no_drift),
        cmocka_unit_test(two_modes_are_flagged),
        cmocka_unit_test(outliers_do_not_move_the_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
