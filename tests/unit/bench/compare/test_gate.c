/* What passes a gate, what does not, and what cannot be said. */
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

enum { ROWS = 20 };

/* A row with five rounds whose standard deviation is `noise`. */
static rows_spec noisy(unsigned n, double ns, double noise) {
    static const double deviates[] = {-1.2649, -0.6325, 0.0, 0.6325, 1.2649};
    rows_spec row = rows_plain(n);
    row.rounds = 5;
    for (int i = 0; i < 5; i++)
        row.round_ns[i] = ns * exp(noise * deviates[i]);
    return row;
}

static void take_both(rows_pair *pair, rows_spec base, rows_spec other) {
    rows_take(&pair->intake, pair->base, &base);
    rows_take(&pair->intake, pair->other, &other);
}

/* Rows that did not change, with a noise of 1 %. */
static void take_equal(rows_pair *pair, unsigned first, unsigned count) {
    for (unsigned n = first; n < first + count; n++)
        take_both(pair, noisy(n, 1000, 0.01), noisy(n, 1000, 0.01));
}

static sy_gate_options ask(const char *text) {
    sy_gate_options options;
    sy_error err = SY_ERROR_INIT;
    sy_gate_options_init(&options);
    assert_int_equal(sy_gate_parse(text, &options, &err), SY_OK);
    return options;
}

static sy_gate judge(rows_pair *pair, sy_gate_options options) {
    sy_gate gate;
    sy_error err = SY_ERROR_INIT;
    rows_compare(pair, NULL);
    assert_int_equal(sy_gate_judge(&pair->comparison, NULL, &options, &pair->arena, &gate, &err), SY_OK);
    return gate;
}

static bool has_reason(const sy_gate *gate, int kind, const char *part) {
    for (size_t i = 0; i < gate->reasons; i++)
        if (gate->reason[i].kind == kind && strstr(gate->reason[i].text, part) != NULL)
            return true;
    return false;
}

static void equal_rows_pass(void **state) {
    take_equal(*state, 0, ROWS);
    sy_gate gate = judge(*state, ask("time:5%"));
    assert_int_equal(gate.status, SY_GATE_PASSED);
    assert_int_equal(gate.gated, ROWS);
    assert_int_equal(gate.decided, ROWS);
    assert_int_equal(gate.base_rows, ROWS);
    assert_int_equal(gate.joined, ROWS);
    assert_int_equal(gate.coarse, 0);
    assert_near(gate.row[0].threshold, 0.05, 1e-15);
    assert_null(gate.row[0].reason);
    assert_true(has_reason(&gate, SY_REASON_NOTE, "noise is not known for 20 of 20 gated rows"));
    assert_int_equal(gate.means, 1);
    assert_near(gate.mean[0].limit, 1.025, 1e-12);
}

static void one_slower_row_fails(void **state) {
    take_equal(*state, 0, ROWS);
    take_both(*state, noisy(ROWS, 1000, 0.01), noisy(ROWS, 1100, 0.01));
    sy_gate gate = judge(*state, ask("time:5%"));
    assert_int_equal(gate.status, SY_GATE_FAILED);
    assert_int_equal(gate.regressed, 1);
    assert_int_equal(gate.row[ROWS].outcome, SY_GATED_REGRESSED);
    assert_true(gate.row[ROWS].q <= SY_GATE_DISCOVERY);
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "layer20 on cpu: time cost +10.00 %"));
    assert_int_equal(gate.reason[0].kind, SY_REASON_FAILURE);
}

