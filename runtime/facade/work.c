/* Work: a problem with its algorithm chosen, its layouts settled and its plan made. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/facade/facade.h"

static uint32_t tensor_count(const sy_work *work) {
    return work->storage.problem.n_in + work->storage.problem.n_out;
}

/* What tuning has found for a problem in its canonical form; one made by hand has none. */
static const char *find_tuned(const sy_work *work, const sy_spec *spec) {
    char problem[SY_SPEC_TEXT_MAX];
    const sy_context *context = work->context;
    if (spec == NULL || context->runtime->tuning.count == 0 ||
        sy_spec_print(spec, problem, sizeof problem, NULL) != SY_OK)
        return NULL;
    const sy_tuning_entry *found = sy_tuning_find(&context->runtime->tuning, &context->tuning, problem);
    return found != NULL ? found->algorithm : NULL;
}

static sy_status choose(sy_work *work, const sy_spec *spec, const char *policy, sy_error *err) {
    uint32_t index = 0;
    bool is_tuned = false;
    sy_candidates *candidates = sy_mem_alloc(sizeof *candidates);
    if (candidates == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu bytes for candidates", sizeof *candidates);
    sy_status status = sy_dispatch_candidates(
        work->context->ref.api, work->context->device, &work->storage.problem, candidates, err);
    if (status == SY_OK)
        status = sy_dispatch_choose_tuned(candidates, policy, find_tuned(work, spec), &index, &is_tuned, err);
    if (status == SY_OK)
        work->algorithm = candidates->candidate[index].algorithm;
    sy_mem_free(candidates);
    return status;
}

/* The caller fills strided memory: of constant operands in the problem's layout, of others in the resolved
 * one. */
static sy_status settle_tensor(sy_work *work, uint32_t index, sy_error *err) {
    const sy_context *context = work->context;
    const sy_tensor *wanted = &work->storage.tensor[index];
    sy_tensor *given = &work->given[index];
    if ((wanted->flags & SY_TENSOR_ABSENT) != 0)
        return SY_OK;
    if ((wanted->flags & SY_TENSOR_CONST) == 0 || given->layout != SY_LAYOUT_STRIDED)
        *given = *wanted;
    if (given->layout != SY_LAYOUT_STRIDED)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s wants operand %u in a layout of its own; give the problem a layout (layout=nhwc or nchw)",
            work->algorithm.name, index);
    sy_status status =
        sy_dispatch_tensor_bytes(context->ref.api, context->device, given, &work->given_bytes[index], err);
    if (status == SY_OK)
        status =
            sy_dispatch_tensor_bytes(context->ref.api, context->device, wanted, &work->bytes[index], err);
    return status;
}

static sy_status settle_tensors(sy_work *work, sy_error *err) {
    uint32_t image_layout;
    memcpy(work->given, work->storage.tensor, sizeof work->given);
    sy_status status = sy_dispatch_resolve(&work->storage, &work->algorithm, &image_layout, err);
    for (uint32_t i = 0; status == SY_OK && i < tensor_count(work); i++)
        status = settle_tensor(work, i, err);
    return status;
}

static sy_status make_plan(sy_work *work, sy_error *err) {
    const sy_context *context = work->context;
    const sy_work_api *api = context->ref.api->work;
    uint64_t bytes = 0;
    sy_status status =
        api->plan_create(context->device, &work->storage.problem, work->algorithm.id, &work->plan, err);
    if (status == SY_OK)
        status = api->plan_workspace(work->plan, &bytes, err);
    if (status != SY_OK || bytes == 0)
        return status;
    status = context->ref.api->memory->alloc(
        context->device, SY_MEMORY_DEVICE, bytes, &work->workspace.buffer, err);
    work->workspace.bytes = status == SY_OK ? bytes : 0;
    return status;
}

/* Choose, settle, plan (`spec`: how the problem was written, NULL: it was not); the work is destroyed if one
 * of them fails. */
static sy_status finish(
    sy_work *work, const sy_spec *spec, const char *policy, sy_work **out_work, sy_error *err) {
    sy_status status = choose(work, spec, policy, err);
    if (status == SY_OK)
        status = settle_tensors(work, err);
    if (status == SY_OK)
        status = make_plan(work, err);
    if (status != SY_OK) {
        sy_work_destroy(work);
        return status;
    }
    *out_work = work;
    return SY_OK;
}

static sy_work *create_empty(sy_context *context, sy_error *err) {
    sy_work *work = sy_mem_calloc(1, sizeof *work);
    if (work == NULL)
        sy_error_set(err, SY_OUT_OF_MEMORY, "work: %zu bytes", sizeof *work);
    else
        work->context = context;
    return work;
}

