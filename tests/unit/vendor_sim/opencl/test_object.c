/* Objects are counted, and live as long as the user or a command needs them. */
#include "tests/unit/vendor_sim/opencl/rig.h"

static void every_kind_is_counted(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 64);
    cl_kernel kernel = make_kernel(&r, "kernel void f(void) {}", "f");
    cl_event event = NULL;
    assert_int_equal(launch(&r, kernel, &event), CL_SUCCESS);
    assert_int_equal(launch(&r, kernel, NULL), CL_SUCCESS);
    for (uint32_t kind = CL_SIM_CONTEXT; kind <= CL_SIM_EVENT; kind++) {
        assert_int_equal(cl_sim_made(kind), 1);
        assert_int_equal(
            cl_sim_alive(kind), kind == CL_SIM_PROGRAM ? 0 : 1); /* the kernel keeps it, the user does not */
    }
    assert_int_equal(cl_sim_alive_total(), 5);
    assert_int_equal(clReleaseEvent(event), CL_SUCCESS);
    assert_int_equal(clReleaseKernel(kernel), CL_SUCCESS);
    assert_int_equal(clReleaseMemObject(buffer), CL_SUCCESS);
    close_rig(&r);
    for (uint32_t kind = CL_SIM_CONTEXT; kind <= CL_SIM_EVENT; kind++)
        assert_int_equal(cl_sim_made(kind), 1);
}

static void what_is_retained_has_to_be_released_as_often(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 64);
    cl_uint count = 0;
    assert_int_equal(clRetainMemObject(buffer), CL_SUCCESS);
    assert_int_equal(
        clGetMemObjectInfo(buffer, CL_MEM_REFERENCE_COUNT, sizeof count, &count, NULL), CL_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(clReleaseMemObject(buffer), CL_SUCCESS);
    assert_int_equal(cl_sim_alive(CL_SIM_BUFFER), 1);
    assert_int_equal(clReleaseMemObject(buffer), CL_SUCCESS);
    assert_int_equal(cl_sim_alive(CL_SIM_BUFFER), 0);
    assert_int_equal(clRetainContext(r.context), CL_SUCCESS);
    assert_int_equal(clReleaseContext(r.context), CL_SUCCESS);
    assert_int_equal(clRetainCommandQueue(r.queue), CL_SUCCESS);
    assert_int_equal(clReleaseCommandQueue(r.queue), CL_SUCCESS);
    close_rig(&r);
}

static void commands_keep_what_they_need(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 64);
    cl_kernel kernel = make_kernel(&r, "kernel void f(global float *x) {}", "f");
    cl_event event = NULL;
    cl_sim_hold(true);
    assert_int_equal(clSetKernelArg(kernel, 0, sizeof buffer, &buffer), CL_SUCCESS);
    assert_int_equal(launch(&r, kernel, &event), CL_SUCCESS);
    assert_int_equal(clEnqueueMarkerWithWaitList(r.queue, 1, &event, NULL), CL_SUCCESS);
    assert_int_equal(clReleaseEvent(event), CL_SUCCESS);
    assert_int_equal(clReleaseMemObject(buffer), CL_SUCCESS);
    assert_int_equal(clReleaseKernel(kernel), CL_SUCCESS);
    assert_int_equal(clReleaseContext(r.context), CL_SUCCESS);
    assert_int_equal(cl_sim_alive_total(), 1);
    cl_sim_hold(false);
    assert_int_equal(clReleaseCommandQueue(r.queue), CL_SUCCESS); /* waits, and lets go of everything */
    assert_int_equal(cl_sim_alive_total(), 0);
}

static void wrong_handles_are_told(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 64);
    assert_int_equal(clReleaseMemObject(NULL), CL_INVALID_MEM_OBJECT);
    assert_int_equal(clReleaseEvent((cl_event)(void *)buffer), CL_INVALID_EVENT);
    assert_int_equal(clReleaseContext((cl_context)(void *)buffer), CL_INVALID_CONTEXT);
    assert_int_equal(clReleaseKernel((cl_kernel)(void *)buffer), CL_INVALID_KERNEL);
    assert_int_equal(clReleaseProgram((cl_program)(void *)buffer), CL_INVALID_PROGRAM);
    assert_int_equal(clFinish((cl_command_queue)(void *)buffer), CL_INVALID_COMMAND_QUEUE);
    assert_int_equal(clReleaseMemObject(buffer), CL_SUCCESS);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind_is_counted),
        cmocka_unit_test(what_is_retained_has_to_be_released_as_often),
        cmocka_unit_test(commands_keep_what_they_need), cmocka_unit_test(wrong_handles_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
