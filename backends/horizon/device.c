/* The device table: the SoC's BPU, once, with all of its cores. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backends/horizon/horizon.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"
#include "runtime/base/text.h"

enum { CORES_DNN = 2, CORES_UCP = 4, BASE_ALIGN = 64 };

/* Any of these is there where the driver is: boards differ. */
static const char *const signs[] = {"/dev/bpu", "/dev/bpu_core0", "/sys/devices/system/bpu"};

/* The sign that is there, NULL if none is. */
static const char *find_sign(const sy_backend *backend) {
    const char *root = horizon_option(backend, "sysroot");
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s%s", root != NULL ? root : "", signs[i]);
        if (length > 0 && length < PATH_MAX && access(path, F_OK) == 0)
            return signs[i];
    }
    return NULL;
}

/* The library alone is no device: there is one that emulates the BPU on a developer's machine. */
static sy_status look(sy_backend *backend, sy_error *err) {
    const char *sign = find_sign(backend);
    sy_status status = horizon_backend_open(backend, err);
    if (status != SY_OK && sign != NULL)
        return sy_error_prefix(err, SY_UNAVAILABLE, "a Horizon BPU is here (%s) and cannot be used", sign);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_UNAVAILABLE, "no Horizon BPU here");
    if (sign == NULL && !backend->library.is_simulated)
        return sy_error_set(err, SY_UNAVAILABLE,
            "no Horizon BPU here: libdnn.so is, but neither %s nor %s nor %s (in a container, pass them in)",
            signs[0], signs[1], signs[2]);
    return SY_OK;
}

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    sy_status status = look(backend, err);
    *out_count = status == SY_OK ? 1 : 0;
    return status;
}

static void read_names(const sy_backend *backend, sy_device_info *info) {
    static const char *const places[] = {"/sys/class/boardinfo/soc_name", "/sys/class/socinfo/soc_name"};
    const char *root = horizon_option(backend, "sysroot");
    char soc[48] = "";
    int64_t cores = 0;
    for (size_t i = 0; i < 2 && soc[0] == '\0'; i++)
        if (sy_sysfs_text(root, places[i], soc, sizeof soc, NULL) != SY_OK)
            soc[0] = '\0';
    snprintf(info->name, sizeof info->name, "BPU%s%s", soc[0] != '\0' ? " of " : "", soc);
    if (sy_sysfs_i64(root, "/sys/devices/system/bpu/core_num", &cores, NULL) == SY_OK && cores > 0 &&
        cores <= 64)
        info->units = (uint32_t)cores;
}

static void describe_into(const sy_backend *backend, sy_device_info *out_info) {
    const horizon_library *library = &backend->library;
    sy_device_info info = {.size = out_info->size,
        .scope = SY_SCOPE_DIE,
        .flags = library->is_simulated ? SY_DEVICE_SIMULATED : 0,
        .base_align = BASE_ALIGN,
        .numa_node = -1};
    read_names(backend, &info);
    snprintf(info.vendor, sizeof info.vendor, "Horizon Robotics");
    snprintf(info.driver, sizeof info.driver, "%.60s", library->version);
    snprintf(info.platform, sizeof info.platform, "hbDNN%s%.40s%s", library->version[0] != '\0' ? " " : "",
        library->version, library->is_ucp ? " on UCP" : "");
    memcpy(out_info, &info, out_info->size < sizeof info ? out_info->size : sizeof info);
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_status status = look(backend, err);
    if (status == SY_OK && index > 0)
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "horizon: device %u does not exist, there is only 0", index);
    if (status == SY_OK)
        describe_into(backend, out_info);
    return status;
}

static sy_status read_core(sy_device *device, const char *text, sy_error *err) {
    const int64_t cores = device->backend->library.is_ucp ? CORES_UCP : CORES_DNN;
    int64_t core = 0;
    if (strcmp(text, "any") == 0)
        return SY_OK;
    if (!sy_text_to_i64(text, &core) || core < 0 || core >= cores)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "horizon: core=%s, must be any or 0 to %d", text, (int)cores - 1);
    device->core = (uint32_t)core;
    return SY_OK;
}

/* One "key=value". */
static sy_status read_param(sy_device *device, const char *text, sy_error *err) {
    if (strncmp(text, "core=", 5) == 0)
        return read_core(device, text + 5, err);
    if (strncmp(text, "model=", 6) == 0 && text[6] != '\0' && strlen(text + 6) < sizeof device->model) {
        snprintf(device->model, sizeof device->model, "%s", text + 6);
        return SY_OK;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "horizon: device parameter \"%s\"; there are model=NAME (of a file with several) and core=any or its "
        "number",
        text);
}

static sy_status read_params(sy_device *device, const char *params, sy_error *err) {
    sy_status status = SY_OK;
    if (params == NULL || params[0] == '\0')
        return SY_OK;
    char *copy = sy_mem_strdup(params);
    if (copy == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a device");
    char *rest = copy;
    for (char *each; status == SY_OK && (each = strsep(&rest, ",")) != NULL;)
        status = read_param(device, each, err);
    sy_mem_free(copy);
    return status;
}

static void close_device(sy_device *device) {
    sy_mem_free(device);
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    *out_device = NULL;
    sy_status status = describe(backend, index, &info, err);
    if (status != SY_OK)
        return status;
    sy_device *device = sy_mem_calloc(1, sizeof *device);
    if (device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a device");
    device->backend = backend;
    device->core = HORIZON_ANY_CORE;
    status = read_params(device, params, err);
    if (status != SY_OK) {
        close_device(device);
        return status;
    }
    *out_device = device;
    return SY_OK;
}

static sy_status opened_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)err;
    describe_into(device->backend, out_info);
    return SY_OK;
}

const sy_device_api horizon_device_api = {.size = sizeof(sy_device_api),
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = opened_info};
