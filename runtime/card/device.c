/* The backend's life, its devices, and the words for a vendor's codes. */
#include <stddef.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/card/card.h"
#include "runtime/card/list.h"

const char *sy_card_option(const sy_backend *backend, const char *key) {
    const char *value = backend->host.option != NULL ? backend->host.option(backend->host.ctx, key) : NULL;
    return value != NULL && value[0] != '\0' ? value : NULL;
}

sy_status sy_card_create(
    const sy_card_model *model, const sy_host *host, sy_backend **out_backend, sy_error *err) {
    sy_backend *backend = sy_mem_calloc(1, sizeof *backend);
    *out_backend = backend;
    if (backend == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", model->name);
    if (host != NULL)
        memcpy(&backend->host, host, host->size < sizeof *host ? host->size : sizeof *host);
    backend->model = model;
    backend->reason = SY_ERROR_INIT;
    backend->status = model->open(backend, &backend->reason);
    return SY_OK;
}

void sy_card_destroy(sy_backend *backend) {
    if (backend == NULL)
        return;
    if (backend->stack != NULL)
        backend->model->close(backend);
    sy_mem_free(backend);
}

sy_status sy_card_code_error(sy_device *device, int code, sy_error *err, const char *what) {
    const sy_card_runtime *runtime = device->model->runtime;
    char text[192];
    sy_status status = runtime->judge(device->stack, code);
    if (status == SY_LOST)
        device->is_lost = true;
    int number = runtime->code_text(device->stack, code, text, sizeof text);
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = number;
    return sy_error_set(err, status, "%s: %s", what, text);
}

sy_status sy_card_fail(sy_device *device, int code, sy_error *err, const char *what) {
    sy_status status = sy_card_code_error(device, code, err, what);
    return sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
}

static sy_status missing(const sy_backend *backend, sy_error *err) {
    return sy_error_set(err, backend->status, "%s", sy_error_text(&backend->reason, backend->status));
}

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    *out_count = 0;
    return backend->status == SY_OK ? backend->model->count(backend, out_count, err) : missing(backend, err);
}

static sy_status read_info(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err) {
    uint32_t count = 0;
    sy_status status = count_devices(backend, &count, err);
    if (status == SY_OK && index >= count)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: no device %u, there are %u", backend->model->name, index, count);
    *info = (sy_device_info){.size = sizeof *info, .index = index, .numa_node = -1};
    return status == SY_OK ? backend->model->describe(backend, index, info, err) : status;
}

static void put_info(sy_device_info info, sy_device_info *out_info) {
    uint32_t size = out_info->size;
    memcpy(out_info, &info, size < sizeof info ? size : sizeof info);
    out_info->size = size;
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_device_info info;
    sy_status status = read_info(backend, index, &info, err);
    if (status == SY_OK)
        put_info(info, out_info);
    return status;
}

static void close_device(sy_device *device) {
    if (device == NULL)
        return;
    device->model->device_close(device);
    sy_card_list_destroy(device->list);
    pthread_mutex_destroy(&device->lock);
    sy_mem_free(device);
}

static sy_status open_own(sy_device *device, const char *params, sy_error *err) {
    int code = device->model->runtime->select(device->stack, device->ordinal);
    if (code != 0)
        return sy_card_fail(device, code, err, "making it this thread's device");
    return device->model->device_open(device, params, err);
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    sy_device_info info;
    *out_device = NULL;
    sy_status status = read_info(backend, index, &info, err);
    if (status != SY_OK)
        return status;
    sy_device *device = sy_mem_calloc(1, sizeof *device);
    if (device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", backend->model->name);
    device->backend = backend;
    device->model = backend->model;
    device->stack = backend->stack;
    device->index = index;
    device->ordinal = (int)index;
    device->info = info;
    pthread_mutex_init(&device->lock, NULL);
    device->list = sy_card_list_create();
    status = device->list != NULL
                 ? open_own(device, params != NULL ? params : "", err)
                 : sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", backend->model->name);
    if (status != SY_OK) {
        close_device(device);
        return status;
    }
    *out_device = device;
    return SY_OK;
}

/* As described, but for what changes: the memory that is free now. */
static sy_status opened_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    sy_device_info info = device->info;
    uint64_t total = 0;
    (void)err;
    if (device->is_lost || device->model->runtime->memory_info(device->stack, &info.free_bytes, &total) != 0)
        info.free_bytes = 0;
    put_info(info, out_info);
    return SY_OK;
}

static sy_status enter_thread(sy_device *device, sy_error *err) {
    int code = device->model->runtime->select(device->stack, device->ordinal);
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "making it this thread's device");
}

static void leave_thread(sy_device *device) {
    (void)device; /* a thread's current device needs no end */
}

const sy_device_api sy_card_device_api = {.size = sizeof sy_card_device_api,
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = opened_info,
    .thread_enter = enter_thread,
    .thread_leave = leave_thread};

static sy_status describe_sensor(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    if (device->model->sensor_describe == NULL)
        return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no sensors", SY_CARD_ID(device));
    return device->model->sensor_describe(device, index, out_sensor, err);
}

static sy_status read_sensor(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    if (device->model->sensor_read == NULL)
        return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no sensors", SY_CARD_ID(device));
    return device->model->sensor_read(device, index, out_value, err);
}

const sy_sensor_api sy_card_sensor_api = {
    .size = sizeof sy_card_sensor_api, .describe = describe_sensor, .read = read_sensor};
