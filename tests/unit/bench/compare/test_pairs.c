/* Pairs measured in turn: which rows are sides of one, and a ratio of their blocks alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "tests/support/near.h"
#include "tests/unit/bench/compare/rows.h"

enum { ROUNDS = 8 };

/* A side of a pair whose time rises by 10 % a block, and side b is `factor` of a. */
static rows_spec side(unsigned n, const char *which, double factor) {
    rows_spec row = rows_plain(n);
    row.pair_side = which;
    row.pair_n = n;
    row.asked = which[0] == 'a' ? "native" : "onednn";
    row.algorithm = row.asked;
    row.rounds = ROUNDS;
    for (size_t i = 0; i < ROUNDS; i++)
        row.round_ns[i] = 1000.0 * pow(1.1, (double)(i / 2)) * factor;
    return row;
}

/* Block i of side b is off by so much, in logs, in both its rounds. */
static rows_spec bend(rows_spec row, const double off[ROUNDS / 2]) {
    for (size_t i = 0; i < ROUNDS; i++)
        row.round_ns[i] *= exp(off[i / 2]);
    return row;
}

static void take(rows_pair *pair, rows_spec row) {
    rows_take(&pair->intake, pair->base, &row);
}

static sy_status join(rows_pair *pair, size_t *left_out, sy_error *err) {
    return sy_join_pairs(&pair->intake, &pair->arena, &pair->join, left_out, err);
}

static void compare(rows_pair *pair) {
    const sy_comparison_options options = {.delta = 0.02};
    sy_error err = SY_ERROR_INIT;
    size_t left_out;
    assert_int_equal(join(pair, &left_out, &err), SY_OK);
    assert_int_equal(left_out, 0);
    assert_int_equal(sy_comparison_make(&pair->join, &options, &pair->arena, &pair->comparison, &err), SY_OK);
}

static void drift_is_in_no_interval(void **state) {
    static const double off[] = {-0.01, 0.01, -0.01, 0.01};
    rows_pair *pair = *state;
    take(pair, side(0, "a", 1.0));
    take(pair, bend(side(0, "b", 1.05), off));
    take(pair, side(1, "b", 0.9));
    take(pair, side(1, "a", 1.0));
    compare(pair);
    assert_int_equal(pair->join.columns, 2);
    assert_int_equal(pair->join.lines, 2);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_near(time->ratio, 1.05, 1e-12);
    /* Student's 0.975 quantile at 3 degrees of freedom, of four blocks with deviation sqrt(4 / 3) % */
    double half = 3.18244630528 * 0.01 * sqrt(4.0 / 3.0) / 2.0;
    assert_near(time->low, 1.05 * exp(-half), 1e-9);
    assert_near(time->high, 1.05 * exp(half), 1e-9);
    assert_int_equal(time->spread, SY_SPREAD_BLOCKS);
    assert_int_equal(time->verdict, SY_VERDICT_SLOWER);
    assert_near(time->base, 1000.0 * pow(1.1, 1.5), 1e-6);
    assert_near(rows_ratio(pair, 0, SY_QUANTITY_THROUGHPUT)->ratio, 1.0 / 1.05, 1e-12);
    assert_near(rows_ratio(pair, 1, SY_QUANTITY_TIME)->ratio, 0.9, 1e-12);
    assert_int_equal(rows_ratio(pair, 1, SY_QUANTITY_TIME)->verdict, SY_VERDICT_FASTER);
}

static void processes_and_runs_are_the_units_where_there_are_several(void **state) {
    rows_pair *pair = *state;
    static const double factor[] = {1.04, 1.06, 1.05};
    for (unsigned i = 0; i < 3; i++) {
        rows_spec a = side(0, "a", 1.0 + i), b = side(0, "b", factor[i] * (1.0 + i));
        a.pair_n = b.pair_n = 100 + i;
        a.process = b.process = i;
        take(pair, b);
        take(pair, a);
    }
    compare(pair);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_near(time->ratio, cbrt(1.04 * 1.06 * 1.05), 1e-12);
    assert_int_equal(time->spread, SY_SPREAD_PROCESSES);
    assert_true(time->low < 1.04 && time->high > 1.06);
}

static void a_pair_belongs_to_its_run(void **state) {
    rows_pair *pair = *state;
    sy_error err = SY_ERROR_INIT;
    size_t left_out;
    rows_spec a = side(0, "a", 1.0), b = side(0, "b", 1.1);
    rows_take(&pair->intake, pair->base, &a);
    rows_take(&pair->intake, pair->other, &b); /* same pair id, another run */
    const sy_comparison_options options = {.delta = 0.02};
    assert_int_equal(join(pair, &left_out, &err), SY_OK);
    assert_int_equal(sy_comparison_make(&pair->join, &options, &pair->arena, &pair->comparison, &err), SY_OK);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_true(isnan(time->ratio));
    assert_false(time->is_gateable);
    assert_string_equal(time->reason, "no block A B B A is whole on both sides");
}

