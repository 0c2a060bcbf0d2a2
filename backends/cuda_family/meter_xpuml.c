/*
 * Kunlunxin's management library: NVML's calls under another prefix, without the look-up of an address,
 * without UUIDs (the serial number stands for one), and with one clock.
 */
#include "backends/cuda_family/meter_nvml.h"

static const sy_dynlib_symbol symbols[] = {
    CF_NVML_SYMBOL("xpumlInit", init, false),
    CF_NVML_SYMBOL("xpumlShutdown", shutdown, false),
    CF_NVML_SYMBOL("xpumlErrorString", error_string, true),
    CF_NVML_SYMBOL("xpumlSystemGetDriverVersion", driver_version, true),
    CF_NVML_SYMBOL("xpumlSystemGetXPUMLVersion", own_version, true),
    CF_NVML_SYMBOL("xpumlDeviceGetCount", card_count, false),
    CF_NVML_SYMBOL("xpumlDeviceGetHandleByIndex", card_by_index, false),
    CF_NVML_SYMBOL("xpumlDeviceGetPciInfo", pci_info, false),
    CF_NVML_SYMBOL("xpumlDeviceGetName", name, true),
    CF_NVML_SYMBOL("xpumlDeviceGetSerial", uuid, true),
    CF_NVML_SYMBOL("xpumlDeviceGetPowerUsage", power_usage, true),
    CF_NVML_SYMBOL("xpumlDeviceGetPowerManagementLimit", limit, true),
    CF_NVML_SYMBOL("xpumlDeviceGetPowerManagementDefaultLimit", limit_default, true),
    CF_NVML_SYMBOL("xpumlDeviceGetTemperature", temperature, true),
    CF_NVML_SYMBOL("xpumlDeviceGetClockInfo", clock, true),
};

static const char *const names[] = {"libxpuml.so.1", "libxpuml.so", NULL};
static const char *const folders[] = {"", "/usr/local/xpu/so", NULL};

#define UNSIGNED(member)                                                                                     \
    .read = cf_nvml_read_unsigned, .function = offsetof(cf_nvml, member), .scale = 1e-3,                     \
    .is_zero_absent = true
#define POWER(kind, name) CF_SENSOR(kind, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0, name)

static const cf_meter_row rows[] = {
    {POWER(SY_SENSOR_POWER_AVERAGE, "power, mean of an unknown time"), UNSIGNED(power_usage)},
    {CF_SENSOR(SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, SY_SCOPE_DIE, 1, 0, "temperature"),
        .read = cf_nvml_read_temperature},
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_DIE, 1e6, 0, "clock"), .read = cf_nvml_read_clock,
        .scale = 1e6, .a = 0},
    {POWER(SY_SENSOR_POWER_CAP, "power cap"), UNSIGNED(limit)},
    {POWER(SY_SENSOR_POWER_CAP_DEFAULT, "power cap by default"), UNSIGNED(limit_default)},
};

const cf_meter_kind cf_meter_xpuml = {
    .name = "xpuml",
    .vendor = "Kunlunxin",
    .names = names,
    .folders = folders,
    .hint = "it comes with Kunlunxin's XRE; a container needs /usr/local/xpu, /dev/xpu* and /dev/xpuctrl; or "
            "let STEELYARD_XPUML name it",
    .symbols = symbols,
    .symbol_count = sizeof symbols / sizeof symbols[0],
    .api_bytes = sizeof(cf_nvml),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .start = cf_nvml_start,
    .stop = cf_nvml_stop,
    .version = cf_nvml_version,
    .find = cf_nvml_find,
    .identify = cf_nvml_identify,
};
