/* Geometric means of sets of rows, and columns in the order of their speed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/compare/mean_sum.h"
#include "tests/support/near.h"
#include "tests/unit/bench/compare/rows.h"

static rows_spec row_of(unsigned n, const char *suite, const char *phase, double ns) {
    rows_spec row = rows_plain(n);
    row.suite = suite;
    row.phase = phase;
    row.rounds = 3;
    for (int i = 0; i < 3; i++)
        row.round_ns[i] = ns * exp(0.01 * (i - 1));
    return row;
}

static void take_both(rows_pair *pair, rows_spec base, double ns) {
    rows_take(&pair->intake, pair->base, &base);
    for (int i = 0; i < 3; i++)
        base.round_ns[i] = ns * exp(0.01 * (i - 1));
    if (ns > 0.0)
        rows_take(&pair->intake, pair->other, &base);
}

static sy_mean_list means_of(rows_pair *pair, int quantity) {
    sy_mean_list means;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_means_compute(&pair->comparison, quantity, &pair->arena, &means, &err), SY_OK);
    return means;
}

static const sy_mean *find(const sy_mean_list *means, const char *suite, const char *phase, size_t column) {
    for (size_t i = 0; i < means->count; i++) {
        const sy_mean *mean = &means->item[i];
        bool is_suite = suite == NULL ? mean->suite == NULL : mean->suite && strcmp(mean->suite, suite) == 0;
        bool is_phase = phase == NULL ? mean->phase == NULL : mean->phase && strcmp(mean->phase, phase) == 0;
        if (is_suite && is_phase && mean->column == column)
            return mean;
    }
    return NULL;
}

static void means_say_how_many_of_how_many(void **state) {
    rows_pair *pair = *state;
    take_both(pair, row_of(0, "qwen", "decode", 1000), 1100);
    take_both(pair, row_of(1, "qwen", "prefill", 1000), 1210);
    take_both(pair, row_of(2, "qwen", "prefill", 1000), 0);
    take_both(pair, row_of(3, NULL, NULL, 1000), 1000);
    rows_compare(pair, NULL);
    sy_mean_list means = means_of(pair, SY_QUANTITY_TIME);
    assert_int_equal(means.count, 6);
    const sy_mean *all = &means.item[0], *qwen = find(&means, "qwen", NULL, 1);
    assert_null(all->suite);
    assert_int_equal(all->rows, 3);
    assert_int_equal(all->of, 4);
    assert_near(qwen->ratio, sqrt(1.1 * 1.21), 1e-9);
    assert_int_equal(qwen->rows, 2);
    assert_int_equal(qwen->of, 3);
    assert_int_equal(find(&means, "qwen", "prefill", 1)->of, 2);
    assert_near(find(&means, "qwen", "decode", 1)->ratio, 1.1, 1e-9);
    assert_near(find(&means, "", NULL, 1)->ratio, 1.0, 1e-9);
    double one = rows_ratio(pair, 0, SY_QUANTITY_TIME)->error;
    assert_near(qwen->error, one / sqrt(2.0), 1e-12);
    assert_true(qwen->low < qwen->ratio && qwen->ratio < qwen->high);
    assert_true(qwen->freedom > rows_ratio(pair, 0, SY_QUANTITY_TIME)->freedom);
}

static void throughput_is_turned_round(void **state) {
    rows_pair *pair = *state;
    take_both(pair, row_of(0, "qwen", "decode", 1000), 1250);
    rows_compare(pair, NULL);
    sy_mean_list time = means_of(pair, SY_QUANTITY_TIME), rate = means_of(pair, SY_QUANTITY_THROUGHPUT);
    assert_near(rate.item[0].ratio, 0.8, 1e-9);
    assert_near(rate.item[0].low, 1.0 / time.item[0].high, 1e-12);
    assert_near(rate.item[0].log_cost, time.item[0].log_cost, 0.0);
}

static void a_row_is_in_each_of_its_suites_once(void **state) {
    rows_pair *pair = *state;
    rows_spec row = row_of(0, "qwen", "decode", 1000);
    row.also = "llama";
    take_both(pair, row, 1100);
    rows_spec twice = row_of(1, "qwen", "decode", 1000);
    twice.also = "qwen";
    take_both(pair, twice, 1100);
    rows_compare(pair, NULL);
    sy_mean_list means = means_of(pair, SY_QUANTITY_TIME);
    assert_int_equal(find(&means, "llama", NULL, 1)->rows, 1);
    assert_int_equal(find(&means, "qwen", NULL, 1)->rows, 2);
    assert_int_equal(means.item[0].rows, 2);
}

static void what_rows_share_does_not_average_out(void **state) {
    (void)state;
    sy_mean_sum sum = {0};
    sy_ratio ratio;
    sy_ratio_init(&ratio);
    assert_false(sy_mean_takes(&ratio));
    ratio.is_gateable = true;
    ratio.log_cost = 0.1;
    ratio.error = sqrt(0.05 * 0.05 + 0.01 * 0.01);
    ratio.common_error = 0.05;
    ratio.freedom = INFINITY;
    assert_true(sy_mean_takes(&ratio));
    for (int i = 0; i < 100; i++)
        sy_mean_add(&sum, &ratio);
    sy_mean_log mean = sy_mean_of(&sum);
    assert_near(mean.log_cost, 0.1, 1e-12);
    assert_near(mean.error, sqrt(0.05 * 0.05 + 1e-4 / 100.0), 1e-12);
    assert_true(isinf(mean.freedom));
    ratio.error = NAN;
    sy_mean_add(&sum, &ratio);
    assert_true(isnan(sy_mean_of(&sum).error) && isfinite(sy_mean_of(&sum).log_cost));
    sum = (sy_mean_sum){0};
    assert_true(isnan(sy_mean_of(&sum).log_cost));
}

static void there_is_no_mean_of_precision(void **state) {
    rows_pair *pair = *state;
    sy_mean_list means;
    sy_error err = SY_ERROR_INIT;
    rows_compare(pair, NULL);
    assert_int_equal(sy_means_compute(&pair->comparison, SY_QUANTITY_PRECISION, &pair->arena, &means, &err),
        SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "precision"));
    means = means_of(pair, SY_QUANTITY_TIME);
    assert_int_equal(means.count, 0);
}

/* Rows of three devices: `fast` has a row fewer, `slow` has all and one more. */
static void take_devices(rows_pair *pair) {
    static const char *const names[] = {"base", "fast", "slow", "level"};
    static const double factor[] = {1.0, 0.5, 2.0, 0.5001};
    for (int device = 0; device < 4; device++)
        for (unsigned n = 0; n < 6; n++) {
            rows_spec row = row_of(n, "qwen", "decode", 1000.0 * factor[device]);
            row.device = row.device_name = row.card = names[device];
            if ((device == 1 && n == 5) || (device != 2 && n == 4))
                continue;
            rows_take(&pair->intake, pair->base, &row);
        }
}

