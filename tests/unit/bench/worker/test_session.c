/* A worker's answers: the order of calls, bad requests, what a visit of every kind of problem tells. */
#include "tests/unit/bench/worker/sitting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void calls_have_an_order(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_OPEN, SY_INVALID_ARGUMENT, "hello comes first");
    expect(&s, "{\"call\":\"devices\",\"backend\":\"sim\"}", SY_INVALID_ARGUMENT, "hello comes first");
    expect(&s, "{\"call\":\"candidates\"}", SY_INVALID_ARGUMENT, "open comes before candidates");
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=2"), SY_INVALID_ARGUMENT, "open comes before measure");
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, SITTING_HELLO, SY_INVALID_ARGUMENT, "a second hello");
    expect(&s, SITTING_OPEN, SY_OK, NULL);
    expect(&s, SITTING_OPEN, SY_OK, NULL); /* again: the first is closed */
    expect(&s, "{\"call\":\"bye\"}", SY_OK, NULL);
    stand_up(&s);
}

static void unknown_calls_are_told(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, "{}", SY_INVALID_ARGUMENT, "unknown call ''");
    expect(&s, "{\"call\":\"dance\"}", SY_INVALID_ARGUMENT, "unknown call 'dance'");
    expect(&s, "{\"call\":5}", SY_INVALID_ARGUMENT, "unknown call ''");
    expect(&s, "{\"call\":\"hello\\n\"}", SY_INVALID_ARGUMENT, "unknown call 'hello?'");
    stand_up(&s);
}

static void another_protocol_is_refused(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, "{\"call\":\"hello\"}", SY_INCOMPATIBLE, "protocol 0");
    expect(&s, "{\"call\":\"hello\",\"protocol\":2}", SY_INCOMPATIBLE, "protocol 2, this program speaks 1");
    expect(&s, "{\"call\":\"hello\",\"protocol\":\"1\"}", SY_INCOMPATIBLE, NULL);
    stand_up(&s);
}

static void hello_survives_wrong_types(void **state) {
    (void)state;
    static const char *const odd[] = {"17", "null", "\"text\"", "[]", "{}", "[[]]", "{\"isa\":[1]}", "true"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char request[256];
        sitting s = sit_down();
        snprintf(request, sizeof request,
            "{\"call\":\"hello\",\"protocol\":1,\"options\":%s,\"plugin_path\":%s,\"builtins\":true}", odd[i],
            odd[i][0] == '"' ? "7" : odd[i]);
        expect(&s, request, SY_OK, NULL);
        expect(&s, SITTING_OPEN, SY_OK, NULL);
        stand_up(&s);
    }
    sitting s = sit_down();
    expect(&s, "{\"call\":\"hello\",\"protocol\":1,\"trusted\":[1]}", SY_INVALID_ARGUMENT, "is not a text");
    expect(&s, "{\"call\":\"hello\",\"protocol\":1,\"trusted\":[\"a\"],\"plugin\":\"/nowhere/x.so\"}", SY_OK,
        NULL);
    stand_up(&s);
}

static void a_failed_hello_can_be_followed_by_a_good_one(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, "{\"call\":\"hello\",\"protocol\":1,\"trusted\":[\"a\",1]}", SY_INVALID_ARGUMENT, NULL);
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    stand_up(&s);
}

static void a_plugin_that_is_missing_is_listed_with_the_reason(void **state) {
    (void)state;
    sitting s = sit_down();
    json_t *reply =
        ask(&s, "{\"call\":\"hello\",\"protocol\":1,\"builtins\":false,\"plugin\":\"/nowhere/x.so\"}");
    json_t *entry = json_array_get(json_object_get(reply, "backends"), 0);
    assert_int_equal(json_array_size(json_object_get(reply, "backends")), 1);
    assert_true(sy_protocol_u64(entry, "status", 0) != SY_OK);
    assert_string_equal(sy_protocol_text(entry, "path", ""), "/nowhere/x.so");
    assert_true(sy_protocol_text(entry, "reason", "")[0] != '\0');
    json_decref(reply);
    expect(&s, SITTING_OPEN, SY_UNAVAILABLE, NULL);
    stand_up(&s);
}

static void devices_are_described(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    json_t *reply = ask(&s, "{\"call\":\"devices\",\"backend\":\"sim\"}");
    sy_device_info info;
    assert_int_equal(json_array_size(json_object_get(reply, "devices")), 1);
    sy_protocol_to_device(json_array_get(json_object_get(reply, "devices"), 0), &info);
    assert_string_equal(info.name, "simulated accelerator");
    assert_true((info.flags & SY_DEVICE_SIMULATED) != 0);
    json_decref(reply);
    expect(&s, "{\"call\":\"devices\",\"backend\":\"abacus\"}", SY_UNAVAILABLE, "abacus");
    expect(&s, "{\"call\":\"devices\"}", SY_UNAVAILABLE, NULL);
    stand_up(&s);
}

