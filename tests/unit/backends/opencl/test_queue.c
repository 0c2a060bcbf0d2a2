/* Queues and events: order, limits of waiting, failures that are told once. */
#include "tests/unit/backends/opencl/world.h"

static void commands_run_in_order(void **state) {
    world w = {0};
    float value = 0.0f;
    (void)state;
    world_open(&w, "");
    sy_plan *plan = world_add_one(&w, 1);
    sy_buffer *a = world_alloc(&w, SY_MEMORY_DEVICE, 4), *b = world_alloc(&w, SY_MEMORY_DEVICE, 4);
    sy_binding *there = NULL, *back = NULL;
    const sy_span forth[] = {world_span(a, 0, 4), world_span(b, 0, 4)};
    const sy_span over[] = {world_span(b, 0, 4), world_span(a, 0, 4)};
    assert_int_equal(w.api->work->binding_create(plan, w.queue, forth, 2, (sy_span){0}, &there, NULL), SY_OK);
    assert_int_equal(w.api->work->binding_create(plan, w.queue, over, 2, (sy_span){0}, &back, NULL), SY_OK);
    world_put(&w, world_span(a, 0, 4), &value);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(w.api->work->run(there), SY_OK);
        assert_int_equal(w.api->work->run(back), SY_OK);
    }
    world_get(&w, world_span(a, 0, 4), &value);
    assert_true(value == 100.0f);
    w.api->work->binding_destroy(there);
    w.api->work->binding_destroy(back);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(a);
    w.api->memory->free(b);
    world_close(&w);
}

static void sync_takes_a_limit(void **state) {
    world w = {0};
    (void)state;
    world_open(&w, "");
    assert_int_equal(w.api->queue->sync(w.queue, 0, NULL), SY_OK); /* nothing to wait for */
    sy_buffer *buffer = world_alloc(&w, SY_MEMORY_DEVICE, 4096);
    assert_int_equal(w.api->memory->fill(w.queue, world_span(buffer, 0, 4096), 1, NULL), SY_OK);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_C(60000000000), NULL), SY_OK);
    assert_int_equal(w.api->queue->sync(w.queue, 0, NULL), SY_OK);
    w.api->memory->free(buffer);
    world_close(&w);
}

static void a_limit_that_is_too_short_is_a_timeout(void **state) {
    world w = {0};
    static ocl_recipe recipe;
    sy_task task;
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    (void)state;
    world_open(&w, "");
    /* Far longer than no time at all, whatever the machine. */
    ocl_step *step = world_recipe(&recipe,
        "__kernel void k(__global float *y, ulong y0, int n) {"
        " float s = y[y0]; for (int i = 0; i < n; i++) s = s * 0.999f + 1.0f; y[y0] = s; }\n",
        1, 1);
    ocl_arg_operand(step, 0, SY_F32);
    ocl_arg_int(step, 50000000);
    world_task(&task, 1, 1);
    assert_int_equal(ocl_plan_create(w.device, &task, &recipe, &plan, NULL), SY_OK);
    sy_buffer *buffer = world_alloc(&w, SY_MEMORY_DEVICE, 4);
    const sy_span operand = world_span(buffer, 0, 4);
    assert_int_equal(
        w.api->work->binding_create(plan, w.queue, &operand, 1, (sy_span){0}, &binding, NULL), SY_OK);
    assert_int_equal(w.api->work->run(binding), SY_OK);
    world_refused(w.api->queue->sync(w.queue, 1, err), SY_TIMEOUT, "not done");
    world_sync(&w);
    assert_int_equal(w.api->queue->sync(w.queue, 1, NULL), SY_OK);
    w.api->work->binding_destroy(binding);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(buffer);
    world_close(&w);
}

