/* What an OpenCL device can do, as plain values: what choices of kernels go by, on any device or on none. */
#ifndef BACKENDS_OPENCL_TRAITS_H
#define BACKENDS_OPENCL_TRAITS_H

#include <stdbool.h>
#include <stdint.h>

/* Kinds of devices. */
enum { OCL_CPU = 1, OCL_GPU = 2, OCL_ACCELERATOR = 3 };

/**
 * Traits of a device. Sources: clGetDeviceInfo of OpenCL 1.2, and of 3.0 or of extensions where they are.
 *
 * version        of the device, 100 x major + 10 x minor: 120, 300.
 * c_version      newest OpenCL C that the compiler takes, the same way.
 * units          compute units; >= 1.
 * max_work_group most work-items of a group; max_items: of each dimension.
 * simd           work-items that run in step (preferred work-group multiple is a good guess); >= 1.
 * vector_f32     native vector width in floats; >= 1.
 * local_bytes    local memory of a work-group; 0: there is none. has_local: it is memory of its own, not
 *                part of the global one.
 * fp64, fp16     arithmetic in these types; storing f16 needs nothing.
 * dot8           packed 8-bit dot products (cl_khr_integer_dot_product, 4 x 8 bit packed).
 * subgroups      cl_khr_subgroups or OpenCL C 3.0's.
 * unified        device memory is host memory.
 * is_host        the device is the processor that this program runs on.
 * binaries       compiled programs can be kept.
 */
typedef struct ocl_traits {
    uint32_t kind, version, c_version, units, simd, vector_f32;
    uint64_t max_work_group, max_items[3];
    uint64_t local_bytes, memory_bytes, max_alloc_bytes, cache_bytes;
    bool has_local, fp64, fp16, dot8, subgroups, unified, is_host, binaries, little_endian;
    char name[128], vendor[64], driver[64], platform[128];
} ocl_traits;

#endif
