/* Memory of the simulated device: pages without access rights, opened only while the device works on them. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backends/sim/sim.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Access rights of the pages that a span of device memory touches. */
static void protect(sy_span span, int access) {
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t begin = span.offset / page * page;
    if (span.buffer->kind == SY_MEMORY_DEVICE && span.bytes > 0)
        mprotect(span.buffer->memory + begin, span.offset + span.bytes - begin, access);
}

char *sim_span_open(sy_span span) {
    protect(span, PROT_READ | PROT_WRITE);
    return span.buffer->memory + span.offset;
}

void sim_span_close(sy_span span) {
    protect(span, PROT_NONE);
}

static sy_status map_memory(sy_buffer *buffer, sy_error *err) {
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    if (!sy_round_up_u64(buffer->bytes, page, &buffer->mapped_bytes))
        return sy_error_set(err, SY_OVERFLOW, "sim: an allocation beyond 64 bits");
    int access = buffer->kind == SY_MEMORY_DEVICE ? PROT_NONE : PROT_READ | PROT_WRITE;
    void *memory =
        mmap(NULL, buffer->mapped_bytes, access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "sim: the host has no %llu bytes", (unsigned long long)buffer->bytes);
    buffer->memory = memory;
    return SY_OK;
}

static sy_status alloc_locked(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    uint64_t left = device->model.memory - device->allocated_bytes;
    *out_buffer = NULL;
    if (kind == SY_MEMORY_SHARED || kind == SY_MEMORY_IMPORTED || kind == 0 || kind > SY_MEMORY_IMPORTED)
        return sy_error_set(err, SY_UNSUPPORTED, "sim: no memory of kind %u", kind);
    if (bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: an allocation of 0 bytes");
    if (kind == SY_MEMORY_DEVICE && bytes > left)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: %llu bytes wanted, %llu free on the device",
            (unsigned long long)bytes, (unsigned long long)left);
    sy_buffer *buffer = sy_mem_calloc(1, sizeof *buffer);
    if (buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    *buffer = (sy_buffer){.device = device, .kind = kind, .bytes = bytes};
    sy_status status = map_memory(buffer, err);
    if (status != SY_OK) {
        sy_mem_free(buffer);
        return status;
    }
    if (kind == SY_MEMORY_DEVICE)
        device->allocated_bytes += bytes;
    *out_buffer = buffer;
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    sim_lock(device);
    sy_status status = alloc_locked(device, kind, bytes, out_buffer, err);
    sim_unlock(device);
    return status;
}

static sy_status import_memory(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: nothing to import");
    sy_buffer *buffer = sy_mem_calloc(1, sizeof *buffer);
    if (buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    *buffer = (sy_buffer){.device = device, .kind = SY_MEMORY_IMPORTED, .bytes = bytes, .memory = memory};
    *out_buffer = buffer;
    return SY_OK;
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer == NULL)
        return;
    sim_lock(buffer->device);
    sim_notes_before_free(buffer->device, buffer);
    if (buffer->kind == SY_MEMORY_DEVICE)
        buffer->device->allocated_bytes -= buffer->bytes;
    sim_unlock(buffer->device);
    if (buffer->kind != SY_MEMORY_IMPORTED)
        munmap(buffer->memory, buffer->mapped_bytes);
    sy_mem_free(buffer);
}

static void *host_address(sy_buffer *buffer) {
    return buffer->kind == SY_MEMORY_DEVICE ? NULL : buffer->memory;
}

static bool span_is_valid(sy_span span) {
    return span.buffer != NULL && span.offset <= span.buffer->bytes &&
           span.bytes <= span.buffer->bytes - span.offset;
}

static bool same_span(sy_span a, sy_span b) {
    return a.buffer == b.buffer && a.offset == b.offset && a.bytes == b.bytes;
}

/* The bytes at once; of a copy within the device that is repeated, as it is while one is measured, only the
 * first. */
static void move_bytes(sy_device *device, sy_span dst, sy_span src) {
    bool within = dst.buffer->kind == SY_MEMORY_DEVICE && src.buffer->kind == SY_MEMORY_DEVICE;
    if (within && same_span(device->copied_to, dst) && same_span(device->copied_from, src))
        return;
    sim_notes_before_read(device, src);
    sim_notes_before_write(device, dst);
    char *from = sim_span_open(src);
    char *to = sim_span_open(dst);
    memmove(to, from, src.bytes);
    sim_span_close(dst);
    sim_span_close(src);
    if (within) {
        device->copied_to = dst;
        device->copied_from = src;
    }
}

/* Time passes for bytes that go at `rate`. */
static void move_for(sy_device *device, uint64_t bytes, double rate) {
    sim_load load = {.work_ns = 1e9 * (double)bytes / rate, .is_memory_bound = true};
    sim_enqueue(&device->model, &device->state, load);
}

/* Copies are done at once and take their virtual time: nobody can see the difference without a race. */
static sy_status copy_span(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    sy_device *device = queue->device;
    if (!span_is_valid(dst) || !span_is_valid(src) || dst.bytes != src.bytes)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "sim: a copy outside of its buffers, or of unequal lengths");
    sim_lock(device);
    move_bytes(device, dst, src);
    bool on_device = dst.buffer->kind == SY_MEMORY_DEVICE && src.buffer->kind == SY_MEMORY_DEVICE;
    double rate = on_device ? device->model.bw / 2.0 : device->model.link;
    move_for(device, src.bytes, rate);
    sim_unlock(device);
    return SY_OK;
}

static sy_status fill_span(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    sy_device *device = queue->device;
    if (!span_is_valid(dst))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: a fill outside of its buffer");
    sim_lock(device);
    sim_notes_before_write(device, dst);
    memset(sim_span_open(dst), value, dst.bytes);
    sim_span_close(dst);
    move_for(device, dst.bytes, device->model.bw);
    sim_unlock(device);
    return SY_OK;
}

const sy_memory_api sim_memory = {.size = sizeof sim_memory,
    .alloc = alloc_buffer,
    .import = import_memory,
    .free = free_buffer,
    .host_ptr = host_address,
    .copy = copy_span,
    .fill = fill_span};
