/* Compiling: specialise, rewrite, place, plan memory, prepare steps. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"
#include "runtime/model/ops/cost.h"
#include "runtime/model/ops/isa.h"
#include "runtime/model/passes/memory.h"
#include "runtime/model/passes/pass.h"
#include "runtime/model/passes/specialise.h"
#include "runtime/model/passes/unread.h"

/* The options as far as the caller has them, zero beyond. */
static sy_status read_options(const sy_compile_options *given, sy_compile_options *out, sy_error *err) {
    *out = (sy_compile_options){.size = sizeof *out};
    if (given == NULL)
        return SY_OK;
    if (given->size < 8)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "compile options: size is %u, must be %zu", given->size, sizeof *given);
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    if (out->dtype != 0 && out->dtype != SY_F32 && out->dtype != SY_BF16)
        return sy_error_set(err, SY_UNSUPPORTED, "networks are computed in f32 or bf16, not in %s",
            sy_net_dtype_name(out->dtype));
    return SY_OK;
}

/* The context of host steps: the device's own, the caller's, or a new one. */
static sy_status open_host(sy_compiled *compiled, const sy_compile_options *options, sy_error *err) {
    sy_context *device = compiled->side[SY_SPACE_DEVICE];
    sy_device_info info = {.size = sizeof info};
    sy_status status = sy_context_info(device, &info, err);
    compiled->is_unified = status == SY_OK && (info.flags & SY_DEVICE_HOST_PROCESSOR) != 0 &&
                           (info.flags & SY_DEVICE_UNIFIED) != 0 && device->ref.api->queue->host_for != NULL;
    if (status == SY_OK && !compiled->is_unified && options->host == NULL) {
        status = sy_context_open(device->runtime, "cpu", &compiled->side[SY_SPACE_HOST], err);
        compiled->owns_host = status == SY_OK;
    } else
        compiled->side[SY_SPACE_HOST] = compiled->is_unified ? device : options->host;
    if (status == SY_OK)
        status = sy_context_info(compiled->side[SY_SPACE_HOST], &info, err);
    compiled->isa = status == SY_OK ? sy_net_isa(info.isa) : 0;
    return status;
}

static sy_status keep_names(sy_compiled *compiled, sy_error *err) {
    const sy_net_graph *graph = compiled->graph;
    uint32_t count = graph->n_input + graph->n_output;
    compiled->port_name =
        sy_net_arena_array(&compiled->arena, (size_t)count + 1, sizeof *compiled->port_name);
    if (compiled->port_name == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the names of %u ports", count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = i < graph->n_input ? graph->input[i] : graph->output[i - graph->n_input];
        compiled->port_name[i] = graph->value[value].name;
    }
    return SY_OK;
}

static sy_status make_graph(
    sy_compiled *compiled, const sy_network *network, const sy_compile_options *options, sy_error *err) {
    sy_exec_team workers;
    sy_context *host = compiled->side[SY_SPACE_HOST];
    sy_exec_team_init(host, host->queue, compiled->isa, &workers);
    bool has_bf16 = options->dtype == SY_BF16 && options->no_passes == 0;
    if (has_bf16 && !sy_exec_has_products(compiled, "bf16"))
        return sy_error_set(err, SY_UNSUPPORTED, "the device computes no products and convolutions of bf16");
    const sy_net_pass_options how = {.team = &workers.team,
        .may_channels_last = sy_exec_likes_channels_last(compiled),
        .may_join = compiled->is_unified,
        .may_quantise = sy_exec_has_products(compiled, "s8"),
        .has_bf16 = has_bf16,
        .is_work = sy_exec_is_work};
    sy_status status = sy_net_specialise(sy_onnx_graph(network->model), options->bind, options->n_bind,
        &workers.team, &compiled->arena, &compiled->graph, err);
    if (status == SY_OK)
        status = keep_names(compiled, err);
    if (status == SY_OK && options->no_passes == 0)
        status = sy_net_passes_run(compiled->graph, &how, err);
    if (status == SY_OK)
        status = sy_net_drop_unread(compiled->graph, err);
    /* Weights that were folded into others are not read again, the others when they are packed. */
    sy_onnx_rest(network->model);
    return status;
}

