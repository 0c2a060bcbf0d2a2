/* Launches over time as rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>

#include <cmocka.h>

#include "bench/report/charts/charts.h"

static void steady_work_has_a_steady_rate(void **state) {
    double t_s[101], launch[101];
    sy_chart_point point[10];
    (void)state;
    for (int i = 0; i <= 100; i++) {
        t_s[i] = 0.5 * i;
        launch[i] = 3.0 * i;
    }
    assert_int_equal(sy_chart_rates(t_s, launch, 101, 100.0, 10, point), 10);
    for (int i = 0; i < 10; i++) {
        assert_true(fabs(point[i].y - 600.0) < 1e-9 && fabs(point[i].low - 600.0) < 1e-9);
        assert_true(fabs(point[i].high - 600.0) < 1e-9 && fabs(point[i].x - (2.5 + 5.0 * i)) < 1e-9);
        assert_true(isnan(point[i].inner_low) && point[i].label == NULL);
    }
}

static void a_pause_is_seen(void **state) {
    static const double t_s[] = {0.0, 1.0, 2.0, 8.0, 9.0, 10.0},
                        launch[] = {0.0, 10.0, 20.0, 20.0, 30.0, 40.0};
    sy_chart_point point[5];
    (void)state;
    /* Bins of two seconds: the pause is a bin of its own. */
    assert_int_equal(sy_chart_rates(t_s, launch, 6, 1.0, 5, point), 3);
    assert_true(point[0].y == 10.0 && point[1].y == 0.0 && point[2].y == 10.0);
    assert_true(point[1].x == 5.0 && point[1].low == 0.0 && point[1].high == 0.0);
    /* In one bin together: its slowest and fastest step. */
    assert_int_equal(sy_chart_rates(t_s, launch, 6, 1.0, 1, point), 1);
    assert_true(point[0].y == 4.0 && point[0].low == 0.0 && point[0].high == 10.0);
}

static void too_little_gives_nothing(void **state) {
    static const double same[] = {1.0, 1.0, 1.0}, launch[] = {0.0, 1.0, 2.0};
    sy_chart_point point[2];
    (void)state;
    assert_int_equal(sy_chart_rates(same, launch, 3, 1.0, 2, point), 0);
    assert_int_equal(sy_chart_rates(same, launch, 1, 1.0, 2, point), 0);
    assert_int_equal(sy_chart_rates(NULL, NULL, 0, 1.0, 2, point), 0);
    assert_int_equal(sy_chart_rates(launch, launch, 3, 1.0, 0, point), 0);
}

static void times_that_repeat_do_no_harm(void **state) {
    static const double t_s[] = {0.0, 0.0, 1.0, 1.0, 2.0}, launch[] = {0.0, 1.0, 2.0, 3.0, 4.0};
    sy_chart_point point[2];
    (void)state;
    assert_int_equal(sy_chart_rates(t_s, launch, 5, 1.0, 2, point), 2);
    for (int i = 0; i < 2; i++)
        assert_true(isfinite(point[i].y) && isfinite(point[i].high) && isfinite(point[i].low));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_work_has_a_steady_rate),
        cmocka_unit_test(a_pause_is_seen),
        cmocka_unit_test(too_little_gives_nothing),
        cmocka_unit_test(times_that_repeat_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
