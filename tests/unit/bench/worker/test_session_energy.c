/* A worker's answers about energy, on the simulated device whose power is known: its meters, idle, windows;
 * what is asked wrongly; meters and launches that fail. */
#include "tests/unit/bench/worker/sitting.h"

#include <math.h>
#include <stdio.h>

#include "bench/energy/integrate.h"
#include "bench/worker/energy_wire.h"
#include "tests/support/slow.h"

#define JOB                                                                                                  \
    "{\"problem\":\"gemm:m=8,n=8,k=8\",\"algorithm\":\"auto\",\"data\":0,\"seed\":\"1\",\"key\":\"2\","      \
    "\"pick_seed\":\"3\",\"cache\":0,\"cache_bytes\":1024,\"output_slots\":1,\"launches\":2}"

/* The window is short and a launch long, so that there is little to simulate. */
static sitting sit_at(const char *params) {
    char open[256];
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    snprintf(open, sizeof open,
        "{\"call\":\"open\",\"backend\":\"sim\",\"index\":0,\"params\":\"launch=1ms,seed=1%s\"}", params);
    expect(&s, open, SY_OK, NULL);
    return s;
}

static json_t *meters_of(sitting *s) {
    json_t *reply = ask(s, "{\"call\":\"meters\"}");
    assert_int_equal(sy_protocol_status(reply, NULL), SY_OK);
    json_t *meters = json_incref(json_object_get(reply, "meters"));
    json_decref(reply);
    assert_true(json_array_size(meters) >= 4);
    return meters;
}

static json_t *request_of(sitting *s, const char *call, const char *jobs) {
    json_t *request = json_pack("{s:s,s:o,s:s,s:I,s:I,s:I,s:I,s:I}", "call", call, "meters", meters_of(s),
        "phase_seed", "5", "load_ns", (json_int_t)1200000000, "window_ns", (json_int_t)1000000000, "tail_ns",
        (json_int_t)700000000, "settle_ns", (json_int_t)1500000000, "duration_ns", (json_int_t)3000000000);
    if (jobs != NULL)
        json_object_set_new(request, "jobs", json_loads(jobs, 0, NULL));
    return request;
}

static json_t *handle(sitting *s, json_t *request) {
    json_t *reply = sy_session_handle(s->session, request);
    json_decref(request);
    assert_non_null(reply);
    return reply;
}

static json_t *handle_well(sitting *s, json_t *request) {
    sy_error err = SY_ERROR_INIT;
    json_t *reply = handle(s, request);
    if (sy_protocol_status(reply, &err) != SY_OK)
        fail_msg("%s", err.text);
    return reply;
}

static void expect_handled(sitting *s, json_t *request, sy_status expected, const char *says) {
    sy_error err = SY_ERROR_INIT;
    json_t *reply = handle(s, request);
    sy_status status = sy_protocol_status(reply, &err);
    if (status != expected || strstr(err.text, says) == NULL)
        fail_msg("status %d '%s'", (int)status, err.text);
    json_decref(reply);
}

static sy_energy_window window_of(const json_t *reply) {
    const json_t *window = json_object_get(reply, "window");
    uint64_t begin_ns = sy_protocol_u64(window, "begin_ns", 0), end_ns = sy_protocol_u64(window, "end_ns", 0);
    return (sy_energy_window){.begin_ns = begin_ns,
        .end_ns = end_ns,
        .load_begin_ns = sy_protocol_u64(window, "load_begin_ns", begin_ns),
        .load_end_ns = sy_protocol_u64(window, "load_end_ns", end_ns)};
}

static uint64_t at(const json_t *trace, const char *name, size_t index) {
    return (uint64_t)json_integer_value(json_array_get(json_object_get(trace, name), index));
}

/* The trace of one meter, and what it says of the window. */
static sy_energy_result result_of(const json_t *meters, const json_t *reply, size_t index) {
    sy_energy_found found;
    sy_energy_trace trace = {0};
    sy_energy_result result;
    sy_energy_window window = window_of(reply);
    const json_t *object = json_array_get(json_object_get(reply, "traces"), index);
    const json_t *values = json_object_get(object, "value");
    sy_energy_from_wire(json_array_get(meters, index), &found);
    assert_string_equal(sy_protocol_text(object, "name", ""), found.facts.name);
    for (size_t i = 0; i < json_array_size(values); i++) {
        sy_energy_reading reading = {.begin_ns = at(object, "begin_ns", i),
            .end_ns = at(object, "end_ns", i),
            .value = json_number_value(json_array_get(values, i))};
        assert_int_equal(sy_energy_trace_append(&trace, reading, NULL), SY_OK);
    }
    sy_energy_integrate(&found.facts, &trace, &window, 0.0, &result);
    sy_energy_trace_release(&trace);
    return result;
}