static void what_cannot_be_opened_says_why(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"index\":1}", SY_UNAVAILABLE,
        "no device 1; there is 1, counted from 0");
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"index\":4294967296}", SY_UNAVAILABLE,
        "no device 4294967296");
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"peak=x\"}", SY_INVALID_ARGUMENT, "peak");
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=2"), SY_INVALID_ARGUMENT, "open comes before measure");
    expect(&s, SITTING_OPEN, SY_OK, NULL);
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"peak=x\"}", SY_INVALID_ARGUMENT, "peak");
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=2"), SY_INVALID_ARGUMENT, "open comes before measure");
    stand_up(&s);
}

static sitting sit_down_at_device(void) {
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, SITTING_OPEN, SY_OK, NULL);
    return s;
}

static void candidates_are_listed(void **state) {
    (void)state;
    sitting s = sit_down_at_device();
    json_t *reply = ask(&s, "{\"call\":\"candidates\",\"problem\":\"gemm:m=2,n=3,k=4\"}");
    json_t *list = json_object_get(reply, "candidates");
    assert_int_equal(json_array_size(list), 5);
    assert_string_equal(sy_protocol_text(json_array_get(list, 0), "name", ""), "reference-loops");
    assert_true(sy_protocol_bool(json_array_get(list, 0), "tunable", false));
    assert_false(sy_protocol_bool(json_array_get(list, 0), "on_request", true));
    assert_string_equal(sy_protocol_text(json_array_get(list, 4), "name", ""), "reference-loops/t128");
    assert_true(sy_protocol_bool(json_array_get(list, 4), "tunable", false));
    assert_true(sy_protocol_bool(json_array_get(list, 4), "on_request", false));
    json_decref(reply);
    expect(&s, "{\"call\":\"candidates\",\"problem\":\"gemm:m=0,n=3,k=4\"}", SY_INVALID_ARGUMENT, "m");
    expect(&s, "{\"call\":\"candidates\"}", SY_INVALID_ARGUMENT, NULL);
    stand_up(&s);
}

/* A reply of a good visit must tell these. */
static void check_visit(const json_t *reply, const char *problem) {
    sy_error error = SY_ERROR_INIT;
    json_t *samples = json_object_get(reply, "samples_ns");
    if (sy_protocol_status(reply, &error) != SY_OK)
        fail_msg("%s: %s", problem, error.text);
    assert_true(json_array_size(samples) >= 10);
    for (size_t i = 0; i < json_array_size(samples); i++)
        assert_true(json_number_value(json_array_get(samples, i)) > 0.0);
    assert_int_equal(json_array_size(json_object_get(reply, "device_samples_ns")), json_array_size(samples));
    assert_true(sy_protocol_u64(reply, "launches", 0) > 0);
    assert_true(sy_protocol_text(reply, "algorithm", "")[0] != '\0');
    assert_string_equal(sy_protocol_text(reply, "math", ""), "strict");
}

static void every_kind_of_problem_is_visited(void **state) {
    (void)state;
    static const char *const requests[] = {SITTING_MEASURE("gemm:m=5,n=7,k=3"),
        SITTING_MEASURE("gemm:m=5,n=7,k=0"), SITTING_MEASURE("gemm:m=1,n=1,k=1,batch=3,ta=1,tb=1,beta=1"),
        SITTING_MEASURE("gemm:m=4,n=4,k=4,epilogue=dequant,dtype=s8:s8:f32"),
        SITTING_MEASURE("conv2d:n=1,c=4,h=7,w=5,k=6,r=3,s=3,pad=1,stride=2,groups=2,layout=any"),
        SITTING_MEASURE("conv2d:n=2,c=3,h=7,w=5,k=6,r=3,s=3,layout=nchw,epilogue=bias_relu"),
        SITTING_MEASURE("copy:bytes=4K,kind=h2d"), SITTING_MEASURE("copy:bytes=4097,kind=d2h,pinned=0"),
        SITTING_MEASURE("copy:bytes=1,kind=d2d"), SITTING_MEASURE("stream:bytes=4K,kind=triad"),
        SITTING_MEASURE("stream:bytes=4K,kind=read"), SITTING_MEASURE("stream:bytes=4K,kind=fill"),
        SITTING_MEASURE("peak:flop=1M,dtype=bf16")};
    sitting s = sit_down_at_device();
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        json_t *reply = ask(&s, requests[i]);
        check_visit(reply, requests[i]);
        json_decref(reply);
    }
    stand_up(&s);
}

