/* Context: an opened device with its queue, and memory on it. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/facade/facade.h"

sy_status sy_context_enter(sy_context *context, sy_error *err) {
    const sy_device_api *api = context->ref.api->device;
    return api->thread_enter != NULL ? api->thread_enter(context->device, err) : SY_OK;
}

void sy_context_leave(sy_context *context) {
    const sy_device_api *api = context->ref.api->device;
    if (api->thread_leave != NULL)
        api->thread_leave(context->device);
}

/* What findings of tuning for this device go by. */
static sy_status identify(sy_context *context, const sy_device_id *id, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    sy_status status = context->ref.api->device->info(context->device, &info, err);
    const sy_tuning_subject subject = {
        .backend = id->backend, .version = context->ref.api->version, .params = id->params, .info = &info};
    if (status == SY_OK)
        sy_tuning_key_make(&subject, &context->tuning);
    return status;
}

static sy_status open_device(sy_context *context, const sy_device_id *id, sy_error *err) {
    sy_registry *registry = context->runtime->registry;
    if (id->plugin[0] != '\0')
        return sy_error_set(err, SY_UNSUPPORTED,
            "a plugin in the device id (%s): put its folder into plugin_path", id->plugin);
    sy_status status = sy_registry_backend(registry, id->backend, &context->ref, err);
    if (status != SY_OK)
        return status;
    const sy_device_api *api = context->ref.api->device;
    status = api->open(context->ref.backend, id->index, id->params, &context->device, err);
    if (status != SY_OK)
        return status;
    context->is_simulated = sy_registry_is_simulated(registry, id->backend);
    status = identify(context, id, err);
    if (status == SY_OK)
        status = sy_context_enter(context, err);
    if (status == SY_OK) {
        status = context->ref.api->queue->create(context->device, &context->queue, err);
        if (status != SY_OK)
            sy_context_leave(context);
    }
    if (status != SY_OK)
        api->close(context->device);
    return status;
}

sy_status sy_context_open(sy_runtime *runtime, const char *device, sy_context **out_context, sy_error *err) {
    sy_device_id id;
    *out_context = NULL;
    sy_status status = sy_device_id_parse(device, &id, err);
    if (status != SY_OK)
        return status;
    sy_context *context = sy_mem_calloc(1, sizeof *context);
    if (context == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "context: %zu bytes", sizeof *context);
    context->runtime = runtime;
    status = open_device(context, &id, err);
    if (status != SY_OK) {
        sy_mem_free(context);
        return sy_error_prefix(err, status, "device %s", device);
    }
    *out_context = context;
    return SY_OK;
}

void sy_context_close(sy_context *context) {
    if (context == NULL)
        return;
    context->ref.api->queue->destroy(context->queue);
    sy_context_leave(context);
    context->ref.api->device->close(context->device);
    sy_mem_free(context);
}

sy_status sy_context_info(sy_context *context, sy_device_info *out_info, sy_error *err) {
    sy_status status = context->ref.api->device->info(context->device, out_info, err);
    if (status == SY_OK && context->is_simulated && out_info->size >= 16)
        out_info->flags |= SY_DEVICE_SIMULATED;
    return status;
}

sy_status sy_context_sync(sy_context *context, uint64_t timeout_ns, sy_error *err) {
    return context->ref.api->queue->sync(context->queue, timeout_ns, err);
}

sy_status sy_memory_create(sy_context *context, uint64_t bytes, sy_memory **out_memory, sy_error *err) {
    *out_memory = NULL;
    if (bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "memory of 0 bytes");
    sy_memory *memory = sy_mem_calloc(1, sizeof *memory);
    if (memory == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "memory: %zu bytes", sizeof *memory);
    *memory = (sy_memory){.context = context, .bytes = bytes};
    sy_status status =
        context->ref.api->memory->alloc(context->device, SY_MEMORY_DEVICE, bytes, &memory->buffer, err);
    if (status != SY_OK) {
        sy_mem_free(memory);
        return status;
    }
    *out_memory = memory;
    return SY_OK;
}

void sy_memory_destroy(sy_memory *memory) {
    if (memory == NULL)
        return;
    memory->context->ref.api->memory->free(memory->buffer);
    sy_mem_free(memory);
}

/* Host memory becomes one end of a copy for the time of the copy. */
static sy_status transfer(
    sy_memory *memory, uint64_t offset, void *host, uint64_t bytes, bool is_write, sy_error *err) {
    sy_context *context = memory->context;
    const sy_memory_api *api = context->ref.api->memory;
    sy_buffer *outside = NULL;
    if (offset > memory->bytes || bytes > memory->bytes - offset)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%llu bytes at %llu of a memory of %llu",
            (unsigned long long)bytes, (unsigned long long)offset, (unsigned long long)memory->bytes);
    if (bytes == 0)
        return SY_OK;
    sy_status status = api->import(context->device, host, bytes, &outside, err);
    if (status != SY_OK)
        return status;
    const sy_span inside = {.buffer = memory->buffer, .offset = offset, .bytes = bytes};
    const sy_span other = {.buffer = outside, .bytes = bytes};
    status = api->copy(context->queue, is_write ? inside : other, is_write ? other : inside, err);
    sy_status waited = sy_context_sync(context, UINT64_MAX, status == SY_OK ? err : NULL);
    api->free(outside);
    return status == SY_OK ? waited : status;
}

sy_status sy_memory_write(
    sy_memory *memory, uint64_t offset, const void *source, uint64_t bytes, sy_error *err) {
    /* import() takes memory for either direction; this copy only reads it. */
    return transfer(memory, offset, (void *)(uintptr_t)source, bytes, true, err);
}

sy_status sy_memory_read(sy_memory *memory, uint64_t offset, void *target, uint64_t bytes, sy_error *err) {
    return transfer(memory, offset, target, bytes, false, err);
}
