/* libcndev.so: beginning, counting and naming. */
#include "tests/vendor_sim/cambricon/cndev.h"

#include <string.h>

#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#ifdef CNDEV_SIM_OLD
enum { VERSION_MIN = 1, VERSION_MAX = 5, HANDLE_BASE = 0 };
#else
enum { VERSION_MIN = 5, VERSION_MAX = 6, HANDLE_BASE = 256 };
#endif

#define SESSION "cndev"

/* How often it was initialised. */
static int64_t *sessions(void) {
    return sim_slot("cndev_sessions");
}

cndevRet_t cndev_enter(const char *function, const void *out) {
    cndevRet_t code = sim_enter_apart(function);
    if (code == CNDEV_SUCCESS && *sessions() == 0) {
        sim_misuse("cndev_uninitialized");
        code = CNDEV_ERROR_UNINITIALIZED;
    }
    return code == CNDEV_SUCCESS && out == NULL ? CNDEV_ERROR_INVALID_ARGUMENT : code;
}

static bool is_renumbered(void) {
    return sim_number(SIM_NO_DEVICE, "cndev_visible", 0) != 0;
}

static int device_count(void) {
    return is_renumbered() ? mlu_visible_count() : sim_devices();
}

/* Physical index behind an index of CNDEV, -1: none. */
static int device_of_index(int index) {
    if (is_renumbered())
        return mlu_physical(index);
    return index >= 0 && index < sim_devices() ? index : -1;
}

static int handle_base(void) {
    return (int)sim_number(SIM_NO_DEVICE, "cndev_handle_base", HANDLE_BASE);
}

cndevRet_t cndev_enter_of(const char *function, const void *out, cndevDevice_t handle, int *out_device) {
    cndevRet_t code = cndev_enter(function, out);
    if (code != CNDEV_SUCCESS)
        return code;
    *out_device = device_of_index(handle - handle_base());
    return *out_device < 0 ? CNDEV_ERROR_INVALID_DEVICE_ID : CNDEV_SUCCESS;
}

bool cndev_accepts(int32_t version) {
    return version >= sim_number(SIM_NO_DEVICE, "cndev_min", VERSION_MIN) &&
           version <= sim_number(SIM_NO_DEVICE, "cndev_max", VERSION_MAX);
}

cndevRet_t cndev_enter_versioned(
    const char *function, const void *out, cndevDevice_t handle, int *out_device) {
    cndevRet_t code = cndev_enter_of(function, out, handle, out_device);
    int32_t version = 0;
    if (code == CNDEV_SUCCESS)
        memcpy(&version, out, sizeof version);
    return code == CNDEV_SUCCESS && !cndev_accepts(version) ? CNDEV_ERROR_UNSUPPORTED_API_VERSION : code;
}

const char *cndevGetErrorString(cndevRet_t code) {
    static const char *const texts[] = {"success", "no driver", "the driver is too old",
        "API version is not supported", "not initialised", "invalid argument", "invalid device id",
        "unknown error", "out of memory", "insufficient space", "not supported", "invalid link", "no devices",
        "no permission", "not found", "in use", "duplicate", "timeout", "device in problem"};
    return code >= 0 && (size_t)code < sizeof texts / sizeof *texts ? texts[code] : "error not found";
}

cndevRet_t cndevInit(int flag) {
    cndevRet_t code = sim_enter_apart(__func__);
    if (code == CNDEV_SUCCESS && flag != 0)
        code = CNDEV_ERROR_INVALID_ARGUMENT;
    if (code == CNDEV_SUCCESS && sim_devices() == 0)
        code = CNDEV_ERROR_NO_DEVICES;
    if (code == CNDEV_SUCCESS) {
        ++*sessions();
        sim_made(SESSION);
    }
    return sim_leave(code);
}

cndevRet_t cndevRelease(void) {
    cndevRet_t code = cndev_enter(__func__, "");
    if (code == CNDEV_SUCCESS) {
        --*sessions();
        sim_gone(SESSION);
    }
    return sim_leave(code);
}

cndevRet_t cndevGetDeviceCount(cndevCardInfo_t *info) {
    cndevRet_t code = cndev_enter(__func__, info);
    if (code == CNDEV_SUCCESS && !cndev_accepts(info->version))
        code = CNDEV_ERROR_UNSUPPORTED_API_VERSION;
    if (code == CNDEV_SUCCESS)
        info->number = (uint32_t)device_count();
    return sim_leave(code);
}

const char *cndevGetCardNameStringByDevId(int index) {
    cndevRet_t code = cndev_enter(__func__, "");
    int device = code == CNDEV_SUCCESS ? device_of_index(index) : -1;
    const char *name = device >= 0 ? mlu_series(device) : "Unknown";
    sim_leave(code);
    return name;
}

cndevRet_t cndevGetCardName(cndevCardName_t *info, cndevDevice_t handle) {
    int device;
    cndevRet_t code = cndev_enter_versioned(__func__, info, handle, &device);
    if (code == CNDEV_SUCCESS)
        info->id = (int32_t)mlu_fact(device, "card_id");
    return sim_leave(code);
}

cndevRet_t cndevGetLibVersion(cndevLibVersionInfo_t *info) {
    cndevRet_t code = cndev_enter(__func__, info);
    if (code == CNDEV_SUCCESS && !cndev_accepts(info->version))
        code = CNDEV_ERROR_UNSUPPORTED_API_VERSION;
    if (code == CNDEV_SUCCESS) {
        info->major = VERSION_MAX == 5 ? 3 : 5;
        info->minor = 8;
        info->build = 2;
    }
    return sim_leave(code);
}

#ifndef CNDEV_SIM_OLD
cndevRet_t cndevGetDeviceHandleByIndex(int index, cndevDevice_t *handle) {
    cndevRet_t code = cndev_enter(__func__, handle);
    if (code == CNDEV_SUCCESS && device_of_index(index) < 0)
        code = CNDEV_ERROR_INVALID_DEVICE_ID;
    if (code == CNDEV_SUCCESS)
        *handle = handle_base() + index;
    return sim_leave(code);
}

cndevRet_t cndevGetDeviceHandleByPciBusId(const char *text, cndevDevice_t *handle) {
    cndevRet_t code = cndev_enter(__func__, handle);
    if (code == CNDEV_SUCCESS && text == NULL)
        code = CNDEV_ERROR_INVALID_ARGUMENT;
    if (code != CNDEV_SUCCESS)
        return sim_leave(code);
    int wanted = mlu_at_pci(text);
    code = CNDEV_ERROR_NOT_FOUND;
    for (int index = 0; wanted >= 0 && index < device_count(); index++)
        if (device_of_index(index) == wanted) {
            *handle = handle_base() + index;
            code = CNDEV_SUCCESS;
        }
    return sim_leave(code);
}
#endif
