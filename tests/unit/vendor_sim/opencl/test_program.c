/* Programs and kernels: names and arguments as the source has them, logs, binaries, launches. */
#include "tests/unit/vendor_sim/opencl/rig.h"

static const char source[] = "/* kernel void not_this(int a); */ // kernel void nor(void)\n"
                             "#define N 4\n"
                             "__kernel void one(__global float *x, const int n) { }\n"
                             "kernel __attribute__((reqd_work_group_size(8, 8, 1))) void two(void) { }\n"
                             "__attribute__((x)) kernel void three(local float *t,\n"
                             "#ifdef A\n"
                             "    int a,\n"
                             "#endif\n"
                             "    float (*f)(int, int)) { int kernel_size = 3; }\n"
                             "kernel void four(float (*f)(int, int), int a) {}\n"
                             "kernel void five(ALL_PARAMS, int a MORE) {}\n";

static cl_int set_int(cl_kernel kernel, cl_uint index) {
    return clSetKernelArg(kernel, index, sizeof(cl_int), &(cl_int){1});
}

static cl_int make(cl_program program, const char *name, cl_kernel *out_kernel) {
    cl_int code = 1;
    *out_kernel = clCreateKernel(program, name, &code);
    assert_true((*out_kernel != NULL) == (code == CL_SUCCESS));
    return code;
}

static void kernels_are_those_of_the_source(void **state) {
    (void)state;
    rig r = open_rig("");
    cl_program program = make_program(&r, source);
    static const struct {
        const char *name;
        cl_uint args;
    } wanted[] = {{"one", 2}, {"two", 0}, {"three", 90}, {"four", 2}, {"five", 90}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        cl_kernel kernel = NULL;
        assert_int_equal(make(program, wanted[i].name, &kernel), CL_SUCCESS);
        if (wanted[i].args > 0)
            assert_int_equal(set_int(kernel, wanted[i].args - 1), CL_SUCCESS);
        if (wanted[i].args < 90) /* else the text does not tell */
            assert_int_equal(set_int(kernel, wanted[i].args), CL_INVALID_ARG_INDEX);
        clReleaseKernel(kernel);
    }
    cl_kernel none = NULL;
    assert_int_equal(make(program, "not_this", &none), CL_INVALID_KERNEL_NAME);
    assert_int_equal(make(program, "nor", &none), CL_INVALID_KERNEL_NAME);
    assert_int_equal(make(program, "kernel_size", &none), CL_INVALID_KERNEL_NAME);
    clReleaseProgram(program);
    close_rig(&r);
}

static void several_strings_are_one_source(void **state) {
    (void)state;
    rig r = open_rig("");
    const char *strings[] = {"kernel void f", "XXXX", "(int a) {}"};
    cl_int code = 1;
    cl_kernel kernel = NULL;
    cl_program program = clCreateProgramWithSource(r.context, 3, strings, (size_t[]){0, 1, 0}, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(make(program, "fX", &kernel), CL_INVALID_PROGRAM_EXECUTABLE);
    assert_int_equal(clBuildProgram(program, 0, NULL, NULL, NULL, NULL), CL_SUCCESS);
    assert_int_equal(make(program, "fX", &kernel), CL_SUCCESS);
    assert_int_equal(
        clBuildProgram(program, 0, NULL, NULL, NULL, NULL), CL_INVALID_OPERATION); /* it has a kernel */
    clReleaseKernel(kernel);
    clReleaseProgram(program);
    close_rig(&r);
}

static void expect_log(const rig *r, cl_program program, const char *part) {
    char log[1024] = "";
    assert_int_equal(
        clGetProgramBuildInfo(program, r->device, CL_PROGRAM_BUILD_LOG, sizeof log, log, NULL), CL_SUCCESS);
    if (part != NULL)
        assert_non_null(strstr(log, part));
    else
        assert_string_equal(log, "");
}

static cl_int build(const rig *r, const char *text, cl_program *out_program) {
    cl_int code = 1;
    *out_program = clCreateProgramWithSource(r->context, 1, &text, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    return clBuildProgram(*out_program, 1, &r->device, "", NULL, NULL);
}

static void builds_fail_with_a_log_or_without(void **state) {
    (void)state;
    cl_program program = NULL;
    cl_build_status status = 0;
    rig r = open_rig("build=fail:bad");
    assert_int_equal(build(&r, "kernel void bad(void) {}", &program), CL_BUILD_PROGRAM_FAILURE);
    expect_log(&r, program, "12:5: error: use of undeclared identifier");
    assert_int_equal(
        clGetProgramBuildInfo(program, r.device, CL_PROGRAM_BUILD_STATUS, sizeof status, &status, NULL),
        CL_SUCCESS);
    assert_int_equal(status, CL_BUILD_ERROR);
    clReleaseProgram(program);
    assert_int_equal(build(&r, "kernel void good(void) {}", &program), CL_SUCCESS);
    expect_log(&r, program, NULL);
    clReleaseProgram(program);
    close_rig(&r);
    r = open_rig("build=mute");
    assert_int_equal(build(&r, "kernel void f(void) {}", &program), CL_BUILD_PROGRAM_FAILURE);
    expect_log(&r, program, NULL);
    clReleaseProgram(program);
    close_rig(&r);
    r = open_rig("build=warn");
    assert_int_equal(build(&r, "kernel void f(void) {}", &program), CL_SUCCESS);
    expect_log(&r, program, "warning:");
    clReleaseProgram(program);
    close_rig(&r);
    r = open_rig("compiler=0");
    assert_int_equal(build(&r, "kernel void f(void) {}", &program), CL_COMPILER_NOT_AVAILABLE);
    clReleaseProgram(program);
    close_rig(&r);
}

/* The binary of a built program into `out`; its size, 0: there is none. */
static size_t binary_of(cl_program program, unsigned char *out) {
    size_t bytes = 99;
    assert_int_equal(
        clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof bytes, &bytes, NULL), CL_SUCCESS);
    assert_true(bytes <= 256);
    assert_int_equal(clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof out, &out, NULL), CL_SUCCESS);
    return bytes;
}

