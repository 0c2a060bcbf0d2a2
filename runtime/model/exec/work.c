/* A problem on the device: its algorithm, its plan, its constants. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"

/* The first candidate that "auto" might take whose rounding is allowed. */
static sy_status choose(const sy_candidates *candidates, uint32_t math, bool may_winograd,
    sy_algorithm *out_algorithm, sy_error *err) {
    for (uint32_t i = 0; i < candidates->count; i++) {
        const sy_candidate *candidate = &candidates->candidate[i];
        const sy_algorithm *algorithm = &candidate->algorithm;
        bool is_wide = algorithm->bound_factor > 1 && !may_winograd;
        if (candidate->status != SY_OK || candidate->on_request != 0 || is_wide ||
            !sy_math_allows(math, algorithm->math))
            continue;
        *out_algorithm = *algorithm;
        return SY_OK;
    }
    uint32_t index = 0;
    sy_status status = sy_dispatch_choose(candidates, "auto", &index, err);
    return status != SY_OK ? status : sy_error_set(err, SY_UNSUPPORTED, "no algorithm of that rounding");
}

static sy_status pick(
    sy_context *context, sy_exec_work *work, uint32_t math, bool may_winograd, sy_error *err) {
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    if (candidates == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu bytes for candidates", sizeof *candidates);
    /* Algorithms with a larger bound are offered under "any" only; what they round is judged by choose(). */
    work->storage.problem.math = may_winograd ? SY_MATH_ANY : math;
    sy_status status =
        sy_dispatch_candidates(context->ref.api, context->device, &work->storage.problem, candidates, err);
    if (status == SY_OK)
        status = choose(candidates, math, may_winograd, &work->algorithm, err);
    sy_mem_free(candidates);
    return status;
}

sy_status sy_exec_work_prepare(
    sy_compiled *compiled, sy_exec_work *work, uint32_t math, bool may_winograd, sy_error *err) {
    sy_context *context = compiled->side[SY_SPACE_DEVICE];
    const sy_work_api *api = context->ref.api->work;
    uint32_t image_layout = 0;
    memcpy(work->given, work->storage.tensor, sizeof work->given);
    sy_status status = pick(context, work, math, may_winograd, err);
    if (status == SY_OK)
        status = sy_dispatch_resolve(&work->storage, &work->algorithm, &image_layout, err);
    if (status == SY_OK)
        status =
            api->plan_create(context->device, &work->storage.problem, work->algorithm.id, &work->plan, err);
    if (status == SY_OK)
        status = api->plan_workspace(work->plan, &work->workspace_bytes, err);
    return status;
}

/* The host's memory as an operand where it is the device's too, else a copy of it on the device. */
static sy_status bring(
    sy_compiled *compiled, const void *data, uint64_t bytes, sy_span *out_span, sy_error *err) {
    sy_context *context = compiled->side[SY_SPACE_DEVICE];
    const sy_memory_api *api = context->ref.api->memory;
    sy_buffer *source = NULL;
    *out_span = (sy_span){.bytes = bytes};
    /* import() takes memory for either direction; nothing writes to constants. */
    sy_status status = api->import(context->device, (void *)(uintptr_t)data, bytes, &source, err);
    if (status != SY_OK || compiled->is_unified) {
        out_span->buffer = source;
        return status;
    }
    status = api->alloc(context->device, SY_MEMORY_DEVICE, bytes, &out_span->buffer, err);
    if (status == SY_OK)
        status = api->copy(context->queue, *out_span, (sy_span){.buffer = source, .bytes = bytes}, err);
    if (status == SY_OK)
        status = sy_context_sync(context, UINT64_MAX, err);
    api->free(source);
    return status;
}

static bool is_converted(const sy_tensor *given, const sy_tensor *wanted) {
    return given->layout != wanted->layout ||
           memcmp(given->stride, wanted->stride, given->rank * sizeof given->stride[0]) != 0;
}

static sy_status convert(
    sy_compiled *compiled, sy_exec_work *work, uint32_t index, const sy_span *source, sy_error *err) {
    sy_context *context = compiled->side[SY_SPACE_DEVICE];
    const sy_backend_api *api = context->ref.api;
    sy_span target = {0};
    const sy_tensor *wanted = &work->storage.tensor[index];
    sy_status status = sy_dispatch_tensor_bytes(api, context->device, wanted, &target.bytes, err);
    if (status == SY_OK)
        status = api->memory->alloc(context->device, SY_MEMORY_DEVICE, target.bytes, &target.buffer, err);
    if (status == SY_OK)
        status = sy_dispatch_reorder(
            api, context->device, context->queue, &work->given[index], *source, wanted, target, err);
    if (status == SY_OK)
        compiled->weight_bytes += target.bytes;
    work->constant[index] = target;
    return status;
}

static sy_status take_constant(sy_compiled *compiled, sy_exec_work *work, uint32_t index, sy_error *err) {
    sy_context *context = compiled->side[SY_SPACE_DEVICE];
    const sy_net_tensor *value = work->made[index].data != NULL
                                     ? &work->made[index]
                                     : &compiled->graph->value[work->value[index]].tensor;
    uint64_t bytes = sy_net_bytes(value);
    sy_span source;
    if (bytes == 0)
        return SY_OK;
    sy_status status = bring(compiled, value->data, bytes, &source, err);
    if (status == SY_OK && !is_converted(&work->given[index], &work->storage.tensor[index])) {
        work->constant[index] = source;
        work->is_in_place[index] = compiled->is_unified;
        compiled->weight_bytes += compiled->is_unified ? 0 : bytes;
        return SY_OK;
    }
    if (status == SY_OK)
        status = convert(compiled, work, index, &source, err);
    sy_onnx_rest_weight(compiled->network->model, value->data, bytes);
    context->ref.api->memory->free(source.buffer);
    return status;
}

/* The same value, read the same way (it may be a transpose of it), in the same form. */
static bool is_same_constant(
    const sy_exec_work *a, uint32_t index_a, const sy_exec_work *b, uint32_t index_b) {
    return a->value[index_a] == b->value[index_b] &&
           memcmp(&a->given[index_a], &b->given[index_b], sizeof a->given[0]) == 0 &&
           memcmp(&a->storage.tensor[index_a], &b->storage.tensor[index_b], sizeof a->storage.tensor[0]) == 0;
}

/* The place of a constant of another step that is this one. */
static bool find_shared(const sy_compiled *compiled, const sy_exec_work *work, uint32_t index,
    const sy_exec_work **out_work, uint32_t *out_index) {
    for (uint32_t i = 0; work->value[index] != SY_NET_NONE && i < compiled->n_step; i++) {
        const sy_exec_work *other = compiled->step[i].work;
        for (uint32_t j = 0; other != NULL && other != work && j < SY_MAX_TENSORS; j++) {
            if (other->constant[j].buffer == NULL || !is_same_constant(other, j, work, index))
                continue;
            *out_work = other;
            *out_index = j;
            return true;
        }
    }
    return false;
}

sy_status sy_exec_work_constants(sy_compiled *compiled, uint32_t step, sy_error *err) {
    sy_exec_work *work = compiled->step[step].work;
    uint32_t count = work->storage.problem.n_in;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < count; i++) {
        uint32_t value = work->value[i];
        bool is_constant = value == SY_NET_NONE ? work->made[i].data != NULL
                                                : (compiled->graph->value[value].flags & SY_NET_CONST) != 0;
        if (!is_constant)
            continue;
        const sy_exec_work *other = NULL;
        uint32_t index = 0;
        work->is_shared[i] = find_shared(compiled, work, i, &other, &index);
        if (work->is_shared[i]) {
            work->constant[i] = other->constant[index];
            work->is_in_place[i] = other->is_in_place[index];
        } else {
            status = take_constant(compiled, work, i, err);
        }
    }
    return status;
}

void sy_exec_work_release(sy_compiled *compiled, sy_exec_work *work) {
    const sy_backend_api *api = compiled->side[SY_SPACE_DEVICE]->ref.api;
    if (work == NULL)
        return;
    if (work->plan != NULL)
        api->work->plan_destroy(work->plan);
    work->plan = NULL;
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        if (work->constant[i].buffer != NULL && !work->is_shared[i])
            api->memory->free(work->constant[i].buffer);
    memset(work->constant, 0, sizeof work->constant);
}
