/* A job's operands: memory for every set, data from the seed, conversion into the layout the algorithm
 * wanted. */
#include <string.h>

#include "bench/worker/job.h"
#include "bench/worker/scatter.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static uint32_t tensor_count(const sy_job *job) {
    return job->resolved.problem.n_in + job->resolved.problem.n_out;
}

static bool is_absent(const sy_job *job, uint32_t tensor) {
    return (job->resolved.tensor[tensor].flags & SY_TENSOR_ABSENT) != 0;
}

static uint64_t sets_of(const sy_job *job, uint32_t tensor) {
    if (tensor >= job->resolved.problem.n_in)
        return job->ring.outputs;
    if (job->resolved.role[tensor] == SY_ROLE_WEIGHT)
        return job->ring.weights;
    return job->ring.activations > 1 ? job->ring.activations : job->flavours;
}

sy_span sy_job_span(const sy_job *job, uint32_t tensor, uint64_t set) {
    const sy_job_operand *operand = &job->operand[tensor];
    if (operand->buffer == NULL)
        return (sy_span){0};
    return (sy_span){
        .buffer = operand->buffer, .offset = set * operand->stride_bytes, .bytes = operand->slot_bytes};
}

static sy_status allocate_operand(sy_job *job, uint32_t tensor, uint32_t align, sy_error *err) {
    sy_job_operand *operand = &job->operand[tensor];
    uint64_t total = 0;
    operand->slot_bytes = job->tensor_bytes[tensor];
    operand->sets = sets_of(job, tensor);
    if (!sy_round_up_u64(operand->slot_bytes, align, &operand->stride_bytes) ||
        !sy_mul_u64(operand->stride_bytes, operand->sets, &total))
        return sy_error_set(err, SY_OVERFLOW, "operand %u exceeds 64 bits of bytes", tensor);
    if (total == 0) /* k = 0: the operand is empty, but a span must lie somewhere */
        total = align;
    return job->on->api->memory->alloc(job->on->device, SY_MEMORY_DEVICE, total, &operand->buffer, err);
}

sy_status sy_job_copy_now(const sy_job *job, sy_span target, sy_span source, sy_error *err) {
    sy_status status = job->on->api->memory->copy(job->on->queue, target, source, err);
    return status == SY_OK ? job->on->api->queue->sync(job->on->queue, UINT64_MAX, err) : status;
}

/* Host memory and device staging as large as the largest packed tensor. */
static sy_status allocate_staging(sy_job *job, sy_error *err) {
    const sy_memory_api *memory = job->on->api->memory;
    uint64_t largest = 1;
    bool is_private = false;
    for (uint32_t i = 0; i < tensor_count(job); i++) {
        uint64_t elements = 0, bytes = 0;
        if (is_absent(job, i))
            continue;
        sy_status status = sy_tensor_extent(&job->logical.tensor[i], &elements, &bytes, err);
        if (status != SY_OK)
            return status;
        largest = bytes > largest ? bytes : largest;
        largest = job->tensor_bytes[i] > largest ? job->tensor_bytes[i] : largest;
        is_private = is_private || (job->resolved.tensor[i].layout & SY_LAYOUT_PRIVATE) != 0;
    }
    job->packed = sy_mem_align(64, largest);
    if (job->packed == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "no memory for %llu bytes of staging", (unsigned long long)largest);
    sy_status status = memory->alloc(job->on->device, SY_MEMORY_PINNED, largest, &job->staging, err);
    if (status == SY_OK && is_private)
        status = memory->alloc(job->on->device, SY_MEMORY_DEVICE, largest, &job->strided, err);
    return status;
}