static cl_int load(const rig *r, const unsigned char *binary, size_t bytes, cl_program *out_program) {
    cl_int code = 1, status = 1;
    *out_program = clCreateProgramWithBinary(r->context, 1, &r->device, &bytes, &binary, &status, &code);
    assert_int_equal(status, code);
    assert_true((*out_program != NULL) == (code == CL_SUCCESS));
    return code;
}

/* A binary made in one world is used in another. */
static cl_int load_in(const char *settings, cl_int *out_build) {
    unsigned char binary[256];
    rig r = open_rig("");
    cl_program program = make_program(&r, "kernel void f(int a) {}");
    size_t bytes = binary_of(program, binary);
    assert_true(bytes > 0);
    clReleaseProgram(program);
    close_rig(&r);
    r = open_rig(settings);
    cl_int code = load(&r, binary, bytes, &program);
    if (code == CL_SUCCESS) {
        cl_kernel kernel = NULL;
        *out_build = clBuildProgram(program, 1, &r.device, "", NULL, NULL);
        assert_int_equal(make(program, "f", &kernel),
            *out_build == CL_SUCCESS ? CL_SUCCESS : CL_INVALID_PROGRAM_EXECUTABLE);
        if (kernel != NULL)
            clReleaseKernel(kernel);
        clReleaseProgram(program);
    }
    close_rig(&r);
    return code;
}

static void a_binary_is_the_program_for_the_same_driver(void **state) {
    (void)state;
    cl_int build_code = 1;
    assert_int_equal(load_in("", &build_code), CL_SUCCESS);
    assert_int_equal(build_code, CL_SUCCESS);
    assert_int_equal(load_in("compiler=0", &build_code), CL_SUCCESS);
    assert_int_equal(build_code, CL_SUCCESS);
    assert_int_equal(load_in("driver=1.1", &build_code), CL_INVALID_BINARY);
    assert_int_equal(load_in("binary=reject", &build_code), CL_INVALID_BINARY);
    assert_int_equal(load_in("binary=stale", &build_code), CL_SUCCESS);
    assert_int_equal(build_code, CL_BUILD_PROGRAM_FAILURE);
}

static void a_program_may_have_no_binary(void **state) {
    (void)state;
    unsigned char binary[256];
    rig r = open_rig("binary=none");
    cl_program program = make_program(&r, "kernel void f(int a) {}"), other = NULL;
    assert_int_equal(binary_of(program, binary), 0);
    assert_int_equal(load(&r, (const unsigned char *)"junk", 4, &other), CL_INVALID_BINARY);
    clReleaseProgram(program);
    close_rig(&r);
}

static void a_launch_needs_its_arguments_and_sizes_that_fit(void **state) {
    (void)state;
    rig r = open_rig("group=64;kernel_group=32;local=1K");
    cl_kernel kernel = make_kernel(&r, "kernel void f(int a, local int *b) {}", "f");
    const size_t forty[] = {40, 1}, eight[] = {8, 8}, none[] = {0, 1};
    size_t limit = 0;
    assert_int_equal(set_int(kernel, 0), CL_SUCCESS);
    assert_int_equal(launch(&r, kernel, NULL), CL_INVALID_KERNEL_ARGS);
    assert_int_equal(clSetKernelArg(kernel, 1, 1025, NULL), CL_SUCCESS);
    assert_int_equal(launch(&r, kernel, NULL), CL_OUT_OF_RESOURCES);
    assert_int_equal(clSetKernelArg(kernel, 1, 1024, NULL), CL_SUCCESS);
    assert_int_equal(launch(&r, kernel, NULL), CL_SUCCESS);
    assert_int_equal(clEnqueueNDRangeKernel(r.queue, kernel, 4, NULL, forty, NULL, 0, NULL, NULL),
        CL_INVALID_WORK_DIMENSION);
    assert_int_equal(clEnqueueNDRangeKernel(r.queue, kernel, 2, NULL, none, NULL, 0, NULL, NULL),
        CL_INVALID_GLOBAL_WORK_SIZE);
    assert_int_equal(clEnqueueNDRangeKernel(r.queue, kernel, 2, NULL, eight, eight, 0, NULL, NULL),
        CL_INVALID_WORK_GROUP_SIZE);
    assert_int_equal(
        clEnqueueNDRangeKernel(r.queue, kernel, 1, NULL, forty, eight, 0, NULL, NULL), CL_SUCCESS);
    assert_int_equal(clEnqueueNDRangeKernel(r.queue, kernel, 1, NULL, eight, forty, 0, NULL, NULL),
        CL_INVALID_WORK_GROUP_SIZE);
    assert_int_equal(
        clGetKernelWorkGroupInfo(kernel, r.device, CL_KERNEL_WORK_GROUP_SIZE, sizeof limit, &limit, NULL),
        CL_SUCCESS);
    assert_int_equal(limit, 32);
    clReleaseKernel(kernel);
    close_rig(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kernels_are_those_of_the_source),
        cmocka_unit_test(several_strings_are_one_source), cmocka_unit_test(builds_fail_with_a_log_or_without),
        cmocka_unit_test(a_binary_is_the_program_for_the_same_driver),
        cmocka_unit_test(a_program_may_have_no_binary),
        cmocka_unit_test(a_launch_needs_its_arguments_and_sizes_that_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
