/* Stub plugin: a general interface with two drivers for the host's processor, `any:0` and `any:1`. */
#include "tests/plugins/host.h"

#include <stdio.h>

SY_PLUGIN_NOTE;

/* A worker has one device open at a time, and every device here is the same memory. */
static uint32_t opened;

static sy_status count(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend, (void)err;
    *out_count = 2;
    return SY_OK;
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    if (index > 1)
        return host_fail(err, SY_INVALID_ARGUMENT, "there are two devices, 0 and 1");
    sy_status status = host_device.describe(backend, 0, out_info, err);
    out_info->flags |= SY_DEVICE_HOST_PROCESSOR | SY_DEVICE_GENERAL;
    out_info->index = index;
    snprintf(out_info->name, sizeof out_info->name, "driver %u of the processor", index);
    return status;
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    *out_device = NULL;
    if (index > 1)
        return host_fail(err, SY_INVALID_ARGUMENT, "there are two devices, 0 and 1");
    opened = index;
    return host_device.open(backend, 0, params, out_device, err);
}

static void close_device(sy_device *device) {
    host_device.close(device);
}

static sy_status device_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)device;
    return describe(NULL, opened, out_info, err);
}

static const sy_device_api device = {
    .size = sizeof device,
    .count = count,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = device_info,
};

static const sy_backend_api api = {
    .size = sizeof api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "any",
    .version = "1.0",
    .create = host_create,
    .destroy = host_destroy,
    .device = &device,
    .memory = &host_memory,
    .queue = &host_queue,
    .work = &host_work,
};

SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    return &api;
}