/* Every meter of energy says `watt`, within three times what it is sure of; of reasons against it no more
 * than `let_pass`. */
static void expect_watt(const json_t *meters, const json_t *reply, double watt, uint32_t let_pass) {
    size_t energies = 0;
    double length_s = 1e-9 * (double)(window_of(reply).end_ns - window_of(reply).begin_ns);
    assert_int_equal(json_array_size(json_object_get(reply, "traces")), json_array_size(meters));
    for (size_t i = 0; i < json_array_size(meters); i++) {
        if (!sy_energy_is_energy((uint32_t)sy_protocol_u64(json_array_get(meters, i), "kind", 0)))
            continue;
        sy_energy_result result = result_of(meters, reply, i);
        energies++;
        assert_int_equal(result.reasons & ~let_pass, 0);
        if (!(fabs(result.joule - watt * length_s) <= 3 * result.u_random_j + 1e-9 * result.joule))
            fail_msg("meter %zu: %g J, not %g +- %g", i, result.joule, watt * length_s, result.u_random_j);
    }
    assert_true(energies >= 2);
}

static void energy_comes_after_open(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, "{\"call\":\"energy\"}", SY_INVALID_ARGUMENT, "open comes before energy");
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, "{\"call\":\"energy\"}", SY_INVALID_ARGUMENT, "open comes before energy");
    expect(&s, "{\"call\":\"idle\"}", SY_INVALID_ARGUMENT, "open comes before idle");
    stand_up(&s);
}

static void idle_is_what_the_device_takes(void **state) {
    (void)state;
    sitting s = sit_at(",idle_w=70");
    json_t *meters = meters_of(&s), *reply = handle_well(&s, request_of(&s, "idle", NULL));
    sy_energy_window window = window_of(reply);
    assert_in_range(window.end_ns - window.begin_ns, 3000000000, 3100000000);
    expect_watt(meters, reply, 70, SY_ENERGY_UNSTEADY); /* nothing is read beyond its ends */
    json_decref(reply);
    json_decref(meters);
    stand_up(&s);
}

/* What the model draws while it works: W x time of the window, and its launches have all of it. */
static void a_window_is_full_of_work(void **state) {
    (void)state;
    sitting s = sit_at(",busy_w=260");
    json_t *meters = meters_of(&s), *reply = handle_well(&s, request_of(&s, "energy", "[" JOB "]"));
    sy_energy_window window = window_of(reply);
    assert_true(window.begin_ns - window.load_begin_ns >= 1200000000);
    assert_true(window.end_ns - window.begin_ns >= 1000000000);
    assert_true(window.load_end_ns - window.end_ns >= 700000000);
    expect_watt(meters, reply, 260, 0);
    uint64_t launches = sy_protocol_u64(json_object_get(reply, "window"), "launches", 0);
    double launch_ns = (double)(window.end_ns - window.begin_ns) / (double)launches;
    assert_true(launch_ns > 0.99e6 && launch_ns < 1.1e6); /* no pause between them */
    json_decref(reply);
    json_decref(meters);
    stand_up(&s);
}

static void the_reply_tells_how_it_went(void **state) {
    (void)state;
    sitting s = sit_at("");
    json_t *reply = handle_well(&s, request_of(&s, "energy", "[" JOB "]"));
    const json_t *marks = json_object_get(reply, "marks"), *times = json_object_get(marks, "at_ns");
    assert_int_equal(json_array_size(times), json_array_size(json_object_get(marks, "launches")));
    assert_true(json_array_size(times) > 10);
    for (size_t i = 1; i < json_array_size(times); i++) {
        assert_true(at(marks, "at_ns", i) > at(marks, "at_ns", i - 1));
        assert_true(at(marks, "launches", i) > at(marks, "launches", i - 1));
    }
    assert_int_equal(sy_protocol_u64(reply, "checked", 9), 0);
    assert_string_equal(sy_protocol_text(reply, "algorithm", ""), "reference-loops");
    assert_int_equal(json_array_size(json_object_get(reply, "outputs")), 1);
    assert_int_equal(sy_protocol_u64(reply, "sampler_cost_ns", 9), 0); /* no threads on its own clock */
    json_decref(reply);
    stand_up(&s);
}

