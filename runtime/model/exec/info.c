/* What was made of a network. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/exec/exec.h"

sy_status sy_compiled_info_get(const sy_compiled *compiled, sy_compiled_info *out_info, sy_error *err) {
    uint32_t size = out_info->size;
    if (size < 8)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "info: size is %u, must be %zu", size, sizeof *out_info);
    sy_compiled_info info = {.size = size,
        .steps = compiled->n_step,
        .weight_bytes = compiled->weight_bytes,
        .activation_bytes = compiled->space_bytes[0] + compiled->space_bytes[1],
        .flop = compiled->flop};
    for (uint32_t i = 0; i < compiled->n_step; i++) {
        info.device_steps += compiled->step[i].kind == SY_STEP_WORK;
        info.host_steps += compiled->step[i].kind == SY_STEP_HOST;
        info.copies += compiled->step[i].kind == SY_STEP_COPY;
        const sy_exec_work *work = compiled->step[i].work;
        uint32_t dtype = work != NULL ? work->storage.tensor[0].dtype : SY_DTYPE_NONE;
        info.bf16_steps += dtype == SY_BF16;
        if (work != NULL && !sy_math_allows(info.math, work->algorithm.math))
            info.math = work->algorithm.math;
        info.wide_steps += work != NULL && work->algorithm.bound_factor > 1;
        info.byte_steps += dtype == SY_S8 || dtype == SY_U8;
    }
    memcpy(out_info, &info, size < sizeof info ? size : sizeof info);
    return SY_OK;
}

sy_status sy_compiled_step_get(
    const sy_compiled *compiled, uint32_t index, sy_compiled_step *out_step, sy_error *err) {
    uint32_t size = out_step->size;
    if (size < 8)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "step: size is %u, must be %zu", size, sizeof *out_step);
    if (index >= compiled->n_step)
        return sy_error_set(err, SY_UNAVAILABLE, "there are %u steps", compiled->n_step);
    const sy_exec_step *step = &compiled->step[index];
    const sy_net_node *node = &compiled->graph->node[step->node];
    sy_compiled_step found = {.size = size,
        .is_host = step->kind == SY_STEP_HOST,
        .is_copy = step->kind == SY_STEP_COPY,
        .node = node->name,
        .op = node->op->name,
        .dtype = node->n_out > 0 && node->out[0] != SY_NET_NONE
                     ? compiled->graph->value[node->out[0]].tensor.dtype
                     : SY_DTYPE_NONE,
        .algorithm = step->work != NULL ? step->work->algorithm.name : "",
        .flop = step->flop,
        .bytes = step->bytes};
    memcpy(out_step, &found, size < sizeof found ? size : sizeof found);
    return SY_OK;
}

sy_status sy_compiled_port_get(
    const sy_compiled *compiled, uint32_t index, sy_network_port *out_port, sy_error *err) {
    const sy_net_graph *graph = compiled->graph;
    uint32_t size = out_port->size;
    if (size < 8)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "port: size is %u, must be %zu", size, sizeof *out_port);
    if (index >= graph->n_input + graph->n_output)
        return sy_error_set(
            err, SY_UNAVAILABLE, "there are %u inputs and %u outputs", graph->n_input, graph->n_output);
    bool is_output = index >= graph->n_input;
    uint32_t value = is_output ? graph->output[index - graph->n_input] : graph->input[index];
    const sy_net_tensor *tensor = &graph->value[value].tensor;
    sy_network_port port = {.size = size,
        .is_output = is_output,
        .dtype = tensor->dtype,
        .rank = tensor->rank,
        .name = compiled->port_name[index]};
    for (uint32_t i = 0; i < tensor->rank; i++) {
        port.dim[i] = tensor->dim[i];
        port.dim_name[i] = "";
    }
    memcpy(out_port, &port, size < sizeof port ? size : sizeof port);
    return SY_OK;
}