/* Where the noise of single runs is not known, some is taken to be there before a row is accused. */
static void accusing_takes_more_where_noise_is_not_known(void **state) {
    take_equal(*state, 0, ROWS);
    take_both(*state, noisy(ROWS, 1000, 0.01), noisy(ROWS, 1060, 0.01));
    sy_gate_options options = ask("time:5%");
    const sy_noise noise = {.round = 0.01};
    sy_gate unknown = judge(*state, options);
    options.noise = &noise;
    sy_gate known = judge(*state, options);
    assert_near(known.row[ROWS].threshold, unknown.row[ROWS].threshold, 0.0);
    assert_true(unknown.row[ROWS].p > 2.0 * known.row[ROWS].p);
    const sy_ratio *ratio = rows_ratio(*state, ROWS, SY_QUANTITY_TIME);
    double t = (ratio->log_cost - log1p(0.025)) / fmax(ratio->error, ratio->typical_error);
    assert_near(known.row[ROWS].p, sy_ratio_tail(t, ratio->freedom), 1e-12);
}

static void a_faster_row_passes(void **state) {
    take_equal(*state, 0, ROWS);
    take_both(*state, noisy(ROWS, 1000, 0.01), noisy(ROWS, 500, 0.01));
    assert_int_equal(judge(*state, ask("time:5%")).status, SY_GATE_PASSED);
}

/* Each row 4 % slower is within 5 %, and the build as a whole is not. */
static void the_mean_sees_what_no_row_shows(void **state) {
    for (unsigned n = 0; n < ROWS; n++)
        take_both(*state, noisy(n, 1000, 0.01), noisy(n, 1040, 0.01));
    sy_gate gate = judge(*state, ask("time:5%"));
    assert_int_equal(gate.status, SY_GATE_FAILED);
    assert_int_equal(gate.regressed, 0);
    assert_true(gate.mean[0].is_failed && gate.mean[0].low > 1.025 && gate.mean[0].low < 1.04);
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "made f32:f32:f32:f32: geometric mean of time"));
    sy_gate_options lenient = ask("time:5%");
    lenient.fail_on = SY_FAIL_MISSING;
    assert_int_equal(judge(*state, lenient).status, SY_GATE_UNDECIDED); /* rows near 5 % are not certain */
}

static void throughput_is_judged_as_a_cost(void **state) {
    take_equal(*state, 0, ROWS);
    take_both(*state, noisy(ROWS, 1000, 0.001), noisy(ROWS, 1100, 0.001)); /* 9.1 % fewer a second */
    assert_int_equal(judge(*state, ask("throughput:5%")).regressed, 1);
    assert_int_equal(judge(*state, ask("throughput:9%")).regressed, 1);
    assert_int_equal(judge(*state, ask("throughput:9.5%")).regressed, 0);
}

static void too_noisy_a_row_is_undecided(void **state) {
    take_equal(*state, 0, ROWS);
    for (unsigned n = ROWS; n < ROWS + 2; n++)
        take_both(*state, noisy(n, 1000, 0.2), noisy(n, 1000, 0.2));
    sy_gate_options options = ask("time:5%");
    sy_gate gate = judge(*state, options);
    assert_int_equal(gate.status, SY_GATE_UNDECIDED);
    assert_int_equal(gate.undecided, 2);
    assert_int_equal(gate.suspected, 0);
    assert_true(has_reason(&gate, SY_REASON_UNDECIDED, "2 of 22 gated rows are undecided, allowed are 0 %"));
    options.allow_inconclusive = 0.1;
    assert_int_equal(judge(*state, options).status, SY_GATE_PASSED);
    options.allow_inconclusive = 0.05;
    assert_int_equal(judge(*state, options).status, SY_GATE_UNDECIDED);
    options.fail_on |= SY_FAIL_INCONCLUSIVE;
    assert_int_equal(judge(*state, options).status, SY_GATE_FAILED);
}

static void a_suspected_row_is_not_covered_by_an_allowance(void **state) {
    take_equal(*state, 0, ROWS);
    take_both(*state, noisy(ROWS, 1000, 0.08), noisy(ROWS, 1150, 0.08));
    sy_gate_options options = ask("time:5%");
    options.allow_inconclusive = 0.5;
    sy_gate gate = judge(*state, options);
    assert_int_equal(gate.status, SY_GATE_UNDECIDED);
    assert_int_equal(gate.suspected, 1);
    assert_true(has_reason(&gate, SY_REASON_UNDECIDED, "layer20 on cpu: suspected"));
    options.allow_inconclusive = 1.0;
    assert_int_equal(judge(*state, options).status, SY_GATE_PASSED);
}

