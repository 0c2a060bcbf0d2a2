/* Device memory: what is written is there, and there is only so much of it. */
#include "tests/unit/vendor_sim/opencl/rig.h"

static void bytes_go_to_the_device_and_back(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem a = make_buffer(&r, 5000), b = make_buffer(&r, 5000);
    char in[100], out[100] = {0};
    for (int i = 0; i < 100; i++)
        in[i] = (char)i;
    assert_int_equal(clEnqueueWriteBuffer(r.queue, a, CL_FALSE, 4100, 100, in, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clEnqueueCopyBuffer(r.queue, a, b, 4100, 7, 100, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clEnqueueFillBuffer(r.queue, b, "ab", 2, 8, 4, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clEnqueueReadBuffer(r.queue, b, CL_TRUE, 7, 100, out, 0, NULL, NULL), CL_SUCCESS);
    assert_memory_equal(out + 1, "abab", 4);
    assert_int_equal(out[0], 0);
    assert_memory_equal(out + 5, in + 5, 95);
    clReleaseMemObject(a);
    clReleaseMemObject(b);
    close_rig(&r);
}

static void a_copy_within_a_buffer_may_not_overlap(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem a = make_buffer(&r, 100);
    assert_int_equal(clEnqueueCopyBuffer(r.queue, a, a, 0, 50, 50, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clEnqueueCopyBuffer(r.queue, a, a, 0, 49, 50, 0, NULL, NULL), CL_MEM_COPY_OVERLAP);
    clReleaseMemObject(a);
    close_rig(&r);
}

static void what_lies_outside_is_refused(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem a = make_buffer(&r, 100), b = make_buffer(&r, 50);
    char host[200] = {0};
    cl_int code = 0;
    assert_int_equal(clEnqueueReadBuffer(r.queue, a, CL_TRUE, 1, 100, host, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(
        clEnqueueReadBuffer(r.queue, a, CL_TRUE, SIZE_MAX, 2, host, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(clEnqueueWriteBuffer(r.queue, a, CL_TRUE, 0, 0, host, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(clEnqueueWriteBuffer(r.queue, a, CL_TRUE, 0, 1, NULL, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(clEnqueueCopyBuffer(r.queue, a, b, 0, 0, 51, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(clEnqueueCopyBuffer(r.queue, b, a, 0, 0, 51, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(clEnqueueFillBuffer(r.queue, a, "abc", 3, 0, 3, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_int_equal(clEnqueueFillBuffer(r.queue, a, "abcd", 4, 2, 4, 0, NULL, NULL), CL_INVALID_VALUE);
    assert_null(clEnqueueMapBuffer(r.queue, a, CL_TRUE, CL_MAP_READ, 99, 2, 0, NULL, NULL, &code));
    assert_int_equal(code, CL_INVALID_VALUE);
    assert_int_equal(clEnqueueUnmapMemObject(r.queue, a, host, 0, NULL, NULL), CL_INVALID_VALUE);
    clReleaseMemObject(a);
    clReleaseMemObject(b);
    close_rig(&r);
}

static void a_mapping_shows_the_buffer(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_mem a = make_buffer(&r, 100);
    char out[4] = "";
    cl_int code = 1;
    char *seen = clEnqueueMapBuffer(r.queue, a, CL_TRUE, CL_MAP_WRITE, 10, 4, 0, NULL, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(cl_sim_alive(CL_SIM_MAPPING), 1);
    memcpy(seen, "wxyz", 4);
    assert_int_equal(clEnqueueUnmapMemObject(r.queue, a, seen, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(cl_sim_alive(CL_SIM_MAPPING), 0);
    assert_int_equal(clEnqueueReadBuffer(r.queue, a, CL_TRUE, 10, 4, out, 0, NULL, NULL), CL_SUCCESS);
    assert_memory_equal(out, "wxyz", 4);
    clReleaseMemObject(a);
    close_rig(&r);
}

static void a_buffer_over_host_memory_is_right_while_it_is_mapped(void **state) {
    (void)state;
    rig r = open_rig("");
    char host[8] = "abcdefg";
    cl_int code = 1;
    cl_mem a = clCreateBuffer(r.context, CL_MEM_USE_HOST_PTR, sizeof host, host, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clEnqueueFillBuffer(r.queue, a, "X", 1, 2, 2, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    assert_string_equal(host, "abcdefg");
    char *seen =
        clEnqueueMapBuffer(r.queue, a, CL_TRUE, CL_MAP_READ | CL_MAP_WRITE, 1, 4, 0, NULL, NULL, &code);
    assert_ptr_equal(seen, host + 1);
    assert_string_equal(host, "abXXefg");
    seen[0] = 'B';
    assert_int_equal(clEnqueueUnmapMemObject(r.queue, a, seen, 0, NULL, NULL), CL_SUCCESS);
    char out[8] = "";
    assert_int_equal(clEnqueueReadBuffer(r.queue, a, CL_TRUE, 0, 8, out, 0, NULL, NULL), CL_SUCCESS);
    assert_string_equal(out, "aBXXefg");
    clReleaseMemObject(a);
    close_rig(&r);
}

static cl_int code_of_buffer(const rig *r, cl_mem_flags flags, size_t bytes, void *host) {
    cl_int code = 1;
    cl_mem buffer = clCreateBuffer(r->context, flags, bytes, host, &code);
    assert_true((buffer != NULL) == (code == CL_SUCCESS));
    if (buffer != NULL)
        clReleaseMemObject(buffer);
    return code;
}

static void creation_checks_its_arguments(void **state) {
    (void)state;
    rig r = open_rig("alloc=1K");
    char host[8];
    assert_int_equal(code_of_buffer(&r, 0, 0, NULL), CL_INVALID_BUFFER_SIZE);
    assert_int_equal(code_of_buffer(&r, 0, 1024, NULL), CL_SUCCESS);
    assert_int_equal(code_of_buffer(&r, 0, 1025, NULL), CL_INVALID_BUFFER_SIZE);
    assert_int_equal(code_of_buffer(&r, 0, 8, host), CL_INVALID_HOST_PTR);
    assert_int_equal(code_of_buffer(&r, CL_MEM_COPY_HOST_PTR, 8, NULL), CL_INVALID_HOST_PTR);
    assert_int_equal(
        code_of_buffer(&r, CL_MEM_USE_HOST_PTR | CL_MEM_ALLOC_HOST_PTR, 8, host), CL_INVALID_VALUE);
    assert_int_equal(cl_sim_made(CL_SIM_BUFFER), 1);
    close_rig(&r);
}

static void memory_ends_at_creation(void **state) {
    (void)state;
    rig r = open_rig("memory=1000");
    cl_mem a = make_buffer(&r, 600);
    assert_int_equal(code_of_buffer(&r, 0, 401, NULL), CL_MEM_OBJECT_ALLOCATION_FAILURE);
    assert_int_equal(code_of_buffer(&r, 0, 400, NULL), CL_SUCCESS);
    assert_int_equal(code_of_buffer(&r, CL_MEM_ALLOC_HOST_PTR, 401, NULL), CL_SUCCESS); /* the host's */
    clReleaseMemObject(a);
    assert_int_equal(code_of_buffer(&r, 0, 1000, NULL), CL_SUCCESS);
    close_rig(&r);
}

static void memory_ends_at_the_first_use_where_it_is_committed_late(void **state) {
    (void)state;
    rig r = open_rig("memory=1000;commit=enqueue");
    cl_mem a = make_buffer(&r, 600), b = make_buffer(&r, 600);
    assert_int_equal(clEnqueueFillBuffer(r.queue, a, "x", 1, 0, 1, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(
        clEnqueueFillBuffer(r.queue, b, "x", 1, 0, 1, 0, NULL, NULL), CL_MEM_OBJECT_ALLOCATION_FAILURE);
    assert_int_equal(clFinish(r.queue), CL_SUCCESS);
    clReleaseMemObject(a);
    assert_int_equal(clEnqueueMigrateMemObjects(r.queue, 1, &b, 0, 0, NULL, NULL), CL_SUCCESS);
    clReleaseMemObject(b);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_go_to_the_device_and_back),
        cmocka_unit_test(a_copy_within_a_buffer_may_not_overlap),
        cmocka_unit_test(what_lies_outside_is_refused), cmocka_unit_test(a_mapping_shows_the_buffer),
        cmocka_unit_test(a_buffer_over_host_memory_is_right_while_it_is_mapped),
        cmocka_unit_test(creation_checks_its_arguments), cmocka_unit_test(memory_ends_at_creation),
        cmocka_unit_test(memory_ends_at_the_first_use_where_it_is_committed_late)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
