/* Streams and events: order, what is visible when, failures of what was enqueued. */
#include "tests/unit/vendor_sim/common/rig.h"

#include "tests/vendor_sim/common/clock.h"

typedef struct step {
    int *log, *used, number, code;
} step;

static int run_step(void *args) {
    const step *one = args;
    one->log[(*one->used)++] = one->number;
    return one->code;
}

static int done_calls;
static void count_done(void *args) {
    (void)args;
    done_calls++;
}

static void enqueue(sim_stream *stream, int *log, int *used, int number, int code) {
    step one = {log, used, number, code};
    sim_stream_enqueue(stream,
        &(sim_work){.run = run_step, .done = count_done, .args = &one, .bytes = sizeof one, .ns = 10});
}

static void test_lazy_and_in_order(void **state) {
    (void)state;
    rig_begin("lazy=1");
    int log[8] = {0}, used = 0;
    done_calls = 0;
    sim_stream *stream = sim_stream_make(0);
    for (int i = 1; i <= 3; i++)
        enqueue(stream, log, &used, i, 0);
    assert_int_equal(used, 0);
    assert_int_equal(sim_stream_sync(stream), 0);
    assert_int_equal(used, 3);
    assert_int_equal(done_calls, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(log[i], i + 1);
    enqueue(stream, log, &used, 9, 0);
    sim_stream_destroy(stream);
    assert_int_equal(log[3], 9);
    rig_end();
}

static void test_events_order_streams(void **state) {
    (void)state;
    rig_begin("lazy=1");
    int log[8] = {0}, used = 0;
    sim_stream *first = sim_stream_make(0), *second = sim_stream_make(0);
    sim_event *event = sim_event_make(), *later = sim_event_make();
    assert_true(sim_event_is_done(event));
    assert_false(sim_event_is_recorded(event));
    enqueue(first, log, &used, 1, 0);
    sim_event_record(event, first);
    sim_event_wait(second, event);
    enqueue(second, log, &used, 2, 0);
    sim_event_record(later, second);
    sim_event_destroy(event); /* while it is needed */
    sim_event_sync(later);
    assert_int_equal(log[0], 1);
    assert_int_equal(log[1], 2);
    assert_true(sim_event_stamp(later) == 20);
    assert_true(sim_clock_ns(0) == 20);
    sim_event_destroy(later);
    sim_stream_destroy(first);
    sim_stream_destroy(second);
    rig_end();
}

static void test_failures_are_told_once(void **state) {
    (void)state;
    rig_begin("async=later:1:77");
    int log[8] = {0}, used = 0;
    sim_stream *stream = sim_stream_make(0);
    enqueue(stream, log, &used, 1, 5);
    enqueue(stream, log, &used, 2, 6);
    assert_int_equal(sim_device_sync(0), 5);
    assert_int_equal(sim_stream_sync(stream), 0);
    sim_leave(0);
    sim_fail_async("later", 2, 78); /* the first is told to fail by the settings */
    sim_leave(sim_enter("later"));
    assert_int_equal(sim_enter("later"), 0);
    enqueue(stream, log, &used, 3, 0);
    sim_leave(0);
    assert_int_equal(sim_enter("rig"), 0);
    assert_int_equal(sim_stream_sync(stream), 78);
    assert_int_equal(used, 2);
    enqueue(stream, log, &used, 4, 0);
    assert_int_equal(sim_stream_sync(stream), 0);
    assert_int_equal(used, 3);
    sim_stream_destroy(stream);
    rig_end();
}

static void test_timeout(void **state) {
    (void)state;
    rig_begin("delay_us=10");
    int log[8] = {0}, used = 0;
    sim_leave(0);
    sim_hold(true);
    assert_int_equal(sim_enter("rig"), 0);
    enqueue(sim_stream_default(0), log, &used, 1, 0);
    bool is_done = true;
    assert_int_equal(sim_stream_sync_within(sim_stream_default(0), 0, &is_done), 0);
    assert_false(is_done);
    sim_leave(0);
    sim_hold(false);
    assert_int_equal(sim_enter("rig"), 0);
    assert_int_equal(sim_stream_sync(sim_stream_default(0)), 0);
    assert_int_equal(used, 1);
    rig_end();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lazy_and_in_order),
        cmocka_unit_test(test_events_order_streams), cmocka_unit_test(test_failures_are_told_once),
        cmocka_unit_test(test_timeout)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
