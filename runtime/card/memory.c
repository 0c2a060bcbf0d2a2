/* Memory of the device, pinned and imported memory of the host, copies and fills. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/card/card.h"

static const char *const kind_names[] = {
    [SY_MEMORY_DEVICE] = "device memory", [SY_MEMORY_PINNED] = "pinned memory"};

static sy_status make_memory(sy_buffer *buffer, sy_error *err) {
    sy_device *device = buffer->device;
    const sy_card_runtime *runtime = device->model->runtime;
    uint64_t free_bytes = 0, total = 0;
    int code = buffer->kind == SY_MEMORY_DEVICE
                   ? runtime->alloc(device->stack, buffer->bytes, &buffer->address)
                   : runtime->pinned_alloc(device->stack, buffer->bytes, &buffer->address);
    if (code == 0 && buffer->address != NULL)
        return SY_OK;
    sy_status status = code != 0 ? sy_card_fail(device, code, err, kind_names[buffer->kind])
                                 : sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": %s",
                                       SY_CARD_ID(device), kind_names[buffer->kind]);
    (void)runtime->memory_info(device->stack, &free_bytes, &total);
    return status != SY_OUT_OF_MEMORY
               ? status
               : sy_error_prefix(err, status, "%llu bytes wanted, %llu of %llu free on the device",
                     (unsigned long long)buffer->bytes, (unsigned long long)free_bytes,
                     (unsigned long long)total);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer == NULL)
        return;
    const sy_card_runtime *runtime = buffer->device->model->runtime;
    if (buffer->kind == SY_MEMORY_DEVICE)
        (void)runtime->free(buffer->device->stack, buffer->address);
    else if (buffer->kind == SY_MEMORY_PINNED)
        (void)runtime->pinned_free(buffer->device->stack, buffer->address);
    sy_mem_free(buffer);
}

static sy_status make_buffer(sy_device *device, const sy_buffer *as, sy_buffer **out_buffer, sy_error *err) {
    sy_buffer *buffer = sy_mem_alloc(sizeof *buffer);
    *out_buffer = buffer;
    if (buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    *buffer = *as;
    buffer->device = device;
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (kind != SY_MEMORY_DEVICE && kind != SY_MEMORY_PINNED)
        return sy_error_set(err, SY_UNSUPPORTED, SY_CARD_ID_FORMAT ": no memory of kind %u to allocate",
            SY_CARD_ID(device), kind);
    if (bytes == 0 || bytes > SIZE_MAX / 2)
        return sy_error_set(err, bytes == 0 ? SY_INVALID_ARGUMENT : SY_OUT_OF_MEMORY,
            SY_CARD_ID_FORMAT ": an allocation of %llu bytes", SY_CARD_ID(device), (unsigned long long)bytes);
    sy_status status = make_buffer(device, &(sy_buffer){.kind = kind, .bytes = bytes}, out_buffer, err);
    if (status == SY_OK)
        status = make_memory(*out_buffer, err);
    if (status != SY_OK) {
        sy_mem_free(*out_buffer);
        *out_buffer = NULL;
    }
    return status;
}

static sy_status import_memory(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": nothing to import", SY_CARD_ID(device));
    sy_buffer as = {.kind = SY_MEMORY_IMPORTED, .bytes = bytes, .address = memory};
    return make_buffer(device, &as, out_buffer, err);
}

static void *host_address(sy_buffer *buffer) {
    return buffer->kind == SY_MEMORY_DEVICE ? NULL : buffer->address;
}

static sy_status copy_span(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    sy_device *device = queue->device;
    if (!sy_card_span_is_inside(dst) || !sy_card_span_is_inside(src) || dst.bytes != src.bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": a copy outside of its buffers, or of unequal lengths", SY_CARD_ID(device));
    if (dst.buffer->device != device || src.buffer->device != device)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": a copy with a buffer of another device", SY_CARD_ID(device));
    bool to_host = dst.buffer->kind != SY_MEMORY_DEVICE, from_host = src.buffer->kind != SY_MEMORY_DEVICE;
    if (to_host && from_host)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": a copy without an end on the device", SY_CARD_ID(device));
    if (dst.bytes == 0)
        return SY_OK;
    int code =
        device->model->runtime->copy(device->stack, sy_card_address(dst), sy_card_address(src), dst.bytes,
            to_host     ? SY_CARD_DEVICE_TO_HOST
            : from_host ? SY_CARD_HOST_TO_DEVICE
                        : SY_CARD_DEVICE_TO_DEVICE,
            queue->stream);
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "a copy");
}

/* The host's own memory is filled by the host, in its turn: when what comes before is done. */
static int fill_host(sy_queue *queue, sy_span dst, uint8_t value) {
    int code = queue->device->model->runtime->stream_sync(queue->device->stack, queue->stream);
    if (code == 0)
        memset(sy_card_address(dst), value, dst.bytes);
    return code;
}

static sy_status fill_span(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    sy_device *device = queue->device;
    if (!sy_card_span_is_inside(dst) || dst.buffer->device != device)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": a fill outside of its buffer, or of another device's", SY_CARD_ID(device));
    if (dst.bytes == 0)
        return SY_OK;
    int code = dst.buffer->kind != SY_MEMORY_DEVICE
                   ? fill_host(queue, dst, value)
                   : device->model->runtime->fill(
                         device->stack, sy_card_address(dst), value, dst.bytes, queue->stream);
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "a fill");
}

const sy_memory_api sy_card_memory_api = {.size = sizeof sy_card_memory_api,
    .alloc = alloc_buffer,
    .import = import_memory,
    .free = free_buffer,
    .host_ptr = host_address,
    .copy = copy_span,
    .fill = fill_span};
