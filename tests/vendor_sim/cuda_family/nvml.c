/*
 * The management library of NVIDIA's shape. Settings: mig (0), ecc (1), processes (0: other programs on the
 * card), throttle (0: bits of the reasons), celsius (45), cap_w (watts), cap_default_w (watts), mhz (1980: of
 * the multiprocessors), uuid, power_status, energy_status (0: what asking for them returns; also in field
 * records).
 */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/cuda_family/family.h"
#include "tests/vendor_sim/cuda_family/silicon.h"

enum {
    PM_OK = 0,
    PM_UNINITIALIZED = 1,
    PM_INVALID = 2,
    PM_NOT_SUPPORTED = 3,
    PM_NOT_FOUND = 6,
    PM_TOO_SMALL = 7
};
enum { CLOCK_GRAPHICS = 0, CLOCK_SM = 1, CLOCK_MEMORY = 2, CLOCK_VIDEO = 3 };

#define HANDLE_BASE UINT64_C(0x5e1e000000000000)

/* Devices are no objects that anybody gives back: their handles are numbers. */
static void *handle_of(int device) {
    return (void *)(uintptr_t)(HANDLE_BASE + (uint64_t)device * 16);
}

static int device_of(const void *handle) {
    uint64_t offset = (uint64_t)(uintptr_t)handle - HANDLE_BASE;
    return offset % 16 == 0 && offset / 16 < (uint64_t)sim_devices() ? (int)(offset / 16) : -1;
}

static int enter(const char *function) {
    int code = sim_enter_apart(function);
    return code == 0 && *sim_slot("pm_uses") == 0 ? PM_UNINITIALIZED : code;
}

/* Enter with a device and a place for the answer. */
static int enter_on(const char *function, const void *handle, const void *out, int *out_device) {
    int code = enter(function);
    *out_device = device_of(handle);
    return code == 0 && (*out_device < 0 || out == NULL) ? PM_INVALID : code;
}

SIM_API int SIM_PM_INIT(void) {
    int code = sim_enter_apart(__func__);
    if (code == 0)
        ++*sim_slot("pm_uses");
    return sim_leave(code);
}

SIM_API int PM(Shutdown)(void) {
    int code = enter(__func__);
    if (code == 0)
        --*sim_slot("pm_uses");
    return sim_leave(code);
}

SIM_API const char *PM(ErrorString)(int code) {
    return code == PM_OK ? "Success" : code == PM_NOT_SUPPORTED ? "Not Supported" : "Simulated error";
}

static int system_version(int code, const char *key, const char *fallback, char *out, unsigned capacity) {
    if (code == 0 && out == NULL)
        code = PM_INVALID;
    const char *text = code == 0 ? sim_text(SIM_NO_DEVICE, key, fallback) : "";
    if (code == 0 && strlen(text) >= capacity)
        code = PM_TOO_SMALL;
    if (code == 0)
        memcpy(out, text, strlen(text) + 1);
    return sim_leave(code);
}

SIM_API int PM(SystemGetDriverVersion)(char *out_version, unsigned capacity) {
    return system_version(enter(__func__), "driver_version", "580.00.01", out_version, capacity);
}

SIM_API int PM(SystemGetNVMLVersion)(char *out_version, unsigned capacity) {
    return system_version(enter(__func__), "pm_version", "13.580.00.01", out_version, capacity);
}

static int count(int code, unsigned *out_count) {
    if (code == 0 && out_count == NULL)
        code = PM_INVALID;
    if (code == 0)
        *out_count = (unsigned)sim_devices();
    return sim_leave(code);
}

static int by_index(int code, unsigned index, void **out_device) {
    if (code == 0 && (out_device == NULL || silicon_of_index(index) < 0))
        code = PM_INVALID;
    if (code == 0)
        *out_device = handle_of(silicon_of_index(index));
    return sim_leave(code);
}

#ifdef SIM_PM_V2
SIM_API int PM(DeviceGetCount_v2)(unsigned *out_count) {
    return count(enter(__func__), out_count);
}
SIM_API int PM(DeviceGetHandleByIndex_v2)(unsigned index, void **out_device) {
    return by_index(enter(__func__), index, out_device);
}
SIM_API int PM(DeviceGetHandleByPciBusId_v2)(const char *pci, void **out_device) {
    int code = enter(__func__);
    if (code == 0 && (pci == NULL || out_device == NULL))
        code = PM_INVALID;
    if (code == 0 && silicon_find(pci) < 0)
        code = PM_NOT_FOUND;
    if (code == 0)
        *out_device = handle_of(silicon_find(pci));
    return sim_leave(code);
}
#endif
SIM_API int PM(DeviceGetCount)(unsigned *out_count) {
    return count(enter(__func__), out_count);
}
SIM_API int PM(DeviceGetHandleByIndex)(unsigned index, void **out_device) {
    return by_index(enter(__func__), index, out_device);
}

