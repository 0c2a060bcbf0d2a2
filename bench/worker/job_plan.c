/* A job's decisions: which algorithm, which layouts, how many sets of every operand. */
#include <string.h>

#include "bench/worker/job.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Share of the free memory that operand sets may take: the rest is for staging, workspace and the others. */
static const double MEMORY_SHARE = 0.75;

/* Taken for the free memory of a device that does not tell. */
static const uint64_t ASSUMED_ROOM_BYTES = UINT64_C(1) << 30;

/* Taken for the last-level cache where neither the device nor the user says. */
static const uint64_t ASSUMED_CACHE_BYTES = UINT64_C(256) << 20;

static sy_status choose_algorithm(sy_job *job, sy_error *err) {
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    uint32_t index = 0;
    if (candidates == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for candidates");
    sy_status status =
        sy_dispatch_candidates(job->on->api, job->on->device, &job->logical.problem, candidates, err);
    if (status == SY_OK)
        status = sy_dispatch_choose_tuned(
            candidates, job->request->algorithm, job->request->tuned, &index, &job->is_tuned, err);
    if (status == SY_OK)
        job->algorithm = candidates->candidate[index].algorithm;
    sy_mem_free(candidates);
    return status;
}

/* The same values with pointers into this copy. */
static void copy_storage(sy_problem_storage *to, const sy_problem_storage *from) {
    memcpy(to, from, sizeof *to);
    to->problem.tensor = to->tensor;
    to->problem.post = to->problem.n_post > 0 ? to->post : NULL;
    to->problem.attr = &to->attr;
}

static sy_status measure_tensors(sy_job *job, sy_error *err) {
    uint32_t count = job->resolved.problem.n_in + job->resolved.problem.n_out;
    for (uint32_t i = 0; i < count; i++) {
        const sy_tensor *tensor = &job->resolved.tensor[i];
        if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
            continue;
        sy_status status =
            sy_dispatch_tensor_bytes(job->on->api, job->on->device, tensor, &job->tensor_bytes[i], err);
        if (status != SY_OK)
            return status;
        if ((tensor->layout & SY_LAYOUT_PRIVATE) != 0)
            job->facts.private_layout = true;
    }
    return SY_OK;
}

/* Bytes of one set of each class, as it lies in its ring slot. */
static sy_status sum_classes(const sy_job *job, uint32_t align, sy_ring_request *request, sy_error *err) {
    uint32_t inputs = job->resolved.problem.n_in;
    uint32_t count = inputs + job->resolved.problem.n_out;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t slot = 0;
        uint64_t *sum = i >= inputs                               ? &request->output_bytes
                        : job->resolved.role[i] == SY_ROLE_WEIGHT ? &request->weights_bytes
                                                                  : &request->activation_bytes;
        if (!sy_round_up_u64(job->tensor_bytes[i], align, &slot) || !sy_add_u64(*sum, slot, sum))
            return sy_error_set(err, SY_OVERFLOW, "operands exceed 64 bits of bytes");
    }
    return SY_OK;
}

static uint64_t pick_cache_bytes(sy_job *job, const sy_device_info *info) {
    uint64_t asked = job->request->cache_bytes;
    job->facts.cache_bytes_assumed = asked == 0 && info->cache_bytes == 0;
    job->facts.cache_bytes = asked > 0               ? asked
                             : info->cache_bytes > 0 ? info->cache_bytes
                                                     : ASSUMED_CACHE_BYTES;
    return job->facts.cache_bytes;
}

/* Most bindings that are made to keep output slots apart. */
static const uint64_t TURNS_MAX = 8192;

/*
 * In place, a slot written twice in a batch would add up twice: slots must go on evenly where the ring begins
 * again, so its turns are a multiple of them. Sets of weights that do not fit such a ring are given up.
 */
