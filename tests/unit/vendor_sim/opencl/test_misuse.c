/* What a program does wrong ends it, with a line that says what. */
#include "tests/unit/vendor_sim/opencl/rig.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Run `misuse` in a process of its own. Its end, and its first words on standard error. */
static int end_of(void (*misuse)(void), char *out_words, size_t capacity) {
    int ends[2], status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka catches these */
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        misuse();
        _exit(42);
    }
    close(ends[1]);
    size_t length = 0;
    char byte;
    while (read(ends[0], &byte, 1) == 1)
        if (length + 1 < capacity)
            out_words[length++] = byte;
    out_words[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void expect_abort(void (*misuse)(void), const char *words) {
    char said[512];
    int status = end_of(misuse, said, sizeof said);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(said, words));
}

static void release_twice(void) {
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 8);
    clReleaseMemObject(buffer);
    clReleaseMemObject(buffer);
}

static void use_after_release(void) {
    rig r = open_rig("");
    cl_kernel kernel = make_kernel(&r, "kernel void f(void) {}", "f");
    clReleaseKernel(kernel);
    launch(&r, kernel, NULL);
}

static void use_argument_after_release(void) {
    rig r = open_rig("");
    cl_kernel kernel = make_kernel(&r, "kernel void f(global int *a) {}", "f");
    cl_mem buffer = make_buffer(&r, 8);
    clSetKernelArg(kernel, 0, sizeof buffer, &buffer);
    clReleaseMemObject(buffer);
    launch(&r, kernel, NULL);
}

static void set_argument_after_release(void) {
    rig r = open_rig("");
    cl_kernel kernel = make_kernel(&r, "kernel void f(global int *a) {}", "f");
    cl_mem buffer = make_buffer(&r, 8);
    clReleaseMemObject(buffer);
    clSetKernelArg(kernel, 0, sizeof buffer, &buffer);
}

static void use_while_mapped(void) {
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 8);
    clEnqueueMapBuffer(r.queue, buffer, CL_TRUE, CL_MAP_WRITE, 0, 8, 0, NULL, NULL, NULL);
    clEnqueueFillBuffer(r.queue, buffer, "x", 1, 0, 8, 0, NULL, NULL);
    clFinish(r.queue);
}

static void begin_anew_with_objects(void) {
    open_rig("");
    cl_sim_configure("");
}

static void set_what_does_not_exist(void) {
    cl_sim_configure("colour=green");
}

static void set_what_is_no_number(void) {
    cl_sim_configure("units=8x");
}

static void touch_device_memory(void) {
    rig r = open_rig("");
    cl_mem buffer = make_buffer(&r, 8);
    char *seen = clEnqueueMapBuffer(r.queue, buffer, CL_TRUE, CL_MAP_WRITE, 0, 8, 0, NULL, NULL, NULL);
    *(volatile char *)seen = 1;
    clEnqueueUnmapMemObject(r.queue, buffer, seen, 0, NULL, NULL);
    clFinish(r.queue);
    *(volatile char *)seen = 2;
}

static void what_is_released_is_not_used(void **state) {
    (void)state;
    expect_abort(release_twice, "cl_sim: clReleaseMemObject: a buffer that was released");
    expect_abort(use_after_release, "cl_sim: clEnqueueNDRangeKernel: a kernel that was released");
    expect_abort(use_argument_after_release, "cl_sim: clEnqueueNDRangeKernel: a buffer that was released");
    expect_abort(
        set_argument_after_release, "cl_sim: clSetKernelArg: an argument is a buffer that was released");
}

static void what_is_mapped_is_not_used(void **state) {
    (void)state;
    expect_abort(use_while_mapped, "a command uses a buffer while it is mapped for writing");
}

static void settings_are_checked(void **state) {
    (void)state;
    expect_abort(begin_anew_with_objects, "a new world while 1 objects of kind 0 are alive");
    expect_abort(set_what_does_not_exist, "no setting is called colour");
    expect_abort(set_what_is_no_number, "units=8x: not a number");
}

static void the_host_does_not_touch_device_memory(void **state) {
    (void)state;
    char said[512];
    int status = end_of(touch_device_memory, said, sizeof said);
    assert_false(
        WIFEXITED(status) && WEXITSTATUS(status) == 42); /* a signal, or what a sanitizer makes of it */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_released_is_not_used),
        cmocka_unit_test(what_is_mapped_is_not_used), cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(the_host_does_not_touch_device_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
