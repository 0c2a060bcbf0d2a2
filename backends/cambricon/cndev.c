/* Opening CNDEV, its versions, and where cards are. */
#include "backends/cambricon/cndev.h"

#include <stdio.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum {
    NO_DRIVER = 1,
    OLD_DRIVER = 2,
    UNSUPPORTED_VERSION = 3,
    NOT_SUPPORTED = 10,
    NO_DEVICES = 12,
    NO_PERMISSION = 13
};

#define SYMBOL(field, is_optional)                                                                           \
    { "cndev" #field, offsetof(cambricon_cndev, field), is_optional }
static const sy_dynlib_symbol symbols[] = {
    SYMBOL(Init, false),
    SYMBOL(Release, true),
    SYMBOL(GetErrorString, true),
    SYMBOL(GetDeviceCount, false),
    SYMBOL(GetLibVersion, true),
    SYMBOL(GetDeviceHandleByPciBusId, true),
    SYMBOL(GetDeviceHandleByIndex, true),
    SYMBOL(GetPCIeInfoV2, true),
    SYMBOL(GetPCIeInfo, true),
    SYMBOL(GetVersionInfo, true),
    SYMBOL(GetDevicePowerInfo, true),
    SYMBOL(GetPowerInfo, true),
    SYMBOL(GetTemperatureInfo, true),
    SYMBOL(GetFrequencyInfo, true),
};

sy_status cambricon_cndev_fail(const cambricon_meters *meters, int code, const char *what, sy_error *err) {
    const char *words = meters->api.GetErrorString != NULL ? meters->api.GetErrorString(code) : NULL;
    sy_status status =
        code == NOT_SUPPORTED || code == UNSUPPORTED_VERSION ? SY_UNSUPPORTED
        : code == NO_PERMISSION || code == NO_DRIVER || code == OLD_DRIVER || code == NO_DEVICES
            ? SY_UNAVAILABLE
            : SY_INTERNAL;
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = code;
    return sy_error_set(err, status, "CNDEV: %s: %s (%d)", what, words != NULL ? words : "code", code);
}

static sy_status start(cambricon_meters *meters, const sy_dynlib *library) {
    sy_error *err = &meters->reason;
    sy_status status = sy_dynlib_bind(library, symbols, sizeof symbols / sizeof *symbols, &meters->api, err);
    if (status != SY_OK)
        return status;
    int code = meters->api.Init(0);
    if (code == 0)
        return SY_OK;
    cambricon_cndev_fail(meters, code, "it does not start", err);
    return sy_error_prefix(err, SY_UNAVAILABLE,
        "is the driver loaded? are /dev/cambricon_ctl and /dev/cambricon_dev* let into this container?");
}

cambricon_meters *cambricon_meters_create(
    const sy_dynlib *library, sy_status missing_status, const sy_error *missing_reason) {
    cambricon_meters *meters = sy_mem_calloc(1, sizeof *meters);
    if (meters == NULL || pthread_mutex_init(&meters->lock, NULL) != 0) {
        sy_mem_free(meters);
        return NULL;
    }
    meters->reason = *missing_reason;
    meters->status = missing_status;
    if (library != NULL)
        meters->status = start(meters, library);
    return meters;
}

void cambricon_meters_destroy(cambricon_meters *meters) {
    if (meters == NULL)
        return;
    if (meters->status == SY_OK && meters->api.Release != NULL)
        (void)meters->api.Release();
    pthread_mutex_destroy(&meters->lock);
    sy_mem_free(meters);
}

static const int32_t versions[] = {5, 4, 6, 3};
enum { VERSIONS = sizeof versions / sizeof *versions };

int cambricon_cndev_versioned(cambricon_cndev_get *get, int32_t device, cambricon_info *out_info) {
    int code = UNSUPPORTED_VERSION;
    for (size_t i = 0; i < VERSIONS && code == UNSUPPORTED_VERSION; i++) {
        *out_info = (cambricon_info){.word = {versions[i]}};
        code = get(out_info, device);
    }
    return code;
}

int cambricon_cndev_versioned_alone(int (*get)(void *info), cambricon_info *out_info) {
    int code = UNSUPPORTED_VERSION;
    for (size_t i = 0; i < VERSIONS && code == UNSUPPORTED_VERSION; i++) {
        *out_info = (cambricon_info){.word = {versions[i]}};
        code = get(out_info);
    }
    return code;
}

void cambricon_meters_version(cambricon_meters *meters, char *out_text, size_t capacity) {
    cambricon_info info;
    out_text[0] = '\0';
    if (meters->status != SY_OK || meters->api.GetLibVersion == NULL)
        return;
    pthread_mutex_lock(&meters->lock);
    int code = cambricon_cndev_versioned_alone(meters->api.GetLibVersion, &info);
    pthread_mutex_unlock(&meters->lock);
    if (code == 0)
        snprintf(out_text, capacity, "%d.%d.%d", info.word[1], info.word[2], info.word[3]);
}

/* Domain, bus, device and function lie one after the other: behind the newer struct's ids, or the older's. */
enum { PLACE_IN_NEW = 3, PLACE_IN_OLD = 4 };

static bool is_at(const cambricon_cndev *api, int32_t device, const char *pci) {
    cambricon_info info = {.word = {0}};
    char text[32];
    int place = api->GetPCIeInfoV2 != NULL ? PLACE_IN_NEW : PLACE_IN_OLD;
    int code = place == PLACE_IN_NEW ? api->GetPCIeInfoV2(&info, device)
                                     : cambricon_cndev_versioned(api->GetPCIeInfo, device, &info);
    const int32_t *at = &info.word[place];
    snprintf(text, sizeof text, "%04x:%02x:%02x.%x", (unsigned)at[0], (unsigned)at[1], (unsigned)at[2],
        (unsigned)at[3]);
    for (size_t i = 0; code == 0 && (text[i] != '\0' || pci[i] != '\0'); i++)
        if (text[i] != pci[i])
            return false;
    return code == 0;
}

static sy_status find_by_index(
    const cambricon_meters *meters, const char *pci, int32_t *out_device, sy_error *err) {
    const cambricon_cndev *api = &meters->api;
    cambricon_info info;
    if (api->GetPCIeInfoV2 == NULL && api->GetPCIeInfo == NULL)
        return sy_error_set(err, SY_UNAVAILABLE, "CNDEV does not tell where its cards are");
    int code = cambricon_cndev_versioned_alone(api->GetDeviceCount, &info);
    int32_t count = code == 0 ? info.word[1] : 0;
    if (code != 0)
        return cambricon_cndev_fail(meters, code, "counting cards", err);
    for (int32_t index = 0; index < count; index++) {
        *out_device = index;
        if (api->GetDeviceHandleByIndex != NULL && api->GetDeviceHandleByIndex(index, out_device) != 0)
            continue;
        if (is_at(api, *out_device, pci))
            return SY_OK;
    }
    return sy_error_set(err, SY_UNAVAILABLE, "CNDEV: none of its %d cards is at %s", count, pci);
}

sy_status cambricon_cndev_find(
    const cambricon_meters *meters, const char *pci, int32_t *out_device, sy_error *err) {
    if (meters->api.GetDeviceHandleByPciBusId != NULL &&
        meters->api.GetDeviceHandleByPciBusId(pci, out_device) == 0)
        return SY_OK;
    return find_by_index(meters, pci, out_device, err);
}
