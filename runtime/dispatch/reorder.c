/* One conversion between layouts, from candidates to the wait at its end. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/dispatch.h"

/* What a conversion holds while it runs; all of it is released together. */
typedef struct conversion {
    const sy_backend_api *api;
    sy_device *device;
    sy_queue *queue;
    sy_plan *plan;
    sy_buffer *workspace;
    sy_binding *binding;
} conversion;

static bool is_same_tensor(const sy_tensor *a, const sy_tensor *b) {
    return a->dtype == b->dtype && a->rank == b->rank && a->rank <= SY_MAX_RANK &&
           memcmp(a->dim, b->dim, a->rank * sizeof *a->dim) == 0;
}

static bool is_same_layout(const sy_tensor *a, const sy_tensor *b) {
    return a->layout == SY_LAYOUT_STRIDED && b->layout == SY_LAYOUT_STRIDED &&
           memcmp(a->stride, b->stride, a->rank * sizeof *a->stride) == 0;
}

/* The first usable one, preferably one that is not on request. */
static sy_status choose(const sy_candidates *candidates, uint64_t *out_id, sy_error *err) {
    uint32_t index = 0;
    sy_status status = sy_dispatch_choose(candidates, "auto", &index, err);
    for (uint32_t i = 0; status != SY_OK && i < candidates->count; i++)
        if (candidates->candidate[i].status == SY_OK) {
            index = i;
            status = SY_OK;
        }
    *out_id = status == SY_OK ? candidates->candidate[index].algorithm.id : 0;
    return status;
}

static sy_status find_algorithm(
    const conversion *job, const sy_problem *problem, uint64_t *out_id, sy_error *err) {
    *out_id = 0;
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    if (candidates == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu bytes for candidates", sizeof *candidates);
    sy_status status = sy_dispatch_candidates(job->api, job->device, problem, candidates, err);
    if (status == SY_OK)
        status = choose(candidates, out_id, err);
    sy_mem_free(candidates);
    return status;
}

static sy_status take_workspace(conversion *job, sy_span *out_workspace, sy_error *err) {
    uint64_t bytes = 0;
    *out_workspace = (sy_span){0};
    sy_status status = job->api->work->plan_workspace(job->plan, &bytes, err);
    if (status != SY_OK || bytes == 0)
        return status;
    status = job->api->memory->alloc(job->device, SY_MEMORY_DEVICE, bytes, &job->workspace, err);
    if (status == SY_OK)
        *out_workspace = (sy_span){.buffer = job->workspace, .bytes = bytes};
    return status;
}

static sy_status run(conversion *job, const sy_problem *problem, const sy_span operands[2], sy_error *err) {
    const sy_work_api *work = job->api->work;
    uint64_t id;
    sy_span workspace;
    sy_status status = find_algorithm(job, problem, &id, err);
    if (status == SY_OK)
        status = work->plan_create(job->device, problem, id, &job->plan, err);
    if (status == SY_OK)
        status = take_workspace(job, &workspace, err);
    if (status == SY_OK)
        status = work->binding_create(job->plan, job->queue, operands, 2, workspace, &job->binding, err);
    if (status == SY_OK)
        status = work->run(job->binding);
    if (status == SY_OK)
        status = job->api->queue->sync(job->queue, UINT64_MAX, err);
    return status;
}

static void release(conversion *job) {
    if (job->binding != NULL)
        job->api->work->binding_destroy(job->binding);
    if (job->workspace != NULL)
        job->api->memory->free(job->workspace);
    if (job->plan != NULL)
        job->api->work->plan_destroy(job->plan);
}

sy_status sy_dispatch_reorder(const sy_backend_api *api, sy_device *device, sy_queue *queue,
    const sy_tensor *from, sy_span source, const sy_tensor *to, sy_span target, sy_error *err) {
    const sy_tensor tensors[2] = {*from, *to};
    const sy_span operands[2] = {source, target};
    const sy_problem problem = {.size = sizeof problem,
        .op = SY_OP_REORDER,
        .tensor = tensors,
        .n_in = 1,
        .n_out = 1,
        .acc_dtype = from->dtype,
        .math = SY_MATH_STRICT};
    conversion job = {.api = api, .device = device, .queue = queue};
    sy_status status;
    if (!is_same_tensor(from, to) || from->layout == SY_LAYOUT_ANY || to->layout == SY_LAYOUT_ANY)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "reorder: two tensors of other type or extents, or of open layout");
    if (is_same_layout(from, to) && source.bytes == target.bytes) {
        status = api->memory->copy(queue, target, source, err);
        if (status == SY_OK)
            status = api->queue->sync(queue, UINT64_MAX, err);
    } else {
        status = run(&job, &problem, operands, err);
        release(&job);
    }
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "reorder");
}
