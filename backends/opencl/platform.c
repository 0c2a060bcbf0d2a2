/* Which devices there are: every device of every platform, in the loader's order. */
#include "backends/opencl/opencl.h"
#include "backends/opencl/query.h"
#include "runtime/base/error.h"

#define PLATFORMS_MAX 32u

/* Devices of one platform; one that fails is left out, with a line. Returns how many did not fit. */
static uint32_t add_devices(sy_backend *backend, cl_platform_id platform) {
    cl_device_id device[OCL_PLACES_MAX];
    cl_uint count = 0;
    cl_int code = backend->api.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, OCL_PLACES_MAX, device, &count);
    if (code != CL_SUCCESS) {
        char name[128];
        ocl_query_platform_text(&backend->api, platform, CL_PLATFORM_NAME, name, sizeof name);
        if (code != CL_DEVICE_NOT_FOUND)
            ocl_log(backend, SY_LOG_WARNING, "opencl: platform \"%s\" does not list its devices: %s (%d)",
                name, ocl_code_name(code), code);
        return 0;
    }
    uint32_t dropped = count > OCL_PLACES_MAX ? count - OCL_PLACES_MAX : 0;
    for (uint32_t i = 0; i < count && i < OCL_PLACES_MAX; i++) {
        if (backend->places < OCL_PLACES_MAX)
            backend->place[backend->places++] = (ocl_place){.platform = platform, .device = device[i]};
        else
            dropped++;
    }
    return dropped;
}

sy_status ocl_places_find(sy_backend *backend, sy_error *err) {
    cl_platform_id platform[PLATFORMS_MAX];
    cl_uint count = 0;
    uint32_t dropped = 0;
    cl_int code = backend->api.clGetPlatformIDs(PLATFORMS_MAX, platform, &count);
    if (code == CL_PLATFORM_NOT_FOUND_KHR || (code == CL_SUCCESS && count == 0))
        return sy_error_set(err, SY_UNAVAILABLE,
            "OpenCL's loader knows no platform; install pocl-opencl-icd for the processor, or the card's "
            "driver, which "
            "puts a file into /etc/OpenCL/vendors");
    if (code != CL_SUCCESS)
        return sy_error_set(
            err, SY_UNAVAILABLE, "OpenCL's loader lists no platforms: %s (%d)", ocl_code_name(code), code);
    for (uint32_t i = 0; i < count && i < PLATFORMS_MAX; i++)
        dropped += add_devices(backend, platform[i]);
    if (count > PLATFORMS_MAX)
        ocl_log(backend, SY_LOG_WARNING, "opencl: %u platforms, the first %u are used", count, PLATFORMS_MAX);
    if (dropped > 0)
        ocl_log(backend, SY_LOG_WARNING, "opencl: %u devices more than the %u that are used", dropped,
            OCL_PLACES_MAX);
    if (backend->places > 0)
        return SY_OK;
    return sy_error_set(err, SY_UNAVAILABLE,
        "OpenCL's loader knows %u platform%s, but no device: is the card there, and may this user open it?",
        count, count == 1 ? "" : "s");
}