/* The packed bytes in job->packed become set `set` of a tensor, by way of the private layout's reorder. */
static sy_status store_private(sy_job *job, uint32_t tensor, uint64_t set, uint64_t bytes, sy_error *err) {
    sy_tensor from = job->logical.tensor[tensor];
    from.layout = SY_LAYOUT_STRIDED;
    from.flags = 0;
    sy_tensor_set_strides(&from, SY_IMAGE_NCHW);
    sy_span strided = {.buffer = job->strided, .offset = 0, .bytes = bytes};
    memcpy(job->on->api->memory->host_ptr(job->staging), job->packed, bytes);
    sy_status status = sy_job_copy_now(job, strided, (sy_span){job->staging, 0, bytes}, err);
    if (status != SY_OK)
        return status;
    uint64_t begin = 0, end = 0;
    sy_clock_read(&job->on->clock, &begin, NULL);
    status = sy_dispatch_reorder(job->on->api, job->on->device, job->on->queue, &from, strided,
        &job->resolved.tensor[tensor], sy_job_span(job, tensor, set), err);
    sy_clock_read(&job->on->clock, &end, NULL);
    if (set == 0 && (job->resolved.tensor[tensor].flags & SY_TENSOR_CONST) != 0) {
        job->facts.prepare_ns += end - begin;
        job->facts.prepare_bytes += job->operand[tensor].slot_bytes;
    }
    return status;
}

static sy_status store_strided(sy_job *job, uint32_t tensor, uint64_t set, sy_error *err) {
    sy_span target = sy_job_span(job, tensor, set);
    char *host = job->on->api->memory->host_ptr(job->operand[tensor].buffer);
    void *room = host != NULL ? (void *)(host + target.offset) : job->on->api->memory->host_ptr(job->staging);
    sy_scatter(&job->resolved.tensor[tensor], job->packed, room);
    if (host != NULL)
        return SY_OK;
    return sy_job_copy_now(job, target, (sy_span){job->staging, 0, target.bytes}, err);
}

/* Where a packed tensor may be filled in place: host memory of the device, in packed row-major order. */
static void *direct_target(const sy_job *job, uint32_t tensor, uint64_t set) {
    const sy_tensor *resolved = &job->resolved.tensor[tensor];
    sy_tensor packed = *resolved;
    if (resolved->layout != SY_LAYOUT_STRIDED)
        return NULL;
    sy_tensor_set_strides(&packed, SY_IMAGE_NCHW);
    for (uint32_t i = 0; i < packed.rank; i++)
        if (packed.dim[i] > 1 && packed.stride[i] != resolved->stride[i])
            return NULL;
    sy_span span = sy_job_span(job, tensor, set);
    char *host = job->on->api->memory->host_ptr(span.buffer);
    return host != NULL ? host + span.offset : NULL;
}

static sy_status fill_operand(sy_job *job, uint32_t tensor, sy_error *err) {
    uint64_t elements = 0, bytes = 0;
    sy_status status = sy_tensor_extent(&job->logical.tensor[tensor], &elements, &bytes, err);
    for (uint64_t set = 0; status == SY_OK && set < job->operand[tensor].sets; set++) {
        void *direct = direct_target(job, tensor, set);
        sy_data_fill(job->block, &job->logical, job->request->key, tensor, set, 0, elements,
            direct != NULL ? direct : job->packed);
        if (direct != NULL)
            continue;
        status = (job->resolved.tensor[tensor].layout & SY_LAYOUT_PRIVATE) != 0
                     ? store_private(job, tensor, set, bytes, err)
                     : store_strided(job, tensor, set, err);
    }
    return status;
}

sy_status sy_job_fill_operands(sy_job *job, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    sy_status status = job->on->api->device->info(job->on->device, &info, err);
    if (status == SY_OK)
        status = allocate_staging(job, err);
    for (uint32_t i = 0; status == SY_OK && i < tensor_count(job); i++) {
        if (is_absent(job, i))
            continue;
        status = allocate_operand(job, i, info.base_align > 0 ? info.base_align : 64, err);
        if (status == SY_OK && i < job->resolved.problem.n_in)
            status = fill_operand(job, i, err);
    }
    return status;
}
