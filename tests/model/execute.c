/* A data set through the public header: compiled for the processor, one instance, one run. */
#include <string.h>

#include "backends/builtin/builtin.h"
#include "runtime/model/exec/network.h"
#include "tests/model/case.h"

/* What a run needs. */
typedef struct run_rig {
    sy_runtime *runtime;
    sy_context *context;
    sy_compiled *compiled;
    sy_instance *instance;
} run_rig;

static void tear_down(run_rig *rig) {
    sy_instance_destroy(rig->instance);
    sy_compiled_destroy(rig->compiled);
    sy_context_close(rig->context);
    sy_runtime_destroy(rig->runtime);
}

static sy_status compile(run_rig *rig, const sy_network *network, const data_set *set, sy_error *err) {
    const sy_net_graph *source = sy_onnx_graph(network->model);
    sy_network_bind bind[DATA_PORTS_MAX];
    sy_status status = SY_UNSUPPORTED;
    for (int which = NO_VALUES; which < BOUND_VALUES && status != SY_OK; which++) {
        sy_compile_options options = {.size = sizeof options, .bind = bind};
        options.n_bind = data_set_bind(set, source, (bound_values)which, bind);
        status = sy_compiled_create(network, rig->context, &options, &rig->compiled, err);
    }
    return status == SY_OK ? sy_instance_create(rig->compiled, &rig->instance, err) : status;
}

static sy_status set_up(run_rig *rig, const sy_network *network, const data_set *set, sy_error *err) {
    const sy_runtime_options options = {.size = sizeof options, .builtins = sy_builtins, .builtin_count = 1};
    sy_status status = sy_runtime_create(&options, &rig->runtime, err);
    if (status == SY_OK)
        status = sy_context_open(rig->runtime, "cpu", &rig->context, err);
    return status == SY_OK ? compile(rig, network, set, err) : status;
}

/* Memory of a port: of an input the data, of an output room for it. */
static bool give_port(const sy_network_port *port, const sy_network *network, const data_set *set,
    sy_net_arena *arena, const void **in, uint32_t *n_in, sy_net_tensor *out, uint32_t *n_out) {
    const sy_net_graph *source = sy_onnx_graph(network->model);
    sy_net_tensor tensor = {.dtype = port->dtype, .rank = port->rank};
    memcpy(tensor.dim, port->dim, sizeof tensor.dim);
    if (*n_in == DATA_PORTS_MAX || *n_out == DATA_PORTS_MAX)
        return false;
    if (port->is_output) {
        tensor.data = sy_net_arena_alloc(arena, sy_net_bytes(&tensor));
        out[(*n_out)++] = tensor;
        return tensor.data != NULL;
    }
    uint32_t index = 0;
    while (index < source->n_input && strcmp(source->value[source->input[index]].name, port->name) != 0)
        index++;
    bool is_found = data_set_find(set, port->name, port->dtype, index, &tensor);
    in[(*n_in)++] = tensor.data;
    return is_found;
}

static sy_status run(run_rig *rig, const sy_network *network, const data_set *set, sy_net_arena *arena,
    sy_net_tensor out[DATA_PORTS_MAX], uint32_t *out_count, sy_error *err) {
    const void *in[DATA_PORTS_MAX];
    void *memory[DATA_PORTS_MAX];
    uint32_t n_in = 0;
    for (uint32_t i = 0;; i++) {
        sy_network_port port = {.size = sizeof port};
        sy_status status = sy_compiled_port_get(rig->compiled, i, &port, NULL);
        if (status == SY_UNAVAILABLE)
            break;
        if (status != SY_OK || !give_port(&port, network, set, arena, in, &n_in, out, out_count))
            return SY_INVALID_ARGUMENT;
    }
    for (uint32_t i = 0; i < *out_count; i++)
        memory[i] = out[i].data;
    return sy_instance_run(rig->instance, in, n_in, memory, *out_count, err);
}

sy_status case_execute(const sy_network *network, const data_set *set, sy_net_arena *arena,
    sy_net_tensor out[DATA_PORTS_MAX], uint32_t *out_count, sy_error *err) {
    run_rig rig = {0};
    sy_status status = set_up(&rig, network, set, err);
    if (status == SY_OK)
        status = run(&rig, network, set, arena, out, out_count, err);
    tear_down(&rig);
    return status;
}
