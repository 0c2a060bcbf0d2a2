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

/* Scratch of the kind and size that is wanted: a smaller one is given back first. */
static sy_status ensure_buffer(
    sy_job *job, uint32_t kind, uint64_t bytes, sy_buffer **buffer, uint64_t *have_bytes, sy_error *err) {
    if (*buffer != NULL && *have_bytes >= bytes)
        return SY_OK;
    job->on->api->memory->free(*buffer);
    *buffer = NULL;
    *have_bytes = bytes > 0 ? bytes : 1;
    return job->on->api->memory->alloc(job->on->device, kind, *have_bytes, buffer, err);
}

sy_status sy_job_staging(sy_job *job, uint64_t bytes, sy_error *err) {
    return ensure_buffer(job, SY_MEMORY_PINNED, bytes, &job->staging, &job->staging_bytes, err);
}

sy_status sy_job_strided(sy_job *job, uint64_t bytes, sy_error *err) {
    return ensure_buffer(job, SY_MEMORY_DEVICE, bytes, &job->strided, &job->strided_bytes, err);
}

void sy_job_drop_scratch(sy_job *job) {
    job->on->api->memory->free(job->staging);
    job->on->api->memory->free(job->strided);
    sy_mem_free(job->packed);
    job->staging = job->strided = NULL;
    job->packed = NULL;
}

static void *host_address(const sy_job *job, sy_span span) {
    char *host = job->on->api->memory->host_ptr(span.buffer);
    return host != NULL ? host + span.offset : NULL;
}

static bool is_private(const sy_job *job, uint32_t tensor) {
    return (job->resolved.tensor[tensor].layout & SY_LAYOUT_PRIVATE) != 0;
}

/* Whether the strides are those of packed row-major order, as data come. */
static bool is_packed(const sy_job *job, uint32_t tensor) {
    const sy_tensor *resolved = &job->resolved.tensor[tensor];
    sy_tensor packed = *resolved;
    sy_tensor_set_strides(&packed, SY_IMAGE_NCHW);
    for (uint32_t i = 0; i < packed.rank; i++)
        if (packed.dim[i] > 1 && packed.stride[i] != resolved->stride[i])
            return false;
    return true;
}

/* From the strided copy in job->strided into set `set` of a private layout, by the backend's reorder. */
static sy_status reorder_set(sy_job *job, uint32_t tensor, uint64_t set, uint64_t bytes, sy_error *err) {
    sy_tensor from = job->logical.tensor[tensor];
    uint64_t begin = 0, end = 0;
    from.layout = SY_LAYOUT_STRIDED;
    from.flags = 0;
    sy_tensor_set_strides(&from, SY_IMAGE_NCHW);
    sy_clock_read(&job->on->clock, &begin, NULL);
    sy_status status = sy_dispatch_reorder(job->on->api, job->on->device, job->on->queue, &from,
        (sy_span){job->strided, 0, bytes}, &job->resolved.tensor[tensor], sy_job_span(job, tensor, set), err);
    sy_clock_read(&job->on->clock, &end, NULL);
    if (set == 0 && (job->resolved.tensor[tensor].flags & SY_TENSOR_CONST) != 0) {
        job->facts.prepare_ns += end - begin;
        job->facts.prepare_bytes += job->operand[tensor].slot_bytes;
    }
    return status;
}

/* Where data of one tensor are written to in packed order, and what has to be done with them afterwards. */
typedef struct landing {
    sy_span target; /* device memory that takes packed or scattered bytes: the slot, or the strided copy */
    bool scatters;  /* packed bytes go through job->packed */
    bool copies;    /* the host cannot write to the target: by way of job->staging */
    uint64_t elements, bytes; /* of the packed tensor */
} landing;

static sy_status plan_landing(sy_job *job, uint32_t tensor, landing *out, sy_error *err) {
    sy_status status = sy_tensor_extent(&job->logical.tensor[tensor], &out->elements, &out->bytes, err);
    if (status == SY_OK && is_private(job, tensor))
        status = sy_job_strided(job, out->bytes, err);
    if (status != SY_OK)
        return status;
    out->target =
        is_private(job, tensor) ? (sy_span){job->strided, 0, out->bytes} : sy_job_span(job, tensor, 0);
    out->scatters = !is_private(job, tensor) && !is_packed(job, tensor);
    out->copies = job->on->api->memory->host_ptr(out->target.buffer) == NULL;
    if (out->copies)
        status = sy_job_staging(job, out->target.bytes, err);
    if (status != SY_OK || !out->scatters)
        return status;
    job->packed = sy_mem_align(64, out->bytes);
    return job->packed != NULL ? SY_OK
                               : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %llu bytes of staging",
                                     (unsigned long long)out->bytes);
}

static sy_status fill_set(sy_job *job, uint32_t tensor, uint64_t set, landing *to, sy_error *err) {
    sy_status status = SY_OK;
    if (!is_private(job, tensor))
        to->target = sy_job_span(job, tensor, set);
    void *host = to->copies ? job->on->api->memory->host_ptr(job->staging) : host_address(job, to->target);
    sy_data_fill(job->block, &job->logical, job->request->key, tensor, set, 0, to->elements,
        to->scatters ? job->packed : host);
    if (to->scatters)
        sy_scatter(&job->resolved.tensor[tensor], job->packed, host);
    if (to->copies)
        status = sy_job_copy_now(job, to->target, (sy_span){job->staging, 0, to->target.bytes}, err);
    return status == SY_OK && is_private(job, tensor) ? reorder_set(job, tensor, set, to->bytes, err)
                                                      : status;
}

/* Scratch lives as long as one tensor is filled: weights may take half of the memory themselves. */
static sy_status fill_operand(sy_job *job, uint32_t tensor, sy_error *err) {
    landing to = {0};
    sy_status status = plan_landing(job, tensor, &to, err);
    for (uint64_t set = 0; status == SY_OK && to.elements > 0 && set < job->operand[tensor].sets; set++)
        status = fill_set(job, tensor, set, &to, err);
    sy_job_drop_scratch(job);
    return status;
}

sy_status sy_job_fill_operands(sy_job *job, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    sy_status status = job->on->api->device->info(job->on->device, &info, err);
    for (uint32_t i = 0; status == SY_OK && i < tensor_count(job); i++) {
        if (is_absent(job, i))
            continue;
        status = allocate_operand(job, i, info.base_align > 0 ? info.base_align : 64, err);
        if (status == SY_OK && i < job->resolved.problem.n_in)
            status = fill_operand(job, i, err);
    }
    return status;
}
