/* Job: work tied to memory, constant operands prepared. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/facade/facade.h"

static bool is_converted(const sy_tensor *given, const sy_tensor *wanted) {
    return given->layout != wanted->layout ||
           memcmp(given->stride, wanted->stride, given->rank * sizeof *given->stride) != 0;
}

/* A constant operand in the algorithm's layout, in a buffer of the job's. */
static sy_status prepare(sy_job *job, uint32_t index, sy_span *span, sy_error *err) {
    sy_work *work = job->work;
    const sy_context *context = work->context;
    const sy_backend_api *api = context->ref.api;
    uint64_t bytes = work->bytes[index];
    sy_status status =
        api->memory->alloc(context->device, SY_MEMORY_DEVICE, bytes, &job->prepared[index], err);
    if (status != SY_OK)
        return status;
    const sy_span target = {.buffer = job->prepared[index], .bytes = bytes};
    status = sy_dispatch_reorder(api, context->device, context->queue, &work->given[index], *span,
        &work->storage.tensor[index], target, err);
    *span = target;
    return status;
}

static sy_status take_operand(
    sy_job *job, uint32_t index, const sy_memory *memory, sy_span *out_span, sy_error *err) {
    sy_work *work = job->work;
    const sy_tensor *wanted = &work->storage.tensor[index];
    *out_span = (sy_span){0};
    if ((wanted->flags & SY_TENSOR_ABSENT) != 0)
        return memory == NULL ? SY_OK
                              : sy_error_set(err, SY_INVALID_ARGUMENT, "the problem has none: pass NULL");
    if (memory == NULL || memory->context != work->context)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, memory == NULL ? "no memory" : "memory of another context");
    if (memory->bytes < work->given_bytes[index])
        return sy_error_set(err, SY_INVALID_ARGUMENT, "memory of %llu bytes, needs %llu",
            (unsigned long long)memory->bytes, (unsigned long long)work->given_bytes[index]);
    *out_span = (sy_span){.buffer = memory->buffer, .bytes = work->given_bytes[index]};
    bool is_prepared = (wanted->flags & SY_TENSOR_CONST) != 0 && work->bytes[index] > 0;
    if (!is_prepared || !is_converted(&work->given[index], wanted))
        return SY_OK;
    return prepare(job, index, out_span, err);
}

static sy_status bind(sy_job *job, sy_memory *const *operands, uint32_t count, sy_error *err) {
    sy_work *work = job->work;
    sy_span spans[SY_MAX_TENSORS];
    sy_status status = SY_OK;
    uint32_t wanted = work->storage.problem.n_in + work->storage.problem.n_out;
    if (count != wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%u operands, the problem has %u", count, wanted);
    for (uint32_t i = 0; status == SY_OK && i < count; i++) {
        status = take_operand(job, i, operands[i], &spans[i], err);
        if (status != SY_OK)
            sy_error_prefix(err, status, "operand %u", i);
    }
    if (status != SY_OK)
        return status;
    return work->context->ref.api->work->binding_create(
        work->plan, work->context->queue, spans, count, work->workspace, &job->binding, err);
}

sy_status sy_job_create(
    sy_work *work, sy_memory *const *operands, uint32_t count, sy_job **out_job, sy_error *err) {
    *out_job = NULL;
    sy_job *job = sy_mem_calloc(1, sizeof *job);
    if (job == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "job: %zu bytes", sizeof *job);
    job->work = work;
    sy_status status = bind(job, operands, count, err);
    if (status != SY_OK) {
        sy_job_destroy(job);
        return status;
    }
    *out_job = job;
    return SY_OK;
}

void sy_job_destroy(sy_job *job) {
    if (job == NULL)
        return;
    const sy_backend_api *api = job->work->context->ref.api;
    if (job->binding != NULL)
        api->work->binding_destroy(job->binding);
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        if (job->prepared[i] != NULL)
            api->memory->free(job->prepared[i]);
    sy_mem_free(job);
}

sy_status sy_job_run(sy_job *job) {
    return job->work->context->ref.api->work->run(job->binding);
}
