/* Noise found again in made-up runs, its JSON, and the rounds that follow from it. */
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

typedef struct fixture {
    sy_intake intake;
    sy_arena arena;
    sy_noise noise;
} fixture;

static int set_up(void **state) {
    static fixture made;
    made = (fixture){0};
    *state = &made;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    sy_intake_release(&f->intake);
    sy_arena_release(&f->arena);
    return 0;
}

static void measure(fixture *f, const rows_machine *machine, uint64_t runs) {
    sy_error err = SY_ERROR_INIT;
    for (uint64_t run = 0; run < runs; run++)
        rows_simulate(&f->intake, 0, machine, 5, run, 200, 4, 0.0, -1);
    assert_int_equal(sy_noise_measure(&f->intake, 0.02, &f->arena, &f->noise, &err), SY_OK);
}

static void noise_is_found_again(void **state) {
    fixture *f = *state;
    measure(f, &(rows_machine){.low = 0.01, .high = 0.01, .own = 0.02}, 6);
    assert_int_equal(f->noise.count, 200);
    assert_near(f->noise.round, 0.01, 0.001);
    assert_near(f->noise.run, 0.02, 0.003);
    assert_string_equal(f->noise.device_name, "EPYC");
    assert_int_equal(f->noise.compared, 5);
    assert_int_equal(f->noise.rows_compared, 1000);
    assert_near(f->noise.false_alarm_rate, (double)f->noise.alarms / 1000.0, 1e-15);
    assert_true(f->noise.false_alarm_rate > 0.05); /* single runs do not see what differs from run to run */
    assert_int_equal(f->noise.row[0].runs, 6);
    assert_near(sy_noise_total((sy_noise_row){.round = 0.03, .run = 0.04}), sqrt(0.0009 + 0.0032), 1e-15);
}

static void quiet_runs_raise_few_alarms(void **state) {
    fixture *f = *state;
    measure(f, &(rows_machine){.low = 0.01, .high = 0.01}, 6);
    assert_true(f->noise.run < 0.004);
    assert_true(f->noise.false_alarm_rate < 0.02);
}

static void rows_have_their_own_noise_or_the_machines(void **state) {
    fixture *f = *state;
    measure(f, &(rows_machine){.low = 0.005, .high = 0.03}, 6);
    double sum = 0.0;
    for (size_t i = 0; i < f->intake.count && i < 200; i++) {
        const sy_entry *entry = &f->intake.entry[i];
        sy_noise_row row = sy_noise_of(&f->noise, entry->key, entry->subject);
        double truth = rows_noise_of(&(rows_machine){.low = 0.005, .high = 0.03}, 5, (unsigned)i);
        sum += fabs(row.round / truth - 1.0) / 200.0;
        assert_int_equal(row.runs, 6);
    }
    assert_true(sum < 0.2);
    sy_noise_row unknown = sy_noise_of(&f->noise, 1, 2), none = sy_noise_of(NULL, 1, 2);
    assert_near(unknown.round, f->noise.round, 0.0);
    assert_true(isnan(none.round) && isnan(none.run) && isnan(sy_noise_total(none)));
}

static void one_run_says_nothing(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_noise_measure(&f->intake, 0.02, &f->arena, &f->noise, &err), SY_INVALID_ARGUMENT);
    rows_simulate(&f->intake, 0, &(rows_machine){.low = 0.01}, 1, 1, 3, 3, 0.0, -1);
    rows_simulate(&f->intake, 1, &(rows_machine){.low = 0.01}, 1, 2, 3, 3, 0.0, -1);
    assert_int_equal(sy_noise_measure(&f->intake, 0.02, &f->arena, &f->noise, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "at least twice"));
}

static void rows_of_one_round_have_the_runs_spread(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    for (uint64_t run = 0; run < 8; run++)
        rows_simulate(&f->intake, 0, &(rows_machine){.low = 0.02, .high = 0.02}, 5, run, 100, 1, 0.0, -1);
    assert_int_equal(sy_noise_measure(&f->intake, 0.02, &f->arena, &f->noise, &err), SY_OK);
    assert_near(f->noise.round, 0.02, 0.003);
}