static void several_jobs_take_turns(void **state) {
    (void)state;
    static const char *const jobs =
        "[" JOB "," JOB ",{\"problem\":\"stream:bytes=4K,kind=read\",\"seed\":\"1\","
        "\"launches\":3,\"output_slots\":1,\"cache_bytes\":1024}]";
    bool is_seen[3] = {false};
    sitting s = sit_at("");
    for (int i = 0; i < 12; i++) {
        char seed[8];
        json_t *request = request_of(&s, "energy", jobs);
        snprintf(seed, sizeof seed, "%d", i);
        json_object_set_new(request, "phase_seed", json_string(seed));
        json_object_set_new(request, "meters", json_array());
        json_t *reply = handle_well(&s, request);
        assert_int_equal(sy_protocol_u64(json_object_get(reply, "window"), "launches", 1) % 7, 0);
        assert_int_equal(json_array_size(json_object_get(reply, "traces")), 0);
        uint64_t checked = sy_protocol_u64(reply, "checked", 9);
        assert_true(checked < 3);
        is_seen[checked] = true;
        assert_int_equal(json_array_size(json_object_get(reply, "outputs")), 1);
        json_decref(reply);
    }
    assert_true(is_seen[0] && is_seen[1] && is_seen[2]);
    stand_up(&s);
}

static void bad_requests_are_refused(void **state) {
    (void)state;
    sitting s = sit_at("");
    const char *wants = "worker: energy wants 1 to 4096 jobs";
    expect(&s, "{\"call\":\"energy\"}", SY_INVALID_ARGUMENT, wants);
    expect(&s, "{\"call\":\"energy\",\"jobs\":[]}", SY_INVALID_ARGUMENT, wants);
    expect(&s, "{\"call\":\"energy\",\"jobs\":{\"problem\":\"x\"}}", SY_INVALID_ARGUMENT, wants);
    json_t *many = json_array();
    for (int i = 0; i < 4097; i++)
        json_array_append_new(many, json_object());
    expect_handled(&s, json_pack("{s:s,s:o}", "call", "energy", "jobs", many), SY_INVALID_ARGUMENT, wants);
    expect_handled(&s, request_of(&s, "energy", "[1]"), SY_INVALID_ARGUMENT, "");
    expect_handled(&s, request_of(&s, "energy", "[" JOB ",{\"problem\":\"gemm:m=0\",\"seed\":\"1\"}]"),
        SY_INVALID_ARGUMENT, "gemm:m=0: ");
    expect_handled(&s, request_of(&s, "energy", "[{\"problem\":\"gemm:m=8,n=8,k=8\",\"launches\":0}]"),
        SY_INVALID_ARGUMENT, "a problem with no launches");
    expect_handled(&s, request_of(&s, "energy", "[" JOB ",{\"problem\":\"gemm:m=8,n=8,k=8\",\"launch\":1}]"),
        SY_UNSUPPORTED, "not recorded as one graph");
    json_decref(handle_well(&s, request_of(&s, "energy", "[" JOB "]"))); /* none the worse */
    stand_up(&s);
}

