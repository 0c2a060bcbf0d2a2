/* Queues run what was flushed, in order, on threads of their own. */
#include "tests/unit/vendor_sim/opencl/rig.h"

#include <sched.h>

static cl_event marker(const rig *r, cl_uint waits, const cl_event *wait) {
    cl_event event = NULL;
    assert_int_equal(clEnqueueMarkerWithWaitList(r->queue, waits, wait, &event), CL_SUCCESS);
    return event;
}

static void wait_for(cl_event event, cl_int status) {
    while (status_of(event) != status)
        sched_yield();
}

static void nothing_runs_before_it_is_flushed(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_event event = marker(&r, 0, NULL);
    assert_int_equal(status_of(event), CL_QUEUED);
    cl_sim_hold(true);
    assert_int_equal(clFlush(r.queue), CL_SUCCESS);
    assert_int_equal(status_of(event), CL_SUBMITTED);
    cl_sim_hold(false);
    wait_for(event, CL_COMPLETE);
    clReleaseEvent(event);
    close_rig(&r);
}

static void an_eager_driver_starts_at_once(void **state) {
    (void)state;
    rig r = open_rig("eager=1");
    cl_event event = marker(&r, 0, NULL);
    wait_for(event, CL_COMPLETE);
    clReleaseEvent(event);
    close_rig(&r);
}

static void finish_and_waits_flush(void **state) {
    (void)state;
    rig r = open_rig("delay_us=1000");
    cl_event first = marker(&r, 0, NULL), second = marker(&r, 0, NULL);
    assert_int_equal(clWaitForEvents(1, &first), CL_SUCCESS);
    assert_int_equal(status_of(first), CL_COMPLETE);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    assert_int_equal(status_of(second), CL_COMPLETE);
    clReleaseEvent(first);
    clReleaseEvent(second);
    close_rig(&r);
}

static void a_command_runs_while_the_host_goes_on(void **state) {
    (void)state;
    rig r = open_rig("delay_us=20000");
    cl_event event = marker(&r, 0, NULL);
    assert_int_equal(clFlush(r.queue), CL_SUCCESS);
    wait_for(event, CL_RUNNING);
    wait_for(event, CL_COMPLETE);
    clReleaseEvent(event);
    close_rig(&r);
}

static void a_queue_waits_for_events_of_another(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_int code = 1;
    rig other = r;
    other.queue = clCreateCommandQueueWithProperties(r.context, r.device, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    cl_event first = marker(&r, 0, NULL), second = marker(&other, 1, &first),
             behind = marker(&other, 0, NULL);
    assert_int_equal(clFlush(other.queue), CL_SUCCESS);
    assert_int_equal(status_of(second), CL_SUBMITTED); /* what it waits for was never flushed */
    assert_int_equal(clFlush(r.queue), CL_SUCCESS);
    assert_int_equal(clWaitForEvents(1, &behind), CL_SUCCESS);
    assert_int_equal(status_of(first), CL_COMPLETE);
    assert_int_equal(status_of(second), CL_COMPLETE);
    clReleaseEvent(first);
    clReleaseEvent(second);
    clReleaseEvent(behind);
    assert_int_equal(clReleaseCommandQueue(other.queue), CL_SUCCESS);
    close_rig(&r);
}

static void creation_checks_its_arguments(void **state) {
    (void)state;
    rig r = open_rig("devices=2");
    cl_device_id both[2];
    cl_int code = 0;
    assert_int_equal(clGetDeviceIDs(r.platform, CL_DEVICE_TYPE_ALL, 2, both, NULL), CL_SUCCESS);
    assert_null(clCreateCommandQueue(r.context, both[1], 0, &code));
    assert_int_equal(code, CL_INVALID_DEVICE);
    assert_null(clCreateCommandQueue(r.context, r.device, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE, &code));
    assert_int_equal(code, CL_INVALID_QUEUE_PROPERTIES);
    assert_null(clCreateCommandQueue(NULL, r.device, 0, &code));
    assert_int_equal(code, CL_INVALID_CONTEXT);
    assert_null(clCreateContext(NULL, 2, both, NULL, NULL, &code));
    assert_int_equal(code, CL_INVALID_VALUE);
    close_rig(&r);
}

static void wait_lists_are_checked(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_event event = marker(&r, 0, NULL), none = NULL;
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 1, NULL, NULL), CL_INVALID_EVENT_WAIT_LIST);
    assert_int_equal(clEnqueueBarrierWithWaitList(r.queue, 0, &event, NULL), CL_INVALID_EVENT_WAIT_LIST);
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 1, &none, NULL), CL_INVALID_EVENT_WAIT_LIST);
    assert_int_equal(clEnqueueMarkerWithWaitList(NULL, 0, NULL, NULL), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(clWaitForEvents(0, &event), CL_INVALID_VALUE);
    clReleaseEvent(event);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_runs_before_it_is_flushed),
        cmocka_unit_test(an_eager_driver_starts_at_once), cmocka_unit_test(finish_and_waits_flush),
        cmocka_unit_test(a_command_runs_while_the_host_goes_on),
        cmocka_unit_test(a_queue_waits_for_events_of_another),
        cmocka_unit_test(creation_checks_its_arguments), cmocka_unit_test(wait_lists_are_checked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