static void a_row_too_noisy_to_say_anything_is_not_suspected(void **state) {
    take_equal(*state, 0, ROWS);
    take_both(*state, noisy(ROWS, 1000, 0.3), noisy(ROWS, 1100, 0.3));
    sy_gate_options options = ask("time:5%");
    options.allow_inconclusive = 0.5;
    sy_gate gate = judge(*state, options);
    assert_int_equal(gate.undecided, 1);
    assert_int_equal(gate.suspected, 0);
    assert_int_equal(gate.status, SY_GATE_PASSED);
}

static void unstable_and_single_rounds_are_undecided(void **state) {
    rows_spec unstable = noisy(ROWS, 1000, 0.01);
    take_equal(*state, 0, ROWS);
    unstable.status = SY_ROW_UNSTABLE;
    take_both(*state, noisy(ROWS, 1000, 0.01), unstable);
    sy_gate gate = judge(*state, ask("time:5%"));
    assert_int_equal(gate.undecided, 1);
    assert_string_equal(gate.row[ROWS].reason, "NEW is unstable");
    assert_true(isnan(gate.row[ROWS].p));
}

static void lost_rows_fail_whatever_became_of_them(void **state) {
    static const uint32_t statuses[] = {0, SY_ROW_WRONG, SY_ROW_ERROR, SY_ROW_TIMEOUT, SY_ROW_UNSUPPORTED,
        SY_ROW_UNAVAILABLE, SY_ROW_SKIPPED, SY_ROW_SUSPECT};
    take_equal(*state, 0, 100);
    rows_pair *pair = *state;
    for (unsigned n = 0; n < 8; n++) {
        rows_spec base = noisy(100 + n, 1000, 0.01), other = base;
        other.status = statuses[n];
        other.reason = "because";
        other.rounds = 0;
        rows_take(&pair->intake, pair->base, &base);
        if (n > 0)
            rows_take(&pair->intake, pair->other, &other);
    }
    sy_gate_options options = ask("time:5%,energy:10%");
    sy_gate gate = judge(pair, ask("time:5%"));
    assert_int_equal(gate.status, SY_GATE_FAILED);
    assert_int_equal(gate.lost, 8);
    assert_int_equal(gate.joined, 107);
    assert_int_equal(gate.base_rows, 108);
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "layer100 on cpu: missing"));
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "layer103 on cpu: timeout: because"));
    assert_int_equal(judge(pair, options).lost, 8);
    options = ask("time:5%");
    options.allow_missing = "^layer10[0-7]$";
    gate = judge(pair, options);
    assert_int_equal(gate.status, SY_GATE_PASSED);
    assert_int_equal(gate.base_rows, 100);
    options.allow_missing = "m=10[1-8],";
    assert_int_equal(judge(pair, options).status, SY_GATE_PASSED);
    options.allow_missing = NULL;
    options.fail_on = SY_FAIL_REGRESSION;
    gate = judge(pair, options);
    assert_int_equal(gate.status, SY_GATE_PASSED);
    assert_true(has_reason(&gate, SY_REASON_NOTE, "missing"));
}

static void what_base_lacks_is_not_lost(void **state) {
    rows_spec failed = noisy(ROWS, 1000, 0.01);
    failed.status = SY_ROW_ERROR;
    failed.rounds = 0;
    take_equal(*state, 0, ROWS);
    take_both(*state, failed, noisy(ROWS, 1000, 0.01));
    sy_gate gate = judge(*state, ask("time:5%"));
    assert_int_equal(gate.status, SY_GATE_PASSED);
    assert_int_equal(gate.gated, ROWS);
}

