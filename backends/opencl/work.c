/* The work table: which families are offered for a problem, in which order. Knows no op. */
#include <stdio.h>
#include <string.h>

#include "backends/opencl/contraction.h"
#include "backends/opencl/plan.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Best guess first; families that do not want a problem say so. The place in a list is an id's low bits. */
static const ocl_family *const for_cpus[] = {
    &ocl_depthwise,
    &ocl_core,
    &ocl_stream,
    &ocl_peak,
    &ocl_reorder,
    NULL,
};
static const ocl_family *const for_gpus[] = {
    &ocl_depthwise,
    &ocl_core,
    &ocl_stream,
    &ocl_peak,
    &ocl_reorder,
    NULL,
};

/* A list of candidates has no more than 64. */
enum { VARIANT_SHIFT = 8, FAMILY_MASK = (1 << VARIANT_SHIFT) - 1, CANDIDATES_MAX = 64 };

static const ocl_family *const *families_of(const sy_device *device) {
    return device->traits.kind == OCL_CPU ? for_cpus : for_gpus;
}

static sy_status cook(const sy_device *device, const ocl_family *family, const sy_task *task, bool is_final,
    ocl_recipe *recipe, sy_error *err) {
    *recipe = (ocl_recipe){.flop_ratio = 1.0, .bound_factor = 1.0, .n_layout = task->n_in + task->n_out};
    snprintf(recipe->name, sizeof recipe->name, "%s", family->name);
    ocl_wish_layouts(task, recipe->layout);
    ocl_request request = {.traits = &device->traits, .task = task, .is_final = is_final, .parameters = ""};
    sy_status status = family->cook(&request, recipe, err);
    if (status != SY_OK)
        return status;
    if (task->is_deterministic && (recipe->flags & SY_ALGO_DETERMINISTIC) == 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: does not promise the same bits every time", family->name);
    return SY_OK;
}

/* A candidate: its family's place in the list, counted from 1 (0: past the end), and variant. */
typedef struct candidate {
    uint32_t place, variant;
} candidate;

static bool does(const ocl_family *family, uint32_t op) {
    return op < 32 && (family->ops >> op & 1) != 0;
}

/* Whether a family has that variant of a problem; one that is there and says no counts. */
static bool has_variant(const sy_device *device, const ocl_family *family, const sy_task *task,
    uint32_t variant, ocl_recipe *recipe) {
    sy_task varied = *task;
    varied.variant = variant;
    return cook(device, family, &varied, false, recipe, NULL) != SY_UNAVAILABLE;
}

/* Behind the ordinary ones: the variants of each family that takes the problem. */
static candidate find_varied(
    const sy_device *device, const sy_task *task, uint32_t index, ocl_recipe *recipe) {
    const ocl_family *const *families = families_of(device);
    for (uint32_t i = 0; families[i] != NULL; i++) {
        if (!does(families[i], task->op) || cook(device, families[i], task, false, recipe, NULL) != SY_OK)
            continue;
        for (uint32_t variant = 1; variant < CANDIDATES_MAX; variant++) {
            if (!has_variant(device, families[i], task, variant, recipe))
                break;
            if (index-- == 0)
                return (candidate){.place = i + 1, .variant = variant};
        }
    }
    return (candidate){0};
}

static candidate find_candidate(
    const sy_device *device, const sy_task *task, uint32_t index, ocl_recipe *recipe) {
    const ocl_family *const *families = families_of(device);
    if (index >= CANDIDATES_MAX)
        return (candidate){0};
    for (uint32_t i = 0; families[i] != NULL; i++)
        if (does(families[i], task->op) && index-- == 0)
            return (candidate){.place = i + 1};
    return find_varied(device, task, index, recipe);
}

static void put_algorithm(const ocl_recipe *recipe, candidate which, sy_algorithm *out_algorithm) {
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

static sy_status offer_task(sy_device *device, sy_task *task, uint32_t index, ocl_recipe *recipe,
    sy_algorithm *out_algorithm, sy_error *err) {
    candidate which = find_candidate(device, task, index, recipe);
    if (which.place == 0 && index > 0)
        return sy_error_set(err, SY_UNAVAILABLE, "opencl: no candidate %u", index);
    if (which.place == 0) {
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "core");
        return sy_error_set(err, SY_UNSUPPORTED, "opencl: op %u is not done here", task->op);
    }
    task->variant = which.variant;
    sy_status status = cook(device, families_of(device)[which.place - 1], task, false, recipe, err);
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

/* The family of an id that may have been offered for `op`, NULL if it cannot. */
static const ocl_family *find_family(const sy_device *device, uint64_t id, uint32_t op) {
    const ocl_family *const *families = families_of(device);
    uint64_t place = id & FAMILY_MASK;
    for (uint32_t i = 0; families[i] != NULL; i++)
        if (i + 1 == place)
            return does(families[i], op) && id >> VARIANT_SHIFT < CANDIDATES_MAX ? families[i] : NULL;
    return NULL;
}

static sy_status create_plan(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_task task;
    *out_plan = NULL;
    sy_status status = sy_task_read(problem, &task, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "opencl");
    const ocl_family *family = find_family(device, algorithm_id, task.op);
    if (family == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "opencl: algorithm %llu was not offered for this problem", (unsigned long long)algorithm_id);
    task.variant = (uint32_t)(algorithm_id >> VARIANT_SHIFT);
    status = check_resolved(&task, err);
    if (status != SY_OK)
        return status;
    ocl_recipe *recipe = sy_mem_alloc(sizeof *recipe);
    if (recipe == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    status = cook(device, family, &task, true, recipe, err);
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