static void outputs_are_announced_as_they_lie(void **state) {
    (void)state;
    sitting s = sit_down_at_device();
    json_t *reply = ask(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=3,n=3,k=4\",\"output_slots\":1000,"
                            "\"cache\":2,\"cache_bytes\":500,\"limit_ns\":100000000}");
    json_t *outputs = json_object_get(reply, "outputs");
    uint64_t total = sy_protocol_u64(reply, "outputs_bytes", 0), seen = 0;
    check_visit(reply, "cold");
    assert_true(
        json_array_size(outputs) >= 2 && json_array_size(outputs) < 1000); /* as many as were written */
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        json_t *one = json_array_get(outputs, i);
        uint64_t slot = sy_protocol_u64(one, "slot", 99);
        assert_int_equal(sy_protocol_u64(one, "bytes", 0), 36);
        assert_int_equal(sy_protocol_u64(one, "offset", 1), 64 * i);
        assert_int_equal(json_array_size(json_object_get(one, "sets")), 3);
        assert_true(slot < 64 && (seen >> slot & 1) == 0); /* every slot once */
        seen |= UINT64_C(1) << slot;
    }
    assert_int_equal(lseek(s.memory_fd, 0, SEEK_END), (off_t)total);
    json_decref(reply);
    reply =
        ask(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=3,n=3,k=4\",\"output_slots\":0,\"limit_ns\":1}");
    assert_int_equal(json_array_size(json_object_get(reply, "outputs")), 0);
    json_decref(reply);
    stand_up(&s);
}

static void the_same_request_gives_the_same_answer(void **state) {
    (void)state;
    json_t *kept = NULL;
    for (int i = 0; i < 2; i++) {
        sitting s = sit_down();
        expect(&s, SITTING_HELLO, SY_OK, NULL);
        expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"seed=5,jitter=0.1\"}", SY_OK, NULL);
        json_t *reply = ask(&s, SITTING_MEASURE("gemm:m=5,n=7,k=3"));
        if (kept != NULL) {
            assert_true(
                json_equal(json_object_get(kept, "samples_ns"), json_object_get(reply, "samples_ns")));
            assert_true(json_equal(json_object_get(kept, "outputs"), json_object_get(reply, "outputs")));
        }
        json_decref(kept);
        kept = reply;
        stand_up(&s);
    }
    json_decref(kept);
}

/* What compiles is told by the visit that compiled it, as part of making the plan. */
static void a_compiler_is_told_once(void **state) {
    (void)state;
    static const char *const requests[] = {SITTING_MEASURE("gemm:m=5,n=7,k=3"),
        SITTING_MEASURE("gemm:m=5,n=7,k=3"), SITTING_MEASURE("gemm:m=5,n=7,k=4"),
        SITTING_MEASURE("copy:bytes=1K,kind=d2d")};
    static const uint64_t compile_ns[] = {5000000, 0, 5000000, 0};
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"compile=5ms\"}", SY_OK, NULL);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        json_t *reply = ask(&s, requests[i]);
        uint64_t plan_ns = sy_protocol_u64(reply, "plan_ns", 0);
        check_visit(reply, requests[i]);
        assert_int_equal(sy_protocol_u64(reply, "compile_ns", 0), compile_ns[i]);
        assert_true((json_object_get(reply, "compile_ns") != NULL) == (compile_ns[i] > 0));
        assert_true(plan_ns >= compile_ns[i] && plan_ns < compile_ns[i] + 1000000);
        json_decref(reply);
    }
    stand_up(&s);
}

/* A timer's numbers are passed on as they are: the parent judges. */
static void a_timer_that_tells_nothing_is_passed_on(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"timer=0\"}", SY_OK, NULL);
    json_t *reply = ask(&s, SITTING_MEASURE("gemm:m=5,n=7,k=3"));
    check_visit(reply, "timer=0");
    json_t *told = json_object_get(reply, "device_samples_ns");
    assert_true(json_number_value(json_array_get(told, 0)) == 0.0);
    assert_true(sy_protocol_f64(reply, "device_resolution_ns", 0.0) == 1.0);
    json_decref(reply);
    /* Under load first: each batch starts and stops it once, or the device would refuse. */
    reply = ask(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=5,n=7,k=3\",\"load_ns\":50000000,"
                    "\"limit_ns\":100000000}");
    check_visit(reply, "load");
    json_decref(reply);
    stand_up(&s);
}

