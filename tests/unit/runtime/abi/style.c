/* What the four backends share: descriptions and counted objects. */
#include "tests/unit/runtime/abi/style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sy_status style_fail(sy_error *err, sy_status status, const char *text) {
    if (err != NULL && err->size >= sizeof *err)
        snprintf(err->text, sizeof err->text, "%s", text);
    return status;
}

void style_offer(const sy_algorithm *offered, sy_algorithm *out_algorithm) {
    uint32_t size = out_algorithm->size;
    memcpy(out_algorithm, offered, size < sizeof *offered ? size : sizeof *offered);
    out_algorithm->size = size;
}

sy_status style_no_layouts(sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device, (void)tensor;
    *out_bytes = 0;
    return style_fail(err, SY_UNSUPPORTED, "no private layouts");
}

void *style_make(style_seen *seen, size_t bytes) {
    void *object = calloc(1, bytes);
    seen->living += object != NULL;
    return object;
}

void style_drop(style_seen *seen, void *object) {
    seen->living -= object != NULL;
    free(object);
}

sy_status style_create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    *out_backend = style_make(host->ctx, sizeof **out_backend);
    if (*out_backend == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_backend = (sy_backend){.host = host, .seen = host->ctx};
    return SY_OK;
}

void style_destroy(sy_backend *backend) {
    if (backend != NULL)
        style_drop(backend->seen, backend);
}

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend, (void)err;
    *out_count = 1;
    return SY_OK;
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_device_info info = {.size = out_info->size,
        .name = "card",
        .scope = SY_SCOPE_CARD,
        .flags = SY_DEVICE_COPY_ASYNC,
        .base_align = 256,
        .numa_node = -1,
        .dtypes = SY_DTYPE_BIT(SY_F32)};
    (void)backend;
    memcpy(out_info, &info, info.size < sizeof info ? info.size : sizeof info);
    return index == 0 ? SY_OK : style_fail(err, SY_INVALID_ARGUMENT, "there is one device");
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    *out_device = NULL;
    if (index != 0 || params[0] != '\0')
        return style_fail(err, SY_INVALID_ARGUMENT, "there is one device without parameters");
    *out_device = style_make(backend->seen, sizeof **out_device);
    if (*out_device == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    (*out_device)->backend = backend;
    return SY_OK;
}

static void close_device(sy_device *device) {
    if (device != NULL)
        style_drop(device->backend->seen, device);
}

static sy_status device_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    return describe(device->backend, 0, out_info, err);
}

static sy_status thread_enter(sy_device *device, sy_error *err) {
    (void)err;
    device->backend->seen->entered++; /* the vendor's current device or context of this thread */
    return SY_OK;
}

static void thread_leave(sy_device *device) {
    device->backend->seen->entered--;
}

const sy_device_api style_device = {.size = sizeof style_device,
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = device_info,
    .thread_enter = thread_enter,
    .thread_leave = thread_leave};