/* Whatever a field is instead of what it should be, there is an answer. */
static void fields_of_any_type(void **state) {
    static const char *const odd[] = {"null", "true", "-1", "1.5", "\"x\"", "[]", "[[]]", "{}", "[null,1]"};
    static const char *const fields[] = {"meters", "sysroot", "credentials", "phase_seed", "load_ns",
        "window_ns", "tail_ns", "settle_ns", "duration_ns", "jobs"};
    static const char *const of_job[] = {"problem", "algorithm", "data", "seed", "key", "pick_seed", "cache",
        "cache_bytes", "output_slots", "launches", "launch", "tuned"};
    enum { FIELDS = sizeof fields / sizeof fields[0], OF_JOB = sizeof of_job / sizeof of_job[0] };
    (void)state;
    sitting s = sit_at("");
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        for (size_t j = 0; j < FIELDS + OF_JOB; j += (size_t)slow_step(SLOW_ADDRESS | SLOW_THREAD, 3)) {
            json_t *request = request_of(&s, "energy", "[" JOB "]");
            json_t *object = j < FIELDS ? request : json_array_get(json_object_get(request, "jobs"), 0);
            json_t *value = json_loads(odd[i], JSON_DECODE_ANY, NULL);
            assert_non_null(value);
            json_object_set_new(object, j < FIELDS ? fields[j] : of_job[j - FIELDS], value);
            json_t *idle = json_copy(request);
            json_object_set_new(idle, "call", json_string("idle"));
            json_decref(handle(&s, request));
            json_decref(handle_well(&s, idle));
        }
    }
    json_decref(handle_well(&s, request_of(&s, "energy", "[" JOB "]")));
    stand_up(&s);
}

static const json_t *trace_of(const json_t *reply, size_t index) {
    return json_array_get(json_object_get(reply, "traces"), index);
}

/* One that is not there, one that goes by another clock: their traces say so, the others' are as they were.
 */
static void a_meter_that_does_not_open_is_its_own_affair(void **state) {
    (void)state;
    sitting s = sit_at("");
    json_t *request = request_of(&s, "energy", "[" JOB "]"), *meters = json_object_get(request, "meters");
    json_object_set_new(json_array_get(meters, 0), "name", json_string("device:abacus"));
    json_object_set_new(json_array_get(meters, 1), "name", json_string("powercap:package-0"));
    json_t *reply = handle_well(&s, request);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(json_array_size(json_object_get(trace_of(reply, i), "value")), 0);
        assert_int_equal(sy_protocol_u64(trace_of(reply, i), "failures", 0), 1);
        assert_true(sy_protocol_u64(trace_of(reply, i), "state", SY_OK) != SY_OK);
    }
    assert_non_null(strstr(sy_protocol_text(trace_of(reply, 0), "failure", ""), "no such sensor"));
    assert_string_equal(sy_protocol_text(trace_of(reply, 1), "failure", ""),
        "powercap:package-0: the device's time is simulated, and not the meter's");
    assert_true(json_array_size(json_object_get(trace_of(reply, 2), "value")) > 10);
    assert_int_equal(sy_protocol_u64(trace_of(reply, 2), "failures", 9), 0);
    json_decref(reply);
    stand_up(&s);
}

/* Sensors that vanish in the middle of the window. */
static void meters_that_vanish_end(void **state) {
    (void)state;
    sitting s = sit_at(",sensor_fault=gone,sensor_fault_at=1.5");
    json_t *meters = meters_of(&s), *reply = handle_well(&s, request_of(&s, "energy", "[" JOB "]"));
    for (size_t i = 0; i < json_array_size(meters); i++) {
        assert_true(json_array_size(json_object_get(trace_of(reply, i), "value")) > 5);
        assert_int_equal(sy_protocol_u64(trace_of(reply, i), "failures", 0), 1);
        assert_int_equal(sy_protocol_u64(trace_of(reply, i), "state", 0), SY_UNAVAILABLE);
    }
    json_decref(reply);
    json_decref(meters);
    stand_up(&s);
}

static void launches_that_fail_are_told(void **state) {
    (void)state;
    sitting s = sit_at(",fault=error,fault_flop=1024");
    expect_handled(&s, request_of(&s, "energy", "[" JOB "]"), SY_INTERNAL, "");
    json_t *request = request_of(&s, "energy", "[" JOB "]");
    json_object_set_new(
        json_array_get(json_object_get(request, "jobs"), 0), "problem", json_string("gemm:m=8,n=8,k=9"));
    json_decref(handle_well(&s, request));
    stand_up(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_comes_after_open),
        cmocka_unit_test(idle_is_what_the_device_takes),
        cmocka_unit_test(a_window_is_full_of_work),
        cmocka_unit_test(the_reply_tells_how_it_went),
        cmocka_unit_test(several_jobs_take_turns),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(fields_of_any_type),
        cmocka_unit_test(a_meter_that_does_not_open_is_its_own_affair),
        cmocka_unit_test(meters_that_vanish_end),
        cmocka_unit_test(launches_that_fail_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
