/* CNDEV: its functions, opened, and calls whose structs begin with a version. */
#ifndef BACKENDS_CAMBRICON_CNDEV_H
#define BACKENDS_CAMBRICON_CNDEV_H

#include <pthread.h>
#include <stdbool.h>

#include "backends/cambricon/meter.h"

/** A function that fills a struct of a device's. */
typedef int cambricon_cndev_get(void *info, int32_t device);

typedef struct cambricon_cndev {
    int (*Init)(int flag);
    int (*Release)(void);
    const char *(*GetErrorString)(int code);
    int (*GetDeviceCount)(void *info);
    int (*GetLibVersion)(void *info);
    int (*GetDeviceHandleByPciBusId)(const char *text, int32_t *device);
    int (*GetDeviceHandleByIndex)(int index, int32_t *device);
    cambricon_cndev_get *GetPCIeInfoV2, *GetPCIeInfo, *GetVersionInfo;
    cambricon_cndev_get *GetDevicePowerInfo, *GetPowerInfo;
    cambricon_cndev_get *GetTemperatureInfo, *GetFrequencyInfo;
} cambricon_cndev;

/** Room for what any function writes: structs grow with the library. */
enum { CAMBRICON_INFO_BYTES = 1024 };
typedef union cambricon_info {
    int32_t word[CAMBRICON_INFO_BYTES / 4];
    uint16_t half[CAMBRICON_INFO_BYTES / 2];
    uint8_t byte[CAMBRICON_INFO_BYTES];
} cambricon_info;

/** `lock` is held around every call of the library. */
struct cambricon_meters {
    cambricon_cndev api;
    pthread_mutex_t lock;
    sy_status status;
    sy_error reason;
};

/** The library's failure: words and number. SY_UNSUPPORTED: not on this card; SY_UNAVAILABLE: may not, or not
 * now; SY_INTERNAL. */
sy_status cambricon_cndev_fail(const cambricon_meters *meters, int code, const char *what, sy_error *err);

/**
 * Ask for a struct that begins with a version, written by the caller: 5, which every library of today knows,
 * then 4, 6 and 3 where it says that it does not. `info` is zeroed. Returns its code. Under the lock.
 */
int cambricon_cndev_versioned(cambricon_cndev_get *get, int32_t device, cambricon_info *out_info);

/** The same where there is no device. */
int cambricon_cndev_versioned_alone(int (*get)(void *info), cambricon_info *out_info);

/** Find a device by its address. Errors: SY_UNAVAILABLE. Under the lock. */
sy_status cambricon_cndev_find(
    const cambricon_meters *meters, const char *pci, int32_t *out_device, sy_error *err);

#endif
