/* A simulated device opened for a test, with a queue. */
#ifndef TESTS_UNIT_VENDOR_SIM_OPENCL_RIG_H
#define TESTS_UNIT_VENDOR_SIM_OPENCL_RIG_H

#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_ext.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vendor_sim/opencl/cl_sim.h"

typedef struct rig {
    cl_platform_id platform;
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
} rig;

/** A new world with these settings, and its first device with a profiling queue. */
static inline rig open_rig(const char *settings) {
    rig r = {0};
    cl_int code = 1;
    cl_sim_configure(settings);
    assert_int_equal(clGetPlatformIDs(1, &r.platform, NULL), CL_SUCCESS);
    assert_int_equal(clGetDeviceIDs(r.platform, CL_DEVICE_TYPE_ALL, 1, &r.device, NULL), CL_SUCCESS);
    r.context = clCreateContext(NULL, 1, &r.device, NULL, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    r.queue = clCreateCommandQueue(r.context, r.device, CL_QUEUE_PROFILING_ENABLE, &code);
    assert_int_equal(code, CL_SUCCESS);
    return r;
}

/** Nothing may be alive then. */
static inline void close_rig(rig *r) {
    assert_int_equal(clReleaseCommandQueue(r->queue), CL_SUCCESS);
    assert_int_equal(clReleaseContext(r->context), CL_SUCCESS);
    assert_int_equal(cl_sim_alive_total(), 0);
}

static inline cl_mem make_buffer(const rig *r, size_t bytes) {
    cl_int code = 1;
    cl_mem buffer = clCreateBuffer(r->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_non_null(buffer);
    return buffer;
}

/** A program of this source that was built. */
static inline cl_program make_program(const rig *r, const char *source) {
    cl_int code = 1;
    cl_program program = clCreateProgramWithSource(r->context, 1, &source, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clBuildProgram(program, 1, &r->device, "", NULL, NULL), CL_SUCCESS);
    return program;
}

/** A kernel whose program is kept by it alone. */
static inline cl_kernel make_kernel(const rig *r, const char *source, const char *name) {
    cl_int code = 1;
    cl_program program = make_program(r, source);
    cl_kernel kernel = clCreateKernel(program, name, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clReleaseProgram(program), CL_SUCCESS);
    return kernel;
}

static inline cl_int launch(const rig *r, cl_kernel kernel, cl_event *out_event) {
    return clEnqueueNDRangeKernel(r->queue, kernel, 1, NULL, (size_t[]){64}, NULL, 0, NULL, out_event);
}

static inline cl_int status_of(cl_event event) {
    cl_int status = 99;
    assert_int_equal(
        clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof status, &status, NULL), CL_SUCCESS);
    return status;
}

#endif
