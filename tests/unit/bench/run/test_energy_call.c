/* What a worker may tell of meters, and what is made of it: this program is its own worker, and answers with
 * whatever text it is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/cli/config.h"
#include "bench/run/energy_call.h"
#include "bench/worker/channel.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const char ANSWER[] = "STEELYARD_TEST_ANSWER";

#define WINDOW "\"window\":{\"begin_ns\":1000,\"end_ns\":2000,\"launches\":7}"
#define TRACE(values) "{\"begin_ns\":[1,3,5],\"end_ns\":[2,4,6],\"value\":" values "}"
#define TRACES "\"traces\":[" TRACE("[1,2,3]") "," TRACE("[4,5.5,6]") "]"

/* One call, of two meters, to a worker that answers so. */
typedef struct asked {
    sy_config config;
    sy_target_places places;
    sy_target target;
    sy_energy_found found[2];
    sy_energy_list meters;
    sy_energy_call call;
    sy_energy_told told;
    sy_error error;
    sy_status status;
} asked;

static asked a;

static void set_up_call(const char *answer) {
    sy_worker_options options = {.wake_fd = -1};
    a = (asked){.error = SY_ERROR_INIT, .meters = {.found = a.found, .count = 2}};
    for (size_t i = 0; i < 2; i++) {
        memcpy(a.found[i].facts.name, i == 0 ? "device:a" : "device:b", sizeof "device:a");
        a.found[i].facts.kind = SY_ENERGY_COUNTER;
    }
    a.places = (sy_target_places){.config = &a.config, .wake_fd = -1};
    a.call = (sy_energy_call){
        .places = &a.places, .target = &a.target, .meters = &a.meters, .phase_seed = UINT64_MAX};
    assert_int_equal(setenv(ANSWER, answer, 1), 0);
    assert_int_equal(sy_worker_start(&options, &a.target.worker, NULL), SY_OK);
}

static void let_go(void) {
    sy_energy_told_release(&a.told);
    assert_true(a.told.trace == NULL && a.told.mark == NULL && a.told.reply == NULL);
    sy_worker_end(a.target.worker);
    a.target.worker = NULL;
}

static void ask_window(const char *answer) {
    const sy_energy_lengths lengths = {.load_ns = 1, .window_ns = 2, .tail_ns = 3};
    set_up_call(answer);
    a.status = sy_energy_ask_window(
        &a.call, json_pack("[{s:i}]", "launches", 4), &lengths, 60000, &a.told, &a.error);
}

static void ask_idle(const char *answer) {
    set_up_call(answer);
    a.status = sy_energy_ask_idle(&a.call, 5, 6, &a.told, &a.error);
}

static void expect_ok(const char *answer) {
    ask_window(answer);
    if (a.status != SY_OK)
        fail_msg("%s: %s", answer, a.error.text);
    assert_int_equal(a.told.trace_count, 2);
}

static void expect_refused(const char *answer, const char *says) {
    ask_window(answer);
    if (a.status != SY_INTERNAL || strstr(a.error.text, says) == NULL)
        fail_msg("%s: status %d '%s'", answer, (int)a.status, a.error.text);
    let_go();
}

static void a_good_reply_is_taken_whole(void **state) {
    (void)state;
    expect_ok("{\"status\":0,\"checked\":3,\"sampler_cost_ns\":11,"
              "\"window\":{\"begin_ns\":1000,\"end_ns\":2000,\"load_begin_ns\":500,\"load_end_ns\":2500,"
              "\"launches\":7},\"marks\":{\"at_ns\":[600,2500],\"launches\":[1,12]},"
              "\"traces\":[" TRACE(
                  "[1,2,3]") ",{\"begin_ns\":[8],\"end_ns\":[8],\"value\":[-2.5],"
                             "\"failures\":4,\"state\":9,\"failure\":\"cut off\",\"cost_ns\":77}]}");
    assert_true(a.told.window.begin_ns == 1000 && a.told.window.end_ns == 2000);
    assert_true(a.told.window.load_begin_ns == 500 && a.told.window.load_end_ns == 2500);
    assert_true(a.told.launches == 7 && a.told.checked == 3 && a.told.sampler_cost_ns == 11);
    assert_int_equal(a.told.mark_count, 2);
    assert_true(a.told.mark[1].at_ns == 2500 && a.told.mark[1].launches == 12);
    assert_int_equal(a.told.trace[0].count, 3);
    assert_true(a.told.trace[0].reading[2].begin_ns == 5 && a.told.trace[0].reading[2].end_ns == 6);
    assert_true(a.told.trace[0].reading[2].value == 3.0);
    const sy_energy_trace *second = &a.told.trace[1];
    assert_true(second->count == 1 && second->reading[0].value == -2.5);
    assert_true(second->failures == 4 && second->status == (sy_status)9 && second->cost_ns == 77);
    assert_string_equal(second->failure, "cut off");
    let_go();
}