static void json_goes_there_and_back(void **state) {
    fixture *f = *state;
    sy_text text = {0};
    sy_noise back;
    sy_error err = SY_ERROR_INIT;
    measure(f, &(rows_machine){.low = 0.005, .high = 0.03, .own = 0.01}, 3);
    assert_true(sy_noise_write(&f->noise, &text));
    assert_int_equal(text.data[text.length - 1], '\n');
    assert_int_equal(sy_noise_read(text.data, text.length, &f->arena, &back, &err), SY_OK);
    assert_int_equal(back.count, f->noise.count);
    for (size_t i = 0; i < back.count; i++)
        assert_memory_equal(&back.row[i], &f->noise.row[i], sizeof back.row[i]);
    assert_near(back.round, f->noise.round, 0.0);
    assert_near(back.run, f->noise.run, 0.0);
    assert_near(back.false_alarm_rate, f->noise.false_alarm_rate, 0.0);
    assert_string_equal(back.device_name, "EPYC");
    assert_int_equal(back.alarms, f->noise.alarms);
    sy_text_release(&text);
}

static void wrong_json_is_refused(void **state) {
    fixture *f = *state;
#define HEAD "{\"schema\":\"steelyard.noise/1\",\"round\":0.01,\"run\":0.0"
    static const struct {
        const char *text;
        sy_status status;
    } cases[] = {
        {"", SY_INVALID_ARGUMENT},
        {"[]", SY_INVALID_ARGUMENT},
        {"{}", SY_INCOMPATIBLE},
        {"{\"schema\":\"steelyard.noise/2\",\"round\":0.01,\"run\":0}", SY_INCOMPATIBLE},
        {"{\"schema\":\"steelyard.noise/1\",\"round\":0.01}", SY_INVALID_ARGUMENT},
        {HEAD ",\"run\":1}", SY_INVALID_ARGUMENT},
        {HEAD ",\"false_alarm_rate\":\"x\"}", SY_INVALID_ARGUMENT},
        {HEAD ",\"rows\":[{\"key_hash\":\"1\",\"subject_hash\":\"0000000000000001\"}]}", SY_INVALID_ARGUMENT},
        {HEAD ",\"rows\":[{\"key_hash\":\"0000000000000001\",\"subject_hash\":\"0000000000000001\"}]}",
            SY_INVALID_ARGUMENT},
        {HEAD ",\"rows\":[]}", SY_OK},
        {HEAD "}", SY_OK},
    };
#undef HEAD
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(
            sy_noise_read(cases[i].text, strlen(cases[i].text), &f->arena, &f->noise, &err), cases[i].status);
        assert_true(cases[i].status == SY_OK || strstr(err.text, "noise") != NULL);
        assert_int_equal(f->noise.count, 0);
    }
}

static void rounds_follow_from_noise(void **state) {
    (void)state;
    assert_int_equal(sy_plan_rounds(0.0, 0.0, 0.05), 2);
    size_t quiet = sy_plan_rounds(0.005, 0.0, 0.05), loud = sy_plan_rounds(0.03, 0.0, 0.05);
    assert_int_equal(quiet, 2);
    assert_in_range(loud, 8, 11);
    assert_true(sy_plan_rounds(0.03, 0.005, 0.05) > loud);
    assert_int_equal(sy_plan_rounds(0.03, 0.02, 0.05), 0);
    assert_int_equal(sy_plan_rounds(0.03, NAN, 0.05), loud);
    assert_int_equal(sy_plan_rounds(NAN, 0.0, 0.05), 0);
    assert_int_equal(sy_plan_rounds(0.01, 0.0, 0.0), 0);
    assert_int_equal(sy_plan_rounds(0.01, 0.0, NAN), 0);
    assert_int_equal(sy_plan_rounds(5.0, 0.0, 0.01), 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(noise_is_found_again),
        TEST(quiet_runs_raise_few_alarms),
        TEST(rows_have_their_own_noise_or_the_machines),
        TEST(one_run_says_nothing),
        TEST(rows_of_one_round_have_the_runs_spread),
        TEST(json_goes_there_and_back),
        TEST(wrong_json_is_refused),
        TEST(rounds_follow_from_noise),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
