/* Time, throughput and precision of rows, and what an interval is made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "tests/support/near.h"
#include "tests/unit/bench/compare/rows.h"

/* A row with three rounds around `ns`, one per cent apart. */
static rows_spec three_rounds(unsigned n, double ns) {
    rows_spec row = rows_plain(n);
    row.rounds = 3;
    for (int i = 0; i < 3; i++)
        row.round_ns[i] = ns * exp(0.01 * (i - 1));
    return row;
}

static void take_both(rows_pair *pair, rows_spec base, rows_spec other) {
    rows_take(&pair->intake, pair->base, &base);
    rows_take(&pair->intake, pair->other, &other);
}

static void time_and_throughput_mirror_each_other(void **state) {
    rows_pair *pair = *state;
    take_both(pair, three_rounds(0, 1000.0), three_rounds(0, 1200.0));
    rows_compare(pair, NULL);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    const sy_ratio *throughput = rows_ratio(pair, 0, SY_QUANTITY_THROUGHPUT);
    assert_near(time->base, 1000.0, 1e-9);
    assert_near(time->value, 1200.0, 1e-9);
    assert_near(time->ratio, 1.2, 1e-12);
    assert_near(time->error, 0.01 * sqrt(2.0 / 3.0), 1e-12);
    assert_int_equal(time->spread, SY_SPREAD_ROUNDS);
    assert_int_equal(time->verdict, SY_VERDICT_SLOWER);
    assert_near(time->u_p, 0.1, 1e-12);
    assert_near(time->q, time->p, 1e-15);
    assert_near(throughput->base, 1e6, 1e-6);
    assert_near(throughput->ratio, 1.0 / 1.2, 1e-12);
    assert_near(throughput->low, 1.0 / time->high, 1e-12);
    assert_near(throughput->log_cost, time->log_cost, 0.0);
    assert_int_equal(throughput->verdict, SY_VERDICT_SLOWER);
    assert_int_equal(time->base_rounds, 3);
    assert_null(time->reason);
    char basis[32];
    sy_ratio_basis(time, basis, sizeof basis);
    assert_string_equal(basis, "1 run, 1 card");
}

/* Four units of known spread at each level give the errors that a text book says. */
static void the_highest_repeated_level_counts(void **state) {
    rows_pair *pair = *state;
    static const double processes[] = {-0.03, -0.01, 0.01, 0.03};
    for (uint64_t process = 0; process < 4; process++) {
        rows_spec row = three_rounds(0, 1000.0 * exp(processes[process]));
        row.process = process;
        take_both(pair, row, row);
    }
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->spread, SY_SPREAD_PROCESSES);
    assert_near(ratio->error, sqrt(2.0 * (0.002 / 3.0) / 4.0), 1e-12);
    assert_int_equal(ratio->base_rounds, 12);
}

static void runs_count_more_than_rounds(void **state) {
    rows_pair *pair = *state;
    for (int run = 0; run < 3; run++) {
        const char *names[] = {"a", "b", "c"};
        rows_spec row = three_rounds(0, 1000.0 * exp(0.02 * (run - 1)));
        rows_take(&pair->intake, rows_run(&pair->intake, 0, names[run], NULL), &row);
        rows_take(&pair->intake, rows_run(&pair->intake, 1, names[run], NULL), &row);
    }
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    char basis[32];
    assert_int_equal(ratio->spread, SY_SPREAD_RUNS);
    assert_near(ratio->error, sqrt(2.0 * 4e-4 / 3.0), 1e-12);
    sy_ratio_basis(ratio, basis, sizeof basis);
    assert_string_equal(basis, "3 runs, 1 card");
}

static void unequal_repeats_fall_back_to_rounds(void **state) {
    rows_pair *pair = *state;
    rows_spec row = three_rounds(0, 1000.0);
    take_both(pair, row, row);
    rows_take(&pair->intake, rows_run(&pair->intake, 0, "second", NULL), &row);
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->spread, SY_SPREAD_ROUNDS);
    assert_near(ratio->error, sqrt(1e-4 / 6.0 + 1e-4 / 3.0), 1e-12);
    assert_int_equal(ratio->base_runs, 2);
    assert_int_equal(ratio->runs, 1);
}

