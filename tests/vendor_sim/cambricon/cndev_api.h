/*
 * What the simulated libcndev.so exports: the functions of 2025, or those of before where CNDEV_SIM_OLD is
 * defined. Most structs begin with a version that the caller writes; the newest have none. Layouts are the
 * vendor's.
 */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNDEV_API_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNDEV_API_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef int32_t cndevRet_t;
typedef int32_t cndevDevice_t;

enum {
    CNDEV_SUCCESS = 0,
    CNDEV_ERROR_NO_DRIVER = 1,
    CNDEV_ERROR_LOW_DRIVER_VERSION = 2,
    CNDEV_ERROR_UNSUPPORTED_API_VERSION = 3,
    CNDEV_ERROR_UNINITIALIZED = 4,
    CNDEV_ERROR_INVALID_ARGUMENT = 5,
    CNDEV_ERROR_INVALID_DEVICE_ID = 6,
    CNDEV_ERROR_UNKNOWN = 7,
    CNDEV_ERROR_MALLOC = 8,
    CNDEV_ERROR_INSUFFICIENT_SPACE = 9,
    CNDEV_ERROR_NOT_SUPPORTED = 10,
    CNDEV_ERROR_INVALID_LINK = 11,
    CNDEV_ERROR_NO_DEVICES = 12,
    CNDEV_ERROR_NO_PERMISSION = 13,
    CNDEV_ERROR_NOT_FOUND = 14,
    CNDEV_ERROR_IN_USE = 15,
    CNDEV_ERROR_DUPLICATE = 16,
    CNDEV_ERROR_TIMEOUT = 17,
    CNDEV_ERROR_IN_PROBLEM = 18
};

typedef struct cndevCardInfo_t {
    int32_t version;
    uint32_t number;
} cndevCardInfo_t;

typedef struct cndevCardName_t {
    int32_t version, id;
} cndevCardName_t;

typedef struct cndevPCIeInfo_t {
    int32_t version;
    uint32_t subsystem_id, device_id;
    uint16_t vendor, subsystem_vendor;
    uint32_t domain, bus, device, function;
    const char *physical_slot;
    int32_t slot_id;
} cndevPCIeInfo_t;

typedef struct cndevPCIeInfoV2_t {
    uint32_t subsystem_id, device_id;
    uint16_t vendor, subsystem_vendor;
    uint32_t domain, bus, device, function;
    uint16_t module_id, slot_id;
    uint32_t reserved[8];
} cndevPCIeInfoV2_t;

/* Of cndevGetDevicePowerInfo. W. */
typedef struct cndevDevicePowerInfo_t {
    int32_t usage, cap, machine, tdp, max_power, reserved[16];
} cndevDevicePowerInfo_t;

/* Of cndevGetPowerInfo as it was in 2024. W. Before, it ended after the tdp (28 bytes), or after `machine`.
 */
typedef struct cndevPowerInfo_t {
    int32_t version, usage, cap, usage_decimal, machine, cap_decimal;
    uint16_t tdp, instantaneous, instantaneous_decimal, gap;
} cndevPowerInfo_t;

typedef struct cndevPowerCap_t {
    int32_t version;
    uint16_t watts, decimal;
} cndevPowerCap_t;

/* Degrees Celsius. */
typedef struct cndevTemperatureInfo_t {
    int32_t version, board, cluster[20], memory_die[8];
    int32_t chip, air_inlet, air_outlet, memory, video, cpu, isp;
} cndevTemperatureInfo_t;

/* Percent. */
typedef struct cndevUtilizationInfo_t {
    int32_t version, average, core[80];
} cndevUtilizationInfo_t;

/* MHz. In 2022 it ended after fast_dfs. */
typedef struct cndevFrequencyInfo_t {
    int32_t version, board, ddr;
    uint8_t overtemp_dfs, fast_dfs;
    uint16_t clusters, cluster[20];
    int32_t board_default, range[2];
} cndevFrequencyInfo_t;

/* MB. */
typedef struct cndevMemoryInfoV2_t {
    int64_t physical_total, physical_used, reserved_memory, virtual_total, virtual_used;
    uint64_t global, reserved[16];
} cndevMemoryInfoV2_t;

typedef struct cndevMemoryInfo_t {
    int32_t version;
    int64_t physical_total, physical_used, virtual_total, virtual_used, channels, channel_used[20];
    uint64_t global;
} cndevMemoryInfo_t;

typedef struct cndevVersionInfo_t {
    int32_t version;
    uint32_t mcu[3], driver[3];
} cndevVersionInfo_t;

typedef struct cndevLibVersionInfo_t {
    int32_t version;
    uint32_t major, minor, build;
} cndevLibVersionInfo_t;

_Static_assert(sizeof(cndevDevicePowerInfo_t) == 84, "power, new");
_Static_assert(sizeof(cndevPowerInfo_t) == 32, "power, old");
_Static_assert(sizeof(cndevTemperatureInfo_t) == 148, "temperature");
_Static_assert(sizeof(cndevUtilizationInfo_t) == 328, "utilization");
_Static_assert(sizeof(cndevFrequencyInfo_t) == 68, "frequency");
_Static_assert(sizeof(cndevMemoryInfoV2_t) == 176, "memory, new");
_Static_assert(sizeof(cndevMemoryInfo_t) == 216, "memory, old");
_Static_assert(sizeof(cndevPCIeInfo_t) == 48, "PCIe");
_Static_assert(sizeof(cndevPCIeInfoV2_t) == 64, "PCIe, new");

const char *cndevGetErrorString(cndevRet_t code);
cndevRet_t cndevInit(int flag);
cndevRet_t cndevRelease(void);
cndevRet_t cndevGetDeviceCount(cndevCardInfo_t *info);
const char *cndevGetCardNameStringByDevId(int index);
cndevRet_t cndevGetCardName(cndevCardName_t *info, cndevDevice_t device);
cndevRet_t cndevGetPCIeInfo(cndevPCIeInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetTemperatureInfo(cndevTemperatureInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetDeviceUtilizationInfo(cndevUtilizationInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetFrequencyInfo(cndevFrequencyInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetVersionInfo(cndevVersionInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetLibVersion(cndevLibVersionInfo_t *info);
#ifdef CNDEV_SIM_OLD
cndevRet_t cndevGetPowerInfo(cndevPowerInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetPowerManagementLimit(cndevPowerCap_t *info, cndevDevice_t device);
cndevRet_t cndevGetMemoryUsage(cndevMemoryInfo_t *info, cndevDevice_t device);
#else
cndevRet_t cndevGetDeviceHandleByIndex(int index, cndevDevice_t *device);
cndevRet_t cndevGetDeviceHandleByPciBusId(const char *text, cndevDevice_t *device);
cndevRet_t cndevGetPCIeInfoV2(cndevPCIeInfoV2_t *info, cndevDevice_t device);
cndevRet_t cndevGetDevicePowerInfo(cndevDevicePowerInfo_t *info, cndevDevice_t device);
cndevRet_t cndevGetPowerManagementLimitation(cndevPowerCap_t *info, cndevDevice_t device);
cndevRet_t cndevGetMemoryUsageV2(cndevMemoryInfoV2_t *info, cndevDevice_t device);
#endif

#pragma GCC visibility pop

#endif
