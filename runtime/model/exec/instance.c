/* An instance: memory, queues, and every step tied to them. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"

/* The first instance has the contexts' own queues. */
static sy_status take_queues(sy_instance *instance, bool is_first, sy_error *err) {
    sy_compiled *compiled = instance->compiled;
    for (uint32_t i = 0; i < SY_SPACES; i++) {
        sy_context *context = compiled->side[i];
        if (i > 0 && compiled->is_unified)
            instance->queue[i] = instance->queue[0];
        else if (is_first)
            instance->queue[i] = context->queue;
        else {
            sy_status status = context->ref.api->queue->create(context->device, &instance->queue[i], err);
            if (status != SY_OK)
                return status;
            instance->owns_queue[i] = true;
        }
    }
    uint32_t last = compiled->is_unified ? SY_SPACE_DEVICE : SY_SPACE_HOST;
    sy_exec_team_init(compiled->side[last], instance->queue[last], compiled->isa, &instance->workers);
    return SY_OK;
}

static sy_status take_space(sy_instance *instance, uint32_t space, sy_error *err) {
    sy_compiled *compiled = instance->compiled;
    sy_context *context = compiled->side[space];
    const sy_memory_api *api = context->ref.api->memory;
    uint64_t bytes = compiled->space_bytes[space];
    if (bytes == 0)
        return SY_OK;
    sy_status status = api->alloc(context->device, SY_MEMORY_DEVICE, bytes, &instance->memory[space], err);
    if (status != SY_OK)
        return status;
    if (api->host_ptr != NULL)
        instance->address[space] = api->host_ptr(instance->memory[space]);
    if (space == SY_SPACE_HOST) {
        sy_context *device = compiled->side[SY_SPACE_DEVICE];
        return device->ref.api->memory->import(
            device->device, instance->address[space], bytes, &instance->host_seen, err);
    }
    return SY_OK;
}

static sy_status take_memory(sy_instance *instance, sy_error *err) {
    sy_compiled *compiled = instance->compiled;
    sy_context *device = compiled->side[SY_SPACE_DEVICE];
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < SY_SPACES; i++)
        status = take_space(instance, i, err);
    if (status == SY_OK && compiled->workspace_bytes > 0)
        status = device->ref.api->memory->alloc(
            device->device, SY_MEMORY_DEVICE, compiled->workspace_bytes, &instance->workspace, err);
    if (status != SY_OK || compiled->scratch_bytes == 0)
        return status;
    instance->scratch = sy_mem_align(64, compiled->scratch_bytes);
    return instance->scratch != NULL ? SY_OK
                                     : sy_error_set(err, SY_OUT_OF_MEMORY, "%llu bytes for scratch memory",
                                           (unsigned long long)compiled->scratch_bytes);
}

static sy_span span_of(const sy_instance *instance, uint32_t value, uint64_t bytes) {
    const sy_compiled *compiled = instance->compiled;
    return (sy_span){.buffer = instance->memory[compiled->space[value]],
        .offset = compiled->offset[value],
        .bytes = bytes};
}

static sy_status bind_work(
    sy_instance *instance, const sy_exec_step *step, sy_exec_bound *bound, sy_error *err) {
    const sy_compiled *compiled = instance->compiled;
    const sy_context *device = compiled->side[SY_SPACE_DEVICE];
    const sy_exec_work *work = step->work;
    sy_span operand[SY_MAX_TENSORS] = {0};
    uint32_t count = work->storage.problem.n_in + work->storage.problem.n_out;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bytes = 0;
        sy_status status = SY_OK;
        if (work->constant[i].buffer != NULL)
            operand[i] = work->constant[i];
        else if (work->value[i] != SY_NET_NONE) {
            status = sy_dispatch_tensor_bytes(
                device->ref.api, device->device, &work->storage.tensor[i], &bytes, err);
            operand[i] = bytes > 0 ? span_of(instance, work->value[i], bytes) : (sy_span){0};
        }
        if (status != SY_OK)
            return status;
    }
    sy_span workspace = {.buffer = instance->workspace, .bytes = compiled->workspace_bytes};
    return device->ref.api->work->binding_create(
        work->plan, instance->queue[SY_SPACE_DEVICE], operand, count, workspace, &bound->binding, err);
}

