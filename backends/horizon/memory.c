/* Memory: the library's, which BPU and processor share through the processor's cache, and the host's. */
#include <string.h>
#include <unistd.h>

#include "backends/horizon/horizon.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { PAGE = 4096, HOST_ALIGN = 64 };

static const horizon_library *library_of(const sy_buffer *buffer) {
    return &buffer->device->backend->library;
}

static sy_status make_buffer(sy_device *device, uint32_t kind, unsigned char *data, uint64_t bytes,
    sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = sy_mem_calloc(1, sizeof **out_buffer);
    if (*out_buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a buffer");
    **out_buffer = (sy_buffer){.device = device, .kind = kind, .data = data, .bytes = bytes};
    return SY_OK;
}

/* Whole pages: that is what there is to share, and room for what the BPU writes behind the last element. */
static sy_status alloc_shared(sy_device *device, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    const horizon_library *library = &device->backend->library;
    horizon_memory memory = {0};
    uint64_t whole = 0;
    int32_t code = sy_round_up_u64(bytes, PAGE, &whole) ? horizon_memory_make(library, whole, &memory)
                                                        : HORIZON_NO_MEMORY;
    if (code != 0) {
        sy_status status = horizon_fail(library, code, "memory", err);
        return sy_error_prefix(err, status, "%llu bytes wanted", (unsigned long long)bytes);
    }
    sy_status status = make_buffer(device, SY_MEMORY_DEVICE, memory.address, bytes, out_buffer, err);
    if (status != SY_OK)
        horizon_memory_end(library, &memory);
    else
        (*out_buffer)->memory = memory;
    return status;
}

static sy_status alloc_pinned(sy_device *device, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    const uint64_t there = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    void *data = bytes <= there ? sy_mem_align(HOST_ALIGN, bytes) : NULL;
    if (data == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: %llu bytes of host memory wanted, of %llu",
            (unsigned long long)bytes, (unsigned long long)there);
    sy_status status = make_buffer(device, SY_MEMORY_PINNED, data, bytes, out_buffer, err);
    if (status != SY_OK)
        sy_mem_free(data);
    return status;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (kind != SY_MEMORY_DEVICE && kind != SY_MEMORY_PINNED)
        return sy_error_set(err, SY_UNSUPPORTED, "horizon: memory of kind %u is not allocated here", kind);
    if (bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon: a buffer of 0 bytes, must be at least 1");
    return kind == SY_MEMORY_DEVICE ? alloc_shared(device, bytes, out_buffer, err)
                                    : alloc_pinned(device, bytes, out_buffer, err);
}

static sy_status import_memory(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon: no memory to import");
    return make_buffer(device, SY_MEMORY_IMPORTED, memory, bytes, out_buffer, err);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer == NULL)
        return;
    if (buffer->kind == SY_MEMORY_DEVICE)
        horizon_memory_end(library_of(buffer), &buffer->memory);
    if (buffer->kind == SY_MEMORY_PINNED)
        sy_mem_free(buffer->data);
    sy_mem_free(buffer);
}

static void *host_address(sy_buffer *buffer) {
    return buffer->kind == SY_MEMORY_DEVICE ? NULL : buffer->data;
}

int32_t horizon_buffer_see(sy_buffer *buffer) {
    if (!buffer->is_written)
        return 0;
    int32_t code = horizon_memory_flush(library_of(buffer), &buffer->memory, HORIZON_INVALIDATE);
    buffer->is_written = code != 0;
    return code;
}

int32_t horizon_buffer_show(sy_buffer *buffer) {
    return buffer->kind == SY_MEMORY_DEVICE
               ? horizon_memory_flush(library_of(buffer), &buffer->memory, HORIZON_CLEAN)
               : 0;
}

bool horizon_span_is_inside(const sy_span *span) {
    return span->buffer != NULL && span->offset <= span->buffer->bytes &&
           span->bytes <= span->buffer->bytes - span->offset;
}

static sy_status check_span(const sy_span *span, const char *what, sy_error *err) {
    return horizon_span_is_inside(span)
               ? SY_OK
               : sy_error_set(err, SY_INVALID_ARGUMENT, "horizon: %s is outside of its buffer", what);
}

static sy_status check_copy(sy_span dst, sy_span src, sy_error *err) {
    sy_status status = check_span(&dst, "copy's target", err);
    if (status == SY_OK)
        status = check_span(&src, "copy's source", err);
    if (status != SY_OK)
        return status;
    if (src.bytes != dst.bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon: copy of %llu bytes into %llu",
            (unsigned long long)src.bytes, (unsigned long long)dst.bytes);
    const unsigned char *to = dst.buffer->data + dst.offset, *from = src.buffer->data + src.offset;
    if (dst.bytes > 0 && to < from + src.bytes && from < to + dst.bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon: source and target of a copy overlap");
    return SY_OK;
}

/* Copies and fills are the processor's: done when they return, and what is under way is finished before. */
static sy_status copy_span(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    sy_status status = check_copy(dst, src, err);
    if (status != SY_OK || dst.bytes == 0)
        return status;
    (void)horizon_queue_finish(queue, UINT64_MAX, NULL);
    int32_t code = horizon_buffer_see(src.buffer);
    if (code == 0)
        code = horizon_buffer_see(dst.buffer);
    if (code == 0) {
        memcpy(dst.buffer->data + dst.offset, src.buffer->data + src.offset, dst.bytes);
        code = horizon_buffer_show(dst.buffer);
    }
    return horizon_fail(&queue->device->backend->library, code, "flush of a copy", err);
}

static sy_status fill_span(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    sy_status status = check_span(&dst, "fill's target", err);
    if (status != SY_OK || dst.bytes == 0)
        return status;
    (void)horizon_queue_finish(queue, UINT64_MAX, NULL);
    int32_t code = horizon_buffer_see(dst.buffer);
    if (code == 0) {
        memset(dst.buffer->data + dst.offset, value, dst.bytes);
        code = horizon_buffer_show(dst.buffer);
    }
    return horizon_fail(&queue->device->backend->library, code, "flush of a fill", err);
}

const sy_memory_api horizon_memory_api = {.size = sizeof(sy_memory_api),
    .alloc = alloc_buffer,
    .import = import_memory,
    .free = free_buffer,
    .host_ptr = host_address,
    .copy = copy_span,
    .fill = fill_span};
