/* Failures that were asked for. */
#include "tests/unit/vendor_sim/opencl/rig.h"

static cl_int buffer_code(const rig *r) {
    cl_int code = 1;
    cl_mem buffer = clCreateBuffer(r->context, 0, 8, NULL, &code);
    assert_true((buffer != NULL) == (code == CL_SUCCESS));
    if (buffer != NULL)
        clReleaseMemObject(buffer);
    return code;
}

static void the_nth_call_fails_once(void **state) {
    (void)state;
    rig r = open_rig("fail=clCreateBuffer:2:-4");
    cl_sim_fail("clFinish", 1, CL_OUT_OF_RESOURCES);
    assert_int_equal(buffer_code(&r), CL_SUCCESS);
    assert_int_equal(buffer_code(&r), CL_MEM_OBJECT_ALLOCATION_FAILURE);
    assert_int_equal(buffer_code(&r), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_OUT_OF_RESOURCES);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    assert_int_equal(cl_sim_calls("clCreateBuffer"), 3);
    assert_int_equal(cl_sim_disarm(), 0);
    close_rig(&r);
}

static void any_call_but_letting_go_counts(void **state) {
    (void)state;
    rig r = open_rig("");
    uint64_t before = cl_sim_calls(NULL);
    cl_sim_fail(NULL, 2, CL_OUT_OF_HOST_MEMORY);
    assert_int_equal(buffer_code(&r), CL_SUCCESS); /* and its release, which does not count */
    assert_int_equal(clFlush(r.queue), CL_OUT_OF_HOST_MEMORY);
    assert_int_equal(cl_sim_calls(NULL), before + 2);
    cl_sim_fail(NULL, 1, CL_OUT_OF_HOST_MEMORY);
    assert_int_equal(cl_sim_disarm(), 1);
    assert_int_equal(buffer_code(&r), CL_SUCCESS);
    close_rig(&r);
}

static void a_command_fails_after_it_was_enqueued(void **state) {
    (void)state;
    rig r = open_rig("async=clEnqueueNDRangeKernel:2:-9999");
    cl_kernel kernel = make_kernel(&r, "kernel void f(void) {}", "f");
    cl_event event[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(launch(&r, kernel, &event[i]), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    assert_int_equal(status_of(event[0]), CL_COMPLETE);
    assert_int_equal(status_of(event[1]), -9999);
    assert_int_equal(status_of(event[2]), CL_COMPLETE);
    assert_int_equal(clWaitForEvents(1, &event[1]), CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST);
    cl_event behind = NULL;
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 1, &event[1], &behind), CL_SUCCESS);
    assert_int_equal(clWaitForEvents(1, &behind), CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST);
    assert_int_equal(status_of(behind), CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST);
    clReleaseEvent(behind);
    for (int i = 0; i < 3; i++)
        clReleaseEvent(event[i]);
    clReleaseKernel(kernel);
    close_rig(&r);
}

static void a_driver_may_tell_it_at_the_next_finish(void **state) {
    (void)state;
    rig r = open_rig("finish=-5");
    cl_mem buffer = make_buffer(&r, 8);
    char host[8];
    cl_sim_fail_command("clEnqueueFillBuffer", 1, CL_OUT_OF_RESOURCES);
    assert_int_equal(clEnqueueFillBuffer(r.queue, buffer, "x", 1, 0, 8, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_OUT_OF_RESOURCES);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    cl_sim_fail_command("clEnqueueReadBuffer", 1, CL_OUT_OF_RESOURCES);
    assert_int_equal(
        clEnqueueReadBuffer(r.queue, buffer, CL_TRUE, 0, 8, host, 0, NULL, NULL), CL_OUT_OF_RESOURCES);
    clReleaseMemObject(buffer);
    close_rig(&r);
}

static void what_is_behind_may_fail_too(void **state) {
    (void)state;
    rig r = open_rig("chain=1;async=clEnqueueMarkerWithWaitList:1:-5");
    cl_event event[3];
    for (int i = 0; i < 2; i++)
        assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 0, NULL, &event[i]), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 0, NULL, &event[2]), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    assert_int_equal(status_of(event[0]), CL_OUT_OF_RESOURCES);
    assert_int_equal(status_of(event[1]), CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST);
    assert_int_equal(status_of(event[2]), CL_COMPLETE);
    for (int i = 0; i < 3; i++)
        clReleaseEvent(event[i]);
    close_rig(&r);
}

static void a_mapping_that_fails_is_none(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 8);
    cl_int code = 0;
    cl_sim_fail_command("clEnqueueMapBuffer", 1, CL_MAP_FAILURE);
    assert_null(clEnqueueMapBuffer(r.queue, buffer, CL_TRUE, CL_MAP_WRITE, 0, 8, 0, NULL, NULL, &code));
    assert_int_equal(code, CL_MAP_FAILURE);
    cl_sim_fail_command("clEnqueueMapBuffer", 1, CL_MAP_FAILURE);
    void *seen = clEnqueueMapBuffer(r.queue, buffer, CL_FALSE, CL_MAP_WRITE, 0, 8, 0, NULL, NULL, &code);
    assert_int_equal(clEnqueueUnmapMemObject(r.queue, buffer, seen, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    clReleaseMemObject(buffer);
    close_rig(&r);
}

static void a_lost_device_only_lets_go(void **state) {
    (void)state;
    rig r = open_rig("lost=2:-36");
    cl_mem buffer = make_buffer(&r, 8);
    cl_event event[2];
    char text[64];
    cl_sim_hold(true);
    for (int i = 0; i < 2; i++)
        assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 0, NULL, &event[i]), CL_SUCCESS);
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 0, NULL, NULL), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(clFlush(r.queue), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(clFinish(r.queue), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(clWaitForEvents(2, event), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(buffer_code(&r), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(clGetDeviceInfo(r.device, CL_DEVICE_NAME, sizeof text, text, NULL), CL_SUCCESS);
    while (status_of(event[1]) > CL_COMPLETE)
        ;
    assert_int_equal(status_of(event[0]), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(status_of(event[1]), CL_INVALID_COMMAND_QUEUE);
    clReleaseEvent(event[0]);
    clReleaseEvent(event[1]);
    clReleaseMemObject(buffer);
    close_rig(&r);
}

static void a_new_world_is_whole_again(void **state) {
    (void)state;
    rig r = open_rig("lost=0;fail=clCreateBuffer:1:-4");
    close_rig(&r);
    r = open_rig("");
    assert_int_equal(buffer_code(&r), CL_SUCCESS);
    assert_int_equal(cl_sim_calls("clCreateBuffer"), 1);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nth_call_fails_once),
        cmocka_unit_test(any_call_but_letting_go_counts),
        cmocka_unit_test(a_command_fails_after_it_was_enqueued),
        cmocka_unit_test(a_driver_may_tell_it_at_the_next_finish),
        cmocka_unit_test(what_is_behind_may_fail_too), cmocka_unit_test(a_mapping_that_fails_is_none),
        cmocka_unit_test(a_lost_device_only_lets_go), cmocka_unit_test(a_new_world_is_whole_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
