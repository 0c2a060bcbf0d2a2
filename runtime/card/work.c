/* The work table: the ways' candidates as algorithms, plans and bindings. Knows no op. */
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/card/capture.h"
#include "runtime/card/card.h"
#include "runtime/card/list.h"
#include "runtime/card/operands.h"

/* An id is a way and a candidate of it. */
enum { WAY_SHIFT = 16, INDEX_MASK = (1 << WAY_SHIFT) - 1, WAYS_MAX = 64 };

static void put_algorithm(const sy_device *device, const sy_task *task, const sy_card_candidate *candidate,
    sy_algorithm *out_algorithm) {
    const sy_card_offer *offer = &candidate->offer;
    bool is_capturable =
        device->model->ways[candidate->way]->is_capturable && sy_card_capture_lacks(device) == NULL;
    sy_algorithm offered = {.size = out_algorithm->size,
        .flags = offer->flags | (is_capturable ? SY_ALGO_CAPTURABLE : 0u),
        .math = offer->math,
        .n_layout = task->n_in + task->n_out,
        .id = (uint64_t)candidate->way << WAY_SHIFT | candidate->index,
        .workspace_bytes = offer->workspace_bytes,
        .flop_ratio = offer->flop_ratio > 0.0 ? offer->flop_ratio : 1.0,
        .bound_factor = offer->bound_factor > 0.0 ? offer->bound_factor : 1.0};
    memcpy(offered.layout, offer->layout, sizeof offered.layout);
    memcpy(offered.name, offer->name, sizeof offered.name);
    memcpy(offered.implementation, offer->implementation, sizeof offered.implementation);
    memcpy(out_algorithm, &offered, offered.size < sizeof offered ? offered.size : sizeof offered);
}

static sy_status no_candidate(
    const sy_device *device, uint32_t index, uint32_t op, sy_algorithm *out_algorithm, sy_error *err) {
    if (index > 0)
        return sy_error_set(
            err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no candidate %u", SY_CARD_ID(device), index);
    snprintf(out_algorithm->name, sizeof out_algorithm->name, "%s", device->model->ways[0]->name);
    return sy_error_set(err, SY_UNSUPPORTED, SY_CARD_ID_FORMAT ": op %u is done by no library that is there",
        SY_CARD_ID(device), op);
}

static sy_status offer(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_task task;
    memset(&task, 0, sizeof task);
    sy_status status = sy_task_read(problem, &task, err);
    if (status != SY_OK) {
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "%s", device->model->ways[0]->name);
        sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
        return index == 0 ? SY_UNSUPPORTED : SY_UNAVAILABLE;
    }
    pthread_mutex_lock(&device->lock);
    const sy_card_candidate *candidate = sy_card_list_at(device, &task, index);
    if (candidate == NULL) {
        status = no_candidate(device, index, task.op, out_algorithm, err);
    } else {
        put_algorithm(device, &task, candidate, out_algorithm);
        status = candidate->status;
        if (status != SY_OK)
            sy_error_set(err, status, "%s", sy_error_text(&candidate->error, status));
    }
    pthread_mutex_unlock(&device->lock);
    /* "Unavailable" would end the list. */
    return status == SY_OK || status == SY_OUT_OF_MEMORY || candidate == NULL ? status : SY_UNSUPPORTED;
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    sy_tensor checked;
    *out_bytes = 0;
    sy_status status = sy_task_tensor_read(tensor, false, &checked, err);
    if (status == SY_OK)
        status = sy_card_layout_bytes(&checked, out_bytes, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
}

static sy_status check_resolved(const sy_task *task, sy_error *err) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        sy_status status = sy_card_layout_bytes(&task->tensor[i], &bytes, err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "tensor %u", i);
    }
    return SY_OK;
}

static const sy_card_way *find_way(const sy_device *device, const sy_task *task, uint64_t algorithm_id) {
    uint64_t wanted = algorithm_id >> WAY_SHIFT;
    for (uint32_t i = 0; i < WAYS_MAX && device->model->ways[i] != NULL; i++)
        if (i == wanted)
            return device->model->ways[i]->does(device->model->ways[i], device, task) ? device->model->ways[i]
                                                                                      : NULL;
    return NULL;
}

