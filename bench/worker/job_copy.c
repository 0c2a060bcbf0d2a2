/* Link and memory copy rates: the same visit, with memory.copy in place of a plan. */
#include <string.h>

#include "bench/worker/job.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

void sy_job_copy_pattern(uint64_t key, void *out_bytes, uint64_t bytes) {
    char *next = out_bytes;
    for (uint64_t i = 0; i < bytes; i += sizeof(uint64_t)) {
        uint64_t word = sy_random_mix(key + i / sizeof word);
        uint64_t count = bytes - i < sizeof word ? bytes - i : sizeof word;
        memcpy(next + i, &word, count);
    }
}

/* One end of the copy: memory of the device, or of the host (pinned, or plain and imported). */
static sy_status allocate_end(sy_job *job, bool on_device, sy_job_operand *end, sy_error *err) {
    const sy_memory_api *memory = job->on->api->memory;
    uint64_t bytes = job->spec.u.copy.bytes;
    end->slot_bytes = bytes;
    end->stride_bytes = bytes;
    end->sets = 1;
    if (on_device || job->spec.u.copy.pinned != 0)
        return memory->alloc(
            job->on->device, on_device ? SY_MEMORY_DEVICE : SY_MEMORY_PINNED, bytes, &end->buffer, err);
    job->packed = sy_mem_align(4096, bytes);
    if (job->packed == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %llu bytes", (unsigned long long)bytes);
    memset(job->packed, 0, bytes);
    return memory->import(job->on->device, job->packed, bytes, &end->buffer, err);
}

/* The source's pattern, by way of pinned memory where the host cannot write to it. */
static sy_status fill_source(sy_job *job, sy_error *err) {
    const sy_memory_api *memory = job->on->api->memory;
    void *host = memory->host_ptr(job->copy_from.buffer);
    if (host != NULL) {
        sy_job_copy_pattern(job->request->key, host, job->copy_from.bytes);
        return SY_OK;
    }
    sy_status status = sy_job_staging(job, job->copy_from.bytes, err);
    if (status != SY_OK)
        return status;
    sy_job_copy_pattern(job->request->key, memory->host_ptr(job->staging), job->copy_from.bytes);
    return sy_job_copy_now(job, job->copy_from, (sy_span){job->staging, 0, job->copy_from.bytes}, err);
}

sy_status sy_job_copy_prepare(sy_job *job, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    uint32_t kind = job->spec.u.copy.kind;
    sy_status status = job->on->api->device->info(job->on->device, &info, err);
    if (status != SY_OK)
        return status;
    if (kind == SY_COPY_P2P)
        return sy_error_set(err, SY_UNSUPPORTED, "copies between devices need two of them in one worker");
    if (kind != SY_COPY_D2D && (info.flags & SY_DEVICE_UNIFIED) != 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "the device's memory is the host's: there is no link to measure");
    if (info.free_bytes > 0 && job->spec.u.copy.bytes > info.free_bytes / 3)
        return sy_error_set(err, SY_UNSUPPORTED, "two ends of %llu bytes needed, %llu bytes are free",
            (unsigned long long)job->spec.u.copy.bytes, (unsigned long long)info.free_bytes);
    status = allocate_end(job, kind != SY_COPY_H2D, &job->operand[0], err);
    if (status == SY_OK)
        status = allocate_end(job, kind != SY_COPY_D2H, &job->operand[1], err);
    if (status != SY_OK)
        return status;
    job->copy_from = sy_job_span(job, 0, 0);
    job->copy_to = sy_job_span(job, 1, 0);
    job->ring = (sy_ring){.weights = 1, .activations = 1, .outputs = 1, .period = 1};
    job->flavours = 1;
    job->logical.problem.n_in = 1;
    job->logical.problem.n_out = 1;
    job->resolved.problem = job->logical.problem;
    job->algorithm.math = SY_MATH_STRICT;
    job->algorithm.flop_ratio = 1.0;
    strcpy(job->algorithm.name, "copy");
    return fill_source(job, err);
}

sy_status sy_job_copy_launch(sy_job *job, sy_error *err) {
    return job->on->api->memory->copy(job->on->queue, job->copy_to, job->copy_from, err);
}