static void columns_are_ranked_on_what_all_have(void **state) {
    rows_pair *pair = *state;
    sy_error err = SY_ERROR_INIT;
    const sy_rank *ranks;
    const sy_comparison_options options = {0};
    take_devices(pair);
    assert_int_equal(
        sy_join_across(&pair->intake, &(sy_across){.base = "base"}, &pair->arena, &pair->join, &err), SY_OK);
    assert_int_equal(sy_comparison_make(&pair->join, &options, &pair->arena, &pair->comparison, &err), SY_OK);
    assert_int_equal(sy_rank_columns(&pair->comparison, &pair->arena, &ranks, &err), SY_OK);
    static const size_t order[] = {1, 3, 0, 2}, rows[] = {4, 5, 5, 6};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(ranks[i].column, order[i]);
        assert_int_equal(ranks[i].common, 4);
        assert_int_equal(ranks[i].rows, rows[i]);
        assert_int_equal(ranks[i].of, 6);
        assert_int_equal(ranks[i].is_tied, i == 1);
    }
    assert_near(ranks[0].speed, 2.0, 1e-9);
    assert_near(ranks[2].speed, 1.0, 0.0);
    assert_near(ranks[2].low, 1.0, 0.0);
    assert_true(ranks[3].low < 0.5 && ranks[3].high > 0.5);
    sy_mean_list means = means_of(pair, SY_QUANTITY_TIME);
    const sy_mean *slow = find(&means, "qwen", NULL, 2);
    assert_int_equal(slow->rows, 5);
    assert_int_equal(slow->common, 4);
    assert_near(slow->common_ratio, 2.0, 1e-9);
}

