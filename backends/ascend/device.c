/* Devices as the runtime describes them. */
#include <stdio.h>
#include <string.h>

#include "backends/ascend/inside.h"
#include "backends/ascend/numbers.h"
#include "backends/ascend/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status fail(sy_backend *backend, int code, const char *what, sy_error *err) {
    char text[160];
    ascend_code_text(backend->stack, code, text, sizeof text);
    return sy_error_set(
        err, ascend_judge(backend->stack, code), "%s: %s: %s", backend->model->name, what, text);
}

sy_status ascend_devices_count(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    const ascend_libraries *libraries = backend->stack;
    uint32_t count = 0;
    int code = libraries->runtime.rtGetDeviceCount(&count);
    *out_count = 0;
    if (code != 0) {
        fail(backend, code, "counting devices", err);
        return sy_error_prefix(err, SY_UNAVAILABLE,
            "CANN is there, its devices are not (is the driver loaded, what does ASCEND_RT_VISIBLE_DEVICES "
            "say? %s)",
            ASCEND_CONTAINER);
    }
    *out_count = count;
    return SY_OK;
}

static void put_numbers(const ascend_libraries *libraries, uint32_t index, sy_device_info *info) {
    int64_t value = 0;
    if (libraries->runtime.GetDeviceCapability == NULL)
        return;
    if (libraries->runtime.GetDeviceCapability(index, ACL_CAPABILITY_CORES, &value) == 0 && value > 0)
        info->units = (uint32_t)value;
    if (libraries->runtime.GetDeviceCapability(index, ACL_CAPABILITY_L2, &value) == 0 && value > 0)
        info->cache_bytes = (uint64_t)value;
}

/* What is not known from inside a container stays unknown. */
static void put_place(const ascend_libraries *libraries, uint32_t index, sy_device_info *info) {
    ascend_place place;
    if (ascend_place_find(libraries, index, &place, NULL) != SY_OK)
        return;
    snprintf(info->pci, sizeof info->pci, "%s", place.pci);
    if (place.devices_in_card > 1)
        info->scope = SY_SCOPE_DIE;
}

/* Of the device that is set. */
static void put_current(ascend_libraries *libraries, uint32_t index, sy_device_info *info) {
    const char *soc = libraries->runtime.rtGetSocName();
    ascend_family family = ascend_family_of(soc);
    info->scope = SY_SCOPE_CARD;
    info->flags = SY_DEVICE_COPY_ASYNC | (libraries->is_simulated ? SY_DEVICE_SIMULATED : 0u);
    info->base_align = 64;
    snprintf(info->name, sizeof info->name, "%s", soc != NULL && soc[0] != '\0' ? soc : "Ascend");
    snprintf(info->vendor, sizeof info->vendor, "Huawei");
    snprintf(info->isa, sizeof info->isa, "%s%s", family != ASCEND_UNKNOWN ? "ascend" : "",
        ascend_family_name(family));
    snprintf(info->platform, sizeof info->platform, "CANN%s%.23s (plugin untested on hardware)",
        libraries->cann[0] != '\0' ? " " : "", libraries->cann);
    info->dtypes = libraries->ops_status == SY_OK ? ascend_dtypes(family) : 0;
    put_numbers(libraries, index, info);
    put_place(libraries, index, info);
    (void)ascend_runtime.memory_info(libraries, &info->free_bytes, &info->memory_bytes);
}

/* Some runtimes name the chip only when a device is set. The thread keeps the one that it had. */
sy_status ascend_device_describe(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err) {
    ascend_libraries *libraries = backend->stack;
    const ascend_runtime_api *api = &libraries->runtime;
    int32_t before = -1;
    bool had_one = api->rtGetDevice != NULL && api->rtGetDevice(&before) == 0 && before >= 0;
    int code = api->rtSetDevice((int32_t)index);
    if (code != 0)
        return fail(backend, code, "making a device this thread's", err);
    put_current(libraries, index, info);
    if (had_one && before != (int32_t)index)
        (void)api->rtSetDevice(before);
    return SY_OK;
}

static sy_status make_constants(sy_device *device, sy_error *err) {
    const ascend_runtime_api *api = &ascend_libraries_of(device)->runtime;
    ascend_device *own = ascend_device_of(device);
    const float values[ASCEND_CONSTANT_STEP / sizeof(float)] = {1.0f};
    int code = api->rtMalloc(&own->constants, ASCEND_CONSTANT_BYTES, ACL_MALLOC_HUGE_FIRST);
    if (code == 0)
        code = api->rtMemcpy(own->constants, ASCEND_CONSTANT_BYTES, values, sizeof values, ACL_COPY_H2D);
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "memory for constants");
}

sy_status ascend_device_open(sy_device *device, const char *params, sy_error *err) {
    if (params[0] != '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": takes no parameters, not '%s'",
            SY_CARD_ID(device), params);
    ascend_device *own = sy_mem_calloc(1, sizeof *own);
    device->own = own;
    if (own == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    snprintf(own->soc, sizeof own->soc, "%.63s", device->info.name);
    own->family = ascend_family_of(own->soc);
    own->place_reason = SY_ERROR_INIT;
    own->has_place = ascend_place_find(ascend_libraries_of(device), device->index, &own->place,
                         &own->place_reason) == SY_OK;
    ascend_sensors_find(device);
    return make_constants(device, err);
}

/* The device is not reset: other threads, and other users of the runtime in this process, may have it set. */
void ascend_device_close(sy_device *device) {
    ascend_device *own = ascend_device_of(device);
    if (own == NULL)
        return;
    if (own->constants != NULL)
        (void)ascend_libraries_of(device)->runtime.rtFree(own->constants);
    sy_mem_free(own);
}
