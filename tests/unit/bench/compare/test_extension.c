/* What is measured again after a gate, and what of it counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#include "bench/compare/extension.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/compare/rows.h"

enum { ROWS = 20, RUNS = 2 * (int)SY_EXTENSION_BLOCKS };

/* A pair of records in which the last row is 10 % slower, and what a gate of 5 % says. */
typedef struct scene {
    rows_pair *of;
    sy_gate_options options;
    sy_gate gate;
    sy_extension extension;
    sy_intake measured;
} scene;

static rows_spec noisy(unsigned n, double ns) {
    rows_spec row = rows_plain(n);
    row.rounds = 5;
    for (int i = 0; i < 5; i++)
        row.round_ns[i] = ns * (1.0 + 0.005 * (i - 2));
    return row;
}

static void judge(scene *of) {
    sy_error err = SY_ERROR_INIT;
    rows_compare(of->of, NULL);
    assert_int_equal(
        sy_gate_judge(&of->of->comparison, NULL, &of->options, &of->of->arena, &of->gate, &err), SY_OK);
}

static scene begin(rows_pair *pair, rows_spec base, rows_spec other) {
    scene made = {.of = pair};
    sy_error err = SY_ERROR_INIT;
    for (unsigned n = 0; n + 1 < ROWS; n++) {
        const rows_spec row = noisy(n, 1000);
        rows_take(&pair->intake, pair->base, &row);
        rows_take(&pair->intake, pair->other, &row);
    }
    rows_take(&pair->intake, pair->base, &base);
    rows_take(&pair->intake, pair->other, &other);
    sy_gate_options_init(&made.options);
    assert_int_equal(sy_gate_parse("time:5%", &made.options, &err), SY_OK);
    judge(&made);
    return made;
}

static void plan(scene *of, const char *const *devices, size_t count) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_extension_plan(&of->of->comparison, &of->gate, &of->of->intake, devices, count,
                         &of->of->arena, &of->extension, &err),
        SY_OK);
}

/* One run of the extension on a side, with what `row` is there. */
static void measure(sy_intake *to, uint32_t side, int number, rows_spec row, const char *driver) {
    char run_id[32];
    sy_environment environment;
    sy_environment_init(&environment);
    const sy_device_fact device = {
        .id = row.device, .name = row.device_name, .driver = driver, .status = "used"};
    environment.host.name = "lab";
    environment.build.version = driver;
    environment.devices.item = &device;
    environment.devices.count = 1;
    snprintf(run_id, sizeof run_id, "extension-%u-%d", (unsigned)side, number);
    row.rounds = 1;
    rows_take(to, rows_run(to, side, run_id, &environment), &row);
}

static void measure_all(sy_intake *to, rows_spec base, rows_spec other, int runs) {
    for (int i = 0; i < runs; i++) {
        measure(to, 0, i, base, NULL);
        measure(to, 1, i, other, NULL);
    }
}

static void settle(scene *of) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(
        sy_extension_settle(&of->extension, &of->of->intake, &of->measured, &of->of->arena, &err), SY_OK);
}

static void end(scene *of) {
    sy_intake_release(&of->measured);
}

static bool has_note(const sy_gate *gate, const char *part) {
    for (size_t i = 0; i < gate->reasons; i++)
        if (gate->reason[i].kind == SY_REASON_NOTE && strstr(gate->reason[i].text, part) != NULL)
            return true;
    return false;
}

static void only_what_does_not_pass_is_planned(void **state) {
    scene of = begin(*state, noisy(ROWS - 1, 1000), noisy(ROWS - 1, 1100));
    assert_int_equal(of.gate.status, SY_GATE_FAILED);
    plan(&of, NULL, 0);
    assert_int_equal(of.extension.rows, 1);
    assert_int_equal(of.extension.measured, 1);
    assert_int_equal(of.extension.batches, 1);
    const sy_extension_row *row = &of.extension.row[0];
    assert_int_equal(row->line, ROWS - 1);
    assert_int_equal(row->before[SY_QUANTITY_TIME], SY_GATED_REGRESSED);
    assert_int_equal(row->before[SY_QUANTITY_ENERGY], -1);
    assert_null(row->reason);
    const sy_extension_ask *ask = &of.extension.batch[0].side[1];
    assert_string_equal(ask->device, "cpu");
    assert_string_equal(ask->algorithm, "auto");
    assert_string_equal(ask->cache, "weights");
    assert_null(ask->launch);
    assert_null(ask->threads);
    assert_false(ask->is_tuned);
}