static void release_plan(sy_plan *plan) {
    if (plan == NULL || --plan->references > 0)
        return;
    if (plan->own != NULL && plan->way->plan_free != NULL)
        plan->way->plan_free(plan);
    sy_mem_free(plan);
}

static sy_status make_plan(
    sy_device *device, const sy_task *task, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    const sy_card_way *way = find_way(device, task, algorithm_id);
    if (way == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "algorithm %llu was not offered for this problem",
            (unsigned long long)algorithm_id);
    sy_status status = check_resolved(task, err);
    if (status != SY_OK)
        return status;
    sy_plan *plan = sy_mem_calloc(1, sizeof *plan);
    if (plan == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    plan->device = device;
    plan->way = way;
    plan->task = *task;
    plan->references = 1;
    status = way->plan(plan, (uint32_t)(algorithm_id & INDEX_MASK), err);
    if (status != SY_OK) {
        release_plan(plan);
        return status == SY_UNAVAILABLE ? SY_INVALID_ARGUMENT : status;
    }
    *out_plan = plan;
    return SY_OK;
}

static sy_status create_plan(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_task task;
    *out_plan = NULL;
    sy_status status = sy_task_read(problem, &task, err);
    if (status == SY_OK)
        status = make_plan(device, &task, algorithm_id, out_plan, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = plan->workspace_bytes;
    return SY_OK;
}

static sy_status plan_compile(sy_plan *plan, uint64_t *out_ns, sy_error *err) {
    (void)err;
    *out_ns = plan->compile_ns;
    return SY_OK;
}

static void destroy_binding(sy_binding *binding) {
    if (binding == NULL)
        return;
    if (binding->own != NULL && binding->plan->way->bind_free != NULL)
        binding->plan->way->bind_free(binding);
    release_plan(binding->plan);
    sy_mem_free(binding);
}

static sy_status tie(sy_binding *binding, const sy_span *operands, sy_span workspace, sy_error *err) {
    sy_plan *plan = binding->plan;
    void *address[SY_MAX_TENSORS] = {0};
    for (uint32_t i = 0; i < plan->task.n_in + plan->task.n_out; i++)
        address[i] = sy_card_address(operands[i]);
    return plan->way->bind(
        binding, address, plan->workspace_bytes > 0 ? sy_card_address(workspace) : NULL, err);
}

static sy_status create_binding(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    sy_status status = sy_card_operands_check(plan, queue, operands, count, workspace, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(plan->device));
    sy_binding *binding = sy_mem_calloc(1, sizeof *binding);
    if (binding == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(plan->device));
    binding->plan = plan;
    binding->queue = queue;
    plan->references++;
    status = tie(binding, operands, workspace, err);
    if (status != SY_OK) {
        destroy_binding(binding);
        return sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(plan->device));
    }
    *out_binding = binding;
    return SY_OK;
}

static sy_status run_binding(sy_binding *binding) {
    const sy_plan *plan = binding->plan;
    int code = plan->way->run(binding);
    return code == 0 ? SY_OK : sy_card_queue_fail(binding->queue, code, plan->way->name);
}

const sy_work_api sy_card_work_api = {.size = sizeof sy_card_work_api,
    .algorithm = offer,
    .layout_bytes = layout_bytes,
    .plan_create = create_plan,
    .plan_destroy = release_plan,
    .plan_workspace = plan_workspace,
    .binding_create = create_binding,
    .binding_destroy = destroy_binding,
    .run = run_binding,
    .plan_compile = plan_compile};

const sy_work_api sy_card_work_capture_api = {.size = sizeof sy_card_work_capture_api,
    .algorithm = offer,
    .layout_bytes = layout_bytes,
    .plan_create = create_plan,
    .plan_destroy = release_plan,
    .plan_workspace = plan_workspace,
    .binding_create = create_binding,
    .binding_destroy = destroy_binding,
    .run = run_binding,
    .capture_begin = sy_card_capture_begin,
    .capture_end = sy_card_capture_end,
    .graph_run = sy_card_graph_run,
    .graph_destroy = sy_card_graph_destroy,
    .plan_compile = plan_compile};
