/* Streams and events. */
#include "tests/unit/vendor_sim/ascend/rig.h"

/* The default clock: 100 bytes a ns, so that this takes 10 us. */
#define BYTES 1000000u

static aclrtEvent make_event(uint32_t flags) {
    aclrtEvent event = NULL;
    int code = flags == 0 ? api.aclrtCreateEvent(&event) : api.aclrtCreateEventWithFlag(&event, flags);
    assert_int_equal(code, ACL_SUCCESS);
    return event;
}

static void record(aclrtEvent event) {
    assert_int_equal(api.aclrtRecordEvent(event, rig_stream), ACL_SUCCESS);
}

static void destroy(aclrtEvent event) {
    assert_int_equal(api.aclrtDestroyEvent(event), ACL_SUCCESS);
}

static void events_tell_the_devices_time(void **state) {
    (void)state;
    rig_open("");
    void *memory = rig_memory(NULL, BYTES);
    aclrtEvent start = make_event(0), end = make_event(ACL_EVENT_TIME_LINE);
    float ms = 0;
    uint64_t from = 0, to = 0;
    record(start);
    assert_int_equal(api.aclrtMemsetAsync(memory, BYTES, 0, BYTES, rig_stream), ACL_SUCCESS);
    record(end);
    assert_int_equal(api.aclrtSynchronizeEvent(end), ACL_SUCCESS);
    assert_int_equal(api.aclrtEventElapsedTime(&ms, start, end), ACL_SUCCESS);
    assert_float_equal(ms, 0.01, 1e-6);
    assert_int_equal(api.aclrtEventGetTimestamp(start, &from), ACL_SUCCESS);
    assert_int_equal(api.aclrtEventGetTimestamp(end, &to), ACL_SUCCESS);
    assert_int_equal(to - from, 10);
    assert_int_equal(api.aclrtEventElapsedTime(&ms, end, start), ACL_ERROR_RT_EVENT_TIMESTAMP_REVERSAL);
    assert_int_equal(api.aclrtEventElapsedTime(NULL, start, end), ACL_ERROR_INVALID_PARAM);
    destroy(start);
    destroy(end);
    rig_close();
}

static void times_are_not_there_before_they_are(void **state) {
    (void)state;
    rig_open("lazy=1");
    void *memory = rig_memory(NULL, 64);
    aclrtEvent start = make_event(0), end = make_event(0), plain = make_event(ACL_EVENT_SYNC);
    float ms = 0;
    record(start);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtEventElapsedTime(&ms, start, end), ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID);
    rig_expect_misuse("time_before_it_is");
    record(plain);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtEventElapsedTime(&ms, start, plain), ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID);
    rig_expect_misuse("event_without_times");
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 0, 64, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeEvent(end), ACL_SUCCESS);
    rig_expect_misuse("event_not_recorded");
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    destroy(start);
    destroy(end);
    destroy(plain);
    rig_close();
}

static void times_are_of_one_stream(void **state) {
    (void)state;
    aclrtStream other = NULL;
    float ms = 0;
    const char *settings[] = {"", "mixed_events=0"};
    for (int i = 0; i < 2; i++) {
        rig_open(settings[i]);
        aclrtEvent start = make_event(0), end = make_event(0);
        assert_int_equal(api.aclrtCreateStreamWithConfig(&other, 0, 3), ACL_SUCCESS);
        record(start);
        assert_int_equal(api.aclrtRecordEvent(end, other), ACL_SUCCESS);
        assert_int_equal(api.aclrtSynchronizeDevice(), ACL_SUCCESS);
        assert_int_equal(
            api.aclrtEventElapsedTime(&ms, start, end), i == 0 ? ACL_ERROR_RT_PARAM_INVALID : ACL_SUCCESS);
        rig_expect_misuse("times_of_two_streams");
        assert_int_equal(api.aclrtDestroyStream(other), ACL_SUCCESS);
        destroy(start);
        destroy(end);
        rig_close();
    }
}

static void times_come_in_ticks(void **state) {
    (void)state;
    rig_open("tick_ns=4000");
    void *memory = rig_memory(NULL, BYTES);
    aclrtEvent start = make_event(0), end = make_event(0);
    float ms = 0;
    record(start);
    assert_int_equal(api.aclrtMemsetAsync(memory, BYTES, 0, BYTES, rig_stream), ACL_SUCCESS);
    record(end);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtEventElapsedTime(&ms, start, end), ACL_SUCCESS);
    assert_float_equal(ms, 0.008, 1e-6);
    destroy(start);
    destroy(end);
    rig_close();
}

