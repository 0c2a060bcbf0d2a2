/* A data set operator by operator. */
#include <string.h>

#include "runtime/model/exec/network.h"
#include "runtime/model/exec/reference.h"
#include "runtime/model/passes/specialise.h"
#include "tests/model/case.h"

/* The place among the network's inputs of one that is left of them. */
static uint32_t place_of(const sy_net_graph *source, const char *name) {
    uint32_t index = 0;
    while (index < source->n_input && strcmp(source->value[source->input[index]].name, name) != 0)
        index++;
    return index;
}

sy_status case_evaluate(const sy_network *network, const data_set *set, sy_net_arena *arena,
    sy_net_tensor out[DATA_PORTS_MAX], uint32_t *out_count, sy_error *err) {
    const sy_net_graph *source = sy_onnx_graph(network->model);
    sy_network_bind bind[DATA_PORTS_MAX];
    sy_net_tensor in[DATA_PORTS_MAX];
    sy_net_graph *graph = NULL;
    sy_status status = SY_UNSUPPORTED;
    for (int which = NO_VALUES; which < BOUND_VALUES && status != SY_OK; which++) {
        uint32_t count = data_set_bind(set, source, (bound_values)which, bind);
        status = sy_net_specialise(source, bind, count, NULL, arena, &graph, err);
    }
    if (status != SY_OK || graph->n_input > DATA_PORTS_MAX || graph->n_output > DATA_PORTS_MAX)
        return status != SY_OK ? status : SY_OVERFLOW;
    for (uint32_t i = 0; i < graph->n_input; i++) {
        const sy_net_value *input = &graph->value[graph->input[i]];
        data_set_find(set, input->name, input->tensor.dtype, place_of(source, input->name), &in[i]);
    }
    *out_count = graph->n_output;
    return sy_net_evaluate(graph, in, graph->n_input, out, graph->n_output, arena, NULL, err);
}
