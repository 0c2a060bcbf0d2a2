/* Backend, device, memory and queue of the stub plugins. */
#include "tests/plugins/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sy_backend {
    const sy_host *host;
};
struct sy_device {
    sy_backend *backend;
};
struct sy_buffer {
    unsigned char *bytes;
    uint64_t count;
    uint32_t is_imported;
};
struct sy_queue {
    sy_device *device;
};

sy_status host_fail(sy_error *err, sy_status status, const char *text) {
    if (err != NULL && err->size >= sizeof *err)
        snprintf(err->text, sizeof err->text, "%s", text);
    return status;
}

sy_status host_create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    sy_backend *backend = calloc(1, sizeof *backend);
    *out_backend = backend;
    if (backend == NULL)
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    backend->host = host;
    host->log(host->ctx, SY_LOG_DEBUG, "created");
    return SY_OK;
}

void host_destroy(sy_backend *backend) {
    free(backend);
}

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend, (void)err;
    *out_count = 1;
    return SY_OK;
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    (void)backend;
    sy_device_info info = {.size = out_info->size,
        .index = index,
        .scope = SY_SCOPE_NODE,
        .flags = SY_DEVICE_UNIFIED,
        .name = "host memory",
        .vendor = "test",
        .base_align = 64,
        .units = 1,
        .numa_node = -1,
        .dtypes = SY_DTYPE_BIT(SY_F32)};
    if (index != 0)
        return host_fail(err, SY_INVALID_ARGUMENT, "there is one device, 0");
    memcpy(out_info, &info, out_info->size < sizeof info ? out_info->size : sizeof info);
    return SY_OK;
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    *out_device = NULL;
    if (index != 0)
        return host_fail(err, SY_INVALID_ARGUMENT, "there is one device, 0");
    if (params[0] != '\0')
        return host_fail(err, SY_INVALID_ARGUMENT, "there are no parameters");
    *out_device = calloc(1, sizeof **out_device);
    if (*out_device == NULL)
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    (*out_device)->backend = backend;
    return SY_OK;
}

static void close_device(sy_device *device) {
    free(device);
}

static sy_status device_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    return describe(device->backend, 0, out_info, err);
}

const sy_device_api host_device = {
    .size = sizeof host_device,
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = device_info,
};

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)device;
    *out_buffer = NULL;
    if (kind < SY_MEMORY_DEVICE || kind > SY_MEMORY_SHARED)
        return host_fail(err, SY_UNSUPPORTED, "no such kind of memory");
    if (bytes == 0)
        return host_fail(err, SY_INVALID_ARGUMENT, "an allocation of 0 bytes");
    if (bytes > UINT64_C(1) << 40)
        return host_fail(err, SY_OUT_OF_MEMORY, "more than 1 TiB wanted");
    sy_buffer *buffer = calloc(1, sizeof *buffer);
    unsigned char *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (buffer == NULL || memory == NULL) {
        free(buffer);
        free(memory);
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    }
    *buffer = (sy_buffer){.bytes = memory, .count = bytes};
    *out_buffer = buffer;
    return SY_OK;
}

static sy_status import_buffer(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)device;
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return host_fail(err, SY_INVALID_ARGUMENT, "nothing to import");
    *out_buffer = calloc(1, sizeof **out_buffer);
    if (*out_buffer == NULL)
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    **out_buffer = (sy_buffer){.bytes = memory, .count = bytes, .is_imported = 1};
    return SY_OK;
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer != NULL && !buffer->is_imported)
        free(buffer->bytes);
    free(buffer);
}

static void *host_pointer(sy_buffer *buffer) {
    return buffer->bytes;
}

int host_span_is_inside(sy_span span) {
    return span.buffer != NULL && span.offset <= span.buffer->count &&
           span.bytes <= span.buffer->count - span.offset;
}

static sy_status copy(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    (void)queue;
    if (!host_span_is_inside(dst) || !host_span_is_inside(src) || dst.bytes != src.bytes)
        return host_fail(err, SY_INVALID_ARGUMENT, "copy: spans outside their buffers, or of two sizes");
    memcpy(dst.buffer->bytes + dst.offset, src.buffer->bytes + src.offset, dst.bytes);
    return SY_OK;
}

static sy_status fill(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    (void)queue;
    if (!host_span_is_inside(dst))
        return host_fail(err, SY_INVALID_ARGUMENT, "fill: span outside its buffer");
    memset(dst.buffer->bytes + dst.offset, value, dst.bytes);
    return SY_OK;
}

const sy_memory_api host_memory = {
    .size = sizeof host_memory,
    .alloc = alloc_buffer,
    .import = import_buffer,
    .free = free_buffer,
    .host_ptr = host_pointer,
    .copy = copy,
    .fill = fill,
};

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = calloc(1, sizeof **out_queue);
    if (*out_queue == NULL)
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    (*out_queue)->device = device;
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    free(queue);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)queue, (void)timeout_ns, (void)err;
    return SY_OK;
}

const sy_queue_api host_queue = {
    .size = sizeof host_queue,
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
};
