/* Passes of a model under meters: true where all of its layers have a time, left out where not; and a worker
 * that fails in the pass alone, which this program is itself. */
#include "tests/unit/bench/run/whole_run.h"

#include <math.h>
#include <stdlib.h>

#include "bench/run/mix.h"
#include "bench/totals/totals.h"
#include "bench/worker/channel.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session.h"

/* Launches so long that there are few to simulate, and no pass in step with a sensor. */
#define LONG ",launch=1.37ms"
#define QUICK "--rounds", "1", "--max-time", "200ms"

static const char BEHAVIOUR[] = "STEELYARD_TEST_WORKER";

enum { LAYERS = 3, NAMES = 4 };

static char *const layers[NAMES] = {(char *)(uintptr_t) "tiny.decode.t4.qkv",
    (char *)(uintptr_t) "tiny.decode.t4.o", (char *)(uintptr_t) "tiny.decode.t4.down",
    (char *)(uintptr_t) "tiny.decode.t4.absent"};
static char decode[] = "decode";

static void run_model(whole_run *it, const char *params, const uint64_t counts[LAYERS], size_t names,
    const char *const *options) {
    sy_error err = SY_ERROR_INIT;
    prepare(it, params, LAYERS, options);
    for (size_t i = 0; i < LAYERS; i++) {
        it->item[i].name = layers[i];
        it->item[i].phase = decode;
        it->item[i].count = counts[i];
    }
    plan(it);
    it->schedule.names = (const char *const *)layers;
    it->schedule.n_names = names;
    if (sy_schedule_run(&it->schedule, &err) != SY_OK)
        fail_msg("%s", err.text);
    assert_int_equal(it->schedule.rows.count, LAYERS);
}

/* The one total of the run, with its mix if it has one. */
static sy_total total_of(const whole_run *it, sy_arena *arena) {
    sy_totals_request request = {.rows = it->schedule.rows.row,
        .n_rows = it->schedule.rows.count,
        .names = it->schedule.names,
        .n_names = it->schedule.n_names};
    sy_total_list totals = {0};
    assert_int_equal(sy_totals_compute(&request, arena, &totals, NULL), SY_OK);
    assert_int_equal(totals.count, 1);
    sy_total total = totals.item[0];
    assert_int_equal(total.mix.count, 0);
    sy_mixes_apply(&it->schedule.mixes, &total);
    return total;
}

static void expect_no_mix(const whole_run *it) {
    sy_arena arena = {0};
    assert_int_equal(it->schedule.mixes.count, 0);
    assert_int_equal(total_of(it, &arena).mix.count, 0);
    sy_arena_release(&arena);
}

static const uint64_t few[LAYERS] = {2, 3, 4};

static double sum_of(const whole_run *it, const char *source, const uint64_t counts[LAYERS]) {
    double sum_j = 0.0;
    for (size_t i = 0; i < LAYERS; i++) {
        const sy_row *row = row_of(it, i);
        size_t j = 0;
        while (j < row->energy.count && strcmp(row->energy.item[j].source, source) != 0)
            j++;
        assert_true(j < row->energy.count);
        sum_j += (double)counts[i] * row->energy.item[j].joule_per_run;
    }
    return sum_j;
}

static void a_pass_is_true(void **state) {
    (void)state;
    whole_run it;
    sy_arena arena = {0};
    run_model(&it, LONG ",busy_w=260", few, LAYERS, (const char *const[]){QUICK, "--energy", "all", NULL});
    sy_total total = total_of(&it, &arena);
    double pass_s = 0.0;
    for (size_t i = 0; i < LAYERS; i++)
        pass_s += 1e-9 * (double)few[i] * row_of(&it, i)->time.host.median_ns;
    assert_true(fabs(pass_s - 9 * 1.37e-3) < 0.03 * pass_s);
    assert_true(total.mix.count >= 2);
    for (size_t i = 0; i < total.mix.count; i++) {
        const sy_total_energy *entry = &total.mix.item[i];
        if (entry->valid != SY_TRI_YES)
            fail_msg("%s: %s", entry->source, entry->reasons.count > 0 ? entry->reasons.item[0] : "?");
        double truth_j = 260 * pass_s, slack = 3 * entry->u_random + 0.01; /* 0.01: jitter of the times */
        assert_true(fabs(entry->watt - 260) <= (3 * entry->u_random + 1e-6) * 260);
        assert_true(fabs(entry->joule_per_pass - truth_j) <= slack * truth_j);
        double sum_j = sum_of(&it, entry->source, few);
        assert_true(fabs(entry->joule_per_pass - sum_j) <= (slack + 3 * entry->u_random) * sum_j);
        assert_true(entry->flop_per_joule == (double)total.flop / entry->joule_per_pass);
        assert_true(entry->u_random > 0 && entry->u_random < 0.05);
        assert_true(fabs(entry->u_systematic - 0.01) < 1e-9); /* as the sensors declare */
        assert_string_equal(entry->scope, "card");
        assert_int_equal(entry->reasons.count, 0);
    }

    sy_arena_release(&arena);
    end(&it);
}