static void too_few_joined_is_undecided_always(void **state) {
    rows_pair *pair = *state;
    take_equal(pair, 0, 8);
    for (unsigned n = 8; n < 10; n++) {
        rows_spec row = noisy(n, 1000, 0.01);
        rows_take(&pair->intake, pair->base, &row);
    }
    sy_gate_options options = ask("time:5%");
    options.allow_inconclusive = 1.0;
    options.fail_on = SY_FAIL_REGRESSION | SY_FAIL_MISSING | SY_FAIL_INCONCLUSIVE;
    sy_gate gate = judge(pair, options);
    assert_int_equal(gate.status, SY_GATE_UNDECIDED);
    assert_true(has_reason(&gate, SY_REASON_UNDECIDED, "8 of 10 rows of BASE joined"));
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "layer9 on cpu: missing"));
}

static void nothing_to_decide_is_undecided_always(void **state) {
    sy_gate_options options = ask("time:5%");
    options.allow_inconclusive = 1.0;
    assert_int_equal(judge(*state, options).status, SY_GATE_UNDECIDED);
    take_equal(*state, 0, ROWS);
    assert_int_equal(judge(*state, options).status, SY_GATE_PASSED);
    options.threshold[SY_QUANTITY_ENERGY] = 0.1;
    sy_gate gate = judge(*state, options);
    assert_int_equal(gate.status, SY_GATE_UNDECIDED);
    assert_true(has_reason(&gate, SY_REASON_UNDECIDED, "nothing was decided in energy"));
}

static void set_energy(rows_spec *row, double joule, double net) {
    row->energies = 1;
    row->energy[0].source = "device:energy";
    row->energy[0].scope = "card";
    row->energy[0].joule = joule;
    row->energy[0].net = net;
    row->energy[0].u_random = 0.01;
    row->energy[0].u_systematic = NAN;
}

static void energy_is_gated_where_it_may_be(void **state) {
    for (unsigned n = 0; n < 5; n++) {
        rows_spec base = noisy(n, 1000, 0.01), other = base;
        set_energy(&base, 2.0, 1.0);
        set_energy(&other, n == 1 ? 3.0 : 2.0, n == 2 ? 0.1 : 1.0);
        other.energies = n == 3 ? 0 : 1;
        base.energies = n == 4 ? 0 : 1;
        take_both(*state, base, other);
    }
    sy_gate gate = judge(*state, ask("energy:10%"));
    static const int outcomes[] = {
        SY_GATED_PASS, SY_GATED_REGRESSED, SY_GATED_SKIPPED, SY_GATED_UNDECIDED, SY_GATED_SKIPPED};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(gate.row[i].outcome, outcomes[i]);
    assert_int_equal(gate.status, SY_GATE_FAILED);
    assert_int_equal(gate.gated, 3);
    assert_int_equal(gate.mean[0].mean.rows, 2);
}

static void precision_is_gated_by_what_was_delivered(void **state) {
    for (unsigned n = 0; n < 4; n++) {
        rows_spec base = noisy(n, 1000, 0.01), other = base;
        other.error_of_bound = n == 1 ? 0.25 : 0.14;
        other.delivered = n == 2 ? "tf32" : "strict";
        base.error_of_bound = n == 3 ? NAN : 0.1;
        other.error_of_bound = n == 3 ? NAN : other.error_of_bound;
        take_both(*state, base, other);
    }
    sy_gate gate = judge(*state, ask("precision:50%"));
    static const int outcomes[] = {SY_GATED_PASS, SY_GATED_REGRESSED, SY_GATED_REGRESSED, SY_GATED_SKIPPED};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(gate.row[i].outcome, outcomes[i]);
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "precision delivered strict -> tf32"));
    assert_true(has_reason(&gate, SY_REASON_FAILURE, "error over bound 0.1 -> 0.25"));
}

