/* The functions of an OpenCL library that are used here, as pointers: the only file that includes CL/cl.h. */
#ifndef BACKENDS_OPENCL_API_H
#define BACKENDS_OPENCL_API_H

#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_ext.h>

#include "runtime/base/dynlib.h"
#include "steelyard/status.h"

/*
 * X(function, optional). OpenCL 1.2's are required. An optional one is NULL where the library lacks it; where
 * the loader has it, a device of an older version still must not be handed to it.
 */
#define OCL_API_LIST(X)                                                                                      \
    X(clGetPlatformIDs, false)                                                                               \
    X(clGetPlatformInfo, false)                                                                              \
    X(clGetDeviceIDs, false)                                                                                 \
    X(clGetDeviceInfo, false)                                                                                \
    X(clCreateContext, false)                                                                                \
    X(clReleaseContext, false)                                                                               \
    X(clCreateCommandQueue, false)                                                                           \
    X(clCreateCommandQueueWithProperties, true)                                                              \
    X(clReleaseCommandQueue, false)                                                                          \
    X(clCreateBuffer, false)                                                                                 \
    X(clReleaseMemObject, false)                                                                             \
    X(clCreateProgramWithSource, false)                                                                      \
    X(clCreateProgramWithBinary, false)                                                                      \
    X(clBuildProgram, false)                                                                                 \
    X(clGetProgramInfo, false)                                                                               \
    X(clGetProgramBuildInfo, false)                                                                          \
    X(clReleaseProgram, false)                                                                               \
    X(clCreateKernel, false)                                                                                 \
    X(clGetKernelWorkGroupInfo, false)                                                                       \
    X(clSetKernelArg, false)                                                                                 \
    X(clReleaseKernel, false)                                                                                \
    X(clEnqueueReadBuffer, false)                                                                            \
    X(clEnqueueWriteBuffer, false)                                                                           \
    X(clEnqueueCopyBuffer, false)                                                                            \
    X(clEnqueueFillBuffer, false)                                                                            \
    X(clEnqueueMapBuffer, false)                                                                             \
    X(clEnqueueUnmapMemObject, false)                                                                        \
    X(clEnqueueMigrateMemObjects, false)                                                                     \
    X(clEnqueueNDRangeKernel, false)                                                                         \
    X(clEnqueueMarkerWithWaitList, false)                                                                    \
    X(clEnqueueBarrierWithWaitList, false)                                                                   \
    X(clGetEventInfo, false)                                                                                 \
    X(clGetEventProfilingInfo, false)                                                                        \
    X(clRetainEvent, false)                                                                                  \
    X(clReleaseEvent, false)                                                                                 \
    X(clFlush, false)                                                                                        \
    X(clFinish, false)

/** The table; each pointer is called as the function of its name. */
#define OCL_API_POINTER(function, is_optional) __typeof__(function) *function;
typedef struct ocl_api {
    OCL_API_LIST(OCL_API_POINTER)
} ocl_api;
#undef OCL_API_POINTER

/** Fill the table from an opened library. SY_INCOMPATIBLE: required functions are missing; the text names
 * them. */
sy_status ocl_api_bind(const sy_dynlib *library, ocl_api *out_api, sy_error *err);

#endif
