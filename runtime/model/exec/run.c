/* One run of an instance. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/exec/exec.h"

static unsigned char *address_of(const sy_instance *instance, uint32_t value) {
    const sy_compiled *compiled = instance->compiled;
    return instance->address[compiled->space[value]] + compiled->offset[value];
}

static sy_status check_ports(const sy_instance *instance, const void *const *in, uint32_t n_in,
    void *const *out, uint32_t n_out, sy_error *err) {
    const sy_net_graph *graph = instance->compiled->graph;
    if (n_in != graph->n_input || n_out != graph->n_output)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%u inputs and %u outputs, the network has %u and %u",
            n_in, n_out, graph->n_input, graph->n_output);
    for (uint32_t i = 0; i < n_in; i++)
        if (in[i] == NULL && sy_net_bytes(&graph->value[graph->input[i]].tensor) > 0)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "no memory for input %s", graph->value[graph->input[i]].name);
    (void)out;
    return SY_OK;
}

static void take_inputs(sy_instance *instance, const void *const *in) {
    const sy_net_graph *graph = instance->compiled->graph;
    for (uint32_t i = 0; i < graph->n_input; i++) {
        size_t bytes = sy_net_bytes(&graph->value[graph->input[i]].tensor);
        if (bytes > 0)
            memcpy(address_of(instance, graph->input[i]), in[i], bytes);
    }
}

static void give_outputs(sy_instance *instance, void *const *out) {
    const sy_net_graph *graph = instance->compiled->graph;
    for (uint32_t i = 0; i < graph->n_output; i++) {
        const sy_net_value *value = &graph->value[graph->output[i]];
        size_t bytes = sy_net_bytes(&value->tensor);
        bool is_const = (value->flags & SY_NET_CONST) != 0;
        if (out[i] != NULL && bytes > 0)
            memcpy(out[i], is_const ? value->tensor.data : address_of(instance, graph->output[i]), bytes);
    }
}

static sy_status wait(sy_instance *instance, sy_error *err) {
    const sy_context *device = instance->compiled->side[SY_SPACE_DEVICE];
    instance->is_copying = false;
    return device->ref.api->queue->sync(instance->queue[SY_SPACE_DEVICE], UINT64_MAX, err);
}

/* What the device gives the host is used next; what it takes, it may read later. */
static sy_status run_copy(sy_instance *instance, const sy_exec_bound *bound, sy_error *err) {
    const sy_memory_api *api = instance->compiled->side[SY_SPACE_DEVICE]->ref.api->memory;
    if (bound->to.bytes == 0)
        return SY_OK;
    sy_status status = api->copy(instance->queue[SY_SPACE_DEVICE], bound->to, bound->from, err);
    if (status != SY_OK)
        return status;
    instance->is_copying = true;
    return bound->to.buffer == instance->host_seen ? wait(instance, err) : SY_OK;
}

/* Its result may lie where the source of a copy lay, which must have been read by then. */
static sy_status run_host(sy_instance *instance, const sy_exec_bound *bound, sy_error *err) {
    sy_status status = instance->is_copying ? wait(instance, err) : SY_OK;
    return status == SY_OK ? bound->call.node->op->run(&bound->call, err) : status;
}

static sy_status run_step(sy_instance *instance, uint32_t index, sy_error *err) {
    const sy_compiled *compiled = instance->compiled;
    const sy_exec_bound *bound = &instance->bound[index];
    switch (compiled->step[index].kind) {
    case SY_STEP_WORK: return compiled->side[SY_SPACE_DEVICE]->ref.api->work->run(bound->binding);
    case SY_STEP_COPY: return run_copy(instance, bound, err);
    default: return run_host(instance, bound, err);
    }
}

static sy_status run_steps(sy_instance *instance, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < instance->compiled->n_step; i++)
        status = run_step(instance, i, err);
    sy_status waited = wait(instance, status == SY_OK ? err : NULL);
    return status != SY_OK ? status : waited;
}

static sy_status run_profiled(sy_instance *instance, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < instance->compiled->n_step; i++) {
        instance->step_begin_ns[i] = sy_clock_raw_ns();
        status = run_step(instance, i, err);
        sy_status waited = wait(instance, status == SY_OK ? err : NULL);
        status = status != SY_OK ? status : waited;
        instance->step_ns[i] = sy_clock_raw_ns() - instance->step_begin_ns[i];
    }
    return status;
}

sy_status sy_instance_run(sy_instance *instance, const void *const *in, uint32_t n_in, void *const *out,
    uint32_t n_out, sy_error *err) {
    sy_status status = check_ports(instance, in, n_in, out, n_out, err);
    if (status != SY_OK)
        return status;
    sy_instance_times *times = &instance->times;
    times->begin_ns = sy_clock_raw_ns();
    take_inputs(instance, in);
    uint64_t taken_ns = sy_clock_raw_ns();
    status = instance->is_profiled ? run_profiled(instance, err) : run_steps(instance, err);
    uint64_t done_ns = sy_clock_raw_ns();
    if (status == SY_OK)
        give_outputs(instance, out);
    times->in_ns = taken_ns - times->begin_ns;
    times->compute_ns = done_ns - taken_ns;
    times->out_ns = sy_clock_raw_ns() - done_ns;
    return status;
}

sy_status sy_instance_times_get(const sy_instance *instance, sy_instance_times *out_times, sy_error *err) {
    uint32_t size = out_times->size;
    if (size < 8)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "times: size is %u, must be %zu", size, sizeof *out_times);
    sy_instance_times times = instance->times;
    times.size = size;
    times.n_step = instance->is_profiled ? instance->compiled->n_step : 0;
    times.step_begin_ns = instance->is_profiled ? instance->step_begin_ns : NULL;
    times.step_ns = instance->is_profiled ? instance->step_ns : NULL;
    memcpy(out_times, &times, size < sizeof times ? size : sizeof times);
    return SY_OK;
}

sy_status sy_instance_profile(sy_instance *instance, uint32_t is_on, sy_error *err) {
    (void)err;
    instance->is_profiled = is_on != 0;
    return SY_OK;
}
