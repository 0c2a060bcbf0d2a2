/* Events: how commands ended, and when. */
#include "tests/unit/vendor_sim/opencl/rig.h"

static cl_int stamp_of(cl_event event, cl_profiling_info name, cl_ulong *out_stamp) {
    *out_stamp = 77;
    return clGetEventProfilingInfo(event, name, sizeof *out_stamp, out_stamp, NULL);
}

static cl_event done_marker(const rig *r) {
    cl_event event = NULL;
    assert_int_equal(clEnqueueMarkerWithWaitList(r->queue, 0, NULL, &event), CL_SUCCESS);
    assert_int_equal(clFinish(r->queue), CL_SUCCESS);
    return event;
}

static void stamps_are_in_order(void **state) {
    (void)state;
    rig r = open_rig("delay_us=100");
    cl_event event = done_marker(&r);
    cl_ulong stamp[4];
    for (cl_uint i = 0; i < 4; i++)
        assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_QUEUED + i, &stamp[i]), CL_SUCCESS);
    assert_true(stamp[0] <= stamp[1] && stamp[1] <= stamp[2]);
    assert_true(stamp[3] - stamp[2] >= 100000); /* it slept that long */
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_END + 1, &stamp[0]), CL_INVALID_VALUE);
    clReleaseEvent(event);
    close_rig(&r);
}

static void a_fast_clock_makes_times_long(void **state) {
    (void)state;
    rig r = open_rig("delay_us=100;clock=50");
    cl_event event = done_marker(&r);
    cl_ulong start, end;
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_START, &start), CL_SUCCESS);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_END, &end), CL_SUCCESS);
    assert_true(end - start >= 50 * 100000);
    clReleaseEvent(event);
    close_rig(&r);
}

static void there_are_no_stamps_before_the_end_or_without_profiling(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_event event = NULL;
    cl_ulong stamp;
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 0, NULL, &event), CL_SUCCESS);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_START, &stamp), CL_PROFILING_INFO_NOT_AVAILABLE);
    clReleaseEvent(event);
    rig plain = r;
    cl_int code = 1;
    plain.queue = clCreateCommandQueue(r.context, r.device, 0, &code);
    assert_int_equal(code, CL_SUCCESS);
    event = done_marker(&plain);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_END, &stamp), CL_PROFILING_INFO_NOT_AVAILABLE);
    clReleaseEvent(event);
    assert_int_equal(clReleaseCommandQueue(plain.queue), CL_SUCCESS);
    close_rig(&r);
}

static void drivers_may_have_bad_stamps(void **state) {
    (void)state;
    cl_ulong start, end;
    rig r = open_rig("profiling=none");
    cl_event event = done_marker(&r);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_END, &end), CL_PROFILING_INFO_NOT_AVAILABLE);
    clReleaseEvent(event);
    close_rig(&r);
    r = open_rig("profiling=zero");
    event = done_marker(&r);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_END, &end), CL_SUCCESS);
    assert_int_equal(end, 0);
    clReleaseEvent(event);
    close_rig(&r);
    r = open_rig("profiling=backwards;delay_us=10");
    event = done_marker(&r);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_START, &start), CL_SUCCESS);
    assert_int_equal(stamp_of(event, CL_PROFILING_COMMAND_END, &end), CL_SUCCESS);
    assert_true(end <= start);
    clReleaseEvent(event);
    close_rig(&r);
}

static void events_tell_what_they_are_of(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_event event = done_marker(&r);
    cl_command_type type = 0;
    cl_context context = NULL;
    cl_uint count = 0;
    assert_int_equal(clGetEventInfo(event, CL_EVENT_COMMAND_TYPE, sizeof type, &type, NULL), CL_SUCCESS);
    assert_int_equal(type, CL_COMMAND_MARKER);
    assert_int_equal(clGetEventInfo(event, CL_EVENT_CONTEXT, sizeof context, &context, NULL), CL_SUCCESS);
    assert_ptr_equal(context, r.context);
    assert_int_equal(clRetainEvent(event), CL_SUCCESS);
    assert_int_equal(clGetEventInfo(event, CL_EVENT_REFERENCE_COUNT, sizeof count, &count, NULL), CL_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(clGetEventInfo(event, 0x7777, sizeof count, &count, NULL), CL_INVALID_VALUE);
    clReleaseEvent(event);
    clReleaseEvent(event);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(stamps_are_in_order),
        cmocka_unit_test(a_fast_clock_makes_times_long),
        cmocka_unit_test(there_are_no_stamps_before_the_end_or_without_profiling),
        cmocka_unit_test(drivers_may_have_bad_stamps), cmocka_unit_test(events_tell_what_they_are_of)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
