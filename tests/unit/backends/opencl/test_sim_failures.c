/* Commands that fail late, devices that are lost, times that are not there: told by the sync that they belong
 * to. */
#include "tests/unit/backends/opencl/sim_world.h"

static void run(sim_world *w, sim_work *work, int times) {
    for (int i = 0; i < times; i++)
        assert_int_equal(w->api->work->run(work->binding), SY_OK);
}

/* The nth of some launches fails on the device: this sync says so, those before and behind it do not. */
static void expect_late_failure(const char *settings, int launches, int nth, int32_t code, sy_status wanted) {
    sim_world w = {0};
    sim_open(&w, settings);
    sim_work work = sim_work_make(&w);
    run(&w, &work, 2);
    assert_int_equal(sim_sync(&w), SY_OK);
    cl_sim_fail_command("clEnqueueNDRangeKernel", (uint64_t)nth, code);
    run(&w, &work, launches);
    assert_int_equal(sim_sync(&w), wanted);
    assert_int_equal(cl_sim_disarm(), 0);
    sim_expect_words(w.error.text, "opencl:0");
    run(&w, &work, launches);
    assert_int_equal(sim_sync(&w), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void a_launch_that_fails_late_is_told_by_its_sync(void **state) {
    (void)state;
    for (int nth = 1; nth <= 5; nth++) {
        expect_late_failure("", 5, nth, CL_OUT_OF_RESOURCES, SY_OUT_OF_MEMORY);
        expect_late_failure("chain=1", 5, nth, CL_OUT_OF_RESOURCES, SY_OUT_OF_MEMORY);
        expect_late_failure("chain=1;finish=-5", 5, nth, -9999, SY_INTERNAL);
        expect_late_failure("finish=-5", 5, nth, -9999, SY_INTERNAL);
    }
}

/* Of many commands not every one can be asked: markers tell of those before them, but not what it was. */
static void a_launch_among_many_that_fails_late_is_told_by_its_sync(void **state) {
    (void)state;
    static const int some[] = {1, 2, 30, 31, 32, 33, 34, 62, 63, 64, 99};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        expect_late_failure(
            "", 100, some[i], CL_OUT_OF_RESOURCES, some[i] < 94 ? SY_INTERNAL : SY_OUT_OF_MEMORY);
        expect_late_failure("chain=1", 100, some[i], -9999, SY_INTERNAL);
    }
}

static void a_copy_that_fails_late_is_told_by_its_sync(void **state) {
    (void)state;
    sim_world w = {0};
    char host[64] = {0};
    sim_open(&w, "chain=1");
    sim_work work = sim_work_make(&w);
    sy_buffer *mine = NULL;
    assert_int_equal(w.api->memory->import(w.device, host, sizeof host, &mine, NULL), SY_OK);
    static const char *const functions[] = {
        "clEnqueueWriteBuffer", "clEnqueueReadBuffer", "clEnqueueCopyBuffer", "clEnqueueFillBuffer"};
    for (int i = 0; i < 4; i++) {
        const sy_span low = {work.buffer, 0, 64}, high = {work.buffer, 64, 64}, out = {mine, 0, 64};
        cl_sim_fail_command(functions[i], 1, CL_OUT_OF_RESOURCES);
        assert_int_equal(w.api->memory->copy(w.queue, low, out, NULL), SY_OK);
        assert_int_equal(w.api->memory->copy(w.queue, out, low, NULL), SY_OK);
        assert_int_equal(w.api->memory->copy(w.queue, high, low, NULL), SY_OK);
        assert_int_equal(w.api->memory->fill(w.queue, high, 1, NULL), SY_OK);
        assert_int_equal(sim_sync(&w), SY_OUT_OF_MEMORY);
        assert_int_equal(sim_sync(&w), SY_OK);
        cl_sim_fail(functions[i], 1, CL_OUT_OF_RESOURCES); /* and at once */
        sy_status status = w.api->memory->copy(w.queue, low, out, NULL);
        status = status == SY_OK ? w.api->memory->copy(w.queue, out, low, NULL) : status;
        status = status == SY_OK ? w.api->memory->copy(w.queue, high, low, NULL) : status;
        status = status == SY_OK ? w.api->memory->fill(w.queue, high, 1, NULL) : status;
        assert_int_equal(status, SY_OUT_OF_MEMORY);
        (void)sim_sync(&w);
        assert_int_equal(sim_sync(&w), SY_OK);
    }
    w.api->memory->free(mine);
    sim_work_free(&w, &work);
    sim_end(&w);
}

/* With a limit of time the queue is looked at, not waited for: the same failures. */
static void a_sync_with_a_limit_tells_failures_too(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "chain=1");
    sim_work work = sim_work_make(&w);
    cl_sim_fail_command("clEnqueueNDRangeKernel", 1, CL_OUT_OF_RESOURCES);
    run(&w, &work, 3);
    w.error = SY_ERROR_INIT;
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_C(600000000000), &w.error), SY_OUT_OF_MEMORY);
    run(&w, &work, 1);
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_C(600000000000), &w.error), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void a_sync_gives_up_and_can_be_repeated(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sim_work work = sim_work_make(&w);
    cl_sim_hold(true);
    run(&w, &work, 1);
    assert_int_equal(w.api->queue->sync(w.queue, 1000000, &w.error), SY_TIMEOUT);
    sim_expect_words(w.error.text, "not done");
    cl_sim_hold(false);
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

/* After the loss everything says so, and only that; destroying works. */
static void expect_lost(const char *settings) {
    sim_world w = {0};
    sim_open(&w, settings);
    sim_work work = sim_work_make(&w);
    sy_status status = SY_OK;
    for (int i = 0; i < 40 && status == SY_OK; i++)
        status = w.api->work->run(work.binding);
    assert_int_equal(status, SY_LOST);
    assert_int_equal(sim_sync(&w), SY_LOST);
    sim_expect_words(w.error.text, "opencl:0");
    sy_buffer *buffer = NULL;
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 64, &buffer), SY_LOST);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_PINNED, 64, &buffer), SY_LOST);
    sy_queue *queue = NULL;
    assert_int_equal(w.api->queue->create(w.device, &queue, &w.error), SY_LOST);
    assert_null(queue);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void a_lost_device_is_lost_for_good(void **state) {
    (void)state;
    expect_lost("lost=20");
    expect_lost("lost=20:-36");
    expect_lost("lost=20:-34");
}

