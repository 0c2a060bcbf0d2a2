/* The meters of NVML, opened at run time. */
#include "tests/on_gpu/by_hand/power.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Clock domains of nvmlDeviceGetClockInfo. */
enum { DOMAIN_SM = 1, DOMAIN_MEMORY = 2 };

static void find(void *handle, const char *name, void *out_function) {
    void *symbol = dlsym(handle, name);
    memcpy(out_function, &symbol, sizeof symbol);
}

static void find_all(meter *m, void *handle) {
    find(handle, "nvmlDeviceGetFieldValues", &m->field_values);
    find(handle, "nvmlDeviceGetPowerUsage", &m->power_usage);
    find(handle, "nvmlDeviceGetTotalEnergyConsumption", &m->energy);
    find(handle, "nvmlDeviceGetClockInfo", &m->clock_info);
    find(handle, "nvmlDeviceGetMaxClockInfo", &m->max_clock_info);
    find(handle, "nvmlDeviceGetEnforcedPowerLimit", &m->power_limit);
    find(handle, "nvmlDeviceGetCurrentClocksEventReasons", &m->event_reasons);
    find(handle, "nvmlSystemGetDriverVersion", &m->driver_version);
}

void meter_open(meter *m, const char *pci) {
    int (*init)(void) = NULL;
    int (*by_pci)(const char *, void **) = NULL;
    memset(m, 0, sizeof *m);
    void *handle = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        snprintf(m->reason, sizeof m->reason, "%s", dlerror());
        return;
    }
    find(handle, "nvmlInit_v2", &init);
    find(handle, "nvmlDeviceGetHandleByPciBusId_v2", &by_pci);
    find_all(m, handle);
    int status = init != NULL && by_pci != NULL ? init() : -1;
    if (status == 0)
        status = by_pci(pci, &m->device);
    if (status != 0) {
        m->device = NULL;
        snprintf(m->reason, sizeof m->reason, "NVML: status %d for %s", status, pci);
    }
}

void meter_clocks(const meter *m, unsigned *out_sm_mhz, unsigned *out_mem_mhz) {
    *out_sm_mhz = *out_mem_mhz = 0;
    if (m->device == NULL || m->clock_info == NULL)
        return;
    m->clock_info(m->device, DOMAIN_SM, out_sm_mhz);
    m->clock_info(m->device, DOMAIN_MEMORY, out_mem_mhz);
}

unsigned meter_power(const meter *m, unsigned field) {
    meter_field f = {.id = field};
    if (m->device == NULL || m->field_values == NULL || m->field_values(m->device, 1, &f) != 0 ||
        f.status != 0)
        return 0;
    return f.value.whole;
}

unsigned long long meter_energy(const meter *m) {
    unsigned long long mj = 0;
    if (m->device == NULL || m->energy == NULL || m->energy(m->device, &mj) != 0)
        return 0;
    return mj;
}

void meter_describe(const meter *m) {
    char driver[96] = "";
    unsigned limit = 0, sm = 0, memory = 0, sm_max = 0, memory_max = 0;
    unsigned long long reasons = 0;
    meter_clocks(m, &sm, &memory);
    if (m->device != NULL && m->driver_version != NULL)
        m->driver_version(driver, sizeof driver);
    if (m->device != NULL && m->power_limit != NULL)
        m->power_limit(m->device, &limit);
    if (m->device != NULL && m->event_reasons != NULL)
        m->event_reasons(m->device, &reasons);
    if (m->device != NULL && m->max_clock_info != NULL) {
        m->max_clock_info(m->device, DOMAIN_SM, &sm_max);
        m->max_clock_info(m->device, DOMAIN_MEMORY, &memory_max);
    }
    printf("\"driver\":\"%s\",\"power_limit_mw\":%u,\"sm_mhz\":%u,\"mem_mhz\":%u,\"sm_mhz_max\":%u,\"mem_mhz_"
           "max\":%u,"
           "\"event_reasons\":%llu,\"nvml\":\"%s\"",
        driver, limit, sm, memory, sm_max, memory_max, reasons, m->device != NULL ? "ok" : m->reason);
}