static void one_round_alone_is_inconclusive(void **state) {
    rows_pair *pair = *state;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    other.round_ns[0] = 1500.0;
    take_both(pair, base, other);
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->verdict, SY_VERDICT_INCONCLUSIVE);
    assert_int_equal(ratio->spread, SY_SPREAD_WITHIN);
    assert_near(ratio->ratio, 1.5, 1e-12);
    assert_true(ratio->low > 1.47 && ratio->low < 1.5 && isnan(ratio->p));
    assert_non_null(strstr(ratio->reason, "1 round"));
}

static void one_round_among_many_takes_their_variance(void **state) {
    rows_pair *pair = *state;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    other.round_ns[0] = 1500.0;
    take_both(pair, base, other);
    for (unsigned n = 1; n < 20; n++)
        take_both(pair, three_rounds(n, 1000.0), three_rounds(n, 1000.0));
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->verdict, SY_VERDICT_SLOWER);
    assert_int_equal(ratio->spread, SY_SPREAD_ROUNDS);
    assert_near(ratio->error, 0.01 * sqrt(2.0), 1e-9);
    assert_true(isnan(ratio->u_p));
}

static void rows_that_repeat_exactly_are_equal(void **state) {
    rows_pair *pair = *state;
    rows_spec row = rows_plain(0);
    row.rounds = 3;
    row.round_ns[1] = row.round_ns[2] = row.round_ns[0];
    take_both(pair, row, row);
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->verdict, SY_VERDICT_SAME);
    assert_near(ratio->low, 1.0, 0.0);
    assert_near(ratio->p, 1.0, 0.0);
}

static void no_interval_at_all_is_still_a_ratio(void **state) {
    rows_pair *pair = *state;
    rows_spec row = rows_plain(0);
    row.ci95 = NAN;
    take_both(pair, row, row);
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->verdict, SY_VERDICT_INCONCLUSIVE);
    assert_int_equal(ratio->spread, SY_SPREAD_NONE);
    assert_near(ratio->ratio, 1.0, 0.0);
    assert_true(isnan(ratio->low));
}

static void unstable_rows_are_inconclusive(void **state) {
    rows_pair *pair = *state;
    rows_spec other = three_rounds(0, 2000.0);
    other.status = SY_ROW_UNSTABLE;
    other.reason = "level changed by 3 %";
    take_both(pair, three_rounds(0, 1000.0), other);
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(ratio->verdict, SY_VERDICT_INCONCLUSIVE);
    assert_string_equal(ratio->reason, "NEW is unstable: level changed by 3 %");
    assert_near(ratio->ratio, 2.0, 1e-12);
    assert_true(isnan(ratio->q));
}

static void unstable_rows_do_not_speak_for_their_device(void **state) {
    rows_pair *pair = *state;
    for (unsigned n = 0; n < 5; n++)
        take_both(pair, three_rounds(n, 1000.0), three_rounds(n, 1000.0));
    rows_compare(pair, NULL);
    double before = rows_ratio(pair, 0, SY_QUANTITY_TIME)->error;
    for (unsigned n = 5; n < 10; n++) {
        rows_spec wild = three_rounds(n, 1000.0);
        wild.status = SY_ROW_UNSTABLE;
        wild.round_ns[0] = 10.0;
        take_both(pair, wild, wild);
    }
    rows_compare(pair, NULL);
    assert_near(rows_ratio(pair, 0, SY_QUANTITY_TIME)->error, before, 1e-15);
}