static void noise_raises_the_threshold(void **state) {
    rows_pair *pair = *state;
    take_equal(pair, 0, ROWS);
    rows_compare(pair, NULL);
    const sy_entry *first = pair->join.line[0].cell[0]->shown;
    sy_noise_row row = {.key = first->key, .subject = first->subject, .round = 0.04, .run = 0.0, .runs = 4};
    const sy_noise noise = {.row = &row, .count = 1, .round = 0.01, .run = 0.001};
    sy_gate_options options = ask("time:5%");
    options.noise = &noise;
    sy_gate gate = judge(pair, options);
    assert_near(gate.row[0].threshold, 0.12, 1e-12);
    assert_true(gate.row[0].is_coarse && gate.row[0].is_noise_known);
    assert_near(gate.row[1].threshold, 0.05, 1e-12);
    assert_int_equal(gate.coarse, 1);
    assert_true(has_reason(&gate, SY_REASON_NOTE, "1 of 20 gated rows are coarse"));
    options.threshold[SY_QUANTITY_TIME] = 0.01;
    options.noise = NULL;
    assert_near(judge(pair, options).row[0].threshold, SY_GATE_UNKNOWN_NOISE, 1e-12);
    options.noise = &noise;
    assert_near(judge(pair, options).row[1].threshold, 3.0 * sqrt(1e-4 + 2e-6), 1e-12);
}

static void conditions_can_leave_it_undecided(void **state) {
    rows_pair *pair = *state;
    sy_error err = SY_ERROR_INIT;
    sy_gate gate;
    const sy_condition cap = {
        .field = "power cap", .base = "300 W", .other = "350 W", .kind = SY_CONDITION_INCONCLUSIVE};
    const sy_conditions conditions = {
        .item = &cap, .count = 1, .inconclusive = 1, .statement = "observed ratio"};
    sy_gate_options options = ask("time:5%");
    take_equal(pair, 0, ROWS);
    rows_compare(pair, NULL);
    assert_int_equal(
        sy_gate_judge(&pair->comparison, &conditions, &options, &pair->arena, &gate, &err), SY_OK);
    assert_int_equal(gate.status, SY_GATE_UNDECIDED);
    assert_true(has_reason(&gate, SY_REASON_UNDECIDED, "conditions differ: power cap 300 W -> 350 W"));
    assert_true(has_reason(&gate, SY_REASON_NOTE, "observed ratio"));
    options.allow_inconclusive = 1.0;
    assert_int_equal(
        sy_gate_judge(&pair->comparison, &conditions, &options, &pair->arena, &gate, &err), SY_OK);
    assert_int_equal(gate.status, SY_GATE_PASSED);
}

static void a_gate_that_asks_nothing_is_refused(void **state) {
    rows_pair *pair = *state;
    sy_gate gate;
    sy_error err = SY_ERROR_INIT;
    sy_gate_options options;
    rows_compare(pair, NULL);
    sy_gate_options_init(&options);
    assert_int_equal(
        sy_gate_judge(&pair->comparison, NULL, &options, &pair->arena, &gate, &err), SY_INVALID_ARGUMENT);
    options = ask("time:5%");
    options.allow_missing = "(";
    assert_int_equal(
        sy_gate_judge(&pair->comparison, NULL, &options, &pair->arena, &gate, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "--allow-missing"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rows_set_up, rows_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(equal_rows_pass),
        TEST(one_slower_row_fails),
        TEST(accusing_takes_more_where_noise_is_not_known),
        TEST(a_faster_row_passes),
        TEST(the_mean_sees_what_no_row_shows),
        TEST(throughput_is_judged_as_a_cost),
        TEST(too_noisy_a_row_is_undecided),
        TEST(a_suspected_row_is_not_covered_by_an_allowance),
        TEST(a_row_too_noisy_to_say_anything_is_not_suspected),
        TEST(unstable_and_single_rounds_are_undecided),
        TEST(lost_rows_fail_whatever_became_of_them),
        TEST(what_base_lacks_is_not_lost),
        TEST(too_few_joined_is_undecided_always),
        TEST(nothing_to_decide_is_undecided_always),
        TEST(energy_is_gated_where_it_may_be),
        TEST(precision_is_gated_by_what_was_delivered),
        TEST(noise_raises_the_threshold),
        TEST(conditions_can_leave_it_undecided),
        TEST(a_gate_that_asks_nothing_is_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