/* The worker sends the request back as "asked". */
static void the_request_says_everything(void **state) {
    (void)state;
    ask_window("echo");
    assert_int_equal(a.status, SY_INTERNAL); /* there are no traces in it */
    const json_t *said = json_object_get(a.told.reply, "asked");
    assert_string_equal(sy_protocol_text(said, "call", ""), "energy");
    assert_true(sy_protocol_u64(said, "load_ns", 0) == 1 && sy_protocol_u64(said, "window_ns", 0) == 2);
    assert_true(sy_protocol_u64(said, "tail_ns", 0) == 3);
    assert_true(sy_protocol_hex(said, "phase_seed", 0) == UINT64_MAX);
    assert_int_equal(json_array_size(json_object_get(said, "meters")), 2);
    assert_int_equal(json_array_size(json_object_get(said, "jobs")), 1);
    let_go();
    ask_idle("echo");
    said = json_object_get(a.told.reply, "asked");
    assert_string_equal(sy_protocol_text(said, "call", ""), "idle");
    assert_true(sy_protocol_u64(said, "settle_ns", 0) == 5 && sy_protocol_u64(said, "duration_ns", 0) == 6);
    let_go();
}

static void a_window_has_time_launches_and_load(void **state) {
    (void)state;
    static const char *const without_time[] = {"", "\"window\":null,", "\"window\":[1,2],",
        "\"window\":{\"begin_ns\":2000,\"end_ns\":2000,\"launches\":1},",
        "\"window\":{\"begin_ns\":2000,\"end_ns\":1999,\"launches\":1},",
        "\"window\":{\"begin_ns\":2000,\"end_ns\":\"3000\",\"launches\":1},",
        "\"window\":{\"begin_ns\":2000,\"end_ns\":-5,\"launches\":1},"};
    char answer[400];
    for (size_t i = 0; i < sizeof without_time / sizeof without_time[0]; i++) {
        snprintf(answer, sizeof answer, "{\"status\":0,%s" TRACES "}", without_time[i]);
        expect_refused(answer, "a window without time");
    }
    expect_refused("{\"status\":0,\"window\":{\"begin_ns\":1000,\"end_ns\":2000}," TRACES "}",
        "a window without launches");
    expect_refused("{\"status\":0,\"window\":{\"begin_ns\":1000,\"end_ns\":2000,\"load_begin_ns\":1001,"
                   "\"launches\":1}," TRACES "}",
        "its load does not cover");
    expect_refused("{\"status\":0,\"window\":{\"begin_ns\":1000,\"end_ns\":2000,\"load_end_ns\":1999,"
                   "\"launches\":1}," TRACES "}",
        "its load does not cover");
}

static void idling_has_a_window_and_no_launches(void **state) {
    (void)state;
    ask_idle("{\"status\":0,\"window\":{\"begin_ns\":1000,\"end_ns\":2000}," TRACES "}");
    assert_int_equal(a.status, SY_OK);
    assert_true(a.told.window.load_begin_ns == 1000 && a.told.window.load_end_ns == 2000);
    assert_true(a.told.launches == 0 && a.told.mark_count == 0);
    let_go();
    ask_idle("{\"status\":0," TRACES "}");
    assert_int_equal(a.status, SY_INTERNAL);
    let_go();
}

static void there_is_one_trace_a_meter(void **state) {
    (void)state;
    expect_refused("{\"status\":0," WINDOW "}", "told of 0 meters, not of 2");
    expect_refused("{\"status\":0," WINDOW ",\"traces\":{}}", "told of 0 meters, not of 2");
    expect_refused(
        "{\"status\":0," WINDOW ",\"traces\":[" TRACE("[1,2,3]") "]}", "told of 1 meters, not of 2");
    expect_refused("{\"status\":0," WINDOW ",\"traces\":[{},{},{}]}", "told of 3 meters, not of 2");
}

static void what_is_no_reading_is_left_out(void **state) {
    (void)state;
    static const struct {
        const char *trace;
        size_t count;
        double last;
    } rows[] = {{TRACE("[1,null,3]"), 2, 3}, {TRACE("[1,\"2\",true]"), 1, 1}, {TRACE("[1]"), 1, 1},
        {TRACE("[1,2,3,4,5]"), 3, 3}, {TRACE("7"), 0, 0}, {"null", 0, 0}, {"[]", 0, 0}, {"\"x\"", 0, 0},
        {"{\"begin_ns\":[1,3],\"end_ns\":[2],\"value\":[1,2]}", 1, 1},
        {"{\"begin_ns\":[1,3],\"end_ns\":[0,4],\"value\":[1,2]}", 1, 2}, /* ends before it begins */
        {"{\"begin_ns\":[-1,3],\"end_ns\":[2,4],\"value\":[1,2]}", 1, 2},
        {"{\"begin_ns\":[1.5,3],\"end_ns\":[2,\"4\"],\"value\":[1,2]}", 0, 0},
        {"{\"begin_ns\":{},\"end_ns\":[2],\"value\":[1]}", 0, 0}};
    char answer[500];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(answer, sizeof answer, "{\"status\":0," WINDOW ",\"traces\":[%s," TRACE("[4,5,6]") "]}",
            rows[i].trace);
        expect_ok(answer);
        if (a.told.trace[0].count != rows[i].count)
            fail_msg("%s: %zu readings", rows[i].trace, a.told.trace[0].count);
        if (rows[i].count > 0)
            assert_true(a.told.trace[0].reading[rows[i].count - 1].value == rows[i].last);
        assert_int_equal(a.told.trace[1].count, 3);
        let_go();
    }
}

