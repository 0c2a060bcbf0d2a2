/* The alarms of the gate on seeds that nothing was tuned on: rates, not promises. What 2,000 of them gave is
 * in bench/compare/README.md; here fewer must agree with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "bench/stats/law.h"
#include "tests/support/slow.h"
#include "tests/unit/bench/compare/alarms.h"

/* The first seed that no number in the code was chosen by; trials a machine. */
enum { FIRST = 5000000, SEEDS = 40, MACHINES = 6 };

static tally run_all(int what, bool is_extended) {
    tally all = {0};
    uint64_t step = (uint64_t)slow_step(SLOW_ADDRESS | SLOW_THREAD | SLOW_EMULATOR, 10);
    for (size_t i = 0; i < MACHINES; i++) {
        setting with = i < 3 ? alarms_plain[i] : alarms_calibrated[i - 3];
        with.is_extended = is_extended;
        tally one = alarms_trials(&with, what, FIRST, SEEDS, step);
        all.trials += one.trials;
        all.passed += one.passed;
        all.failed += one.failed;
        all.undecided += one.undecided;
        all.accused += one.accused;
        all.extended += one.extended;
        all.decided += one.decided / MACHINES;
    }
    return all;
}

/* Whether `count` of `trials` is no more than a rate with chance to spare (three deviations of a Poisson
 * law). */
static bool is_within(unsigned count, unsigned trials, double rate) {
    double expected = rate * trials;
    return count <= expected + 3.0 * sqrt(expected);
}

static void a_build_against_itself_is_hardly_ever_stopped(void **state) {
    (void)state;
    tally found = run_all(NOTHING, false);
    assert_true(is_within(found.failed, found.trials, 0.001));
    assert_true(is_within(found.undecided, found.trials, 0.01));
    assert_true(found.decided > 0.98);
}

static void ten_per_cent_of_everything_is_found(void **state) {
    (void)state;
    tally found = run_all(SLOWER_ALL, false);
    assert_int_equal(found.failed, found.trials);
}

static void ten_per_cent_of_one_row_is_seldom_missed(void **state) {
    (void)state;
    tally found = run_all(SLOWER_ONE, false);
    assert_true(is_within(found.passed, found.trials, 0.03));
    assert_true(found.failed > found.trials * 8 / 10);
}

/* A second look clears what was wrong, and confirms what was right. */
static void the_extension_accuses_nobody_more(void **state) {
    (void)state;
    tally same = run_all(NOTHING, true), all = run_all(SLOWER_ALL, true), one = run_all(SLOWER_ONE, true);
    assert_true(is_within(same.failed, same.trials, 0.001));
    assert_int_equal(all.failed, all.trials);
    assert_true(is_within(one.passed, one.trials, 0.05));
    assert_true(one.extended > one.trials * 9 / 10);
}

/* The largest of `outputs` errors of a normal law, by the inverse of its distribution. */
static double largest(sy_random *random, double outputs) {
    double below = pow(sy_random_unit(random), 1.0 / outputs);
    return sy_normal_quantile(fmin(0.5 * (1.0 + below), 1.0 - 1e-15));
}

enum { PRECISION_ROWS = 40 };

/* Rows that fail "precision:10%" in one comparison; the first `changed` have errors eight times as large. */
static size_t accused_of_errors(uint64_t seed, unsigned changed) {
    rows_pair *pair = NULL;
    void *state = NULL;
    sy_random random;
    sy_gate gate;
    sy_gate_options options;
    sy_error err = SY_ERROR_INIT;
    sy_random_seed(&random, seed, 7);
    rows_set_up(&state);
    pair = state;
    for (unsigned n = 0; n < PRECISION_ROWS; n++) {
        rows_spec base = rows_plain(n), other = base;
        double outputs = pow(2.0, 4.0 + 16.0 * sy_random_unit(&random));
        base.error_of_bound = 0.015 * largest(&random, outputs);
        other.error_of_bound = 0.015 * largest(&random, outputs) * (n < changed ? 8.0 : 1.0);
        rows_take(&pair->intake, pair->base, &base);
        rows_take(&pair->intake, pair->other, &other);
    }
    rows_compare(pair, NULL);
    sy_gate_options_init(&options);
    options.threshold[SY_QUANTITY_PRECISION] = 0.1;
    assert_int_equal(sy_gate_judge(&pair->comparison, NULL, &options, &pair->arena, &gate, &err), SY_OK);
    rows_tear_down(&state);
    return gate.regressed;
}

static void errors_of_the_same_code_accuse_nobody(void **state) {
    (void)state;
    size_t accused = 0, one = 0, all = 0;
    for (uint64_t seed = FIRST; seed < FIRST + SEEDS; seed++) {
        accused += accused_of_errors(seed, 0);
        one += accused_of_errors(seed, 1);
        all += accused_of_errors(seed, PRECISION_ROWS);
    }
    assert_int_equal(accused, 0);
    assert_true(one > SEEDS * 95 / 100);
    assert_true(all > (size_t)SEEDS * PRECISION_ROWS * 95 / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_build_against_itself_is_hardly_ever_stopped),
        cmocka_unit_test(ten_per_cent_of_everything_is_found),
        cmocka_unit_test(ten_per_cent_of_one_row_is_seldom_missed),
        cmocka_unit_test(the_extension_accuses_nobody_more),
        cmocka_unit_test(errors_of_the_same_code_accuse_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
