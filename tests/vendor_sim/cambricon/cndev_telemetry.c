/* libcndev.so: where a card is, and how it is. */
#include <math.h>
#include <string.h>

#include "tests/vendor_sim/cambricon/cndev.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

enum { VENDOR = 0xcabc, CARD = 0x0590 };

cndevRet_t cndevGetPCIeInfo(cndevPCIeInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        mlu_address pci = mlu_pci(device);
        *info = (cndevPCIeInfo_t){.version = info->version,
            .device_id = CARD,
            .vendor = VENDOR,
            .subsystem_vendor = VENDOR,
            .domain = pci.part[0],
            .bus = pci.part[1],
            .device = pci.part[2],
            .function = pci.part[3],
            .physical_slot = "0",
            .slot_id = -1};
    }
    return sim_leave(code);
}

/* Whole watts, and the digits behind the point, `power_decimals` of them. */
static int32_t watts(double power, int64_t decimals, int32_t *out_decimal) {
    double factor = pow(10, (double)decimals);
    double whole = floor(power + 0.5 / factor);
    *out_decimal = decimals > 0 ? (int32_t)fmin((power - whole) * factor + 0.5, factor - 1) : 0;
    return (int32_t)whole;
}

static int32_t power_of(int device, int32_t *out_decimal) {
    bool is_average = strcmp(sim_text(device, "power", "average"), "average") == 0;
    double power = is_average ? sim_power_average(device) : sim_power_now(device);
    return watts(power, sim_number(device, "power_decimals", 0), out_decimal);
}

/* A sensor that is not there holds `absent_sensor`. */
cndevRet_t cndevGetTemperatureInfo(cndevTemperatureInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code != CNDEV_SUCCESS)
        return sim_leave(code);
    int32_t absent = (int32_t)sim_number(device, "absent_sensor", -1);
    int32_t degrees = (int32_t)mlu_fact(device, "temperature"),
            clusters = (int32_t)mlu_fact(device, "clusters");
    *info = (cndevTemperatureInfo_t){.version = info->version, .board = degrees, .chip = degrees + 5};
    info->air_inlet = info->air_outlet = info->video = info->cpu = info->isp = absent;
    info->memory = degrees + 2;
    for (int32_t i = 0; i < 20; i++)
        info->cluster[i] = i < clusters ? degrees + 4 : absent;
    for (int32_t i = 0; i < 8; i++)
        info->memory_die[i] = absent;
    return sim_leave(code);
}

cndevRet_t cndevGetDeviceUtilizationInfo(cndevUtilizationInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        double idle = sim_real(device, "idle_watts", 60), span = sim_real(device, "watts", 300) - idle;
        double load = span > 0 ? (sim_power_average(device) - idle) / span : 0;
        int64_t cores = mlu_fact(device, "clusters") * mlu_fact(device, "cores");
        *info = (cndevUtilizationInfo_t){.version = info->version, .average = (int32_t)(load * 100)};
        for (int64_t i = 0; i < cores && i < 80; i++)
            info->core[i] = info->average;
    }
    return sim_leave(code);
}

/* Answer with the first bytes: what an older library knew of. */
static void answer(void *out, const void *all, size_t bytes, int device, const char *key) {
    int64_t known = sim_number(device, key, (int64_t)bytes);
    memcpy(out, all, known < (int64_t)bytes ? (size_t)known : bytes);
}

cndevRet_t cndevGetFrequencyInfo(cndevFrequencyInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code != CNDEV_SUCCESS)
        return sim_leave(code);
    int32_t normal = (int32_t)mlu_fact(device, "core_mhz");
    cndevFrequencyInfo_t all = {.version = info->version,
        .board = (int32_t)sim_number(device, "board_mhz", normal),
        .ddr = (int32_t)mlu_fact(device, "memory_mhz"),
        .overtemp_dfs = sim_number(device, "overtemp", 0) != 0,
        .clusters = (uint16_t)mlu_fact(device, "clusters"),
        .board_default = normal,
        .range = {300, normal}};
    for (uint16_t i = 0; i < all.clusters && i < 20; i++)
        all.cluster[i] = (uint16_t)all.board;
    answer(info, &all, sizeof all, device, "frequency_bytes");
    return sim_leave(code);
}