/* One window of all layers serves, though none but the heaviest has one of its own. */
static void layers_need_no_windows_of_their_own(void **state) {
    (void)state;
    whole_run it;
    run_model(&it, LONG, few, LAYERS, (const char *const[]){QUICK, "--energy", "auto", NULL});
    assert_int_equal(row_of(&it, 0)->energy.count, 0);
    assert_int_equal(it.schedule.mixes.count, 1);
    end(&it);
}

static void a_mix_is_of_its_total_alone(void **state) {
    (void)state;
    whole_run it;
    sy_arena arena = {0};
    run_model(&it, LONG, few, LAYERS, (const char *const[]){QUICK, "--energy", "auto", NULL});
    const sy_total right = total_of(&it, &arena);
    sy_total wrong[6];
    for (size_t i = 0; i < 6; i++) {
        wrong[i] = right;
        wrong[i].mix.count = 0;
    }
    wrong[0].model = "other";
    wrong[1].tokens++;
    wrong[2].phase = NULL;
    wrong[3].device = "sim:1";
    wrong[4].dtype = "f64";
    wrong[5].algorithm = "naive";
    for (size_t i = 0; i < 6; i++) {
        sy_mixes_apply(&it.schedule.mixes, &wrong[i]);
        assert_int_equal(wrong[i].mix.count, 0);
    }
    sy_arena_release(&arena);
    end(&it);
}

static void without_a_meter_there_is_none(void **state) {
    (void)state;
    static const char *const wishes[] = {"off", "device:abacus"};
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        whole_run it;
        run_model(&it, LONG, few, LAYERS, (const char *const[]){QUICK, "--energy", wishes[i], NULL});
        expect_no_mix(&it);
        assert_int_equal(it.schedule.kits[0].calls, 0);
        end(&it);
    }
}

/* A layer that was not asked for, that fails, whose result is wrong. */
static void an_incomplete_pass_is_not_measured(void **state) {
    (void)state;
    static const char *const faults[] = {"", ",fault=error,fault_flop=36", ",fault=wrong,fault_flop=36"};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        whole_run it;
        char params[80];
        snprintf(params, sizeof params, LONG "%s", faults[i]);
        run_model(&it, params, few, i == 0 ? NAMES : LAYERS,
            (const char *const[]){QUICK, "--energy", "device:energy", NULL});
        assert_int_equal(row_of(&it, 1)->status == SY_ROW_WRONG, i == 2);
        assert_int_equal(row_of(&it, 1)->status == SY_ROW_ERROR, i == 1);
        expect_no_mix(&it);
        end(&it);
    }
}

/* 0.9 s and 1.1 s, thrice, in 3 s. */
static void a_long_pass_is_not_measured(void **state) {
    (void)state;
    static const uint64_t counts[2][LAYERS] = {{200, 200, 257}, {300, 300, 203}};
    for (size_t i = 0; i < 2; i++) {
        whole_run it;
        run_model(&it, LONG, counts[i], LAYERS,
            (const char *const[]){QUICK, "--energy", "device:energy", "--energy-window", "3s", NULL});
        assert_int_equal(it.schedule.mixes.count, i == 0);
        end(&it);
    }
}

/* The rows are done at once, and their windows are left out; that of a pass takes three seconds. */
static void a_budget_that_is_short_has_no_pass(void **state) {
    (void)state;
    static const char *const budgets[] = {"2s", "10m"};
    for (size_t i = 0; i < 2; i++) {
        whole_run it;
        run_model(&it, LONG, few, LAYERS,
            (const char *const[]){QUICK, "--energy", "device:energy", "--budget", budgets[i], NULL});
        assert_int_equal(it.schedule.mixes.count, i);
        end(&it);
    }
}