static void a_device_that_is_lost_while_it_works_is_told_by_the_sync(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sim_work work = sim_work_make(&w);
    cl_sim_fail_command("clEnqueueNDRangeKernel", 1, CL_DEVICE_NOT_AVAILABLE);
    run(&w, &work, 1);
    assert_int_equal(sim_sync(&w), SY_LOST);
    sim_work_free(&w, &work);
    sim_end(&w);
}

/* Open another one: the program goes on where the driver does. */
static void a_device_can_be_opened_again(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sim_work work = sim_work_make(&w);
    cl_sim_fail("clFinish", 1, CL_INVALID_COMMAND_QUEUE);
    run(&w, &work, 1);
    assert_int_equal(sim_sync(&w), SY_LOST);
    sim_work_free(&w, &work);
    w.api->queue->destroy(w.queue);
    w.api->device->close(w.device);
    assert_int_equal(w.api->device->open(w.backend, 0, "", &w.device, &w.error), SY_OK);
    assert_int_equal(w.api->queue->create(w.device, &w.queue, &w.error), SY_OK);
    work = sim_work_make(&w);
    run(&w, &work, 1);
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static sy_status timed_run(sim_world *w, sim_work *work, double *out_ns, double *out_resolution_ns) {
    sy_timer *timer = NULL;
    const sy_queue_api *queue = w->api->queue;
    assert_int_equal(queue->timer_create(w->queue, &timer, NULL), SY_OK);
    assert_int_equal(queue->timer_start(timer, NULL), SY_OK);
    run(w, work, 3);
    assert_int_equal(queue->timer_stop(timer, NULL), SY_OK);
    assert_int_equal(sim_sync(w), SY_OK);
    w->error = SY_ERROR_INIT;
    sy_status status = queue->timer_read(timer, out_ns, out_resolution_ns, &w->error);
    queue->timer_destroy(timer);
    return status;
}

static void device_time_is_that_of_the_driver(void **state) {
    (void)state;
    sim_world w = {0};
    double ns = 0.0, resolution_ns = 0.0;
    sim_open(&w, "delay_us=100;resolution=40");
    sim_work work = sim_work_make(&w);
    assert_int_equal(timed_run(&w, &work, &ns, &resolution_ns), SY_OK);
    assert_true(ns >= 300e3);
    assert_true(resolution_ns == 40.0);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void expect_no_time(const char *settings, const char *words) {
    sim_world w = {0};
    double ns = 1.0, resolution_ns = 0.0;
    sim_open(&w, settings);
    sim_work work = sim_work_make(&w);
    assert_int_not_equal(timed_run(&w, &work, &ns, &resolution_ns), SY_OK);
    sim_expect_words(w.error.text, words);
    assert_true(ns == 0.0);
    run(&w, &work, 1); /* and no other harm */
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_work_free(&w, &work);
    sim_end(&w);
}

static void a_driver_without_times_says_so(void **state) {
    (void)state;
    expect_no_time("profiling=none", "CL_PROFILING_INFO_NOT_AVAILABLE");
    expect_no_time("profiling=backwards;delay_us=10", "before the first");
}

static void events_are_done_even_if_they_failed(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sim_work work = sim_work_make(&w);
    sy_event *event = NULL;
    uint32_t done = 9;
    assert_int_equal(w.api->queue->event_create(w.device, &event, NULL), SY_OK);
    cl_sim_hold(true);
    cl_sim_fail_command("clEnqueueMarkerWithWaitList", 1, CL_OUT_OF_RESOURCES);
    run(&w, &work, 1);
    assert_int_equal(w.api->queue->event_record(event, w.queue, &w.error), SY_OK);
    assert_int_equal(w.api->queue->event_query(event, &done, &w.error), SY_OK);
    assert_int_equal(done, 0);
    cl_sim_hold(false);
    while (done == 0) /* it was flushed: nobody has to wait for it to begin */
        assert_int_equal(w.api->queue->event_query(event, &done, &w.error), SY_OK);
    w.api->queue->event_destroy(event);
    (void)sim_sync(&w);
    sim_work_free(&w, &work);
    sim_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_launch_that_fails_late_is_told_by_its_sync),
        cmocka_unit_test(a_launch_among_many_that_fails_late_is_told_by_its_sync),
        cmocka_unit_test(a_copy_that_fails_late_is_told_by_its_sync),
        cmocka_unit_test(a_sync_with_a_limit_tells_failures_too),
        cmocka_unit_test(a_sync_gives_up_and_can_be_repeated),
        cmocka_unit_test(a_lost_device_is_lost_for_good),
        cmocka_unit_test(a_device_that_is_lost_while_it_works_is_told_by_the_sync),
        cmocka_unit_test(a_device_can_be_opened_again), cmocka_unit_test(device_time_is_that_of_the_driver),
        cmocka_unit_test(a_driver_without_times_says_so),
        cmocka_unit_test(events_are_done_even_if_they_failed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
