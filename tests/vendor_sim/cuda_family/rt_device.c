/* Devices of the runtime. */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/cuda_family/rt.h"
#include "tests/vendor_sim/cuda_family/silicon.h"

#define NAME_BYTES 256u

SIM_API int RT(GetDeviceCount)(int *out_count) {
    int code = rt_enter(__func__);
    if (code == RT_OK && out_count == NULL)
        code = RT_INVALID_VALUE;
    if (code == RT_OK)
        *out_count = sim_devices();
    return rt_leave(code);
}

static int check_device(int device) {
    return device >= 0 && device < sim_devices() ? RT_OK : RT_INVALID_DEVICE;
}

SIM_API int RT(SetDevice)(int device) {
    int code = rt_enter(__func__);
    if (code == RT_OK)
        code = check_device(device);
    if (code == RT_OK)
        sim_thread_select(device);
    return rt_leave(code);
}

SIM_API int RT(GetDevice)(int *out_device) {
    int code = rt_enter(__func__);
    if (code == RT_OK && out_device == NULL)
        code = RT_INVALID_VALUE;
    if (code == RT_OK)
        *out_device = family_device();
    return rt_leave(code);
}

/* The whole of this stack's struct and no byte more. Behind the name nothing is what it may be taken for. */
static int properties(int code, char *out, int device) {
    if (code == RT_OK)
        code = out == NULL ? RT_INVALID_VALUE : check_device(device);
    if (code == RT_OK) {
        memset(out, 0x5A, (size_t)family_number("prop_bytes"));
        memset(out, 0, NAME_BYTES);
        snprintf(out, NAME_BYTES, "%s", silicon_name(device));
    }
    return rt_leave(code);
}

#if defined SIM_PROPERTIES_R0600
SIM_API int RT(GetDevicePropertiesR0600)(void *out_properties, int device) {
    return properties(rt_enter(__func__), out_properties, device);
}
#elif defined SIM_PROPERTIES_V2
SIM_API int RT(GetDeviceProperties_v2)(void *out_properties, int device) {
    return properties(rt_enter(__func__), out_properties, device);
}
#else
SIM_API int RT(GetDeviceProperties)(void *out_properties, int device) {
    return properties(rt_enter(__func__), out_properties, device);
}
#endif

SIM_API int RT(DeviceGetName)(char *out_name, int capacity, int device) {
    int code = rt_enter(__func__);
    if (code == RT_OK)
        code = out_name == NULL || capacity <= 0 ? RT_INVALID_VALUE : check_device(device);
    if (code == RT_OK)
        snprintf(out_name, (size_t)capacity, "%s", silicon_name(device));
    return rt_leave(code);
}

SIM_API int RT(DeviceGetPCIBusId)(char *out_id, int capacity, int device) {
    int code = rt_enter(__func__);
    char id[SILICON_PCI_BYTES];
    if (code == RT_OK)
        code = out_id == NULL ? RT_INVALID_VALUE : check_device(device);
    if (code == RT_OK) {
        silicon_pci(device, 4, family_number("pci_upper") == 1, id);
        if ((size_t)capacity < strlen(id) + 1)
            code = RT_INVALID_VALUE;
    }
    if (code == RT_OK)
        memcpy(out_id, id, strlen(id) + 1);
    return rt_leave(code);
}

SIM_API int RT(DeviceGetAttribute)(int *out_value, int attribute, int device) {
    static const struct {
        const char *row, *setting;
        int value;
    } known[] = {{"attr.units", "units", 132}, {"attr.clock", "clock_khz", 1980000},
        {"attr.memory_clock", "memory_clock_khz", 2619000}, {"attr.bus", "bus", 5120},
        {"attr.l2", "l2", 50 << 20}, {"attr.ecc", "ecc", 1}, {"attr.major", "major", 9},
        {"attr.minor", "minor", 0}};
    int code = rt_enter(__func__);
    if (code == RT_OK)
        code = out_value == NULL ? RT_INVALID_VALUE : check_device(device);
    bool is_known = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0] && code == RT_OK; i++)
        if (family_number(known[i].row) == attribute) {
            *out_value = (int)sim_number(device, known[i].setting, known[i].value);
            is_known = true;
        }
    return rt_leave(code == RT_OK && !is_known ? RT_INVALID_VALUE : code);
}

SIM_API int RT(DeviceSynchronize)(void) {
    int code = rt_enter(__func__);
    if (code == RT_OK)
        code = rt_refuse_capture();
    if (code == RT_OK)
        code = rt_code_of_work(sim_device_sync(family_device()));
    return rt_leave(code);
}
