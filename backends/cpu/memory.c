/* Allocation, copies and fills. */
#include "backends/cpu/memory.h"

#include <string.h>
#include <sys/mman.h>

#include "backends/cpu/device.h"
#include "backends/cpu/queue.h"
#include "backends/cpu/share.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define PAGE_BYTES 4096u
#define HUGE_PAGE_BYTES (UINT64_C(2) << 20)

/* From this size on, an allocation is first compared with what is free: beyond it the system would swap or
 * kill instead of refusing. */
#define CHECKED_BYTES (UINT64_C(16) << 20)

/* Below this, a copy on one thread is over before others would have woken up. */
#define PARALLEL_BYTES (UINT64_C(256) << 10)

typedef struct bytes_job {
    unsigned char *dst;
    const unsigned char *src;
    uint64_t bytes;
    int value, parts;
} bytes_job;

static void touch_part(void *arg, int64_t step, int part) {
    (void)step;
    bytes_job *job = arg;
    sy_cpu_share share = sy_cpu_share_of(job->bytes, PAGE_BYTES, part, job->parts);
    for (uint64_t i = share.begin; i < share.end; i += PAGE_BYTES)
        ((volatile unsigned char *)job->dst)[i] = 0;
}

static void copy_part(void *arg, int64_t step, int part) {
    (void)step;
    bytes_job *job = arg;
    sy_cpu_share share = sy_cpu_share_of(job->bytes, PAGE_BYTES, part, job->parts);
    if (share.end > share.begin)
        memcpy(job->dst + share.begin, job->src + share.begin, share.end - share.begin);
}

static void fill_part(void *arg, int64_t step, int part) {
    (void)step;
    bytes_job *job = arg;
    sy_cpu_share share = sy_cpu_share_of(job->bytes, PAGE_BYTES, part, job->parts);
    if (share.end > share.begin)
        memset(job->dst + share.begin, job->value, share.end - share.begin);
}

static void run_bytes(sy_cpu_pool *pool, sy_cpu_pool_fn *fn, bytes_job *job) {
    job->parts = job->bytes < PARALLEL_BYTES ? 1 : sy_cpu_pool_threads(pool);
    sy_cpu_pool_run(pool, fn, job, 1, job->parts);
}

static sy_status check_free(const sy_device *device, uint64_t bytes, sy_error *err) {
    sy_cpu_limits limits;
    if (bytes < CHECKED_BYTES)
        return SY_OK;
    sy_cpu_limits_read(device->backend->sysroot, &limits);
    if (limits.free_bytes == 0 || bytes <= limits.free_bytes)
        return SY_OK;
    return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: %llu bytes wanted, %llu free", (unsigned long long)bytes,
        (unsigned long long)limits.free_bytes);
}

/* Memory for a buffer, in huge pages if it is worth one. */
static void *take_memory(uint64_t bytes) {
    if (bytes < HUGE_PAGE_BYTES)
        return sy_mem_align(SY_CPU_ALIGNMENT, bytes);
    void *memory = sy_mem_align(HUGE_PAGE_BYTES, bytes);
    if (memory != NULL)
        madvise(memory, bytes - bytes % PAGE_BYTES, MADV_HUGEPAGE);
    return memory;
}

static sy_status make_buffer(
    sy_device *device, void *data, uint64_t bytes, void *owned, sy_buffer **out_buffer, sy_error *err) {
    sy_buffer *buffer = sy_mem_alloc(sizeof *buffer);
    if (buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a buffer's description");
    *buffer = (sy_buffer){.device = device, .data = data, .bytes = bytes, .owned = owned};
    *out_buffer = buffer;
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (kind != SY_MEMORY_DEVICE && kind != SY_MEMORY_PINNED && kind != SY_MEMORY_SHARED)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: memory of kind %u is not allocated here", kind);
    if (bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: a buffer of 0 bytes, must be at least 1");
    sy_status status = check_free(device, bytes, err);
    if (status != SY_OK)
        return status;
    void *memory = take_memory(bytes);
    if (memory == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: %llu bytes wanted, the system gives none",
            (unsigned long long)bytes);
    bytes_job job = {.dst = memory, .bytes = bytes};
    run_bytes(device->pool, touch_part, &job);
    status = make_buffer(device, memory, bytes, memory, out_buffer, err);
    if (status != SY_OK)
        sy_mem_free(memory);
    return status;
}

static sy_status import_memory(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: no memory to import");
    return make_buffer(device, memory, bytes, NULL, out_buffer, err);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer == NULL)
        return;
    sy_mem_free(buffer->owned);
    sy_mem_free(buffer);
}

static void *host_address(sy_buffer *buffer) {
    return buffer != NULL ? buffer->data : NULL;
}

sy_status sy_cpu_span_data(
    const sy_device *device, const sy_span *span, const char *what, unsigned char **out_data, sy_error *err) {
    *out_data = NULL;
    if (span->buffer == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: %s has no buffer", what);
    if (span->buffer->device != device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: %s lies on another device", what);
    if (span->offset > span->buffer->bytes || span->bytes > span->buffer->bytes - span->offset)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: %s is %llu bytes from byte %llu on, beyond its buffer of %llu", what,
            (unsigned long long)span->bytes, (unsigned long long)span->offset,
            (unsigned long long)span->buffer->bytes);
    *out_data = span->buffer->data + span->offset;
    return SY_OK;
}

static sy_status copy_span(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    bytes_job job = {.bytes = dst.bytes};
    unsigned char *from = NULL;
    sy_status status = sy_cpu_span_data(queue->device, &dst, "copy's target", &job.dst, err);
    if (status == SY_OK)
        status = sy_cpu_span_data(queue->device, &src, "copy's source", &from, err);
    if (status != SY_OK)
        return status;
    if (src.bytes != dst.bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: copy of %llu bytes into %llu",
            (unsigned long long)src.bytes, (unsigned long long)dst.bytes);
    if (dst.bytes > 0 && job.dst < from + src.bytes && from < job.dst + dst.bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: source and target of a copy overlap");
    job.src = from;
    run_bytes(queue->pool, copy_part, &job);
    return SY_OK;
}

static sy_status fill_span(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    bytes_job job = {.bytes = dst.bytes, .value = value};
    sy_status status = sy_cpu_span_data(queue->device, &dst, "fill's target", &job.dst, err);
    if (status == SY_OK)
        run_bytes(queue->pool, fill_part, &job);
    return status;
}

const sy_memory_api sy_cpu_memory_api = {
    .size = sizeof(sy_memory_api),
    .alloc = alloc_buffer,
    .import = import_memory,
    .free = free_buffer,
    .host_ptr = host_address,
    .copy = copy_span,
    .fill = fill_span,
};
