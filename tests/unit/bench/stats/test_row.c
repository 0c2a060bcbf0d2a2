/* Rounds put together. */
#include "bench/stats/row.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/near.h"

static sy_visit_stats good_visit(double median_ns) {
    return (sy_visit_stats){.count = 80,
        .median_ns = median_ns,
        .low_ns = median_ns - 2.0,
        .high_ns = median_ns + 2.0,
        .error_ns = 1.02,
        .min_ns = median_ns - 10.0,
        .combined = 1,
        .samples = 80,
        .inflation = 1.0,
        .has_interval = true,
        .is_resolved = true};
}

static void one_round_keeps_its_interval(void **state) {
    (void)state;
    const sy_visit_stats visit = good_visit(100.0);
    sy_row_stats row;
    sy_row_summarise(&visit, 1, &row);
    assert_true(row.is_stable);
    assert_string_equal("", row.reason);
    assert_int_equal(SY_INTERVAL_WITHIN_RUN, row.interval_kind);
    assert_near(98.0, row.low_ns, 0.0);
    assert_near(0.02, sy_row_precision(&row), 1e-12);
    assert_int_equal(1, row.rounds);
    assert_int_equal(80, row.batches);
}

static void three_rounds_use_student(void **state) {
    (void)state;
    const sy_visit_stats visits[] = {good_visit(97.0), good_visit(100.0), good_visit(103.0)};
    sy_row_stats row;
    sy_row_summarise(visits, 3, &row);
    assert_true(row.is_stable);
    assert_int_equal(SY_INTERVAL_BETWEEN_ROUNDS, row.interval_kind);
    assert_near(100.0, row.median_ns, 1e-12);
    assert_near(100.0 - 4.302652729911275 * 3.0 / sqrt(3.0), row.low_ns, 1e-8);
    assert_near(0.03, row.spread, 1e-12);
    assert_near(87.0, row.min_ns, 0.0);
    assert_int_equal(240, row.batches);
}

static void agreement_by_luck_is_not_believed(void **state) {
    (void)state;
    const sy_visit_stats visits[] = {good_visit(100.0), good_visit(100.0), good_visit(100.0)};
    sy_row_stats row;
    sy_row_summarise(visits, 3, &row);
    assert_near(0.7 * 1.02 / sqrt(3.0), row.high_ns - row.median_ns, 1e-9);
}

static void empty_visits_are_left_out(void **state) {
    (void)state;
    const sy_visit_stats visits[] = {good_visit(100.0), {0}, good_visit(104.0)};
    sy_row_stats row;
    sy_row_summarise(visits, 3, &row);
    assert_int_equal(2, row.rounds);
    assert_near(102.0, row.median_ns, 1e-12);
    assert_near(12.706204736432095 * sqrt(8.0) / sqrt(2.0), row.high_ns - 102.0, 1e-6);
    sy_row_summarise(visits + 1, 1, &row);
    assert_int_equal(0, row.rounds);
    assert_false(row.is_stable);
    assert_true(isnan(row.low_ns) && isinf(sy_row_precision(&row)));
    assert_int_equal(SY_INTERVAL_NONE, row.interval_kind);
    sy_row_summarise(NULL, 0, &row);
    assert_false(row.is_stable);
}

static void a_lower_end_is_never_negative(void **state) {
    (void)state;
    const sy_visit_stats visits[] = {good_visit(50.0), good_visit(150.0)};
    sy_row_stats row;
    sy_row_summarise(visits, 2, &row);
    assert_near(0.0, row.low_ns, 0.0);
}

/* Each fault of one visit, whether it alone makes a single round unstable, and one of three. */
static void faults_make_a_row_unstable(void **state) {
    (void)state;
    sy_visit_stats drifting = good_visit(100.0), bimodal = drifting, lopsided = drifting, dwelling = drifting,
                   dependent = drifting, scarce = drifting;
    drifting.is_drifting = true;
    drifting.change = 0.031;
    bimodal.is_bimodal = true;
    bimodal.minority = 0.4;
    lopsided.is_bimodal = true;
    lopsided.minority = 0.1;
    dwelling = lopsided;
    dwelling.lag1 = 0.8;
    dependent.is_resolved = false;
    dependent.lag1 = 0.9;
    scarce.count = 39;
    const struct {
        const sy_visit_stats *visit;
        bool alone, among_three;
        const char *words;
    } faults[] = {
        {&drifting, false, false, "+3.1 %"},
        {&bimodal, false, false, "two modes"},
        {&lopsided, true, true, ""},
        {&dwelling, false, false, "two modes"},
        {&dependent, false, true, "lag-1 0.90"},
        {&scarce, false, true, "39 batches"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        sy_row_stats row;
        sy_row_summarise(faults[i].visit, 1, &row);
        assert_int_equal(faults[i].alone, row.is_stable);
        assert_non_null(strstr(row.reason, faults[i].words));
        const sy_visit_stats three[] = {good_visit(99.0), *faults[i].visit, good_visit(101.0)};
        sy_row_summarise(three, 3, &row);
        assert_int_equal(faults[i].among_three, row.is_stable);
    }
}

static void kinds_have_names(void **state) {
    (void)state;
    assert_string_equal("none", sy_interval_kind_name(SY_INTERVAL_NONE));
    assert_string_equal("within_run", sy_interval_kind_name(SY_INTERVAL_WITHIN_RUN));
    assert_string_equal("between_rounds", sy_interval_kind_name(SY_INTERVAL_BETWEEN_ROUNDS));
    assert_string_equal("none", sy_interval_kind_name(-1));
    assert_string_equal("none", sy_interval_kind_name(3));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_round_keeps_its_interval),
        cmocka_unit_test(three_rounds_use_student),
        cmocka_unit_test(agreement_by_luck_is_not_believed),
        cmocka_unit_test(empty_visits_are_left_out),
        cmocka_unit_test(a_lower_end_is_never_negative),
        cmocka_unit_test(faults_make_a_row_unstable),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
