/* The device table: count, describe, open. */
#include "backends/cpu/device.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend, (void)err;
    *out_count = 1;
    return SY_OK;
}

static sy_status check_index(uint32_t index, sy_error *err) {
    if (index == 0)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: device %u does not exist, there is only 0", index);
}

static void describe_as(const sy_backend *backend, uint32_t threads, sy_device_info *out_info) {
    sy_cpu_limits limits;
    sy_cpu_limits_read(backend->sysroot, &limits);
    sy_device_info info = {.size = out_info->size,
        .scope = SY_SCOPE_NODE,
        .flags = SY_DEVICE_UNIFIED | SY_DEVICE_HOST_PROCESSOR,
        .memory_bytes = limits.memory_bytes,
        .free_bytes = limits.free_bytes,
        .max_alloc_bytes = limits.free_bytes,
        .cache_bytes = backend->topology.last_bytes,
        .base_align = SY_CPU_ALIGNMENT,
        .units = threads,
        .numa_node = backend->topology.numa_nodes == 1 ? 0 : -1};
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++)
        info.dtypes |= SY_DTYPE_BIT(dtype);
    memcpy(info.name, backend->model, sizeof info.name);
    memcpy(info.vendor, backend->vendor, sizeof info.vendor);
    memcpy(info.uuid, backend->uuid, sizeof info.uuid);
    snprintf(info.isa, sizeof info.isa, "%s", backend->isa.name);
    memcpy(out_info, &info, out_info->size < sizeof info ? out_info->size : sizeof info);
}

static sy_status describe_device(
    sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_status status = check_index(index, err);
    if (status == SY_OK)
        describe_as(backend, backend->threads, out_info);
    return status;
}

/* Parameters of open(). */
typedef struct params {
    uint32_t threads;
    bool is_bound;
} params;

static sy_status read_param(const sy_backend *backend, char *item, params *out_params, sy_error *err) {
    char *value = strchr(item, '=');
    if (value != NULL)
        *value++ = '\0';
    if (value != NULL && strcmp(item, "threads") == 0)
        return sy_cpu_threads_parse(backend, value, &out_params->threads, err);
    if (value != NULL && strcmp(item, "bind") == 0 && (strcmp(value, "0") == 0 || strcmp(value, "1") == 0)) {
        out_params->is_bound = value[0] == '1';
        return SY_OK;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "cpu: device parameter \"%s\" is not known or has no such value; there are threads=N and bind=0|1",
        item);
}

static sy_status read_params(const sy_backend *backend, const char *text, params *out_params, sy_error *err) {
    sy_status status = SY_OK;
    /* Processors of a recorded machine are not ours to bind to. */
    *out_params = (params){.threads = backend->threads, .is_bound = backend->sysroot[0] == '\0'};
    if (text == NULL || text[0] == '\0')
        return SY_OK;
    char *copy = sy_mem_strdup(text), *rest = NULL;
    if (copy == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for the device's parameters");
    for (char *item = strtok_r(copy, ",", &rest); item != NULL && status == SY_OK;
         item = strtok_r(NULL, ",", &rest))
        status = read_param(backend, item, out_params, err);
    sy_mem_free(copy);
    return status;
}

static void close_device(sy_device *device) {
    if (device == NULL)
        return;
    sy_cpu_pool_destroy(device->pool);
    sy_cpu_packed_release(&device->packed);
    sy_mem_free(device);
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *text, sy_device **out_device, sy_error *err) {
    params wanted;
    *out_device = NULL;
    sy_status status = check_index(index, err);
    if (status == SY_OK)
        status = read_params(backend, text, &wanted, err);
    if (status != SY_OK)
        return status;
    sy_device *device = sy_mem_calloc(1, sizeof *device);
    if (device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a device");
    device->backend = backend;
    device->is_bound = wanted.is_bound;
    sy_cpu_packed_init(&device->packed);
    status =
        sy_cpu_pool_create(backend->topology.processor, wanted.threads, wanted.is_bound, &device->pool, err);
    if (status != SY_OK) {
        close_device(device);
        return status;
    }
    *out_device = device;
    return SY_OK;
}

static sy_status describe_opened(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)err;
    describe_as(device->backend, (uint32_t)sy_cpu_pool_threads(device->pool), out_info);
    return SY_OK;
}

/* Binding waits for the first run: a thread that only reads sensors must not crowd the first processor. */
static sy_status enter_thread(sy_device *device, sy_error *err) {
    (void)device, (void)err;
    return SY_OK;
}

static void leave_thread(sy_device *device) {
    sy_cpu_pool_leave(device->pool);
}

const sy_device_api sy_cpu_device_api = {
    .size = sizeof(sy_device_api),
    .count = count_devices,
    .describe = describe_device,
    .open = open_device,
    .close = close_device,
    .info = describe_opened,
    .thread_enter = enter_thread,
    .thread_leave = leave_thread,
};