static void keep_slots_apart(sy_ring *ring, uint64_t weights_bytes) {
    uint64_t turns = ring->period;
    while (turns % ring->outputs != 0 && turns <= TURNS_MAX)
        turns += ring->period;
    if (turns > TURNS_MAX) {
        uint64_t given_up = ring->weights % ring->outputs;
        ring->weights -= given_up;
        ring->total_bytes -= given_up * weights_bytes;
        ring->rotating_bytes -= given_up * weights_bytes;
        turns = ring->weights;
    }
    ring->period = turns;
}

/* Packed bytes of the largest tensor: filling takes that much again for a while, on the device or beside it.
 */
static sy_status largest_packed(const sy_job *job, uint64_t *out_bytes, sy_error *err) {
    *out_bytes = 0;
    for (uint32_t i = 0; i < job->logical.problem.n_in; i++) {
        uint64_t elements = 0, bytes = 0;
        if ((job->logical.tensor[i].flags & SY_TENSOR_ABSENT) != 0)
            continue;
        sy_status status = sy_tensor_extent(&job->logical.tensor[i], &elements, &bytes, err);
        if (status != SY_OK)
            return status;
        *out_bytes = bytes > *out_bytes ? bytes : *out_bytes;
    }
    return SY_OK;
}

/* What the sets may take: a share of what is free, without the scratch, and no more than one allocation can.
 */
static sy_status find_room(
    const sy_job *job, const sy_device_info *info, uint64_t *out_bytes, sy_error *err) {
    uint64_t scratch = 0;
    sy_status status = largest_packed(job, &scratch, err);
    if (status != SY_OK)
        return status;
    uint64_t room =
        info->free_bytes > 0 ? (uint64_t)((double)info->free_bytes * MEMORY_SHARE) : ASSUMED_ROOM_BYTES;
    if (scratch >= room)
        return sy_error_set(err, SY_UNSUPPORTED,
            "one operand of %llu bytes; %llu bytes are free, %.0f %% of them used",
            (unsigned long long)scratch, (unsigned long long)info->free_bytes, 100.0 * MEMORY_SHARE);
    room -= scratch;
    *out_bytes = info->max_alloc_bytes > 0 && info->max_alloc_bytes < room ? info->max_alloc_bytes : room;
    return SY_OK;
}

static sy_status plan_ring(sy_job *job, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    sy_status status = job->on->api->device->info(job->on->device, &info, err);
    if (status != SY_OK)
        return status;
    uint64_t room = 0;
    status = find_room(job, &info, &room, err);
    if (status != SY_OK)
        return status;
    sy_ring_request request = {.cache = job->request->cache,
        .cache_bytes = pick_cache_bytes(job, &info),
        .memory_bytes = room,
        .reads_output = (job->algorithm.flags & SY_ALGO_IN_PLACE_C) != 0,
        .launches = 16};
    status = sum_classes(job, info.base_align > 0 ? info.base_align : 64, &request, err);
    if (status == SY_OK)
        status = sy_ring_plan(&request, &job->ring, err);
    if (status == SY_OUT_OF_MEMORY)
        return SY_UNSUPPORTED;
    if (status == SY_OK && request.reads_output)
        keep_slots_apart(&job->ring, request.weights_bytes);
    bool spare = request.activation_bytes > 0 && request.activation_bytes < room - job->ring.total_bytes;
    bool has_product = job->spec.op == SY_SPEC_GEMM || job->spec.op == SY_SPEC_CONV2D;
    job->flavours = has_product && job->ring.activations == 1 && spare ? 2 : 1;
    return status;
}

sy_status sy_job_choose(sy_job *job, sy_error *err) {
    sy_status status = sy_spec_problem(&job->spec, &job->logical, err);
    if (status == SY_OK)
        status = choose_algorithm(job, err);
    if (status != SY_OK)
        return status;
    copy_storage(&job->resolved, &job->logical);
    status = sy_dispatch_resolve(&job->resolved, &job->algorithm, &job->facts.image_layout, err);
    if (status == SY_OK)
        status = measure_tensors(job, err);
    return status == SY_OK ? plan_ring(job, err) : status;
}

uint32_t sy_job_output_tensor(const sy_job *job) {
    return job->logical.problem.n_in;
}
