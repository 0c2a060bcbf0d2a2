/* Platforms, and which devices they have. */
#include "tests/vendor_sim/opencl/sim.h"

#include <stdio.h>
#include <string.h>

static bool is_platform(cl_platform_id platform) {
    return platform >= sim.platform && platform < sim.platform + sim.config.platforms;
}

cl_int clGetPlatformIDs(cl_uint room, cl_platform_id *platforms, cl_uint *out_count) {
    cl_int code = sim_enter(__func__);
    cl_uint count = (cl_uint)sim.config.platforms;
    if (code == CL_SUCCESS &&
        ((room == 0) != (platforms == NULL) || (platforms == NULL && out_count == NULL)))
        code = CL_INVALID_VALUE;
    if (out_count != NULL)
        *out_count = code == CL_SUCCESS ? count : 0;
    if (code == CL_SUCCESS && count == 0)
        code = CL_PLATFORM_NOT_FOUND_KHR;
    for (cl_uint i = 0; code == CL_SUCCESS && i < count && i < room; i++)
        platforms[i] = &sim.platform[i];
    return sim_leave(code);
}

cl_int clGetPlatformInfo(
    cl_platform_id platform, cl_platform_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter(__func__);
    char text[128] = "";
    if (code == CL_SUCCESS && !is_platform(platform))
        code = CL_INVALID_PLATFORM;
    if (code != CL_SUCCESS)
        return sim_leave(code);
    switch (name) {
    case CL_PLATFORM_NAME: snprintf(text, sizeof text, "Simulated platform %u", platform->index); break;
    case CL_PLATFORM_VENDOR: snprintf(text, sizeof text, "Steelyard"); break;
    case CL_PLATFORM_VERSION: snprintf(text, sizeof text, "OpenCL 3.0 simulated"); break;
    case CL_PLATFORM_PROFILE: snprintf(text, sizeof text, "FULL_PROFILE"); break;
    case CL_PLATFORM_EXTENSIONS: snprintf(text, sizeof text, "cl_khr_icd"); break;
    default: return sim_leave(CL_INVALID_VALUE);
    }
    return sim_leave(sim_answer(text, strlen(text) + 1, capacity, value, out_size));
}

cl_int clGetDeviceIDs(
    cl_platform_id platform, cl_device_type type, cl_uint room, cl_device_id *devices, cl_uint *out_count) {
    cl_int code = sim_enter(__func__);
    cl_uint count = 0;
    if (code == CL_SUCCESS && !is_platform(platform))
        code = CL_INVALID_PLATFORM;
    if (code == CL_SUCCESS && ((room == 0) != (devices == NULL) || (devices == NULL && out_count == NULL)))
        code = CL_INVALID_VALUE;
    for (cl_uint i = 0; code == CL_SUCCESS && i < (cl_uint)sim.config.devices; i++) {
        cl_device_id device = &sim.device[platform->index * (cl_uint)sim.config.devices + i];
        bool is_wanted =
            (type & (cl_device_type)device->knobs->type) != 0 || (type & CL_DEVICE_TYPE_DEFAULT) != 0;
        if (is_wanted && count++ < room)
            devices[count - 1] = device;
    }
    if (out_count != NULL)
        *out_count = count;
    if (code == CL_SUCCESS && count == 0)
        code = CL_DEVICE_NOT_FOUND;
    return sim_leave(code);
}