static void the_first_failure_is_told_once(void **state) {
    world w = {0};
    sy_error error = SY_ERROR_INIT;
    (void)state;
    world_open(&w, "");
    assert_int_equal(ocl_queue_fail(w.queue, CL_OUT_OF_RESOURCES, "first"), SY_OUT_OF_MEMORY);
    assert_int_equal(ocl_queue_fail(w.queue, CL_INVALID_VALUE, "second"), SY_INTERNAL);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, &error), SY_OUT_OF_MEMORY);
    assert_non_null(strstr(error.text, "first: CL_OUT_OF_RESOURCES (-5)"));
    assert_int_equal(error.vendor_code, CL_OUT_OF_RESOURCES);
    world_sync(&w);
    assert_int_equal(ocl_queue_fail(w.queue, CL_INVALID_VALUE, "third"), SY_INTERNAL);
    world_refused(w.api->queue->sync(w.queue, 0, err), SY_INTERNAL, "third");
    world_close(&w);
}

static void events_order_queues(void **state) {
    world w = {0};
    sy_queue *second = NULL;
    sy_event *event = NULL;
    uint32_t done = 0;
    static unsigned char bytes[1 << 16];
    (void)state;
    world_open(&w, "");
    assert_int_equal(w.api->queue->create(w.device, &second, NULL), SY_OK);
    assert_int_equal(w.api->queue->event_create(w.device, &event, NULL), SY_OK);
    sy_buffer *a = world_alloc(&w, SY_MEMORY_DEVICE, sizeof bytes);
    sy_buffer *b = world_alloc(&w, SY_MEMORY_DEVICE, sizeof bytes);
    for (int i = 1; i < 20; i++) {
        assert_int_equal(
            w.api->memory->fill(w.queue, world_span(a, 0, sizeof bytes), (uint8_t)i, NULL), SY_OK);
        assert_int_equal(w.api->queue->event_record(event, w.queue, NULL), SY_OK);
        assert_int_equal(w.api->queue->event_wait(second, event, NULL), SY_OK);
        assert_int_equal(
            w.api->memory->copy(second, world_span(b, 0, sizeof bytes), world_span(a, 0, sizeof bytes), NULL),
            SY_OK);
        assert_int_equal(w.api->queue->sync(second, UINT64_C(60000000000), NULL), SY_OK);
        assert_int_equal(w.api->queue->event_query(event, &done, NULL), SY_OK);
        assert_int_equal(done, 1);
        world_get(&w, world_span(b, 0, sizeof bytes), bytes);
        assert_int_equal(bytes[0], i);
        assert_int_equal(bytes[sizeof bytes - 1], i);
    }
    w.api->queue->event_destroy(event);
    w.api->queue->destroy(second);
    w.api->memory->free(a);
    w.api->memory->free(b);
    world_close(&w);
}

static void events_that_mean_nothing_are_refused(void **state) {
    world w = {0};
    sy_event *event = NULL, *foreign = NULL;
    sy_device *second = NULL;
    uint32_t done = 1;
    (void)state;
    world_open(&w, "");
    assert_int_equal(w.api->device->open(w.backend, 0, "", &second, NULL), SY_OK);
    assert_int_equal(w.api->queue->event_create(w.device, &event, NULL), SY_OK);
    assert_int_equal(w.api->queue->event_create(second, &foreign, NULL), SY_OK);
    world_refused(w.api->queue->event_wait(w.queue, event, err), SY_INVALID_ARGUMENT, "never recorded");
    world_refused(w.api->queue->event_query(event, &done, err), SY_INVALID_ARGUMENT, "never recorded");
    assert_int_equal(done, 0);
    world_refused(w.api->queue->event_record(foreign, w.queue, err), SY_INVALID_ARGUMENT, "another device");
    w.api->queue->event_destroy(event);
    w.api->queue->event_destroy(foreign);
    w.api->queue->event_destroy(NULL);
    w.api->queue->destroy(NULL);
    w.api->device->close(second);
    world_close(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_run_in_order),
        cmocka_unit_test(sync_takes_a_limit),
        cmocka_unit_test(a_limit_that_is_too_short_is_a_timeout),
        cmocka_unit_test(the_first_failure_is_told_once),
        cmocka_unit_test(events_order_queues),
        cmocka_unit_test(events_that_mean_nothing_are_refused),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
