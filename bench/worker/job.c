/* A job from request to release. */
#include "bench/worker/job.h"

#include <math.h>
#include <string.h>

#include "bench/worker/scatter.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status sy_job_prepare(sy_job *job, const sy_job_device *on, const sy_job_request *request,
    const sy_data_block *block, sy_error *err) {
    memset(job, 0, sizeof *job);
    job->on = on;
    job->request = request;
    job->block = block;
    job->facts.clock_mhz_before = job->facts.clock_mhz_after = job->facts.temperature_c = NAN;
    sy_status status = sy_spec_parse(request->problem, NULL, &job->spec, err);
    if (status != SY_OK)
        return status;
    if (job->spec.op == SY_SPEC_COPY) {
        status = sy_job_copy_prepare(job, err);
    } else {
        status = sy_job_choose(job, err);
        if (status == SY_OK)
            status = sy_job_fill_operands(job, err);
        if (status == SY_OK)
            status = sy_job_bind(job, err);
    }
    return status == SY_OK ? sy_job_graph_prepare(job, err) : status;
}

uint64_t sy_job_output_bytes(const sy_job *job) {
    uint64_t elements = 0, bytes = 0;
    if (job->spec.op == SY_SPEC_COPY)
        return job->copy_to.bytes;
    sy_tensor_extent(&job->logical.tensor[sy_job_output_tensor(job)], &elements, &bytes, NULL);
    return bytes;
}

/* Bytes of a span in host memory: in place if the host can read it, else copied to `room` through staging. */
static sy_status fetch(sy_job *job, sy_span span, const void **out_host, sy_error *err) {
    const sy_memory_api *memory = job->on->api->memory;
    char *host = memory->host_ptr(span.buffer);
    *out_host = host != NULL ? host + span.offset : NULL;
    if (host != NULL)
        return SY_OK;
    sy_status status = sy_job_staging(job, span.bytes, err);
    if (status != SY_OK)
        return status;
    *out_host = memory->host_ptr(job->staging);
    return sy_job_copy_now(job, (sy_span){job->staging, 0, span.bytes}, span, err);
}

/* A private output, made strided by the backend first. */
static sy_status read_private(sy_job *job, sy_span span, void *out_bytes, sy_error *err) {
    uint32_t index = sy_job_output_tensor(job);
    sy_tensor to = job->logical.tensor[index];
    to.layout = SY_LAYOUT_STRIDED;
    sy_tensor_set_strides(&to, SY_IMAGE_NCHW);
    uint64_t bytes = sy_job_output_bytes(job);
    const void *host = NULL;
    sy_status status = sy_job_strided(job, bytes, err);
    if (status != SY_OK)
        return status;
    sy_span strided = {.buffer = job->strided, .bytes = bytes};
    status = sy_dispatch_reorder(
        job->on->api, job->on->device, job->on->queue, &job->resolved.tensor[index], span, &to, strided, err);
    if (status == SY_OK)
        status = fetch(job, strided, &host, err);
    if (status == SY_OK)
        memcpy(out_bytes, host, bytes);
    return status;
}

sy_status sy_job_read_output(sy_job *job, uint64_t slot, void *out_bytes, sy_error *err) {
    const void *host = NULL;
    bool is_copy = job->spec.op == SY_SPEC_COPY;
    uint32_t index = sy_job_output_tensor(job);
    const sy_tensor *tensor = &job->resolved.tensor[index];
    sy_span span = is_copy ? job->copy_to : sy_job_span(job, index, slot);
    if (!is_copy && (tensor->layout & SY_LAYOUT_PRIVATE) != 0)
        return read_private(job, span, out_bytes, err);
    sy_status status = fetch(job, span, &host, err);
    if (status != SY_OK)
        return status;
    if (is_copy)
        memcpy(out_bytes, host, span.bytes);
    else
        sy_gather(tensor, host, out_bytes);
    return SY_OK;
}

void sy_job_release(sy_job *job) {
    if (job->on == NULL)
        return;
    const sy_backend_api *api = job->on->api;
    api->queue->sync(job->on->queue, UINT64_MAX, NULL);
    sy_job_graph_release(job);
    for (uint64_t i = 0; job->binding != NULL && i < job->bindings; i++)
        api->work->binding_destroy(job->binding[i]);
    sy_mem_free(job->binding);
    if (job->timer != NULL)
        api->queue->timer_destroy(job->timer);
    api->work->plan_destroy(job->plan);
    api->memory->free(job->workspace);
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        api->memory->free(job->operand[i].buffer);
    sy_job_drop_scratch(job);
    sy_mem_free(job->samples);
    memset(job, 0, sizeof *job);
}
