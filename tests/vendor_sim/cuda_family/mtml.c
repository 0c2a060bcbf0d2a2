/* The management library of MUSA: everything is an opaque object. Settings: celsius, mhz, power_status. */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/cuda_family/family.h"
#include "tests/vendor_sim/cuda_family/silicon.h"

enum { MTML_OK = 0, MTML_INVALID = 3, MTML_TOO_SMALL = 6 };
#define LIBRARY "mtml_library"
#define DEVICE "mtml_device"
#define GPU "mtml_gpu"
#define NAME_BYTES 32u
#define UUID_BYTES 48u

static int make(int code, void **out_handle, const char *kind, int device) {
    if (code == 0 && out_handle == NULL)
        code = MTML_INVALID;
    if (code == 0) {
        void *object;
        *out_handle = sim_handle_make(kind, sizeof(int), &object);
        *(int *)object = device;
    }
    return sim_leave(code);
}

/* The device behind an object, -1 and MTML_INVALID if it is none of that kind. */
static int find(int *code, const void *handle, const char *kind, const void *out) {
    const int *device = *code == 0 ? sim_handle_get(handle, kind) : NULL;
    if (*code == 0 && (device == NULL || out == NULL))
        *code = MTML_INVALID;
    return *code == 0 ? *device : -1;
}

static int destroy(int code, void *handle, const char *kind) {
    find(&code, handle, kind, handle);
    if (code == 0)
        sim_handle_destroy(handle);
    return sim_leave(code);
}

SIM_API int mtmlLibraryInit(void **out_library) {
    return make(sim_enter_apart(__func__), out_library, LIBRARY, 0);
}

SIM_API int mtmlLibraryShutDown(void *library) {
    return destroy(sim_enter_apart(__func__), library, LIBRARY);
}

SIM_API int mtmlLibraryCountDevice(void *library, unsigned *out_count) {
    int code = sim_enter_apart(__func__);
    find(&code, library, LIBRARY, out_count);
    if (code == 0)
        *out_count = (unsigned)sim_devices();
    return sim_leave(code);
}

SIM_API int mtmlLibraryInitDeviceByIndex(void *library, unsigned index, void **out_device) {
    int code = sim_enter_apart(__func__);
    find(&code, library, LIBRARY, out_device);
    if (code == 0 && silicon_of_index(index) < 0)
        code = MTML_INVALID;
    return make(code, out_device, DEVICE, code == 0 ? silicon_of_index(index) : -1);
}

SIM_API int mtmlLibraryFreeDevice(void *device) {
    return destroy(sim_enter_apart(__func__), device, DEVICE);
}

SIM_API int mtmlDeviceInitGpu(void *handle, void **out_gpu) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, handle, DEVICE, out_gpu);
    return make(code, out_gpu, GPU, device);
}

SIM_API int mtmlDeviceFreeGpu(void *gpu) {
    return destroy(sim_enter_apart(__func__), gpu, GPU);
}

static int text(int code, const char *value, char *out, unsigned capacity) {
    if (code == 0 && strlen(value) >= capacity)
        code = MTML_TOO_SMALL;
    if (code == 0)
        memcpy(out, value, strlen(value) + 1);
    return sim_leave(code);
}

SIM_API int mtmlDeviceGetName(void *handle, char *out_name, unsigned capacity) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, handle, DEVICE, out_name);
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%.31s", code == 0 ? silicon_name(device) : "");
    return text(code, name, out_name, capacity);
}

SIM_API int mtmlDeviceGetUUID(void *handle, char *out_uuid, unsigned capacity) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, handle, DEVICE, out_uuid);
    char uuid[UUID_BYTES];
    snprintf(uuid, sizeof uuid, "5e1f0000-0000-0000-0000-%012d", device);
    return text(code, uuid, out_uuid, capacity);
}

/* Layouts of the record differ: only its beginning, the address as text, is the same in all. */
SIM_API int mtmlDeviceGetPciInfo(void *handle, void *out_info) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, handle, DEVICE, out_info);
    if (code == 0) {
        memset(out_info, 0x5A, (size_t)sim_number(SIM_NO_DEVICE, "pci_info_bytes", 128));
        silicon_pci(device, 8, false, out_info);
    }
    return sim_leave(code);
}

SIM_API int mtmlDeviceGetPowerUsage(void *handle, unsigned *out_mw) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, handle, DEVICE, out_mw);
    if (code == 0)
        code = (int)sim_number(device, "power_status", 0);
    if (code == 0)
        *out_mw = (unsigned)(sim_power_now(device) * 1e3 + 0.5);
    return sim_leave(code);
}

static int tell(int code, int device, const char *key, double fallback, unsigned *out) {
    if (code == 0)
        *out = (unsigned)sim_real(device, key, fallback);
    return sim_leave(code);
}

SIM_API int mtmlGpuGetClock(void *gpu, unsigned *out_mhz) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, gpu, GPU, out_mhz);
    return tell(code, device, "mhz", 1750, out_mhz);
}

SIM_API int mtmlGpuGetMaxClock(void *gpu, unsigned *out_mhz) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, gpu, GPU, out_mhz);
    return tell(code, device, "mhz", 1750, out_mhz);
}

SIM_API int mtmlGpuGetTemperature(void *gpu, unsigned *out_celsius) {
    int code = sim_enter_apart(__func__);
    int device = find(&code, gpu, GPU, out_celsius);
    return tell(code, device, "celsius", 45, out_celsius);
}
