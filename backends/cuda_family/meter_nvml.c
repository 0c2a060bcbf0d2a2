/* NVML: starting it and finding a card. */
#include "backends/cuda_family/meter_nvml.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

static const sy_dynlib_symbol symbols[] = {
    CF_NVML_SYMBOL("nvmlInit_v2", init, false),
    CF_NVML_SYMBOL("nvmlShutdown", shutdown, false),
    CF_NVML_SYMBOL("nvmlErrorString", error_string, true),
    CF_NVML_SYMBOL("nvmlSystemGetDriverVersion", driver_version, true),
    CF_NVML_SYMBOL("nvmlSystemGetNVMLVersion", own_version, true),
    CF_NVML_SYMBOL("nvmlDeviceGetHandleByPciBusId_v2", card_by_address, false),
    CF_NVML_SYMBOL("nvmlDeviceGetCount_v2", card_count, true),
    CF_NVML_SYMBOL("nvmlDeviceGetHandleByIndex_v2", card_by_index, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPciInfo_v3", pci_info, true),
    CF_NVML_SYMBOL("nvmlDeviceGetName", name, true),
    CF_NVML_SYMBOL("nvmlDeviceGetUUID", uuid, true),
    CF_NVML_SYMBOL("nvmlDeviceGetCudaComputeCapability", capability, true),
    CF_NVML_SYMBOL("nvmlDeviceGetMigMode", mig_mode, true),
    CF_NVML_SYMBOL("nvmlDeviceGetEccMode", ecc_mode, true),
    CF_NVML_SYMBOL("nvmlDeviceGetComputeRunningProcesses_v3", processes, true),
    CF_NVML_SYMBOL("nvmlDeviceGetFieldValues", fields, true),
    CF_NVML_SYMBOL("nvmlDeviceGetTotalEnergyConsumption", energy, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPowerUsage", power_usage, true),
    CF_NVML_SYMBOL("nvmlDeviceGetEnforcedPowerLimit", limit, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPowerManagementDefaultLimit", limit_default, true),
    CF_NVML_SYMBOL("nvmlDeviceGetTemperature", temperature, true),
    CF_NVML_SYMBOL("nvmlDeviceGetTemperatureV", temperature_v, true),
    CF_NVML_SYMBOL("nvmlDeviceGetClockInfo", clock, true),
    CF_NVML_SYMBOL("nvmlDeviceGetCurrentClocksEventReasons", reasons, true),
    CF_NVML_SYMBOL("nvmlDeviceGetCurrentClocksThrottleReasons", reasons_old, true),
};

static const char *const names[] = {"libnvidia-ml.so.1", "libnvidia-ml.so", NULL};
static const char *const folders[] = {"", "/usr/lib/x86_64-linux-gnu/nvidia",
    "/usr/lib/aarch64-linux-gnu/nvidia", "/usr/lib64/nvidia", "/usr/local/nvidia/lib64",
    "/run/nvidia/driver/usr/lib/x86_64-linux-gnu", "/usr/lib/wsl/lib", NULL};

static const char *words_of(const cf_nvml *api, int code) {
    const char *words = api->error_string != NULL ? api->error_string(code) : NULL;
    return words != NULL ? words : "status";
}

static sy_status status_of(int code) {
    switch (code) {
    case CF_NVML_OK: return SY_OK;
    case CF_NVML_NOT_SUPPORTED:
    case CF_NVML_FUNCTION_NOT_FOUND: return SY_UNSUPPORTED;
    case CF_NVML_GPU_IS_LOST:
    case CF_NVML_RESET_REQUIRED: return SY_LOST;
    default: return SY_INTERNAL;
    }
}

sy_status cf_nvml_fail(cf_meter *meter, int code, const char *what, sy_error *err) {
    return cf_meter_fail(meter, status_of(code), code, what, words_of(meter->library->api, code), err);
}

sy_status cf_nvml_start(cf_meter_library *library, sy_error *err) {
    const cf_nvml *api = library->api;
    int code = api->init();
    return code == CF_NVML_OK ? SY_OK : cf_meter_fail_start(library, code, words_of(api, code), err);
}

void cf_nvml_stop(cf_meter_library *library) {
    const cf_nvml *api = library->api;
    api->shutdown();
}

void cf_nvml_version(cf_meter_library *library, char *out_text, size_t capacity) {
    const cf_nvml *api = library->api;
    char own[96] = "", driver[96] = "";
    bool has_own = api->own_version != NULL && api->own_version(own, sizeof own - 1) == CF_NVML_OK;
    bool has_driver =
        api->driver_version != NULL && api->driver_version(driver, sizeof driver - 1) == CF_NVML_OK;
    snprintf(out_text, capacity, "%s%s%s%s", has_own ? own : "", has_own && has_driver ? ", " : "",
        has_driver ? "driver " : "", has_driver ? driver : "");
}

/* Where a library cannot look an address up, all its cards are asked for theirs. */
static int find_in_list(const cf_nvml *api, const cf_pci *wanted, void **out_card) {
    unsigned count = 0;
    if (api->card_count == NULL || api->card_by_index == NULL || api->pci_info == NULL)
        return CF_NVML_NOT_FOUND;
    int code = api->card_count(&count);
    for (unsigned i = 0; code == CF_NVML_OK && i < count; i++) {
        union {
            cf_nvml_pci pci;
            cf_nvml_pci_plain plain;
            char room[512];
        } info = {.room = {0}};
        void *card = NULL;
        /* One that may not be touched hides no other. */
        if (api->card_by_index(i, &card) != CF_NVML_OK || api->pci_info(card, &info) != CF_NVML_OK)
            continue;
        cf_pci pci;
        info.room[sizeof info.pci.text - 1] = '\0';
        if (cf_pci_parse(info.pci.text, &pci)) /* its domain may be cut to four digits */
            pci.domain = info.pci.domain;
        else
            pci = (cf_pci){info.plain.domain, info.plain.bus, info.plain.device, info.plain.function};
        if (cf_pci_equal(&pci, wanted)) {
            *out_card = card;
            return CF_NVML_OK;
        }
    }
    return code != CF_NVML_OK ? code : CF_NVML_NOT_FOUND;
}

/*
 * The old call gives one number: averaged over a second from Ampere on but for GA100 (capability 8.0), and
 * instantaneous before. Fields tell both apart, with drivers that have them.
 */
static uint32_t find_traits(cf_meter *meter) {
    const cf_nvml *api = meter->library->api;
    double ignored;
    int major = 0, minor = 0;
    uint32_t traits = 0;
    for (unsigned id = 185; id <= 186; id++)
        if (cf_nvml_read_field(meter, id, 0, &ignored, NULL) == SY_OK)
            traits |= CF_NVML_HAS_FIELDS;
    if (api->capability != NULL && api->capability(meter->card, &major, &minor) == CF_NVML_OK)
        traits |=
            major > 8 || (major == 8 && minor > 0) ? CF_NVML_USAGE_IS_AVERAGE : CF_NVML_USAGE_IS_INSTANT;
    return traits;
}

sy_status cf_nvml_find(cf_meter *meter, sy_error *err) {
    const cf_nvml *api = meter->library->api;
    const cf_pci *pci = &meter->pci;
    char address[40];
    int code = CF_NVML_NOT_FOUND;
    snprintf(address, sizeof address, "%08x:%02x:%02x.%x", pci->domain, pci->bus, pci->device, pci->function);
    if (api->card_by_address != NULL)
        code = api->card_by_address(address, &meter->card);
    if (code != CF_NVML_OK && status_of(code) != SY_LOST) {
        int other = find_in_list(api, pci, &meter->card);
        code = other == CF_NVML_OK || api->card_by_address == NULL ? other : code;
    }
    if (code != CF_NVML_OK) {
        cf_nvml_fail(meter, code, "no card is found there", err);
        return status_of(code) == SY_LOST ? SY_LOST : SY_UNAVAILABLE;
    }
    meter->traits = find_traits(meter);
    return SY_OK;
}

const cf_meter_kind cf_meter_nvml = {
    .name = "nvml",
    .vendor = "NVIDIA",
    .names = names,
    .folders = folders,
    .hint = "it comes with NVIDIA's driver; a container has it with --gpus and "
            "NVIDIA_DRIVER_CAPABILITIES=compute,utility; or let STEELYARD_NVML name it",
    .symbols = symbols,
    .symbol_count = sizeof symbols / sizeof symbols[0],
    .api_bytes = sizeof(cf_nvml),
    .rows = cf_nvml_rows,
    .row_count = CF_NVML_ROW_COUNT,
    .start = cf_nvml_start,
    .stop = cf_nvml_stop,
    .version = cf_nvml_version,
    .find = cf_nvml_find,
    .identify = cf_nvml_identify,
    .declare = cf_nvml_declare,
};