static void bind_copy(sy_instance *instance, const sy_net_node *node, sy_exec_bound *bound) {
    const sy_compiled *compiled = instance->compiled;
    uint64_t bytes = sy_exec_extent_bytes(&compiled->graph->value[node->in[0]].tensor);
    sy_span *host = compiled->space[node->in[0]] == SY_SPACE_HOST ? &bound->from : &bound->to;
    bound->from = span_of(instance, node->in[0], bytes);
    bound->to = span_of(instance, node->out[0], bytes);
    host->buffer = instance->host_seen;
}

static sy_status bind_host(
    sy_instance *instance, const sy_net_node *node, sy_exec_bound *bound, sy_error *err) {
    sy_net_tensor *port =
        sy_net_arena_array(&instance->arena, (size_t)node->n_in + node->n_out + 1, sizeof *port);
    if (port == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the operands of %s", node->name);
    sy_exec_call_init(instance->compiled, node, port, &bound->call);
    sy_exec_call_address(instance, node, &bound->call);
    bound->call.team = &instance->workers.team;
    bound->call.scratch = instance->scratch;
    return SY_OK;
}

static sy_status bind_steps(sy_instance *instance, sy_error *err) {
    const sy_compiled *compiled = instance->compiled;
    sy_status status = SY_OK;
    size_t count = (size_t)compiled->n_step + 1;
    instance->bound = sy_net_arena_array(&instance->arena, count, sizeof *instance->bound);
    instance->step_begin_ns = sy_net_arena_array(&instance->arena, count, sizeof *instance->step_begin_ns);
    instance->step_ns = sy_net_arena_array(&instance->arena, count, sizeof *instance->step_ns);
    if (instance->bound == NULL || instance->step_begin_ns == NULL || instance->step_ns == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u steps", compiled->n_step);
    for (uint32_t i = 0; status == SY_OK && i < compiled->n_step; i++) {
        const sy_exec_step *step = &compiled->step[i];
        const sy_net_node *node = &compiled->graph->node[step->node];
        if (step->kind == SY_STEP_WORK)
            status = bind_work(instance, step, &instance->bound[i], err);
        else if (step->kind == SY_STEP_COPY)
            bind_copy(instance, node, &instance->bound[i]);
        else
            status = bind_host(instance, node, &instance->bound[i], err);
        if (status != SY_OK)
            sy_error_prefix(err, status, "%s", node->name);
    }
    return status;
}

sy_status sy_instance_create(sy_compiled *compiled, sy_instance **out_instance, sy_error *err) {
    *out_instance = NULL;
    sy_instance *instance = sy_mem_calloc(1, sizeof *instance);
    if (instance == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu bytes for an instance", sizeof *instance);
    instance->compiled = compiled;
    bool is_first = !atomic_exchange(&compiled->has_instance, true);
    instance->is_first = is_first;
    sy_status status = take_queues(instance, is_first, err);
    if (status == SY_OK)
        status = take_memory(instance, err);
    if (status == SY_OK)
        status = bind_steps(instance, err);
    if (status != SY_OK) {
        sy_instance_destroy(instance);
        return status;
    }
    *out_instance = instance;
    return SY_OK;
}

static void release_side(sy_instance *instance, uint32_t space) {
    const sy_backend_api *api = instance->compiled->side[space]->ref.api;
    if (instance->memory[space] != NULL)
        api->memory->free(instance->memory[space]);
    if (instance->owns_queue[space])
        api->queue->destroy(instance->queue[space]);
}

void sy_instance_destroy(sy_instance *instance) {
    if (instance == NULL)
        return;
    sy_compiled *compiled = instance->compiled;
    const sy_backend_api *api = compiled->side[SY_SPACE_DEVICE]->ref.api;
    for (uint32_t i = 0; instance->bound != NULL && i < compiled->n_step; i++)
        if (instance->bound[i].binding != NULL)
            api->work->binding_destroy(instance->bound[i].binding);
    if (instance->workspace != NULL)
        api->memory->free(instance->workspace);
    if (instance->host_seen != NULL)
        api->memory->free(instance->host_seen);
    for (uint32_t i = 0; i < SY_SPACES; i++)
        release_side(instance, i);
    if (instance->is_first)
        atomic_store(&compiled->has_instance, false);
    sy_mem_free(instance->scratch);
    sy_net_arena_release(&instance->arena);
    sy_mem_free(instance);
}
