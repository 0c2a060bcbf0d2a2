/* Noise of a row from its past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "runtime/base/random.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/history/past.h"

static sy_history_noise ask(sy_history *history, const past_row *row, uint64_t last, const char *except) {
    sy_row wanted;
    sy_history_noise noise;
    sy_error err = SY_ERROR_INIT;
    char problem[256];
    past_fill_row(row, problem, &wanted);
    sy_history_wish wish = {.row = &wanted,
        .quantity = row->joule > 0 ? SY_HISTORY_ENERGY : SY_HISTORY_TIME,
        .last = last,
        .except = &except,
        .n_except = except != NULL};
    if (sy_history_noise_of(history, &wish, &noise, &err) != SY_OK)
        fail_msg("%s", err.text);
    return noise;
}

static void hashes_do_for_a_row(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    past_add_row(history, where, &(past_row){.run = 1, .median_ns = 1000});
    past_add_row(history, where, &(past_row){.run = 2, .median_ns = 1000 * exp(0.02)});
    char problem[256], key[SY_ROW_ID_MAX], subject[SY_ROW_ID_MAX];
    sy_row whole, wanted;
    sy_history_noise noise;
    sy_error err = SY_ERROR_INIT;
    past_fill_row(&(past_row){0}, problem, &whole);
    sy_key_hash(&whole, key);
    sy_subject_hash(&whole, subject);
    sy_row_init(&wanted);
    wanted.key_hash = key;
    wanted.subject_hash = subject;
    const sy_history_wish wish = {.row = &wanted, .quantity = SY_HISTORY_TIME, .last = 10};
    assert_int_equal(sy_history_noise_of(history, &wish, &noise, &err), SY_OK);
    assert_float_equal(noise.relative, (float)(0.02 / sqrt(2)), 1e-8);
    wanted.key_hash = "0123456789abcdef";
    assert_int_equal(sy_history_noise_of(history, &wish, &noise, &err), SY_OK);
    assert_true(isnan(noise.relative));
    sy_history_close(history);
}

static void nothing_known_is_absent(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    assert_true(isnan(ask(history, &(past_row){0}, 10, NULL).relative));
    past_add_row(history, where, &(past_row){.run = 1});
    sy_history_noise noise = ask(history, &(past_row){0}, 10, NULL);
    assert_true(isnan(noise.relative));
    assert_int_equal(noise.runs, 0);
    assert_int_equal(noise.freedom, 0);
    /* A second run on another card is no second run of this one. */
    past_add_row(history, where, &(past_row){.run = 2, .card = "pci:2"});
    assert_true(isnan(ask(history, &(past_row){0}, 10, NULL).relative));
    sy_history_close(history);
}

static void two_runs_make_one_difference(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    past_add_row(history, where, &(past_row){.run = 1, .median_ns = 1000, .joule = 5});
    past_add_row(
        history, where, &(past_row){.run = 2, .median_ns = 1000 * exp(0.02), .joule = 5 * exp(0.04)});
    past_add_row(history, where, &(past_row){.run = 3, .median_ns = 1000 * exp(0.5), .is_simulated = true});
    sy_history_noise noise = ask(history, &(past_row){0}, 10, NULL);
    assert_float_equal(noise.relative, (float)(0.02 / sqrt(2)), 1e-8);
    assert_int_equal(noise.runs, 2);
    assert_int_equal(noise.freedom, 1);
    noise = ask(history, &(past_row){.joule = 1}, 10, NULL);
    assert_float_equal(noise.relative, (float)(0.04 / sqrt(2)), 1e-8);
    assert_true(isnan(ask(history, &(past_row){.is_simulated = true}, 10, NULL).relative));
    assert_true(isnan(ask(history, &(past_row){.problem = 1}, 10, NULL).relative));
    assert_true(isnan(ask(history, &(past_row){0}, 1, NULL).relative));
    sy_history_close(history);
}

static void a_run_that_is_judged_does_not_count(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    past_add_row(history, where, &(past_row){.run = 1, .median_ns = 1000});
    past_add_row(history, where, &(past_row){.run = 2, .median_ns = 1000 * exp(0.02)});
    past_add_row(history, where, &(past_row){.run = 3, .median_ns = 2000});
    sy_history_noise noise = ask(history, &(past_row){0}, 2, "run-0003-made-up");
    assert_float_equal(noise.relative, (float)(0.02 / sqrt(2)), 1e-8);
    assert_true(ask(history, &(past_row){0}, 2, NULL).relative > 0.4);
    sy_history_close(history);
}

static void a_change_of_level_is_no_noise(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    sy_random random;
    sy_random_seed(&random, 5, 0);
    for (int i = 0; i < 60; i++) {
        double level = i < 30 ? 1000 : 1500;
        past_add_row(history, where,
            &(past_row){.run = i, .median_ns = level * exp(0.01 * sy_random_normal(&random))});
    }
    sy_history_noise noise = ask(history, &(past_row){0}, 100, NULL);
    assert_int_equal(noise.runs, 60);
    assert_int_equal(noise.freedom, 59);
    /* Four of its own standard errors (about 0.11). */
    assert_true(noise.relative > 0.006 && noise.relative < 0.014);
    sy_history_close(history);
}

static void rows_of_one_run_are_one_value_and_wild_ones_are_clipped(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    for (int i = 0; i < 12; i++) {
        double wave = i % 2 == 0 ? 1 : exp(0.02);
        past_add_row(history, where, &(past_row){.run = i, .median_ns = 1000 * wave * (i == 6 ? 30 : 1)});
        past_add_row(history, where,
            &(past_row){.run = i, .median_ns = 4000 * wave * (i == 6 ? 30 : 1), .id = "00000000000000ff"});
    }
    sy_history_noise noise = ask(history, &(past_row){0}, 100, NULL);
    assert_int_equal(noise.runs, 12);
    /* Nine differences of 0.02 and two of 3 * 1.4826 * 0.02. */
    double clipped = 3 * 1.4826022185056018;
    assert_float_equal(noise.relative, (float)(0.02 * sqrt((9 + 2 * clipped * clipped) / (2 * 11))), 1e-7);
    sy_history_close(history);
}

static void calls_that_fail(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    sy_row wanted;
    char problem[256];
    unsigned failures = 0;
    past_add_row(history, where, &(past_row){.run = 1, .median_ns = 1000});
    past_add_row(history, where, &(past_row){.run = 2, .median_ns = 1100});
    past_fill_row(&(past_row){0}, problem, &wanted);
    for (uint64_t k = 1; k < 12; k++) {
        sy_history_noise noise;
        sy_error err = SY_ERROR_INIT;
        sy_history_wish wish = {.row = &wanted, .quantity = SY_HISTORY_TIME, .last = 10};
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_history_noise_of(history, &wish, &noise, &err);
        bool is_seen = sy_seam_disarm() >= k;
        assert_int_equal(status, is_seen ? SY_OUT_OF_MEMORY : SY_OK);
        assert_true(is_seen == (bool)isnan(noise.relative));
        failures += is_seen;
    }
    assert_true(failures > 1);
    sy_history_close(history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_known_is_absent, past_begin, past_end),
        cmocka_unit_test_setup_teardown(hashes_do_for_a_row, past_begin, past_end),
        cmocka_unit_test_setup_teardown(two_runs_make_one_difference, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_run_that_is_judged_does_not_count, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_change_of_level_is_no_noise, past_begin, past_end),
        cmocka_unit_test_setup_teardown(
            rows_of_one_run_are_one_value_and_wild_ones_are_clipped, past_begin, past_end),
        cmocka_unit_test_setup_teardown(calls_that_fail, past_begin, past_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
