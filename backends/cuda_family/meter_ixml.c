/* Iluvatar's management library: NVML's own names, as many of them as version 4.2 has. */
#include "backends/cuda_family/meter_nvml.h"

static const sy_dynlib_symbol symbols[] = {
    CF_NVML_SYMBOL("nvmlInit_v2", init, false),
    CF_NVML_SYMBOL("nvmlShutdown", shutdown, false),
    CF_NVML_SYMBOL("nvmlErrorString", error_string, true),
    CF_NVML_SYMBOL("nvmlSystemGetDriverVersion", driver_version, true),
    CF_NVML_SYMBOL("nvmlSystemGetNVMLVersion", own_version, true),
    CF_NVML_SYMBOL("nvmlDeviceGetHandleByPciBusId_v2", card_by_address, true),
    CF_NVML_SYMBOL("nvmlDeviceGetCount_v2", card_count, true),
    CF_NVML_SYMBOL("nvmlDeviceGetHandleByIndex_v2", card_by_index, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPciInfo_v3", pci_info, true),
    CF_NVML_SYMBOL("nvmlDeviceGetName", name, true),
    CF_NVML_SYMBOL("nvmlDeviceGetUUID", uuid, true),
    CF_NVML_SYMBOL("nvmlDeviceGetEccMode", ecc_mode, true),
    CF_NVML_SYMBOL("nvmlDeviceGetComputeRunningProcesses", processes, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPowerUsage", power_usage, true),
    CF_NVML_SYMBOL("nvmlDeviceGetTotalEnergyConsumption", energy, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPowerManagementLimit", limit, true),
    CF_NVML_SYMBOL("nvmlDeviceGetPowerManagementDefaultLimit", limit_default, true),
    CF_NVML_SYMBOL("nvmlDeviceGetTemperature", temperature, true),
    CF_NVML_SYMBOL("nvmlDeviceGetClockInfo", clock, true),
    CF_NVML_SYMBOL("nvmlDeviceGetCurrentClocksThrottleReasons", reasons_old, true),
};

static const char *const names[] = {"libixml.so", NULL};
static const char *const folders[] = {"", "/usr/local/corex/lib64", "/usr/local/corex/lib", NULL};

/* Its generations are not NVIDIA's: what its one number of power is averaged over is not known. */
const cf_meter_kind cf_meter_ixml = {
    .name = "ixml",
    .vendor = "Iluvatar",
    .names = names,
    .folders = folders,
    .hint = "it comes with Iluvatar's CoreX; a container needs /usr/local/corex and /dev/iluvatar*; or let "
            "STEELYARD_IXML name it",
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
};
