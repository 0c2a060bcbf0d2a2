/* What devices say of themselves. */
#include "tests/vendor_sim/ascend/card.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"

static bool has_hbm(int device) {
    int family = as_soc_family(device);
    return family != AS_310P && family != AS_310B;
}

static double watts_of(int device) {
    return as_is_word("power_of", "now", "average") ? sim_power_average(device) : sim_power_now(device);
}

/* Tenths of a watt. Dies of a package may each tell the sum. */
int as_card_power(int device, int *power) {
    if (!as_is_on("device_power", has_hbm(device)))
        return DCMI_ERR_CODE_NOT_SUPPORT;
    int first = device - device % as_card_dies();
    double watts = watts_of(device);
    if (as_is_word("die_power", "own", "package"))
        for (int i = first; i < first + as_card_dies() && i < sim_devices(); i++)
            watts += i != device ? watts_of(i) : 0;
    *power = (int)sim_number(device, "power", lround(watts * 10));
    return DCMI_OK;
}

int as_card_temperature(int device, int *celsius) {
    *celsius = (int)sim_number(device, "temperature", 45);
    return DCMI_OK;
}

static unsigned int used_percent(int device) {
    double total = (double)sim_memory_total_bytes(device);
    return (unsigned int)lround(100 - 100 * (double)sim_memory_free_bytes(device) / total);
}

int as_card_utilization(int device, int type, unsigned int *percent) {
    bool is_busy = sim_power_now(device) > sim_real(device, "idle_watts", 60);
    unsigned int busy = (unsigned int)sim_number(device, "utilization", is_busy ? 90 : 0);
    switch (type) {
    case DCMI_UTILIZATION_AICORE:
    case DCMI_UTILIZATION_NPU: *percent = busy; return DCMI_OK;
    case DCMI_UTILIZATION_VECTOR: *percent = busy / 10; return DCMI_OK;
    case DCMI_UTILIZATION_AICPU:
    case DCMI_UTILIZATION_CTRLCPU: *percent = 1; return DCMI_OK;
    case DCMI_UTILIZATION_MEM_BANDWIDTH: *percent = busy / 2; return DCMI_OK;
    case DCMI_UTILIZATION_HBM: *percent = used_percent(device); break;
    case DCMI_UTILIZATION_HBM_BANDWIDTH: *percent = busy / 2; break;
    default: return DCMI_ERR_CODE_INVALID_PARAMETER;
    }
    return has_hbm(device) ? DCMI_OK : DCMI_ERR_CODE_NOT_SUPPORT;
}

int as_card_frequency(int device, int type, unsigned int *mhz) {
    unsigned int rated = (unsigned int)sim_number(device, "mhz", 1800);
    unsigned int now = (unsigned int)sim_number(device, "mhz_now", rated);
    switch (type) {
    case DCMI_FREQ_AICORE_CURRENT:
    case DCMI_FREQ_VECTORCORE_CURRENT: *mhz = now; return DCMI_OK;
    case DCMI_FREQ_AICORE_MAX: *mhz = rated; return DCMI_OK;
    case DCMI_FREQ_CTRLCPU: *mhz = 2000; return DCMI_OK;
    case DCMI_FREQ_HBM: *mhz = 1600; return has_hbm(device) ? DCMI_OK : DCMI_ERR_CODE_NOT_SUPPORT;
    case DCMI_FREQ_DDR: *mhz = 2133; return has_hbm(device) ? DCMI_ERR_CODE_NOT_SUPPORT : DCMI_OK;
    default: return DCMI_ERR_CODE_INVALID_PARAMETER;
    }
}

int as_card_hbm(int device, struct dcmi_hbm_info *info) {
    if (!has_hbm(device))
        return DCMI_ERR_CODE_NOT_SUPPORT;
    uint64_t total = sim_memory_total_bytes(device), free_bytes = sim_memory_free_bytes(device);
    *info = (struct dcmi_hbm_info){.memory_size = total >> 20,
        .freq = 1600,
        .memory_usage = (total - free_bytes) >> 20,
        .temp = (int)sim_number(device, "temperature", 45)};
    return DCMI_OK;
}

void as_card_chip(int device, struct dcmi_chip_info_v2 *info) {
    const char *name = as_soc_name(device);
    const char *number = strncmp(name, "Ascend", 6) == 0 ? name + 6 : name;
    *info = (struct dcmi_chip_info_v2){
        .aicore_cnt = (unsigned int)sim_number(device, "cores", as_soc_family(device) == AS_310P ? 8 : 20)};
    snprintf((char *)info->chip_type, sizeof info->chip_type, "Ascend");
    snprintf((char *)info->chip_name, sizeof info->chip_name, "%s", number);
    snprintf((char *)info->chip_ver, sizeof info->chip_ver, "V1");
    snprintf((char *)info->npu_name, sizeof info->npu_name, "%s", number);
}
