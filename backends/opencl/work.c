/* The work table: candidates as algorithms and as plans. Knows no op. */
#include <stdio.h>
#include <string.h>

#include "backends/opencl/candidates.h"
#include "backends/opencl/contraction.h"
#include "backends/opencl/plan.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* An id is a candidate: its place below, its variant above. */
enum { VARIANT_SHIFT = 8, PLACE_MASK = (1 << VARIANT_SHIFT) - 1 };

static void put_algorithm(const ocl_recipe *recipe, ocl_candidate which, sy_algorithm *out_algorithm) {
    sy_algorithm offered = {.size = out_algorithm->size,
        .flags = recipe->flags | (which.variant > 0 ? SY_ALGO_VARIANT : 0u),
        .math = recipe->math,
        .n_layout = recipe->n_layout,
        .id = which.place | (uint64_t)which.variant << VARIANT_SHIFT,
        .workspace_bytes = recipe->workspace_bytes,
        .flop_ratio = recipe->flop_ratio,
        .bound_factor = recipe->bound_factor};
    memcpy(offered.layout, recipe->layout, sizeof offered.layout);
    snprintf(offered.name, sizeof offered.name, "%s", recipe->name);
    snprintf(offered.implementation, sizeof offered.implementation, "%s", recipe->implementation);
    memcpy(out_algorithm, &offered, offered.size < sizeof offered ? offered.size : sizeof offered);
}

static sy_status offer_task(sy_device *device, const sy_task *task, uint32_t index, ocl_recipe *recipe,
    sy_algorithm *out_algorithm, sy_error *err) {
    ocl_candidate which;
    if (!ocl_candidate_at(device, task, index, &which)) {
        if (index > 0)
            return sy_error_set(err, SY_UNAVAILABLE, "opencl: no candidate %u", index);
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "core");
        return sy_error_set(err, SY_UNSUPPORTED, "opencl: op %u is not done here", task->op);
    }
    sy_status status = ocl_candidate_cook(device, which, task, false, recipe, err);
    put_algorithm(recipe, which, out_algorithm);
    /* "Unavailable" would end the list. */
    return status == SY_OK || status == SY_OUT_OF_MEMORY ? status : SY_UNSUPPORTED;
}

static sy_status offer(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_task task;
    sy_status status = sy_task_read(problem, &task, err);
    if (status != SY_OK) {
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "core");
        sy_error_prefix(err, status, "opencl");
        return index == 0 ? SY_UNSUPPORTED : SY_UNAVAILABLE;
    }
    ocl_recipe *recipe = sy_mem_alloc(sizeof *recipe);
    if (recipe == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    status = offer_task(device, &task, index, recipe, out_algorithm, err);
    sy_mem_free(recipe);
    return status;
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    sy_tensor checked;
    (void)device;
    *out_bytes = 0;
    sy_status status = sy_task_tensor_read(tensor, false, &checked, err);
    return status == SY_OK ? ocl_layout_bytes(&checked, out_bytes, err) : status;
}

static sy_status check_resolved(const sy_task *task, sy_error *err) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        sy_status status = ocl_layout_bytes(&task->tensor[i], &bytes, err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "tensor %u", i);
    }
    return SY_OK;
}

static sy_status create_plan(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_task task;
    *out_plan = NULL;
    sy_status status = sy_task_read(problem, &task, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "opencl");
    ocl_candidate which = {
        .place = algorithm_id & PLACE_MASK, .variant = (uint32_t)(algorithm_id >> VARIANT_SHIFT)};
    if (ocl_candidate_family(device, which.place, task.op) == NULL || which.variant >= OCL_CANDIDATES_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "opencl: algorithm %llu was not offered for this problem", (unsigned long long)algorithm_id);
    status = check_resolved(&task, err);
    if (status != SY_OK)
        return status;
    ocl_recipe *recipe = sy_mem_alloc(sizeof *recipe);
    if (recipe == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    status = ocl_candidate_cook(device, which, &task, true, recipe, err);
    if (status == SY_UNAVAILABLE) /* a variant that is not in the list */
        status = SY_INVALID_ARGUMENT;
    if (status == SY_OK)
        status = ocl_plan_create(device, &task, recipe, out_plan, err);
    sy_mem_free(recipe);
    return status;
}

const sy_work_api ocl_work = {.size = sizeof ocl_work,
    .algorithm = offer,
    .layout_bytes = layout_bytes,
    .plan_create = create_plan,
    .plan_destroy = ocl_plan_release,
    .plan_workspace = ocl_plan_workspace,
    .binding_create = ocl_binding_create,
    .binding_destroy = ocl_binding_destroy,
    .run = ocl_binding_run,
    .plan_compile = ocl_plan_compile};
