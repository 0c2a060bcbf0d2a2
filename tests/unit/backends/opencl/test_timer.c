/* Timers: what lies between start and stop. */
#include "tests/unit/backends/opencl/world.h"

typedef struct timed {
    world w;
    sy_timer *timer;
    sy_buffer *buffer;
} timed;

static void open_timed(timed *t) {
    *t = (timed){0};
    world_open(&t->w, "");
    assert_int_equal(t->w.api->queue->timer_create(t->w.queue, &t->timer, NULL), SY_OK);
    t->buffer = world_alloc(&t->w, SY_MEMORY_DEVICE, 1 << 20);
}

static void close_timed(timed *t) {
    t->w.api->queue->timer_destroy(t->timer);
    t->w.api->memory->free(t->buffer);
    world_close(&t->w);
}

static void fill(timed *t) {
    assert_int_equal(t->w.api->memory->fill(t->w.queue, world_span(t->buffer, 0, 1 << 20), 1, NULL), SY_OK);
}

static double read_ns(timed *t) {
    double ns = -1.0, resolution = -1.0;
    sy_error error = SY_ERROR_INIT;
    if (t->w.api->queue->timer_read(t->timer, &ns, &resolution, &error) != SY_OK)
        fail_msg("%s", error.text);
    assert_true(resolution >= 0.0);
    return ns;
}

static void nothing_takes_no_time(void **state) {
    timed t;
    (void)state;
    open_timed(&t);
    fill(&t); /* before the start */
    assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
    assert_int_equal(t.w.api->queue->timer_stop(t.timer, NULL), SY_OK);
    fill(&t); /* behind the stop */
    world_sync(&t.w);
    assert_true(read_ns(&t) == 0.0);
    close_timed(&t);
}

static void from_the_first_to_the_last_command(void **state) {
    timed t;
    cl_ulong begin = 0, end = 0;
    (void)state;
    open_timed(&t);
    const ocl_api *api = t.w.device->api;
    assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
    fill(&t);
    cl_event first = t.w.queue->pending[t.w.queue->pendings - 1];
    api->clRetainEvent(first);
    fill(&t);
    fill(&t);
    cl_event last = t.w.queue->pending[t.w.queue->pendings - 1];
    api->clRetainEvent(last);
    assert_int_equal(t.w.api->queue->timer_stop(t.timer, NULL), SY_OK);
    fill(&t);
    world_sync(&t.w);
    api->clGetEventProfilingInfo(first, CL_PROFILING_COMMAND_START, sizeof begin, &begin, NULL);
    api->clGetEventProfilingInfo(last, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
    assert_true(end > begin);
    assert_true(read_ns(&t) == (double)(end - begin));
    api->clReleaseEvent(first);
    api->clReleaseEvent(last);
    close_timed(&t);
}

static void one_timer_serves_again(void **state) {
    timed t;
    (void)state;
    open_timed(&t);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
        assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK); /* anew */
        fill(&t);
        assert_int_equal(t.w.api->queue->timer_stop(t.timer, NULL), SY_OK);
        world_sync(&t.w);
        assert_true(read_ns(&t) > 0.0);
    }
    assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
    assert_int_equal(t.w.api->queue->timer_stop(t.timer, NULL), SY_OK);
    assert_true(read_ns(&t) == 0.0);
    close_timed(&t);
}

static void timers_may_overlap(void **state) {
    timed t;
    sy_timer *outer = NULL;
    double outer_ns = 0.0, resolution;
    (void)state;
    open_timed(&t);
    assert_int_equal(t.w.api->queue->timer_create(t.w.queue, &outer, NULL), SY_OK);
    assert_int_equal(t.w.api->queue->timer_start(outer, NULL), SY_OK);
    fill(&t);
    assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
    fill(&t);
    assert_int_equal(t.w.api->queue->timer_stop(outer, NULL), SY_OK);
    assert_int_equal(t.w.api->queue->timer_stop(t.timer, NULL), SY_OK);
    world_sync(&t.w);
    assert_int_equal(t.w.api->queue->timer_read(outer, &outer_ns, &resolution, NULL), SY_OK);
    assert_true(outer_ns > read_ns(&t));
    t.w.api->queue->timer_destroy(outer);
    close_timed(&t);
}

static void a_timer_that_runs_has_no_time(void **state) {
    timed t;
    double ns = 1.0, resolution;
    (void)state;
    open_timed(&t);
    world_refused(t.w.api->queue->timer_stop(t.timer, err), SY_INVALID_ARGUMENT, "not started");
    world_refused(
        t.w.api->queue->timer_read(t.timer, &ns, &resolution, err), SY_INVALID_ARGUMENT, "not stopped");
    assert_true(ns == 0.0);
    assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
    fill(&t);
    world_refused(
        t.w.api->queue->timer_read(t.timer, &ns, &resolution, err), SY_INVALID_ARGUMENT, "not stopped");
    t.w.api->queue->timer_destroy(NULL);
    close_timed(&t); /* destroyed while it runs */
}

/* Without a profile of commands there are no times to read: a queue made otherwise. */
static void no_profile_is_said(void **state) {
    timed t;
    double ns = 1.0, resolution;
    cl_int code = CL_SUCCESS;
    (void)state;
    open_timed(&t);
    const ocl_api *api = t.w.device->api;
    cl_command_queue bare =
        api->clCreateCommandQueue(t.w.device->context, t.w.device->place.device, 0, &code);
    assert_non_null(bare);
    cl_command_queue own = t.w.queue->handle;
    t.w.queue->handle = bare;
    assert_int_equal(t.w.api->queue->timer_start(t.timer, NULL), SY_OK);
    fill(&t);
    assert_int_equal(t.w.api->queue->timer_stop(t.timer, NULL), SY_OK);
    world_sync(&t.w);
    bool has_times = t.w.api->queue->timer_read(t.timer, &ns, &resolution, NULL) == SY_OK;
    if (!has_times) /* a simulator has them all the same */
        world_refused(t.w.api->queue->timer_read(t.timer, &ns, &resolution, err), SY_INTERNAL,
            "no times of a command that is done: CL_PROFILING_INFO_NOT_AVAILABLE");
    t.w.queue->handle = own;
    api->clReleaseCommandQueue(bare);
    close_timed(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_takes_no_time),
        cmocka_unit_test(from_the_first_to_the_last_command),
        cmocka_unit_test(one_timer_serves_again),
        cmocka_unit_test(timers_may_overlap),
        cmocka_unit_test(a_timer_that_runs_has_no_time),
        cmocka_unit_test(no_profile_is_said),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
