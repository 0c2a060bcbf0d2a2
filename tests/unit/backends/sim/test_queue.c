/* Queues, events and timers on the simulated timeline. */
#include "tests/unit/backends/sim/world.h"

#include <math.h>

static void advance_work(world *w, sy_buffer *x, uint64_t bytes) {
    assert_int_equal(w->api->memory->fill(w->queue, (sy_span){x, 0, bytes}, 0, NULL), SY_OK);
}

static void events_tell_when_the_work_before_them_is_done(void **state) {
    (void)state;
    world w = open_world("bw=1G");
    sy_buffer *x = device_memory(&w, 1 << 20);
    sy_event *event = NULL;
    uint32_t done = 9;
    assert_int_equal(w.api->queue->event_create(w.device, &event, NULL), SY_OK);
    assert_int_equal(w.api->queue->event_query(event, &done, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(w.api->queue->event_wait(w.queue, event, NULL), SY_INVALID_ARGUMENT);
    advance_work(&w, x, 1 << 20);
    assert_int_equal(w.api->queue->event_record(event, w.queue, NULL), SY_OK);
    assert_int_equal(w.api->queue->event_query(event, &done, NULL), SY_OK);
    assert_int_equal(done, 0);
    assert_int_equal(w.api->queue->event_wait(w.queue, event, NULL), SY_OK);
    w.api->device->clock_advance(w.device, UINT64_C(10000000));
    assert_int_equal(w.api->queue->event_query(event, &done, NULL), SY_OK);
    assert_int_equal(done, 1);
    w.api->queue->event_destroy(event);
    w.api->queue->event_destroy(NULL);
    w.api->memory->free(x);
    close_world(&w);
}

static void timers_tell_the_device_time_of_what_lies_between(void **state) {
    (void)state;
    world w = open_world("bw=1G,launch=5us");
    sy_buffer *x = device_memory(&w, 1 << 20);
    sy_timer *timer = NULL;
    double taken_ns = 0.0, resolution_ns = 0.0;
    assert_int_equal(w.api->queue->timer_create(w.queue, &timer, NULL), SY_OK);
    assert_int_equal(w.api->queue->timer_stop(timer, NULL), SY_INVALID_ARGUMENT);
    advance_work(&w, x, 1 << 20); /* before the timer: not in it */
    assert_int_equal(w.api->queue->timer_start(timer, NULL), SY_OK);
    assert_int_equal(w.api->queue->timer_read(timer, &taken_ns, &resolution_ns, NULL), SY_INVALID_ARGUMENT);
    advance_work(&w, x, 100000);
    advance_work(&w, x, 200000);
    assert_int_equal(w.api->queue->timer_stop(timer, NULL), SY_OK);
    advance_work(&w, x, 1 << 20); /* nor after it */
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, NULL), SY_OK);
    assert_int_equal(w.api->queue->timer_read(timer, &taken_ns, &resolution_ns, NULL), SY_OK);
    assert_true(fabs(taken_ns - 310e3) < 1.0);
    assert_true(resolution_ns > 0.0);
    assert_int_equal(w.api->queue->timer_stop(timer, NULL), SY_INVALID_ARGUMENT); /* started once */
    w.api->queue->timer_destroy(timer);
    w.api->queue->timer_destroy(NULL);
    w.api->memory->free(x);
    close_world(&w);
}

static void the_clock_goes_by_work_and_not_by_the_host(void **state) {
    (void)state;
    world w = open_world("bw=1G,launch=0");
    sy_buffer *x = device_memory(&w, 1 << 20);
    uint64_t first = 0, second = 0;
    assert_int_equal(w.api->device->clock_now(w.device, &first), SY_OK);
    assert_int_equal(w.api->device->clock_now(w.device, &second), SY_OK);
    assert_true(second > first && second - first < 100);
    w.api->device->clock_advance(w.device, 1000000);
    assert_int_equal(w.api->device->clock_now(w.device, &first), SY_OK);
    assert_true(first - second >= 1000000 && first - second < 1000100);
    advance_work(&w, x, 1000000);
    assert_int_equal(w.api->device->clock_now(w.device, &second), SY_OK);
    assert_true(second - first < 10000); /* enqueued, not waited for */
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, NULL), SY_OK);
    assert_int_equal(w.api->device->clock_now(w.device, &second), SY_OK);
    assert_true(second - first >= 1000000);
    w.api->memory->free(x);
    close_world(&w);
}

static void a_failure_comes_with_the_next_sync_and_is_then_forgotten(void **state) {
    (void)state;
    world w = open_world("fault=error,fault_flop=2");
    sy_error error = SY_ERROR_INIT;
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, "gemm:m=1,n=1,k=1,dtype=f32");
    sy_binding *binding =
        bind(&w, plan, (sy_span[]){span_of(x, 0, 1), span_of(x, 1, 1), {0}, span_of(x, 2, 1)}, 4);
    assert_int_equal(w.api->work->run(binding), SY_OK);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, &error), SY_INTERNAL);
    assert_string_equal(error.text, "sim: the fault that was asked for");
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, &error), SY_OK);
    w.api->work->binding_destroy(binding);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

static void an_older_callers_structs_are_not_written_beyond(void **state) {
    (void)state;
    world w = open_world("");
    sy_device_info info;
    sy_sensor sensor;
    memset(&info, 0x5a, sizeof info);
    info.size = offsetof(sy_device_info, uuid);
    assert_int_equal(w.api->device->info(w.device, &info, NULL), SY_OK);
    assert_int_equal(info.size, offsetof(sy_device_info, uuid));
    assert_int_equal(info.uuid[0], 0x5a);
    assert_int_equal(info.flags, SY_DEVICE_SIMULATED);
    memset(&sensor, 0x5a, sizeof sensor);
    sensor.size = offsetof(sy_sensor, name);
    assert_int_equal(w.api->sensor->describe(w.device, 0, &sensor, NULL), SY_OK);
    assert_int_equal(sensor.name[0], 0x5a);
    close_world(&w);
}

static void only_device_0_is_there(void **state) {
    (void)state;
    world w = open_world("");
    sy_device *device = w.device;
    sy_device_info info = {.size = sizeof info};
    uint32_t count = 0;
    assert_int_equal(w.api->device->count(w.backend, &count, NULL), SY_OK);
    assert_int_equal(count, 1);
    assert_int_equal(w.api->device->open(w.backend, 1, "", &device, NULL), SY_INVALID_ARGUMENT);
    assert_null(device);
    assert_int_equal(w.api->device->open(w.backend, 0, "peak=x", &device, NULL), SY_INVALID_ARGUMENT);
    assert_null(device);
    assert_int_equal(w.api->device->describe(w.backend, 1, &info, NULL), SY_INVALID_ARGUMENT);
    w.api->device->close(NULL);
    assert_null(sy_sim_query(SY_ABI_MAJOR + 1, 0, NULL));
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_tell_when_the_work_before_them_is_done),
        cmocka_unit_test(timers_tell_the_device_time_of_what_lies_between),
        cmocka_unit_test(the_clock_goes_by_work_and_not_by_the_host),
        cmocka_unit_test(a_failure_comes_with_the_next_sync_and_is_then_forgotten),
        cmocka_unit_test(an_older_callers_structs_are_not_written_beyond),
        cmocka_unit_test(only_device_0_is_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