sy_status sy_work_create(
    sy_context *context, const char *problem, const char *algorithm, sy_work **out_work, sy_error *err) {
    sy_spec spec;
    *out_work = NULL;
    sy_status status = sy_spec_parse(problem, NULL, &spec, err);
    if (status != SY_OK)
        return status;
    sy_work *work = create_empty(context, err);
    if (work == NULL)
        return SY_OUT_OF_MEMORY;
    status = sy_spec_problem(&spec, &work->storage, err);
    if (status != SY_OK) {
        sy_work_destroy(work);
        return status;
    }
    return finish(work, &spec, algorithm, out_work, err);
}

/* A handmade problem by value; its attribute is as long as it says. */
static sy_status copy_problem(const sy_problem *problem, sy_work *work, sy_error *err) {
    sy_problem_storage *storage = &work->storage;
    uint32_t attr_bytes = 0;
    if (problem->n_in > SY_MAX_TENSORS || problem->n_out > SY_MAX_TENSORS - problem->n_in ||
        problem->n_post > SY_MAX_POSTS)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "a problem of at most %u tensors and %u posts, not %u + %u and %u", SY_MAX_TENSORS, SY_MAX_POSTS,
            problem->n_in, problem->n_out, problem->n_post);
    storage->problem = *problem;
    memcpy(storage->tensor, problem->tensor, (problem->n_in + problem->n_out) * sizeof *storage->tensor);
    if (problem->n_post > 0)
        memcpy(storage->post, problem->post, problem->n_post * sizeof *storage->post);
    storage->problem.tensor = storage->tensor;
    storage->problem.post = storage->post;
    if (problem->attr == NULL)
        return SY_OK;
    memcpy(&attr_bytes, problem->attr, sizeof attr_bytes);
    work->attr = attr_bytes >= 4 && attr_bytes <= 4096 ? sy_mem_alloc(attr_bytes) : NULL;
    if (work->attr == NULL)
        return sy_error_set(err,
            attr_bytes >= 4 && attr_bytes <= 4096 ? SY_OUT_OF_MEMORY : SY_INVALID_ARGUMENT,
            "attribute of %u bytes", attr_bytes);
    memcpy(work->attr, problem->attr, attr_bytes);
    storage->problem.attr = work->attr;
    return SY_OK;
}

sy_status sy_work_create_from_problem(sy_context *context, const sy_problem *problem, const char *algorithm,
    sy_work **out_work, sy_error *err) {
    *out_work = NULL;
    if (problem->size != sizeof *problem)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "problem: size is %u, must be %zu", problem->size, sizeof *problem);
    sy_work *work = create_empty(context, err);
    if (work == NULL)
        return SY_OUT_OF_MEMORY;
    sy_status status = copy_problem(problem, work, err);
    if (status != SY_OK) {
        sy_work_destroy(work);
        return status;
    }
    return finish(work, NULL, algorithm, out_work, err);
}

void sy_work_destroy(sy_work *work) {
    if (work == NULL)
        return;
    if (work->plan != NULL)
        work->context->ref.api->work->plan_destroy(work->plan);
    if (work->workspace.buffer != NULL)
        work->context->ref.api->memory->free(work->workspace.buffer);
    sy_mem_free(work->attr);
    sy_mem_free(work);
}

const char *sy_work_algorithm(const sy_work *work) {
    return work->algorithm.name;
}

sy_status sy_work_operand(const sy_work *work, uint32_t index, sy_operand *out_operand, sy_error *err) {
    sy_operand found = {.size = out_operand->size};
    size_t bytes = found.size < sizeof found ? found.size : sizeof found;
    memcpy(out_operand, &found, bytes);
    if (index >= tensor_count(work))
        return sy_error_set(err, SY_UNAVAILABLE, "there are %u operands", tensor_count(work));
    const sy_tensor *given = &work->given[index];
    found.is_absent = (given->flags & SY_TENSOR_ABSENT) != 0;
    found.is_const = (given->flags & SY_TENSOR_CONST) != 0;
    found.is_output = index >= work->storage.problem.n_in;
    if (!found.is_absent) {
        found.dtype = given->dtype;
        found.rank = given->rank;
        found.bytes = work->given_bytes[index];
        memcpy(found.dim, given->dim, sizeof found.dim);
        memcpy(found.stride, given->stride, sizeof found.stride);
    }
    memcpy(out_operand, &found, bytes);
    return SY_OK;
}
