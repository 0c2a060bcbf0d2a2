/* Memory of a device, pinned and imported memory of the host, copies and fills. */
#include <string.h>
#include <sys/mman.h>

#include "backends/opencl/opencl.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define HUGE_PAGE_BYTES (UINT64_C(2) << 20)

/* Pinned memory is the host's; it takes of the device's where that is the same. */
static bool is_counted(const sy_device *device, uint32_t kind) {
    return kind == SY_MEMORY_DEVICE || (kind == SY_MEMORY_PINNED && device->traits.unified);
}

/* Take bytes of the device's memory; drivers promise more than there is and fail much later. */
static sy_status reserve(sy_device *device, uint32_t kind, uint64_t bytes, sy_error *err) {
    const ocl_traits *traits = &device->traits;
    uint64_t total = 0;
    if (traits->max_alloc_bytes > 0 && bytes > traits->max_alloc_bytes)
        return sy_error_set(err, SY_OUT_OF_MEMORY,
            "opencl:%u: %llu bytes wanted, the largest allocation is %llu", device->index,
            (unsigned long long)bytes, (unsigned long long)traits->max_alloc_bytes);
    if (!is_counted(device, kind))
        return SY_OK;
    pthread_mutex_lock(&device->lock);
    bool fits = sy_add_u64(device->allocated_bytes, bytes, &total) &&
                (traits->memory_bytes == 0 || total <= traits->memory_bytes);
    uint64_t taken = device->allocated_bytes;
    if (fits)
        device->allocated_bytes = total;
    pthread_mutex_unlock(&device->lock);
    return fits ? SY_OK
                : sy_error_set(err, SY_OUT_OF_MEMORY, "opencl:%u: %llu bytes wanted, %llu free on the device",
                      device->index, (unsigned long long)bytes,
                      (unsigned long long)(traits->memory_bytes - taken));
}

static void release(sy_device *device, uint32_t kind, uint64_t bytes) {
    if (!is_counted(device, kind))
        return;
    pthread_mutex_lock(&device->lock);
    device->allocated_bytes -= bytes;
    pthread_mutex_unlock(&device->lock);
}

static uint64_t in_use(sy_device *device) {
    pthread_mutex_lock(&device->lock);
    uint64_t bytes = device->allocated_bytes;
    pthread_mutex_unlock(&device->lock);
    return bytes;
}

/* Drivers allocate when a buffer is first used. Moving it to the device, with no contents, is such a use:
 * memory that is not there is missed here and not in the middle of something else. */
static cl_int settle(sy_device *device, cl_mem memory) {
    cl_int code = device->api->clEnqueueMigrateMemObjects(
        device->service, 1, &memory, CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED, 0, NULL, NULL);
    return code == CL_SUCCESS ? device->api->clFinish(device->service) : code;
}

static cl_int map_pinned(sy_buffer *buffer) {
    cl_int code = CL_SUCCESS;
    buffer->host = buffer->device->api->clEnqueueMapBuffer(buffer->device->service, buffer->memory, CL_TRUE,
        CL_MAP_READ | CL_MAP_WRITE, 0, buffer->bytes, 0, NULL, NULL, &code);
    return buffer->host == NULL && code == CL_SUCCESS ? CL_MAP_FAILURE : code;
}

/* On the host's own processor memory is ours to give: in huge pages, which drivers do not ask for. NULL: let
 * the driver allocate. */
static void *huge_pages(const sy_buffer *buffer) {
    uint64_t bytes = 0;
    if (!buffer->device->traits.is_host || buffer->kind != SY_MEMORY_DEVICE ||
        buffer->bytes < HUGE_PAGE_BYTES || !sy_round_up_u64(buffer->bytes, HUGE_PAGE_BYTES, &bytes))
        return NULL;
    void *memory = sy_mem_align(HUGE_PAGE_BYTES, bytes);
    if (memory != NULL)
        madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

static sy_status make_memory(sy_buffer *buffer, sy_error *err) {
    sy_device *device = buffer->device;
    bool is_pinned = buffer->kind == SY_MEMORY_PINNED;
    cl_int code = CL_SUCCESS;
    buffer->given = huge_pages(buffer);
    cl_mem_flags flags = buffer->given != NULL ? CL_MEM_USE_HOST_PTR : is_pinned ? CL_MEM_ALLOC_HOST_PTR : 0u;
    buffer->memory = device->api->clCreateBuffer(
        device->context, CL_MEM_READ_WRITE | flags, buffer->bytes, buffer->given, &code);
    if (buffer->memory != NULL)
        code = is_pinned ? map_pinned(buffer) : settle(device, buffer->memory);
    if (code == CL_SUCCESS)
        return SY_OK;
    sy_status status = ocl_fail(device, code, is_pinned ? "pinned memory" : "device memory", err);
    uint64_t others = in_use(device) - (is_counted(device, buffer->kind) ? buffer->bytes : 0);
    if (status == SY_OUT_OF_MEMORY)
        sy_error_prefix(err, status, "%llu bytes wanted, %llu of %llu in use",
            (unsigned long long)buffer->bytes, (unsigned long long)others,
            (unsigned long long)device->traits.memory_bytes);
    return status;
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer == NULL)
        return;
    const ocl_api *api = buffer->device->api;
    if (buffer->memory != NULL && buffer->host != NULL) {
        api->clEnqueueUnmapMemObject(buffer->device->service, buffer->memory, buffer->host, 0, NULL, NULL);
        if (!buffer->device->is_lost)
            api->clFinish(buffer->device->service);
    }
    if (buffer->memory != NULL)
        api->clReleaseMemObject(buffer->memory);
    sy_mem_free(buffer->given);
    release(buffer->device, buffer->kind, buffer->bytes);
    sy_mem_free(buffer);
}