static void nothing_is_planned_where_all_pass(void **state) {
    scene of = begin(*state, noisy(ROWS - 1, 1000), noisy(ROWS - 1, 1000));
    assert_int_equal(of.gate.status, SY_GATE_PASSED);
    plan(&of, NULL, 0);
    assert_int_equal(of.extension.rows, 0);
}

static void a_lost_row_is_not_measured_again(void **state) {
    rows_spec lost = noisy(ROWS - 1, 1000);
    lost.rounds = 0;
    lost.status = SY_ROW_ERROR;
    scene of = begin(*state, noisy(ROWS - 1, 1000), lost);
    assert_int_equal(of.gate.status, SY_GATE_FAILED);
    plan(&of, NULL, 0);
    assert_int_equal(of.extension.rows, 0);
}

static void records_open_no_files(void **state) {
    static const char *const devices[] = {
        "cuda@/tmp/evil.so:0", "--output=x", "all", "cpu;x", "../x", "", "cpu\n"};
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        rows_pair *pair = *state;
        rows_spec base = noisy(ROWS - 1, 1000), other = noisy(ROWS - 1, 1100);
        base.device = other.device = devices[i];
        scene of = begin(pair, base, other);
        plan(&of, NULL, 0);
        assert_int_equal(of.extension.rows, 1);
        assert_int_equal(of.extension.measured, 0);
        assert_non_null(strstr(of.extension.row[0].reason, "name it with --device"));
        plan(&of, &devices[i], 1);
        assert_int_equal(of.extension.measured, 1);
        of.options.extension = &of.extension;
        rows_tear_down(state);
        rows_set_up(state);
    }
}

static void what_is_asked_for_is_a_name(void **state) {
    static const char *const bad[] = {"--rounds=9", "a b", "all", ""};
    for (size_t i = 0; i < 2 * sizeof bad / sizeof bad[0]; i++) {
        rows_spec base = noisy(ROWS - 1, 1000), other = noisy(ROWS - 1, 1100);
        const char **field = i % 2 == 0 ? &other.asked : &other.cache;
        *field = bad[i / 2];
        if (i % 2 == 1)
            base.cache = other.cache; /* the key, else the rows do not meet */
        scene of = begin(*state, base, other);
        plan(&of, NULL, 0);
        assert_int_equal(of.extension.measured, 0);
        rows_tear_down(state);
        rows_set_up(state);
    }
}

static void rows_that_are_asked_for_alike_share_a_batch(void **state) {
    scene of = begin(*state, noisy(ROWS - 1, 1000), noisy(ROWS - 1, 1100));
    for (unsigned n = ROWS; n < ROWS + 4; n++) {
        rows_spec base = noisy(n, 1000), other = noisy(n, 1200);
        base.device = other.device = n % 2 == 0 ? "cpu" : "sim:0?peak=1T,bw=1T";
        rows_take(&of.of->intake, of.of->base, &base);
        rows_take(&of.of->intake, of.of->other, &other);
    }
    judge(&of);
    plan(&of, NULL, 0);
    assert_int_equal(of.extension.measured, 5);
    assert_int_equal(of.extension.batches, 2);
    assert_int_equal(of.extension.batch[0].rows, 3);
    assert_int_equal(of.extension.batch[1].rows, 2);
}

/* Takes the extension's rows in, as its caller does, and judges again. */
static void pool(scene *of, rows_spec base, rows_spec other) {
    measure_all(&of->of->intake, base, other, RUNS);
    of->options.extension = &of->extension;
    judge(of);
}