static void what_is_no_mark_is_left_out(void **state) {
    (void)state;
    static const struct {
        const char *marks;
        size_t count;
    } rows[] = {{"{\"at_ns\":[1,2,3],\"launches\":[1,2]}", 0}, {"{\"at_ns\":[1,2],\"launches\":[1,2,3]}", 0},
        {"{\"at_ns\":[],\"launches\":[]}", 0}, {"{\"at_ns\":[1,2]}", 0}, {"{\"launches\":[1,2]}", 0},
        {"null", 0}, {"[[1],[2]]", 0}, {"{\"at_ns\":[1,\"2\",3],\"launches\":[1,2,3]}", 2},
        {"{\"at_ns\":[1,2,3],\"launches\":[1,2,-3]}", 2},
        {"{\"at_ns\":[null,2,3],\"launches\":[1,2.5,3]}", 1}};
    char answer[500];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(answer, sizeof answer, "{\"status\":0," WINDOW "," TRACES ",\"marks\":%s}", rows[i].marks);
        expect_ok(answer);
        if (a.told.mark_count != rows[i].count)
            fail_msg("%s: %zu marks", rows[i].marks, a.told.mark_count);
        for (size_t j = 0; j < a.told.mark_count; j++)
            assert_true(a.told.mark[j].at_ns > 0 && a.told.mark[j].at_ns == a.told.mark[j].launches);
        let_go();
    }
}

static void a_failure_is_handed_on(void **state) {
    (void)state;
    char text[40];
    snprintf(text, sizeof text, "{\"status\":%d,\"error\":\"too hot\"}", (int)SY_UNSUPPORTED);
    ask_window(text);
    assert_int_equal(a.status, SY_UNSUPPORTED);
    assert_non_null(strstr(a.error.text, "too hot"));
    assert_non_null(a.told.reply);
    let_go();
    expect_refused("{}", "");
    ask_window("dies");
    assert_int_equal(a.status, SY_LOST);
    assert_null(a.told.reply);
    let_go();
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const sy_energy_lengths lengths = {.load_ns = 1, .window_ns = 2, .tail_ns = 3};
    uint64_t k = 1, short_of = 0;
    for (;; k++) {
        set_up_call("{\"status\":0," WINDOW "," TRACES ",\"marks\":{\"at_ns\":[1],\"launches\":[1]}}");
        json_t *jobs = json_pack("[{s:i}]", "launches", 4);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        a.status = sy_energy_ask_window(&a.call, jobs, &lengths, 60000, &a.told, NULL);
        uint64_t asked_for = sy_seam_disarm();
        let_go();
        if (asked_for < k)
            break;
        assert_true(a.status == SY_OUT_OF_MEMORY || a.status == SY_LOST);
        short_of++;
    }
    assert_int_equal(a.status, SY_OK);
    assert_true(short_of >= 4); /* traces, readings of each, marks */
}

/* Serve as a worker. */
static int answer_calls(const char *answer, int channel) {
    json_t *request = NULL;
    while (sy_channel_receive(channel, -1, SY_CHANNEL_FOREVER, &request, NULL) == SY_OK) {
        bool is_end = strcmp(sy_protocol_text(request, "call", ""), "bye") == 0;
        if (!is_end && strcmp(answer, "dies") == 0)
            _exit(9);
        json_t *reply = is_end || strcmp(answer, "echo") == 0
                            ? json_pack("{s:i,s:O}", "status", 0, "asked", request)
                            : json_loads(answer, 0, NULL);
        if (reply == NULL || sy_channel_send(channel, reply, NULL) != SY_OK)
            return 1;
        json_decref(reply);
        json_decref(request);
        if (is_end)
            break;
    }
    return 0;
}

int main(int argc, char **argv) {
    const char *answer = getenv(ANSWER);
    if (argc == 4 && strcmp(argv[1], SY_WORKER_VERB) == 0)
        return answer_calls(answer != NULL ? answer : "{}", atoi(argv[2]));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_reply_is_taken_whole),
        cmocka_unit_test(the_request_says_everything),
        cmocka_unit_test(a_window_has_time_launches_and_load),
        cmocka_unit_test(idling_has_a_window_and_no_launches),
        cmocka_unit_test(there_is_one_trace_a_meter),
        cmocka_unit_test(what_is_no_reading_is_left_out),
        cmocka_unit_test(what_is_no_mark_is_left_out),
        cmocka_unit_test(a_failure_is_handed_on),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
