/* Host memory, and queues on which all is done when a call returns. */
#include <string.h>
#include <unistd.h>

#include "backends/onnxruntime/onnxruntime.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status make_buffer(
    sy_device *device, void *data, uint64_t bytes, void *owned, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = sy_mem_alloc(sizeof **out_buffer);
    if (*out_buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: no host memory for a buffer");
    **out_buffer = (sy_buffer){.device = device, .data = data, .bytes = bytes, .owned = owned};
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (kind < SY_MEMORY_DEVICE || kind > SY_MEMORY_SHARED)
        return sy_error_set(
            err, SY_UNSUPPORTED, "onnxruntime: memory of kind %u is not allocated here", kind);
    if (bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: a buffer of 0 bytes, must be at least 1");
    const uint64_t there = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    if (bytes > there)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: %llu bytes wanted, the machine has %llu",
            (unsigned long long)bytes, (unsigned long long)there);
    void *data = sy_mem_align(64, bytes);
    if (data == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: %llu bytes wanted, the system gives none",
            (unsigned long long)bytes);
    sy_status status = make_buffer(device, data, bytes, data, out_buffer, err);
    if (status != SY_OK)
        sy_mem_free(data);
    return status;
}

static sy_status import_memory(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: no memory to import");
    return make_buffer(device, memory, bytes, NULL, out_buffer, err);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer != NULL)
        sy_mem_free(buffer->owned);
    sy_mem_free(buffer);
}

static void *host_address(sy_buffer *buffer) {
    return buffer->data;
}

static sy_status check_span(const sy_span *span, const char *what, sy_error *err) {
    bool is_inside = span->buffer != NULL && span->offset <= span->buffer->bytes &&
                     span->bytes <= span->buffer->bytes - span->offset;
    return is_inside
               ? SY_OK
               : sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: %s is outside of its buffer", what);
}

static sy_status copy_span(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    (void)queue;
    sy_status status = check_span(&dst, "copy's target", err);
    if (status == SY_OK)
        status = check_span(&src, "copy's source", err);
    if (status == SY_OK && src.bytes != dst.bytes)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: copy of %llu bytes into %llu",
            (unsigned long long)src.bytes, (unsigned long long)dst.bytes);
    if (status != SY_OK)
        return status;
    unsigned char *to = dst.buffer->data + dst.offset;
    const unsigned char *from = src.buffer->data + src.offset;
    if (dst.bytes > 0 && to < from + src.bytes && from < to + dst.bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "onnxruntime: source and target of a copy overlap");
    if (dst.bytes > 0)
        memcpy(to, from, dst.bytes);
    return SY_OK;
}

static sy_status fill_span(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    (void)queue;
    sy_status status = check_span(&dst, "fill's target", err);
    if (status == SY_OK && dst.bytes > 0)
        memset(dst.buffer->data + dst.offset, value, dst.bytes);
    return status;
}

const sy_memory_api ort_memory_api = {.size = sizeof(sy_memory_api),
    .alloc = alloc_buffer,
    .import = import_memory,
    .free = free_buffer,
    .host_ptr = host_address,
    .copy = copy_span,
    .fill = fill_span};

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = sy_mem_alloc(sizeof **out_queue);
    if (*out_queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: no host memory for a queue");
    **out_queue = (sy_queue){.device = device, .failure = SY_ERROR_INIT};
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    sy_mem_free(queue);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)timeout_ns;
    sy_status status = queue->status;
    queue->status = SY_OK;
    return status == SY_OK ? SY_OK : sy_error_set(err, status, "%s", queue->failure.text);
}

const sy_queue_api ort_queue_api = {
    .size = sizeof(sy_queue_api), .create = create_queue, .destroy = destroy_queue, .sync = sync_queue};