/* Layers fit the device one by one, with 0.36 of 1 MB each, and all of them do not. */
static void a_model_that_does_not_fit_is_left_out(void **state) {
    (void)state;
    whole_run it;
    sy_error err = SY_ERROR_INIT;
    prepare(&it, LONG, LAYERS, (const char *const[]){QUICK, "--energy", "device:energy", NULL});
    for (size_t i = 0; i < LAYERS; i++) {
        snprintf(it.text[i], sizeof it.text[i], "gemm:m=1,n=%zu,k=1000", 88 + i);
        it.item[i].name = layers[i];
        it.item[i].phase = decode;
    }
    plan(&it);
    it.schedule.names = (const char *const *)layers;
    it.schedule.n_names = LAYERS;
    assert_int_equal(sy_schedule_run(&it.schedule, &err), SY_OK);
    for (size_t i = 0; i < LAYERS; i++)
        assert_true(row_of(&it, i)->time.host.median_ns > 0);
    expect_no_mix(&it);
    assert_true(sy_worker_alive(it.r.targets.target[0].worker));
    end(&it);
}

/* The worker dies, or what it hands over is wrong, in the pass alone. */
static void a_worker_that_fails_in_the_pass_costs_the_pass(void **state) {
    (void)state;
    static const char *const hows[] = {"good", "dies", "lies", "counts"};
    for (size_t i = 0; i < sizeof hows / sizeof hows[0]; i++) {
        whole_run it;
        assert_int_equal(setenv(BEHAVIOUR, hows[i], 1), 0);
        run_model(&it, LONG, few, LAYERS,
            (const char *const[]){QUICK, "--isolation", "process", "--energy", "device:energy", NULL});
        for (size_t j = 0; j < LAYERS; j++)
            assert_true(row_of(&it, j)->status == SY_ROW_OK || row_of(&it, j)->status == SY_ROW_UNSTABLE);
        assert_int_equal(row_of(&it, 2)->energy.count, 1);
        assert_int_equal(it.schedule.mixes.count, i == 0);
        assert_true(sy_worker_alive(it.r.targets.target[0].worker));
        end(&it);
    }
    unsetenv(BEHAVIOUR);
}

/* A worker that is good until it is asked for several jobs at once. */
static int serve(const char *how, int channel, int memory) {
    sy_session *session = NULL;
    json_t *request = NULL;
    if (sy_session_create(rig_builtins, 1, memory, &session, NULL) != SY_OK)
        return 1;
    while (sy_channel_receive(channel, -1, SY_CHANNEL_FOREVER, &request, NULL) == SY_OK) {
        bool is_pass = json_array_size(json_object_get(request, "jobs")) > 1;
        bool is_end = strcmp(sy_protocol_text(request, "call", ""), "bye") == 0;
        if (is_pass && strcmp(how, "dies") == 0)
            _exit(9);
        json_t *reply = sy_session_handle(session, request);
        const float nonsense[64] = {77.0f, 78.0f, -79.0f};
        if (is_pass && strcmp(how, "lies") == 0 &&
            pwrite(memory, nonsense, sizeof nonsense, 0) != (ssize_t)sizeof nonsense)
            return 1;
        if (is_pass && strcmp(how, "counts") == 0)
            json_object_set_new(reply, "checked", json_integer(LAYERS));
        sy_status sent = sy_channel_send(channel, reply, NULL);
        json_decref(reply);
        json_decref(request);
        if (sent != SY_OK || is_end)
            break;
    }
    sy_session_destroy(session);
    return 0;
}

int main(int argc, char **argv) {
    const char *how = getenv(BEHAVIOUR);
    if (argc == 4 && strcmp(argv[1], SY_WORKER_VERB) == 0)
        return serve(how != NULL ? how : "good", atoi(argv[2]), atoi(argv[3]));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_is_true),
        cmocka_unit_test(layers_need_no_windows_of_their_own),
        cmocka_unit_test(a_mix_is_of_its_total_alone),
        cmocka_unit_test(without_a_meter_there_is_none),
        cmocka_unit_test(an_incomplete_pass_is_not_measured),
        cmocka_unit_test(a_long_pass_is_not_measured),
        cmocka_unit_test(a_budget_that_is_short_has_no_pass),
        cmocka_unit_test(a_model_that_does_not_fit_is_left_out),
        cmocka_unit_test(a_worker_that_fails_in_the_pass_costs_the_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