static size_t scratch_of(const sy_compiled *compiled, const sy_net_node *node) {
    sy_net_tensor port[SY_NET_MAX_PORTS * 2];
    sy_net_call call;
    if (node->op->scratch_bytes == NULL || node->n_in > SY_NET_MAX_PORTS || node->n_out > SY_NET_MAX_PORTS)
        return 0;
    sy_exec_call_init(compiled, node, port, &call);
    return node->op->scratch_bytes(&call);
}

/* Inputs and outputs, each once. */
static uint64_t bytes_of(const sy_net_graph *graph, const sy_net_node *node) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < node->n_in + node->n_out; i++) {
        uint32_t value = i < node->n_in ? node->in[i] : node->out[i - node->n_in];
        bytes += value != SY_NET_NONE ? sy_net_bytes(&graph->value[value].tensor) : 0;
    }
    return bytes;
}

static sy_status make_steps(sy_compiled *compiled, sy_exec_work *const *work, sy_error *err) {
    const sy_net_graph *graph = compiled->graph;
    compiled->step = sy_net_arena_array(&compiled->arena, graph->n_node, sizeof *compiled->step);
    if (compiled->step == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u steps", graph->n_node);
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        uint32_t kind = work[i] != NULL ? SY_STEP_WORK : sy_exec_is_copy(node) ? SY_STEP_COPY : SY_STEP_HOST;
        size_t scratch = kind == SY_STEP_HOST ? scratch_of(compiled, node) : 0;
        compiled->step[i] = (sy_exec_step){.kind = kind,
            .node = i,
            .work = work[i],
            .flop = sy_net_node_flop(graph, node),
            .bytes = bytes_of(graph, node)};
        compiled->flop += compiled->step[i].flop;
        compiled->scratch_bytes = scratch > compiled->scratch_bytes ? scratch : compiled->scratch_bytes;
        if (work[i] != NULL && work[i]->workspace_bytes > compiled->workspace_bytes)
            compiled->workspace_bytes = work[i]->workspace_bytes;
    }
    compiled->n_step = graph->n_node;
    return sy_exec_constants(compiled, err);
}

static sy_status plan_memory(sy_compiled *compiled, sy_error *err) {
    const sy_net_graph *graph = compiled->graph;
    compiled->offset = sy_net_arena_array(&compiled->arena, graph->n_value + 1, sizeof *compiled->offset);
    if (compiled->offset == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the places of %u values", graph->n_value);
    return sy_net_memory_plan(
        graph, compiled->space, SY_SPACES, compiled->offset, compiled->space_bytes, err);
}

static sy_status compile(
    sy_compiled *compiled, const sy_network *network, const sy_compile_options *options, sy_error *err) {
    uint32_t *side = NULL;
    sy_exec_work **work = NULL;
    sy_status status = open_host(compiled, options, err);
    if (status == SY_OK)
        status = make_graph(compiled, network, options, err);
    if (status == SY_OK)
        status = sy_exec_place(compiled, options, &side, &work, err);
    compiled->work = work;
    compiled->n_work = status == SY_OK || work != NULL ? compiled->graph->n_node : 0;
    if (status == SY_OK)
        status = sy_exec_copies(compiled, &side, &work, err);
    if (status == SY_OK)
        status = plan_memory(compiled, err);
    if (status == SY_OK)
        status = make_steps(compiled, work, err);
    return status;
}

sy_status sy_compiled_create(const sy_network *network, sy_context *context,
    const sy_compile_options *options, sy_compiled **out_compiled, sy_error *err) {
    sy_compile_options wanted;
    *out_compiled = NULL;
    sy_status status = read_options(options, &wanted, err);
    if (status != SY_OK)
        return status;
    sy_compiled *compiled = sy_mem_calloc(1, sizeof *compiled);
    if (compiled == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%zu bytes for a compiled network", sizeof *compiled);
    compiled->network = network;
    compiled->side[SY_SPACE_DEVICE] = context;
    status = compile(compiled, network, &wanted, err);
    if (status != SY_OK) {
        sy_compiled_destroy(compiled);
        return status;
    }
    sy_onnx_rest(network->model); /* what is read most has been prepared */
    *out_compiled = compiled;
    return SY_OK;
}

void sy_compiled_destroy(sy_compiled *compiled) {
    if (compiled == NULL)
        return;
    for (uint32_t i = 0; i < compiled->n_work; i++)
        sy_exec_work_release(compiled, compiled->work[i]);
    if (compiled->owns_host)
        sy_context_close(compiled->side[SY_SPACE_HOST]);
    sy_net_arena_release(&compiled->arena);
    sy_mem_free(compiled);
}