static void a_false_alarm_is_cleared(void **state) {
    const rows_spec same = noisy(ROWS - 1, 1000);
    scene of = begin(*state, same, noisy(ROWS - 1, 1070));
    assert_int_equal(of.gate.status, SY_GATE_FAILED);
    plan(&of, NULL, 0);
    measure_all(&of.measured, same, same, RUNS);
    settle(&of);
    assert_int_equal(of.extension.counted, 1);
    pool(&of, same, same);
    assert_int_equal(of.gate.status, SY_GATE_PASSED);
    const sy_gated_row *row = &of.gate.row[ROWS - 1];
    assert_int_equal(row->before, SY_GATED_REGRESSED);
    assert_int_equal(row->outcome, SY_GATED_PASS);
    assert_int_equal(of.gate.row[0].before, -1);
    assert_true(has_note(&of.gate, "fixed beforehand: 1 rows measured again once, 3 blocks"));
    assert_true(has_note(&of.gate, "time was regressed, with the extension passed"));
    end(&of);
}

static void a_true_alarm_is_confirmed(void **state) {
    const rows_spec base = noisy(ROWS - 1, 1000), slow = noisy(ROWS - 1, 1100);
    scene of = begin(*state, base, slow);
    plan(&of, NULL, 0);
    measure_all(&of.measured, base, slow, RUNS);
    settle(&of);
    pool(&of, base, slow);
    assert_int_equal(of.gate.status, SY_GATE_FAILED);
    assert_int_equal(of.gate.row[ROWS - 1].outcome, SY_GATED_REGRESSED);
    assert_true(has_note(&of.gate, "time was regressed, with the extension regressed"));
    end(&of);
}

static void a_failure_leaves_all_as_it_was(void **state) {
    scene of = begin(*state, noisy(ROWS - 1, 1000), noisy(ROWS - 1, 1100));
    plan(&of, NULL, 0);
    of.options.extension = &of.extension;
    of.options.extension_failure = "/base: ended with status 2";
    judge(&of);
    assert_int_equal(of.gate.status, SY_GATE_FAILED);
    assert_int_equal(of.gate.row[ROWS - 1].before, -1);
    assert_true(has_note(&of.gate, "came to nothing: /base: ended with status 2"));
}

/* Why nothing counts, with what is measured changed in one thing. */
static const char *reason_with(void **state, void (*change)(rows_spec *base, rows_spec *other, int *runs)) {
    rows_spec base = noisy(ROWS - 1, 1000), slow = noisy(ROWS - 1, 1100);
    int runs = RUNS;
    scene of = begin(*state, base, slow);
    plan(&of, NULL, 0);
    change(&base, &slow, &runs);
    measure_all(&of.measured, base, slow, runs);
    settle(&of);
    end(&of);
    assert_int_equal(of.extension.counted, of.extension.row[0].reason == NULL);
    return of.extension.row[0].reason;
}

static void change_nothing(rows_spec *base, rows_spec *other, int *runs) {
    (void)base, (void)other, (void)runs;
}

static void change_runs(rows_spec *base, rows_spec *other, int *runs) {
    (void)base, (void)other;
    *runs = RUNS - 1;
}

static void change_subject(rows_spec *base, rows_spec *other, int *runs) {
    (void)other, (void)runs;
    base->algorithm = "onednn";
}

static void change_card(rows_spec *base, rows_spec *other, int *runs) {
    (void)base, (void)runs;
    other->card = "cpu-1";
}

static void change_status(rows_spec *base, rows_spec *other, int *runs) {
    (void)base, (void)runs;
    other->status = SY_ROW_ERROR;
    other->reason = "worker died";
}

static void change_problem(rows_spec *base, rows_spec *other, int *runs) {
    (void)base, (void)runs;
    other->n = 1000;
}

static void only_what_is_alike_counts(void **state) {
    static const struct {
        void (*change)(rows_spec *, rows_spec *, int *);
        const char *says;
    } rows[] = {{change_runs, "BASE was measured in 5 of 6 runs"},
        {change_subject, "BASE was another subject"}, {change_card, "NEW was another card"},
        {change_status, "NEW had no result in the extension (error: worker died)"},
        {change_problem, "NEW was measured in 0 of 6 runs"}};
    assert_null(reason_with(state, change_nothing));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rows_tear_down(state);
        rows_set_up(state);
        assert_non_null(strstr(reason_with(state, rows[i].change), rows[i].says));
    }
}