cndevRet_t cndevGetVersionInfo(cndevVersionInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS)
        *info = (cndevVersionInfo_t){.version = info->version, .mcu = {1, 1, 4}, .driver = {6, 2, 8}};
    return sim_leave(code);
}

static cndevRet_t answer_cap(const char *function, cndevPowerCap_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(function, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        info->watts = (uint16_t)mlu_fact(device, "cap");
        info->decimal = 0;
    }
    return sim_leave(code);
}

#ifdef CNDEV_SIM_OLD

cndevRet_t cndevGetPowerManagementLimit(cndevPowerCap_t *info, cndevDevice_t handle) {
    return answer_cap(__func__, info, handle);
}

cndevRet_t cndevGetPowerInfo(cndevPowerInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        int32_t decimal;
        cndevPowerInfo_t all = {.version = info->version, .cap = (int32_t)mlu_fact(device, "cap")};
        all.usage = power_of(device, &all.usage_decimal);
        all.tdp = (uint16_t)all.cap;
        all.instantaneous =
            (uint16_t)watts(sim_power_now(device), sim_number(device, "power_decimals", 0), &decimal);
        all.instantaneous_decimal = (uint16_t)decimal;
        answer(info, &all, sizeof all, device, "power_bytes");
    }
    return sim_leave(code);
}

cndevRet_t cndevGetMemoryUsage(cndevMemoryInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        int64_t total = (int64_t)(sim_memory_total_bytes(device) >> 20);
        int64_t used = total - (int64_t)(sim_memory_free_bytes(device) >> 20);
        cndevMemoryInfo_t all = {.version = info->version,
            .physical_total = total,
            .physical_used = used,
            .virtual_total = total,
            .virtual_used = used,
            .channels = 1,
            .channel_used = {used},
            .global = (uint64_t)total};
        answer(info, &all, sizeof all, device, "memory_info_bytes");
    }
    return sim_leave(code);
}

#else

cndevRet_t cndevGetPowerManagementLimitation(cndevPowerCap_t *info, cndevDevice_t handle) {
    return answer_cap(__func__, info, handle);
}

cndevRet_t cndevGetPCIeInfoV2(cndevPCIeInfoV2_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_of(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        mlu_address pci = mlu_pci(device);
        *info = (cndevPCIeInfoV2_t){.device_id = CARD,
            .vendor = VENDOR,
            .subsystem_vendor = VENDOR,
            .domain = pci.part[0],
            .bus = pci.part[1],
            .device = pci.part[2],
            .function = pci.part[3],
            .slot_id = 0xffff};
    }
    return sim_leave(code);
}

cndevRet_t cndevGetDevicePowerInfo(cndevDevicePowerInfo_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_of(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        int32_t decimal, cap = (int32_t)mlu_fact(device, "cap");
        *info = (cndevDevicePowerInfo_t){
            .usage = power_of(device, &decimal), .cap = cap, .tdp = cap, .max_power = cap};
    }
    return sim_leave(code);
}

cndevRet_t cndevGetMemoryUsageV2(cndevMemoryInfoV2_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_of(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS) {
        int64_t total = (int64_t)(sim_memory_total_bytes(device) >> 20);
        int64_t used = total - (int64_t)(sim_memory_free_bytes(device) >> 20);
        *info = (cndevMemoryInfoV2_t){.physical_total = total,
            .physical_used = used,
            .virtual_total = total,
            .virtual_used = used,
            .global = (uint64_t)total};
    }
    return sim_leave(code);
}

#endif