static sy_status make_buffer(sy_device *device, const sy_buffer *as, sy_buffer **out_buffer, sy_error *err) {
    sy_buffer *buffer = sy_mem_alloc(sizeof *buffer);
    *out_buffer = buffer;
    if (buffer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    *buffer = *as;
    buffer->device = device;
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (kind == SY_MEMORY_SHARED)
        return sy_error_set(err, SY_UNSUPPORTED,
            "opencl: no shared memory: buffers of OpenCL 1.2 have no address that both sides use");
    if (kind != SY_MEMORY_DEVICE && kind != SY_MEMORY_PINNED)
        return sy_error_set(err, SY_UNSUPPORTED, "opencl: no memory of kind %u to allocate", kind);
    if (bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: an allocation of 0 bytes");
    sy_status status = reserve(device, kind, bytes, err);
    if (status != SY_OK)
        return status;
    status = make_buffer(device, &(sy_buffer){.kind = kind, .bytes = bytes}, out_buffer, err);
    if (status != SY_OK) {
        release(device, kind, bytes);
        return status;
    }
    status = make_memory(*out_buffer, err);
    if (status != SY_OK) {
        free_buffer(*out_buffer);
        *out_buffer = NULL;
    }
    return status;
}

static sy_status import_memory(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = NULL;
    if (memory == NULL || bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: nothing to import");
    sy_buffer as = {.kind = SY_MEMORY_IMPORTED, .bytes = bytes, .host = memory};
    return make_buffer(device, &as, out_buffer, err);
}

static void *host_address(sy_buffer *buffer) {
    return buffer->host;
}

static cl_int enqueue_copy(sy_queue *queue, sy_span dst, sy_span src, cl_event *event) {
    const ocl_api *api = queue->device->api;
    if (dst.buffer->host != NULL)
        return api->clEnqueueReadBuffer(queue->handle, src.buffer->memory, CL_FALSE, src.offset, src.bytes,
            (char *)dst.buffer->host + dst.offset, 0, NULL, event);
    if (src.buffer->host != NULL)
        return api->clEnqueueWriteBuffer(queue->handle, dst.buffer->memory, CL_FALSE, dst.offset, dst.bytes,
            (const char *)src.buffer->host + src.offset, 0, NULL, event);
    return api->clEnqueueCopyBuffer(queue->handle, src.buffer->memory, dst.buffer->memory, src.offset,
        dst.offset, dst.bytes, 0, NULL, event);
}

static sy_status copy_span(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    cl_event event = NULL;
    if (!ocl_span_is_inside(dst) || !ocl_span_is_inside(src) || dst.bytes != src.bytes)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "opencl: a copy outside of its buffers, or of unequal lengths");
    if (dst.buffer->device != queue->device || src.buffer->device != queue->device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: a copy with a buffer of another device");
    if (dst.buffer->host != NULL && src.buffer->host != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: a copy without an end on the device");
    if (dst.bytes == 0)
        return SY_OK;
    cl_int code = enqueue_copy(queue, dst, src, &event);
    ocl_queue_done(queue, event);
    return code == CL_SUCCESS ? SY_OK : ocl_fail(queue->device, code, "copy", err);
}

/* The host's own memory is filled by the host, in its turn: when what comes before is done. */
static cl_int fill_host(sy_queue *queue, sy_span dst, uint8_t value) {
    cl_int code = queue->device->api->clFinish(queue->handle);
    if (code == CL_SUCCESS)
        memset((char *)dst.buffer->host + dst.offset, value, dst.bytes);
    return code;
}

static sy_status fill_span(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    cl_event event = NULL;
    cl_int code = CL_SUCCESS;
    if (!ocl_span_is_inside(dst) || dst.buffer->device != queue->device)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "opencl: a fill outside of its buffer, or of another device's");
    if (dst.bytes == 0)
        return SY_OK;
    if (dst.buffer->host != NULL)
        code = fill_host(queue, dst, value);
    else
        code = queue->device->api->clEnqueueFillBuffer(
            queue->handle, dst.buffer->memory, &value, sizeof value, dst.offset, dst.bytes, 0, NULL, &event);
    if (event != NULL)
        ocl_queue_done(queue, event);
    return code == CL_SUCCESS ? SY_OK : ocl_fail(queue->device, code, "fill", err);
}

const sy_memory_api ocl_memory = {.size = sizeof ocl_memory,
    .alloc = alloc_buffer,
    .import = import_memory,
    .free = free_buffer,
    .host_ptr = host_address,
    .copy = copy_span,
    .fill = fill_span};