/* How often the 95 % interval of the mean of all rows leaves out 1, of comparisons of a machine with itself.
 */
static unsigned count_alarms(const rows_machine *machine, uint64_t runs, unsigned trials) {
    unsigned alarms = 0;
    for (uint64_t seed = 0; seed < trials; seed++) {
        rows_pair pair = {0};
        sy_mean_list means;
        for (uint64_t run = 0; run < 2 * runs; run++)
            rows_simulate(&pair.intake, (uint32_t)(run % 2), machine, 900 + seed, run, 20, 3, 0.0, -1);
        rows_compare(&pair, NULL);
        assert_int_equal(
            sy_means_compute(&pair.comparison, SY_QUANTITY_TIME, &pair.arena, &means, NULL), SY_OK);
        alarms += means.item[0].low > 1.0 || means.item[0].high < 1.0;
        sy_intake_release(&pair.intake);
        sy_arena_release(&pair.arena);
    }
    return alarms;
}

/* All rows of a run are slow together: twenty of them say no more than one. Without that in the interval more
 * than half of these means would be called changed. */
static void what_a_run_has_in_common_does_not_average_out(void **state) {
    static const rows_machine together = {.low = 0.002, .high = 0.004, .common = 0.02, .own = 0.001};
    enum { TRIALS = 60 };
    (void)state;
    assert_true(count_alarms(&together, 3, TRIALS) <= TRIALS / 8);
    assert_true(count_alarms(&together, 6, TRIALS) <= TRIALS / 8);
    assert_true(count_alarms(&together, 1, TRIALS) > TRIALS / 2); /* one run cannot know, and says so */
}

/* Rows that vary each on its own still give a mean that is better than any of them. */
static void independent_rows_still_average_out(void **state) {
    static const rows_machine apart = {.low = 0.002, .high = 0.004, .own = 0.01};
    rows_pair *pair = *state;
    sy_mean_list means;
    for (uint64_t run = 0; run < 12; run++)
        rows_simulate(&pair->intake, (uint32_t)(run % 2), &apart, 77, run, 20, 3, 0.0, -1);
    rows_compare(pair, NULL);
    assert_int_equal(
        sy_means_compute(&pair->comparison, SY_QUANTITY_TIME, &pair->arena, &means, NULL), SY_OK);
    const sy_ratio *row = rows_ratio(pair, 0, SY_QUANTITY_TIME);
    assert_int_equal(row->spread, SY_SPREAD_RUNS);
    assert_true(row->common_error > 0.0 && row->common_freedom > 4.0 && row->common_freedom < 11.0);
    assert_true(log(means.item[0].high / means.item[0].low) < 0.7 * log(row->high / row->low));
}

static void nothing_in_common_is_no_rank(void **state) {
    rows_pair *pair = *state;
    sy_error err = SY_ERROR_INIT;
    const sy_rank *ranks;
    take_both(pair, row_of(0, "qwen", "decode", 1000), 0);
    rows_compare(pair, NULL);
    assert_int_equal(sy_rank_columns(&pair->comparison, &pair->arena, &ranks, &err), SY_OK);
    assert_int_equal(ranks[0].common, 0);
    assert_true(isnan(ranks[0].speed) && isnan(ranks[1].speed) && ranks[1].is_tied);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rows_set_up, rows_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(means_say_how_many_of_how_many),
        TEST(throughput_is_turned_round),
        TEST(a_row_is_in_each_of_its_suites_once),
        TEST(what_rows_share_does_not_average_out),
        TEST(there_is_no_mean_of_precision),
        TEST(columns_are_ranked_on_what_all_have),
        TEST(what_a_run_has_in_common_does_not_average_out),
        TEST(independent_rows_still_average_out),
        TEST(nothing_in_common_is_no_rank),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