static void blocks_that_are_not_whole_do_not_count(void **state) {
    rows_pair *pair = *state;
    rows_spec a = side(0, "a", 1.0), b = side(0, "b", 1.1), c = side(1, "a", 1.0), d = side(1, "b", 1.1);
    b.round_ns[3] = 0.0; /* not measured: block 1 */
    b.round_ns[2] *= 7.0;
    c.rounds = d.rounds = 3;
    take(pair, a);
    take(pair, b);
    take(pair, c);
    take(pair, d);
    compare(pair);
    assert_near(rows_ratio(pair, 0, SY_QUANTITY_TIME)->ratio, 1.1, 1e-12);
    const sy_ratio *one = rows_ratio(pair, 1, SY_QUANTITY_TIME);
    assert_near(one->ratio, 1.1, 1e-12);
    assert_string_equal(one->reason, "one block: no interval");
    assert_int_equal(one->verdict, SY_VERDICT_INCONCLUSIVE);
    assert_true(isnan(one->low));
}

static void an_unstable_side_is_judged_and_said(void **state) {
    rows_pair *pair = *state;
    rows_spec a = side(0, "a", 1.0), b = side(0, "b", 1.1);
    b.status = SY_ROW_UNSTABLE;
    take(pair, a);
    take(pair, b);
    compare(pair);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(time->verdict, SY_VERDICT_SLOWER);
    assert_non_null(strstr(time->reason, "a side is unstable"));
}

static void a_side_without_a_time_has_no_ratio(void **state) {
    rows_pair *pair = *state;
    rows_spec a = side(0, "a", 1.0), b = side(0, "b", 1.1);
    b.status = SY_ROW_UNSUPPORTED;
    b.rounds = 0;
    b.reason = "no such type";
    take(pair, a);
    take(pair, b);
    compare(pair);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(time->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_non_null(strstr(time->reason, "no such type"));
}

static void other_sides_are_other_columns(void **state) {
    rows_pair *pair = *state;
    rows_spec plain = rows_plain(5);
    for (unsigned i = 0; i < 6; i++) {
        static const char *const names[] = {"b0", "b1", "b2", "b3", "b4", "b5"};
        rows_spec a = side(0, "a", 1.0), b = side(0, "b", 1.0 + 0.1 * i);
        a.pair_n = b.pair_n = 100 + i;
        a.process = b.process = i; /* rows of one id would replace each other */
        b.asked = names[i];
        take(pair, a);
        take(pair, b);
    }
    take(pair, plain);
    compare(pair);
    assert_int_equal(pair->join.columns, 7);
    assert_int_equal(pair->join.lines, 1);
    assert_int_equal(pair->join.unjoined_count, 0);
    for (size_t column = 1; column < 7; column++) {
        const sy_ratio *time = sy_comparison_ratio(&pair->comparison, 0, column, SY_QUANTITY_TIME);
        assert_near(time->ratio, 1.0 + 0.1 * (double)(column - 1), 1e-9);
    }
}

static void simulated_pairs_do_not_meet_real_ones(void **state) {
    rows_pair *pair = *state;
    rows_spec a = side(0, "a", 1.0), b = side(0, "b", 1.1), c = side(1, "a", 1.0), d = side(1, "b", 1.1);
    size_t left_out;
    c.is_simulated = d.is_simulated = true;
    take(pair, c);
    take(pair, d);
    take(pair, a);
    take(pair, b);
    assert_int_equal(join(pair, &left_out, NULL), SY_OK);
    assert_int_equal(left_out, 2);
    assert_int_equal(pair->join.lines, 1);
}

static void what_is_no_pair_is_refused(void **state) {
    rows_pair *pair = *state;
    sy_error err = SY_ERROR_INIT;
    size_t left_out;
    take(pair, rows_plain(0));
    assert_int_equal(join(pair, &left_out, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "run --pair A,B"));
    take(pair, side(1, "a", 1.0));
    assert_int_equal(join(pair, &left_out, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "no row of side b"));
    rows_spec other = side(2, "a", 1.0);
    other.asked = "blis";
    take(pair, other);
    assert_int_equal(join(pair, &left_out, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "side a is cpu by native and cpu by blis"));
}

static void only_side_b_is_refused(void **state) {
    sy_error err = SY_ERROR_INIT;
    size_t left_out;
    take(*state, side(1, "b", 1.0));
    assert_int_equal(join(*state, &left_out, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "no row of side a"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(drift_is_in_no_interval),
        TEST(processes_and_runs_are_the_units_where_there_are_several), TEST(a_pair_belongs_to_its_run),
        TEST(blocks_that_are_not_whole_do_not_count), TEST(an_unstable_side_is_judged_and_said),
        TEST(a_side_without_a_time_has_no_ratio), TEST(other_sides_are_other_columns),
        TEST(simulated_pairs_do_not_meet_real_ones), TEST(what_is_no_pair_is_refused),
        TEST(only_side_b_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