static void a_side_without_a_time_is_not_comparable(void **state) {
    rows_pair *pair = *state;
    rows_spec wrong = three_rounds(0, 1000.0);
    wrong.status = SY_ROW_WRONG;
    wrong.reason = "element 3 is off";
    take_both(pair, three_rounds(0, 1000.0), wrong);
    rows_spec alone = three_rounds(1, 1000.0), device = three_rounds(2, 1000.0);
    rows_take(&pair->intake, pair->base, &alone);
    device.headline = SY_HEADLINE_DEVICE;
    take_both(pair, three_rounds(2, 1000.0), device);
    rows_compare(pair, NULL);
    assert_string_equal(rows_ratio(pair, 0, SY_QUANTITY_TIME)->reason, "NEW is wrong: element 3 is off");
    assert_int_equal(rows_ratio(pair, 0, SY_QUANTITY_PRECISION)->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_string_equal(rows_ratio(pair, 1, SY_QUANTITY_ENERGY)->reason, "NEW has no such row");
    const sy_ratio *mixed = rows_ratio(pair, 2, SY_QUANTITY_TIME);
    assert_int_equal(mixed->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_non_null(strstr(mixed->reason, "the device's"));
}

static void selection_is_said(void **state) {
    static const struct {
        bool before, after;
        uint64_t of_before, of_after;
        const char *says;
    } rows[] = {{false, true, 0, 12, "BASE not tuned, NEW best of 12"},
        {true, true, 12, 12, "best of 12 candidates, measured afresh"},
        {true, true, 12, 8, "BASE best of 12, NEW best of 8"},
        {true, true, SY_NO_COUNT, SY_NO_COUNT, "best of several candidates"}, {false, false, 5, 5, NULL}};
    rows_pair *pair = *state;
    for (unsigned n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        rows_spec base = three_rounds(n, 1000.0), other = base;
        base.is_tuned = rows[n].before;
        base.explored = rows[n].of_before;
        other.is_tuned = rows[n].after;
        other.explored = rows[n].of_after;
        take_both(pair, base, other);
    }
    rows_compare(pair, NULL);
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        const char *reason = rows_ratio(pair, n, SY_QUANTITY_TIME)->reason;
        if (rows[n].says == NULL)
            assert_null(reason);
        else
            assert_non_null(strstr(reason, rows[n].says));
    }
}

static void known_noise_between_runs_widens_single_runs(void **state) {
    rows_pair *pair = *state;
    take_both(pair, three_rounds(0, 1000.0), three_rounds(0, 1000.0));
    const sy_noise noise = {.round = 0.01, .run = 0.02};
    rows_compare(pair, &(sy_comparison_options){.noise = &noise});
    assert_near(rows_ratio(pair, 0, SY_QUANTITY_TIME)->error, sqrt(2e-4 / 3.0 + 2.0 * 4e-4), 1e-12);
}

/* Fifty rows of which one is a little slower: by itself it would be called. */
static void many_rows_are_looked_at_together(void **state) {
    rows_pair *pair = *state;
    rows_spec slower = three_rounds(0, 1024.0);
    take_both(pair, three_rounds(0, 1000.0), slower);
    rows_compare(pair, NULL);
    assert_true(rows_ratio(pair, 0, SY_QUANTITY_TIME)->p > 0.02);
    for (unsigned n = 1; n < 50; n++)
        take_both(pair, three_rounds(n, 1000.0), three_rounds(n, 1000.0));
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_true(ratio->p < 0.05 && ratio->q > 0.05 && ratio->low > 1.0);
    assert_int_equal(ratio->verdict, SY_VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(ratio->reason, "all rows"));
}

static const sy_ratio *compare_precision(rows_pair *pair, rows_spec base, rows_spec other) {
    take_both(pair, base, other);
    rows_compare(pair, NULL);
    return rows_ratio(pair, 0, SY_QUANTITY_PRECISION);
}

static void precision_is_math_then_error(void **state) {
    static const struct {
        const char *base, *other;
        double base_error, error;
        bool is_lost;
        int verdict;
        const char *reason;
    } cases[] = {
        {"strict", "strict", 0.1, 0.1, false, SY_VERDICT_SAME, NULL},
        {"strict", "strict", 0.1, 0.2, false, SY_VERDICT_SLOWER, NULL},
        {"strict", "strict", 0.2, 0.1, false, SY_VERDICT_FASTER, NULL},
        {"strict", "strict", 0.0, 0.0, false, SY_VERDICT_SAME, NULL},
        {"strict", "strict", 0.3, 0.4, false, SY_VERDICT_SAME, NULL},
        {"strict", "strict", 0.0, 0.1, false, SY_VERDICT_SAME, NULL},
        {"strict", "strict", 0.0, 0.2, false, SY_VERDICT_SLOWER, NULL},
        {"strict", "strict", 0.01, 0.06, false, SY_VERDICT_SAME, NULL},
        {"strict", "strict", 0.06, 0.01, false, SY_VERDICT_SAME, NULL},
        {"strict", "strict", NAN, 0.1, false, SY_VERDICT_INCONCLUSIVE, "no error and bound on both sides"},
        {"strict", "tf32", 0.1, 0.1, false, SY_VERDICT_SLOWER, "delivered strict -> tf32"},
        {"tf32", "bf16x3", 0.1, 0.1, false, SY_VERDICT_FASTER, "delivered tf32 -> bf16x3"},
        {"tf32", "other", 0.1, 0.1, false, SY_VERDICT_INCONCLUSIVE, "delivered tf32 -> other"},
        {"strict", "strict", 0.1, 0.1, true, SY_VERDICT_SLOWER, "no longer verified"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rows_spec base = three_rounds(0, 1000.0), other = base;
        base.delivered = cases[i].base;
        other.delivered = cases[i].other;
        base.error_of_bound = cases[i].base_error;
        other.error_of_bound = cases[i].error;
        other.is_unverified = cases[i].is_lost;
        const sy_ratio *ratio = compare_precision(*state, base, other);
        assert_int_equal(ratio->verdict, cases[i].verdict);
        if (cases[i].reason != NULL)
            assert_string_equal(ratio->reason, cases[i].reason);
        assert_true(isnan(ratio->low) && isnan(ratio->p));
    }
}

/* Errors that vary by so much, in logs, on either side of none. */
static void take_errors(rows_pair *pair, unsigned first, const double *log_ratio, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        rows_spec base = three_rounds(first + i, 1000.0), other = base;
        base.error_of_bound = 0.1;
        other.error_of_bound = 0.1 * exp(log_ratio[i]);
        take_both(pair, base, other);
    }
}

static void errors_are_held_against_what_they_vary_by(void **state) {
    static const double chance[] = {-0.3, 0.3, -0.3, 0.3, -0.3, 0.3}, changed[] = {1.0, 2.0};
    rows_pair *pair = *state;
    take_errors(pair, 0, chance, 6);
    take_errors(pair, 6, changed, 2);
    rows_compare(pair, NULL);
    for (size_t line = 0; line < 7; line++)
        assert_int_equal(rows_ratio(pair, line, SY_QUANTITY_PRECISION)->verdict, SY_VERDICT_SAME);
    assert_int_equal(rows_ratio(pair, 7, SY_QUANTITY_PRECISION)->verdict, SY_VERDICT_SLOWER);
    assert_near(rows_ratio(pair, 0, SY_QUANTITY_PRECISION)->typical_error, 0.3 * 1.4826, 1e-9);
}

static void a_change_of_all_rows_is_no_spread(void **state) {
    static const double changed[] = {0.8, 1.0, 1.4, 1.9, 2.5, 0.75};
    rows_pair *pair = *state;
    take_errors(pair, 0, changed, 6);
    rows_compare(pair, NULL);
    for (size_t line = 0; line < 6; line++)
        assert_int_equal(rows_ratio(pair, line, SY_QUANTITY_PRECISION)->verdict, SY_VERDICT_SLOWER);
}

static void clocks_of_one_kind_of_device_are_set_beside_the_ratio(void **state) {
    rows_pair *pair = *state;
    for (unsigned n = 0; n < 4; n++) {
        rows_spec base = three_rounds(n, 1000), other = three_rounds(n, 1100);
        base.clock_mhz = 1410;
        other.clock_mhz = n == 1 ? NAN : n == 2 ? 0.0 : 1290;
        other.device_name = n == 3 ? "another" : base.device_name;
        take_both(pair, base, other);
        if (n == 0) { /* a run that does not know its clock does not count */
            rows_spec more = base;
            more.process = 1;
            more.clock_mhz = NAN;
            rows_take(&pair->intake, pair->base, &more);
        }
    }
    rows_compare(pair, NULL);
    const sy_ratio *time = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_near(time->base_clock_mhz, 1410, 1e-9);
    assert_near(time->clock_mhz, 1290, 1e-9);
    assert_near(time->clock_ratio, 1410.0 / 1290.0, 1e-12);
    assert_near(rows_ratio(pair, 0, SY_QUANTITY_THROUGHPUT)->clock_ratio, 1290.0 / 1410.0, 1e-12);
    assert_true(isnan(rows_ratio(pair, 0, SY_QUANTITY_ENERGY)->clock_ratio));
    for (size_t line = 1; line < 3; line++)
        assert_true(isnan(rows_ratio(pair, line, SY_QUANTITY_TIME)->clock_ratio));
}

static void clocks_explain_in_words(void **state) {
    static const struct {
        double ratio, base, other;
        int verdict;
        const char *says;
    } rows[] = {
        {1.10, 1410, 1290, SY_VERDICT_SLOWER, "clock 1410 -> 1290 MHz explains up to +9.3 % of +10.0 %"},
        {1.05, 1410, 1290, SY_VERDICT_SLOWER,
            "clock 1410 -> 1290 MHz alone would be up to +9.3 %, seen is +5.0 %"},
        {0.98, 1410, 1290, SY_VERDICT_SAME,
            "clock 1410 -> 1290 MHz alone would be up to +9.3 %, seen is -2.0 %"},
        {1.10, 1410, 1410, SY_VERDICT_SLOWER, "clock 1410 MHz on both sides explains none of +10.0 %"},
        {1.00, 1410, 1409, SY_VERDICT_SAME, ""}, {1.10, NAN, 1409, SY_VERDICT_SLOWER, ""},
        {NAN, 1410, 1290, SY_VERDICT_NOT_COMPARABLE, ""},
        {4.0, 3000, 1000, SY_VERDICT_SLOWER, "clock 3000 -> 1000 MHz explains up to +200 % of +300 %"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128] = "x";
        sy_ratio ratio;
        sy_ratio_init(&ratio);
        ratio.ratio = rows[i].ratio;
        ratio.base_clock_mhz = rows[i].base;
        ratio.clock_mhz = rows[i].other;
        ratio.clock_ratio = rows[i].base / rows[i].other;
        ratio.verdict = rows[i].verdict;
        assert_int_equal(sy_ratio_clock_say(&ratio, text, sizeof text), rows[i].says[0] != '\0');
        assert_string_equal(text, rows[i].says);
    }
}

static void a_bad_delta_is_refused(void **state) {
    rows_pair *pair = *state;
    sy_error err = SY_ERROR_INIT;
    rows_compare(pair, NULL);
    assert_near(pair->comparison.delta, 0.02, 0.0);
    static const double bad[] = {-0.1, 1.0, NAN};
    for (size_t i = 0; i < 3; i++) {
        const sy_comparison_options options = {.delta = bad[i]};
        assert_int_equal(sy_comparison_make(&pair->join, &options, &pair->arena, &pair->comparison, &err),
            SY_INVALID_ARGUMENT);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rows_set_up, rows_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(time_and_throughput_mirror_each_other),
        TEST(the_highest_repeated_level_counts),
        TEST(runs_count_more_than_rounds),
        TEST(unequal_repeats_fall_back_to_rounds),
        TEST(one_round_alone_is_inconclusive),
        TEST(one_round_among_many_takes_their_variance),
        TEST(rows_that_repeat_exactly_are_equal),
        TEST(no_interval_at_all_is_still_a_ratio),
        TEST(unstable_rows_are_inconclusive),
        TEST(unstable_rows_do_not_speak_for_their_device),
        TEST(a_side_without_a_time_is_not_comparable),
        TEST(selection_is_said),
        TEST(known_noise_between_runs_widens_single_runs),
        TEST(many_rows_are_looked_at_together),
        TEST(precision_is_math_then_error),
        TEST(errors_are_held_against_what_they_vary_by),
        TEST(a_change_of_all_rows_is_no_spread),
        TEST(clocks_of_one_kind_of_device_are_set_beside_the_ratio),
        TEST(clocks_explain_in_words),
        TEST(a_bad_delta_is_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