static void statuses_have_two_senses(void **state) {
    (void)state;
    rig_open("");
    aclrtEvent event = make_event(0), unlimited = NULL;
    int status = -1;
    record(event);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtQueryEventStatus(event, &status), ACL_SUCCESS);
    assert_int_equal(status, 1);
    assert_int_equal(api.aclrtQueryEvent(event, &status), ACL_SUCCESS);
    assert_int_equal(status, 0);
    assert_int_equal(api.aclrtCreateEventExWithFlag(&unlimited, ACL_EVENT_SYNC), ACL_SUCCESS);
    assert_int_equal(api.aclrtQueryEvent(unlimited, &status), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtResetEvent(unlimited, rig_stream), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("reset_of_wrong_event");
    assert_int_equal(api.aclrtResetEvent(event, rig_stream), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("reset_of_wrong_event");
    assert_int_equal(api.aclrtCreateEventWithFlag(&unlimited, 0x1000), ACL_ERROR_RT_PARAM_INVALID);
    destroy(event);
    destroy(unlimited);
    rig_close();
}

static void events_order_streams(void **state) {
    (void)state;
    rig_open("lazy=1");
    aclrtStream other = NULL;
    aclrtEvent event = make_event(ACL_EVENT_SYNC);
    char seen = 0, *memory = rig_memory(NULL, 64);
    assert_int_equal(api.aclrtCreateStream(&other), ACL_SUCCESS);
    assert_int_equal(api.aclrtStreamWaitEvent(other, event), ACL_SUCCESS);
    rig_expect_misuse("event_not_recorded");
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 1, 64, rig_stream), ACL_SUCCESS);
    record(event);
    assert_int_equal(api.aclrtStreamWaitEvent(other, event), ACL_SUCCESS);
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 2, 64, other), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(other), ACL_SUCCESS);
    rig_read(&seen, memory, 1);
    assert_int_equal(seen, 2);
    assert_int_equal(api.aclrtDestroyStream(other), ACL_SUCCESS);
    destroy(event);
    rig_close();
}

static void there_are_so_many(void **state) {
    (void)state;
    rig_open("soc=Ascend310P3;events=2;streams=1");
    aclrtEvent one = make_event(0), other = make_event(0), more = NULL;
    aclrtStream stream = NULL;
    assert_int_equal(api.aclrtCreateEvent(&more), ACL_ERROR_RT_NO_EVENT_RESOURCE);
    assert_int_equal(api.aclrtCreateEventExWithFlag(&more, ACL_EVENT_SYNC), ACL_SUCCESS);
    assert_int_equal(api.aclrtCreateStream(&stream), ACL_ERROR_RT_NO_STREAM_RESOURCE);
    assert_int_equal(api.aclrtCreateStream(NULL), ACL_ERROR_INVALID_PARAM);
    assert_int_equal(api.aclrtCreateStreamWithConfig(&stream, 9, 0), ACL_ERROR_RT_PARAM_INVALID);
    destroy(one);
    destroy(other);
    destroy(more);
    rig_close();
}

static void failures_come_when_it_is_waited_for(void **state) {
    (void)state;
    rig_open("");
    void *memory = rig_memory(NULL, 64);
    api.sim_fail_async("aclrtMemsetAsync", 1, ACL_ERROR_RT_AICORE_EXCEPTION);
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 1, 64, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_ERROR_RT_AICORE_EXCEPTION);
    /* And the context is of no use any more, but for letting go. */
    assert_int_equal(api.aclrtMemset(memory, 64, 1, 64), ACL_ERROR_RT_AICORE_EXCEPTION);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_ERROR_RT_AICORE_EXCEPTION);
    rig_close();
    rig_open("sticky=0");
    memory = rig_memory(NULL, 64);
    api.sim_fail_async("aclrtMemsetAsync", 1, ACL_ERROR_RT_AICORE_EXCEPTION);
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 1, 64, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeDevice(), ACL_ERROR_RT_AICORE_EXCEPTION);
    assert_int_equal(api.aclrtSynchronizeStream(rig_stream), ACL_SUCCESS);
    rig_close();
}

static void waiting_may_end(void **state) {
    (void)state;
    rig_open("delay_us=300000");
    void *memory = rig_memory(NULL, 64);
    assert_int_equal(api.aclrtMemsetAsync(memory, 64, 1, 64, rig_stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStreamWithTimeout(rig_stream, 1), ACL_ERROR_RT_STREAM_SYNC_TIMEOUT);
    assert_int_equal(api.aclrtSynchronizeStreamWithTimeout(rig_stream, -2), ACL_ERROR_RT_PARAM_INVALID);
    assert_int_equal(api.aclrtSynchronizeStreamWithTimeout(rig_stream, -1), ACL_SUCCESS);
    rig_close();
}

static void what_is_destroyed_is_gone(void **state) {
    (void)state;
    rig_open("");
    aclrtStream stream = NULL;
    aclrtEvent event = make_event(0);
    assert_int_equal(api.aclrtCreateStream(&stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtDestroyStream(stream), ACL_SUCCESS);
    assert_int_equal(api.aclrtSynchronizeStream(stream), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("use_after_destroy");
    destroy(event);
    assert_int_equal(api.aclrtDestroyEvent(event), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("use_after_destroy");
    assert_int_equal(api.aclrtDestroyEvent(rig_stream), ACL_ERROR_RT_PARAM_INVALID);
    rig_expect_misuse("wrong_handle");
    assert_int_equal(api.aclrtSynchronizeStream(NULL), ACL_SUCCESS); /* the default one */
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_tell_the_devices_time),
        cmocka_unit_test(times_are_not_there_before_they_are), cmocka_unit_test(times_are_of_one_stream),
        cmocka_unit_test(times_come_in_ticks), cmocka_unit_test(statuses_have_two_senses),
        cmocka_unit_test(events_order_streams), cmocka_unit_test(there_are_so_many),
        cmocka_unit_test(failures_come_when_it_is_waited_for), cmocka_unit_test(waiting_may_end),
        cmocka_unit_test(what_is_destroyed_is_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