static void what_cannot_be_measured_says_why(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"memory=1M\"}", SY_OK, NULL);
    expect(&s, SITTING_MEASURE("gemm:m=4096,n=4096,k=4096"), SY_UNSUPPORTED, "1048576 bytes are free");
    expect(&s, SITTING_MEASURE("copy:bytes=1G,kind=d2d"), SY_UNSUPPORTED, "1048576 bytes are free");
    expect(&s, SITTING_MEASURE("copy:bytes=1K,kind=p2p"), SY_UNSUPPORTED, "two of them");
    expect(&s, SITTING_MEASURE("gemm:m=-1,n=4,k=4"), SY_INVALID_ARGUMENT, "m");
    expect(&s, SITTING_MEASURE("nonsense"), SY_INVALID_ARGUMENT, NULL);
    expect(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=2,n=2,k=2\",\"algorithm\":\"magic\"}",
        SY_INVALID_ARGUMENT, "magic");
    expect(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=2,n=2,k=2\",\"cache\":9}", SY_INVALID_ARGUMENT,
        "cache");
    expect(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=2,n=2,k=2\",\"data\":99}", SY_INVALID_ARGUMENT,
        "data");
    expect(&s, "{\"call\":\"measure\",\"problem\":\"gemm:m=2,n=2,k=2\",\"precision\":-1}",
        SY_INVALID_ARGUMENT, NULL);
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=2"), SY_OK, NULL); /* and goes on */
    stand_up(&s);
}

/* Every field of a request in every wrong type: an answer, whatever it is. */
static void measure_survives_wrong_types(void **state) {
    (void)state;
    static const char *const fields[] = {"problem", "algorithm", "key", "pick_seed", "seed", "data", "cache",
        "cache_bytes", "load_ns", "output_slots", "precision", "batch_ns", "min_timed_ns", "limit_ns",
        "is_alone", "warm_up_limit_ns"};
    static const char *const odd[] = {
        "null", "true", "[]", "{}", "\"\"", "\"zz\"", "-1", "1.5", "0", "1e300", "[1,2]"};
    sitting s = sit_down_at_device();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        for (size_t j = 0; j < sizeof odd / sizeof odd[0]; j++) {
            json_t *request = json_loads(SITTING_MEASURE("gemm:m=2,n=2,k=2"), 0, NULL);
            json_t *value = json_loads(odd[j], JSON_DECODE_ANY, NULL);
            assert_non_null(value);
            json_object_set_new(request, fields[i], value);
            json_t *reply = sy_session_handle(s.session, request);
            assert_true(json_is_integer(json_object_get(reply, "status")));
            char *dumped = json_dumps(reply, 0);
            assert_non_null(dumped);
            free(dumped);
            json_decref(reply);
            json_decref(request);
        }
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=2"), SY_OK, NULL);
    stand_up(&s);
}

static void an_error_of_the_device_comes_with_its_words(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(
        &s, "{\"call\":\"open\",\"backend\":\"sim\",\"params\":\"fault=error,fault_flop=16\"}", SY_OK, NULL);
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=2"), SY_INTERNAL, "the fault that was asked for");
    expect(&s, SITTING_MEASURE("gemm:m=2,n=2,k=3"), SY_OK, NULL);
    stand_up(&s);
}

static void a_session_is_destroyed_at_any_time(void **state) {
    (void)state;
    sy_session_destroy(NULL);
    sitting s = sit_down();
    stand_up(&s);
    s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    stand_up(&s);
    s = sit_down_at_device();
    stand_up(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls_have_an_order),
        cmocka_unit_test(unknown_calls_are_told), cmocka_unit_test(another_protocol_is_refused),
        cmocka_unit_test(hello_survives_wrong_types),
        cmocka_unit_test(a_failed_hello_can_be_followed_by_a_good_one),
        cmocka_unit_test(a_plugin_that_is_missing_is_listed_with_the_reason),
        cmocka_unit_test(devices_are_described), cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test(candidates_are_listed), cmocka_unit_test(every_kind_of_problem_is_visited),
        cmocka_unit_test(outputs_are_announced_as_they_lie),
        cmocka_unit_test(the_same_request_gives_the_same_answer), cmocka_unit_test(a_compiler_is_told_once),
        cmocka_unit_test(a_timer_that_tells_nothing_is_passed_on),
        cmocka_unit_test(what_cannot_be_measured_says_why), cmocka_unit_test(measure_survives_wrong_types),
        cmocka_unit_test(an_error_of_the_device_comes_with_its_words),
        cmocka_unit_test(a_session_is_destroyed_at_any_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