SIM_API int PM(DeviceGetName)(void *handle, char *out_name, unsigned capacity) {
    int device, code = enter_on(__func__, handle, out_name, &device);
    if (code == 0 && strlen(silicon_name(device)) >= capacity)
        code = PM_TOO_SMALL;
    if (code == 0)
        memcpy(out_name, silicon_name(device), strlen(silicon_name(device)) + 1);
    return sim_leave(code);
}

SIM_API int PM(DeviceGetUUID)(void *handle, char *out_uuid, unsigned capacity) {
    int device, code = enter_on(__func__, handle, out_uuid, &device);
    char made[SIM_NAME_MAX];
    snprintf(made, sizeof made, "GPU-5e1f0000-0000-0000-0000-%012d", device);
    const char *uuid = code == 0 ? sim_text(device, "uuid", made) : "";
    if (code == 0 && strlen(uuid) >= capacity)
        code = PM_TOO_SMALL;
    if (code == 0)
        memcpy(out_uuid, uuid, strlen(uuid) + 1);
    return sim_leave(code);
}

/* The record: busIdLegacy[16], domain, bus, device, pciDeviceId, pciSubSystemId, busId[32]. */
typedef struct pci_info {
    char legacy[16];
    unsigned domain, bus, device, id, subsystem;
    char text[32];
} pci_info;

static int tell_pci(int code, int device, pci_info *out) {
    if (code != 0)
        return sim_leave(code);
    silicon_address at = silicon_pci_of(device);
    *out = (pci_info){.domain = at.domain, .bus = at.bus, .device = at.device};
    out->id = (unsigned)sim_number(device, "pci_id", 0x233010de);
    char full[SILICON_PCI_BYTES];
    silicon_pci(device, 4, true, full);
    memcpy(out->legacy, full, sizeof out->legacy - 1);
    silicon_pci(device, 8, true, out->text);
    return sim_leave(0);
}

#ifdef SIM_PM_V2
SIM_API int PM(DeviceGetPciInfo_v3)(void *handle, void *out_info) {
    int device, code = enter_on(__func__, handle, out_info, &device);
    return tell_pci(code, device, out_info);
}
#endif
SIM_API int PM(DeviceGetPciInfo)(void *handle, void *out_info) {
    int device, code = enter_on(__func__, handle, out_info, &device);
    return tell_pci(code, device, out_info);
}

SIM_API int PM(DeviceGetPowerUsage)(void *handle, unsigned *out_mw) {
    int device, code = enter_on(__func__, handle, out_mw, &device);
    if (code == 0)
        code = (int)sim_number(device, "power_status", 0);
    if (code == 0)
        *out_mw = (unsigned)(sim_power_average(device) * 1e3 + 0.5);
    return sim_leave(code);
}

SIM_API int PM(DeviceGetTotalEnergyConsumption)(void *handle, unsigned long long *out_mj) {
    int device, code = enter_on(__func__, handle, out_mj, &device);
    if (code == 0)
        code = (int)sim_number(device, "energy_status", 0);
    if (code == 0)
        *out_mj = (unsigned long long)(sim_energy_joules(device) * 1e3);
    return sim_leave(code);
}

static double cap_watts(int device, const char *key) {
    return sim_real(device, key, sim_real(device, "watts", 300));
}

static int tell(int code, unsigned *out, double value) {
    if (code == 0)
        *out = (unsigned)(value + 0.5);
    return sim_leave(code);
}

SIM_API int PM(DeviceGetEnforcedPowerLimit)(void *handle, unsigned *out_mw) {
    int device, code = enter_on(__func__, handle, out_mw, &device);
    return tell(code, out_mw, code == 0 ? cap_watts(device, "cap_w") * 1e3 : 0);
}

SIM_API int PM(DeviceGetPowerManagementLimit)(void *handle, unsigned *out_mw) {
    int device, code = enter_on(__func__, handle, out_mw, &device);
    return tell(code, out_mw, code == 0 ? cap_watts(device, "cap_w") * 1e3 : 0);
}

