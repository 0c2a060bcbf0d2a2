/* The scripted backend; every handle is the script itself. */
#include "tests/unit/runtime/dispatch/fake.h"

#include <stdio.h>
#include <string.h>

sy_device *fake_device(fake_script *script) {
    return (sy_device *)(void *)script;
}

sy_queue *fake_queue(fake_script *script) {
    return (sy_queue *)(void *)script;
}

static fake_script *script_of(void *handle) {
    return handle;
}

static void say(sy_error *err, const char *text) {
    if (err != NULL)
        snprintf(err->text, sizeof err->text, "%s", text);
}

static sy_status step(fake_script *script, uint32_t call, sy_error *err) {
    script->calls[call]++;
    if (script->failing != call)
        return SY_OK;
    say(err, "scripted failure");
    return SY_LOST;
}

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    fake_script *script = script_of(device);
    (void)problem;
    if (index >= script->count && !script->is_endless)
        return SY_UNAVAILABLE;
    const fake_row *row = &script->rows[index < script->count ? index : script->count - 1];
    *out_algorithm = row->algorithm;
    if (row->reason != NULL)
        say(err, row->reason);
    return row->status;
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)tensor, (void)err;
    *out_bytes = script_of(device)->layout_bytes;
    return SY_OK;
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    fake_script *script = script_of(device);
    *out_plan = NULL;
    script->seen_algorithm_id = algorithm_id;
    sy_status status = step(script, FAKE_PLAN, err);
    if (problem->op != SY_OP_REORDER || status != SY_OK)
        return status;
    *out_plan = (sy_plan *)(void *)script;
    script->living++;
    return SY_OK;
}

static void plan_destroy(sy_plan *plan) {
    if (plan != NULL)
        script_of(plan)->living--;
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    *out_bytes = script_of(plan)->workspace_bytes;
    return step(script_of(plan), FAKE_WORKSPACE, err);
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    fake_script *script = script_of(plan);
    (void)queue, (void)operands;
    *out_binding = NULL;
    if (count != 2 || workspace.bytes != script->workspace_bytes)
        return SY_INTERNAL;
    sy_status status = step(script, FAKE_BINDING, err);
    if (status != SY_OK)
        return status;
    *out_binding = (sy_binding *)(void *)script;
    script->living++;
    return SY_OK;
}

static void binding_destroy(sy_binding *binding) {
    if (binding != NULL)
        script_of(binding)->living--;
}

static sy_status run(sy_binding *binding) {
    return step(script_of(binding), FAKE_RUN, NULL);
}

static const sy_work_api work = {
    .size = sizeof work,
    .algorithm = algorithm,
    .layout_bytes = layout_bytes,
    .plan_create = plan_create,
    .plan_destroy = plan_destroy,
    .plan_workspace = plan_workspace,
    .binding_create = binding_create,
    .binding_destroy = binding_destroy,
    .run = run,
};

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    fake_script *script = script_of(device);
    (void)kind, (void)bytes;
    *out_buffer = NULL;
    sy_status status = step(script, FAKE_ALLOC, err);
    if (status != SY_OK)
        return status;
    *out_buffer = (sy_buffer *)(void *)script;
    script->living++;
    return SY_OK;
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer != NULL)
        script_of(buffer)->living--;
}

static sy_status copy(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    (void)dst, (void)src;
    return step(script_of(queue), FAKE_COPY, err);
}

static const sy_memory_api memory = {
    .size = sizeof memory, .alloc = alloc_buffer, .free = free_buffer, .copy = copy};

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)timeout_ns;
    return step(script_of(queue), FAKE_SYNC, err);
}

static const sy_queue_api queue_api = {.size = sizeof queue_api, .sync = sync_queue};

const sy_backend_api fake_api = {
    .size = sizeof fake_api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "fake",
    .version = "1",
    .memory = &memory,
    .queue = &queue_api,
    .work = &work,
};
