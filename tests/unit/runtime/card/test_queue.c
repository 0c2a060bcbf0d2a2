/* Queues, events and timers: late failures, waits with a limit, wrong orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/runtime/card/toy.h"

#define QUEUE sy_card_queue_api

static void test_late_failures(void **state) {
    sy_backend *backend = NULL;
    sy_queue *queue = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(QUEUE.create(device, &queue, NULL), SY_OK);
    assert_int_equal(sy_card_queue_fail(queue, TOY_FAILED, "the first"), SY_INTERNAL);
    sy_card_queue_fail(queue, TOY_NO_MEMORY, "the second");
    assert_int_equal(QUEUE.sync(queue, UINT64_MAX, &err), SY_INTERNAL);
    assert_non_null(strstr(err.text, "the first"));
    assert_int_equal(err.vendor_code, TOY_FAILED);
    assert_int_equal(QUEUE.sync(queue, UINT64_MAX, &err), SY_OK);
    toy.fail_at = 1, toy.fail_with = TOY_LOST;
    assert_int_equal(QUEUE.sync(queue, UINT64_MAX, &err), SY_LOST);
    assert_true(device->is_lost);
    QUEUE.destroy(queue);
    QUEUE.destroy(NULL);
    toy_end(backend, device);
}

static void test_limited_waits(void **state) {
    sy_backend *backend = NULL;
    sy_queue *queue = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(QUEUE.create(device, &queue, NULL), SY_OK);
    toy.query_not_ready = 1000000;
    assert_int_equal(QUEUE.sync(queue, 0, &err), SY_TIMEOUT);
    toy.query_not_ready = 2;
    assert_int_equal(QUEUE.sync(queue, UINT64_C(60000000000), &err), SY_OK);
    QUEUE.destroy(queue);
    toy.fail_at = 1, toy.fail_with = TOY_FAILED;
    assert_int_equal(QUEUE.create(device, &queue, &err), SY_INTERNAL);
    assert_null(queue);
    toy_end(backend, device);
}

static void test_events(void **state) {
    sy_backend *backend = NULL;
    sy_queue *queue = NULL;
    sy_event *event = NULL;
    uint32_t is_done = 9;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(QUEUE.create(device, &queue, NULL), SY_OK);
    assert_int_equal(QUEUE.event_create(device, &event, NULL), SY_OK);
    assert_int_equal(QUEUE.event_query(event, &is_done, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(QUEUE.event_wait(queue, event, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(QUEUE.event_record(event, queue, NULL), SY_OK);
    toy.query_not_ready = 1;
    assert_int_equal(QUEUE.event_query(event, &is_done, NULL), SY_OK);
    assert_int_equal(is_done, 0);
    assert_int_equal(QUEUE.event_query(event, &is_done, NULL), SY_OK);
    assert_int_equal(is_done, 1);
    assert_int_equal(QUEUE.event_wait(queue, event, NULL), SY_OK);
    QUEUE.event_destroy(event);
    QUEUE.event_destroy(NULL);
    QUEUE.destroy(queue);
    toy_end(backend, device);
}

static void test_timers(void **state) {
    sy_backend *backend = NULL;
    sy_queue *queue = NULL;
    sy_timer *timer = NULL;
    sy_error err = SY_ERROR_INIT;
    double ns = 0.0, resolution = 0.0;
    (void)state;
    sy_device *device = toy_begin(&backend);
    assert_int_equal(QUEUE.create(device, &queue, NULL), SY_OK);
    assert_int_equal(QUEUE.timer_create(queue, &timer, NULL), SY_OK);
    assert_int_equal(QUEUE.timer_stop(timer, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(QUEUE.timer_read(timer, &ns, &resolution, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(QUEUE.timer_start(timer, NULL), SY_OK);
    assert_int_equal(QUEUE.timer_stop(timer, NULL), SY_OK);
    toy.query_not_ready = 1;
    assert_int_equal(QUEUE.timer_read(timer, &ns, &resolution, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "before its queue was waited for"));
    assert_int_equal(QUEUE.timer_read(timer, &ns, &resolution, NULL), SY_OK);
    assert_true(ns == 1234.0 && resolution == 5.0);
    QUEUE.timer_destroy(timer);
    QUEUE.timer_destroy(NULL);
    for (int at = 1; at <= 2; at++) { /* the first or the second event of it fails */
        toy.fail_at = at, toy.fail_with = TOY_FAILED;
        assert_int_equal(QUEUE.timer_create(queue, &timer, NULL), SY_INTERNAL);
        assert_null(timer);
    }
    QUEUE.destroy(queue);
    toy_end(backend, device);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_late_failures),
        cmocka_unit_test(test_limited_waits), cmocka_unit_test(test_events), cmocka_unit_test(test_timers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