SIM_API int PM(DeviceGetCudaComputeCapability)(void *handle, int *out_major, int *out_minor) {
    int device, code = enter_on(__func__, handle, out_major, &device);
    if (code == 0 && out_minor == NULL)
        code = PM_INVALID;
    if (code == 0) {
        *out_major = (int)sim_number(device, "major", 9);
        *out_minor = (int)sim_number(device, "minor", 0);
    }
    return sim_leave(code);
}

SIM_API int PM(DeviceGetPowerManagementDefaultLimit)(void *handle, unsigned *out_mw) {
    int device, code = enter_on(__func__, handle, out_mw, &device);
    return tell(code, out_mw, code == 0 ? cap_watts(device, "cap_default_w") * 1e3 : 0);
}

SIM_API int PM(DeviceGetTemperature)(void *handle, int sensor, unsigned *out_celsius) {
    int device, code = enter_on(__func__, handle, out_celsius, &device);
    if (code == 0 && sensor != 0)
        code = PM_INVALID;
    return tell(code, out_celsius, code == 0 ? sim_real(device, "celsius", 45) : 0);
}

static int clock_mhz(int code, int device, int type, unsigned *out_mhz) {
    if (code == 0 && (type < CLOCK_GRAPHICS || type > CLOCK_VIDEO))
        code = PM_INVALID;
    const char *key = type == CLOCK_MEMORY ? "memory_mhz" : "mhz";
    return tell(code, out_mhz, code == 0 ? sim_real(device, key, type == CLOCK_MEMORY ? 2619 : 1980) : 0);
}

SIM_API int PM(DeviceGetClockInfo)(void *handle, int type, unsigned *out_mhz) {
    int device, code = enter_on(__func__, handle, out_mhz, &device);
    return clock_mhz(code, device, type, out_mhz);
}

SIM_API int PM(DeviceGetMaxClockInfo)(void *handle, int type, unsigned *out_mhz) {
    int device, code = enter_on(__func__, handle, out_mhz, &device);
    return clock_mhz(code, device, type, out_mhz);
}

/* "Idle" (1) unless the settings say something. */
static int reasons(int code, int device, unsigned long long *out_reasons) {
    if (code == 0)
        *out_reasons = (unsigned long long)sim_number(device, "throttle", 0);
    return sim_leave(code);
}

SIM_API int PM(DeviceGetCurrentClocksEventReasons)(void *handle, unsigned long long *out_reasons) {
    int device, code = enter_on(__func__, handle, out_reasons, &device);
    return reasons(code, device, out_reasons);
}

SIM_API int PM(DeviceGetCurrentClocksThrottleReasons)(void *handle, unsigned long long *out_reasons) {
    int device, code = enter_on(__func__, handle, out_reasons, &device);
    return reasons(code, device, out_reasons);
}

static int modes(
    int code, int device, const char *key, int fallback, unsigned *out_now, unsigned *out_pending) {
    int64_t mode = code == 0 ? sim_number(device, key, fallback) : 0;
    if (code == 0 && (out_pending == NULL || mode < 0))
        code = mode < 0 ? PM_NOT_SUPPORTED : PM_INVALID;
    if (code == 0)
        *out_now = *out_pending = (unsigned)mode;
    return sim_leave(code);
}

SIM_API int PM(DeviceGetMigMode)(void *handle, unsigned *out_now, unsigned *out_pending) {
    int device, code = enter_on(__func__, handle, out_now, &device);
    return modes(code, device, "mig", 0, out_now, out_pending);
}

SIM_API int PM(DeviceGetEccMode)(void *handle, unsigned *out_now, unsigned *out_pending) {
    int device, code = enter_on(__func__, handle, out_now, &device);
    return modes(code, device, "ecc", 1, out_now, out_pending);
}

/* Only how many there are is of interest: the records are not filled. */
static int processes(int code, int device, unsigned *count_both) {
    if (code != 0)
        return sim_leave(code);
    unsigned there = (unsigned)sim_number(device, "processes", 0);
    code = there > *count_both ? PM_TOO_SMALL : PM_OK;
    *count_both = there;
    return sim_leave(code);
}

#ifdef SIM_PM_V2
SIM_API int PM(DeviceGetComputeRunningProcesses_v3)(void *handle, unsigned *count_both, void *out_processes) {
    (void)out_processes;
    int device, code = enter_on(__func__, handle, count_both, &device);
    return processes(code, device, count_both);
}
#endif
SIM_API int PM(DeviceGetComputeRunningProcesses)(void *handle, unsigned *count_both, void *out_processes) {
    (void)out_processes;
    int device, code = enter_on(__func__, handle, count_both, &device);
    return processes(code, device, count_both);
}