static void another_build_or_driver_does_not_count(void **state) {
    rows_pair *pair = *state;
    rows_spec base = noisy(ROWS - 1, 1000), slow = noisy(ROWS - 1, 1100);
    scene of = begin(pair, base, slow);
    sy_environment environment;
    uint32_t run;
    sy_environment_init(&environment);
    const sy_device_fact device = {.id = "cpu", .driver = "1.0", .status = "used"};
    environment.host.name = "lab";
    environment.devices.item = &device;
    environment.devices.count = 1;
    assert_int_equal(sy_intake_run(&pair->intake, 0, "with-driver", &environment, &run, NULL), SY_OK);
    plan(&of, NULL, 0);
    of.extension.row[0].base.run = run;
    for (int i = 0; i < RUNS; i++) {
        measure(&of.measured, 0, i, base, "2.0");
        measure(&of.measured, 1, i, slow, NULL);
    }
    settle(&of);
    assert_int_equal(of.extension.counted, 0);
    assert_non_null(
        strstr(of.extension.row[0].reason, "not what was measured before: driver was 1.0 and is 2.0"));
    end(&of);
}

static void takes_its_own_rows_alone(void **state) {
    scene of = begin(*state, noisy(ROWS - 1, 1000), noisy(ROWS - 1, 1100));
    char key[SY_ROW_ID_MAX], subject[SY_ROW_ID_MAX];
    plan(&of, NULL, 0);
    const sy_entry *base = &of.extension.row[0].base;
    sy_row row;
    sy_row_init(&row);
    snprintf(key, sizeof key, "%016llx", (unsigned long long)base->key);
    snprintf(subject, sizeof subject, "%016llx", (unsigned long long)base->subject);
    row.key_hash = key;
    row.subject_hash = subject;
    row.request.algorithm = "auto";
    assert_true(sy_extension_takes(&of.extension, 0, &row));
    row.request.algorithm = "native";
    assert_false(sy_extension_takes(&of.extension, 0, &row));
    row.request.algorithm = "auto";
    of.extension.row[0].reason = "no";
    assert_false(sy_extension_takes(&of.extension, 0, &row));
    of.extension.row[0].reason = NULL;
    key[3] = key[3] == '0' ? '1' : '0';
    assert_false(sy_extension_takes(&of.extension, 0, &row));
    row.key_hash = NULL;
    assert_false(sy_extension_takes(&of.extension, 0, &row));
}

static void without_memory_there_is_no_plan(void **state) {
    scene of = begin(*state, noisy(ROWS - 1, 1000), noisy(ROWS - 1, 1100));
    sy_arena arena = {0};
    sy_error err = SY_ERROR_INIT;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    sy_status status =
        sy_extension_plan(&of.of->comparison, &of.gate, &of.of->intake, NULL, 0, &arena, &of.extension, &err);
    sy_seam_disarm();
    assert_int_equal(status, SY_OUT_OF_MEMORY);
    assert_int_equal(of.extension.rows, 0);
    of.measured.texts.failed = true;
    assert_int_equal(
        sy_extension_settle(&of.extension, &of.of->intake, &of.measured, &arena, &err), SY_OUT_OF_MEMORY);
    sy_arena_release(&arena);
    end(&of);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(only_what_does_not_pass_is_planned),
        TEST(nothing_is_planned_where_all_pass), TEST(a_lost_row_is_not_measured_again),
        TEST(records_open_no_files), TEST(what_is_asked_for_is_a_name),
        TEST(rows_that_are_asked_for_alike_share_a_batch), TEST(a_false_alarm_is_cleared),
        TEST(a_true_alarm_is_confirmed), TEST(a_failure_leaves_all_as_it_was),
        TEST(only_what_is_alike_counts), TEST(another_build_or_driver_does_not_count),
        TEST(takes_its_own_rows_alone), TEST(without_memory_there_is_no_plan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
