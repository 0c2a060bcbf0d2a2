/* Changes in many series at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bench/history/changes.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

enum { RUNS = 40, SERIES = 50 };

/* Logarithms around 0 with noise of 1 %, every 13th value wild. */
static void fill(double *values, size_t count, uint64_t seed) {
    sy_random random;
    sy_random_seed(&random, seed, 0);
    for (size_t i = 0; i < count; i++)
        values[i] = 0.01 * sy_random_normal(&random) * (sy_random_below(&random, 13) == 0 ? 10 : 1);
}

static void add_level(double *values, size_t begin, size_t end, double level) {
    for (size_t i = begin; i < end; i++)
        values[i] += level;
}

static sy_change_list find(const sy_levels *series, size_t count, double least) {
    sy_change_list list;
    assert_int_equal(sy_changes_find(series, count, 0.05, least, &list, NULL), SY_OK);
    return list;
}

static void nothing_of_nothing(void **state) {
    (void)state;
    double values[7] = {0, 0, 0, 0, 5, 5, 5};
    sy_levels few = {values, 7};
    sy_change_list list = find(NULL, 0, 0);
    assert_int_equal(list.count, 0);
    sy_change_list_release(&list);
    list = find(&few, 1, 0);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.tested, 0);
    sy_change_list_release(&list);
}

static void a_step_is_found_with_its_size(void **state) {
    (void)state;
    double values[RUNS];
    sy_levels series = {values, RUNS};
    fill(values, RUNS, 1);
    add_level(values, 25, RUNS, log(1.1));
    sy_change_list list = find(&series, 1, 0.01);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.tested, 1);
    assert_in_range(list.item[0].at, 24, 26);
    assert_int_equal(list.item[0].before + list.item[0].after, RUNS);
    assert_float_equal(list.item[0].size, log(1.1), 0.015);
    assert_true(list.item[0].low < log(1.1) + 0.005 && list.item[0].high > log(1.1) - 0.005);
    assert_true(list.item[0].low > 0.05 && list.item[0].high < 0.15);
    sy_change_list_release(&list);
    /* Smaller than what is told. */
    list = find(&series, 1, 0.2);
    assert_int_equal(list.count, 0);
    sy_change_list_release(&list);
}

static void a_change_that_was_undone_is_two(void **state) {
    (void)state;
    double values[RUNS];
    sy_levels series = {values, RUNS};
    fill(values, RUNS, 2);
    add_level(values, 15, 23, log(1.2));
    sy_change_list list = find(&series, 1, 0.01);
    assert_int_equal(list.count, 2);
    assert_in_range(list.item[0].at, 14, 16);
    assert_in_range(list.item[1].at, 22, 24);
    assert_true(list.item[0].size > 0 && list.item[1].size < 0);
    sy_change_list_release(&list);
}

static void steps_within_steps_are_found(void **state) {
    (void)state;
    double values[2 * RUNS];
    sy_levels series = {values, 2 * RUNS};
    fill(values, 2 * RUNS, 3);
    add_level(values, 20, 2 * RUNS, 0.1);
    add_level(values, 40, 2 * RUNS, 0.1);
    add_level(values, 60, 2 * RUNS, 0.1);
    sy_change_list list = find(&series, 1, 0.01);
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_in_range(list.item[i].at, 20 * (i + 1) - 1, 20 * (i + 1) + 1);
        assert_float_equal(list.item[i].size, 0.1, 0.02);
    }
    sy_change_list_release(&list);
}

static void of_many_series_those_that_changed(void **state) {
    (void)state;
    static double values[SERIES][RUNS];
    sy_levels series[SERIES];
    for (size_t i = 0; i < SERIES; i++) {
        fill(values[i], RUNS, 100 + i);
        if (i % 10 == 3)
            add_level(values[i], 20, RUNS, i % 20 == 3 ? 0.08 : -0.08);
        series[i] = (sy_levels){values[i], RUNS};
    }
    sy_change_list list = find(series, SERIES, 0.01);
    assert_int_equal(list.tested, SERIES);
    bool is_found[SERIES] = {false};
    unsigned wrong = 0;
    for (size_t i = 0; i < list.count; i++) {
        is_found[list.item[i].series] = true;
        wrong += list.item[i].series % 10 != 3;
        assert_true(i == 0 || list.item[i - 1].series <= list.item[i].series);
    }
    for (size_t i = 3; i < SERIES; i += 10)
        assert_true(is_found[i]);
    assert_true(wrong <= 1);
    sy_change_list again = find(series, SERIES, 0.01);
    assert_int_equal(again.count, list.count);
    for (size_t i = 0; i < list.count; i++)
        assert_true(again.item[i].p == list.item[i].p && again.item[i].at == list.item[i].at);
    sy_change_list_release(&again);
    sy_change_list_release(&list);
}

/* With no change anywhere, the chance of any finding at all is the rate. */
static void quiet_series_stay_quiet(void **state) {
    (void)state;
    unsigned alarms = 0;
    for (unsigned turn = 0; turn < 60; turn++) {
        static double values[10][30];
        sy_levels series[10];
        for (size_t i = 0; i < 10; i++) {
            fill(values[i], 30, 1000 + 10 * turn + i);
            series[i] = (sy_levels){values[i], 30};
        }
        sy_change_list list = find(series, 10, 0);
        alarms += list.count > 0;
        sy_change_list_release(&list);
    }
    /* 3 expected, standard deviation 1.7. */
    assert_true(alarms <= 10);
}

static void without_memory_there_is_an_error(void **state) {
    (void)state;
    double values[RUNS];
    sy_levels series = {values, RUNS};
    unsigned failures = 0;
    fill(values, RUNS, 1);
    add_level(values, 25, RUNS, 0.1);
    for (uint64_t k = 1; k < 12; k++) {
        sy_change_list list;
        sy_error err = SY_ERROR_INIT;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_changes_find(&series, 1, 0.05, 0.01, &list, &err);
        bool is_seen = sy_seam_disarm() >= k;
        assert_int_equal(status, is_seen ? SY_OUT_OF_MEMORY : SY_OK);
        assert_int_equal(list.count, is_seen ? 0 : 1);
        failures += is_seen;
        sy_change_list_release(&list);
    }
    assert_true(failures >= 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_nothing),
        cmocka_unit_test(a_step_is_found_with_its_size),
        cmocka_unit_test(a_change_that_was_undone_is_two),
        cmocka_unit_test(steps_within_steps_are_found),
        cmocka_unit_test(of_many_series_those_that_changed),
        cmocka_unit_test(quiet_series_stay_quiet),
        cmocka_unit_test(without_memory_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
