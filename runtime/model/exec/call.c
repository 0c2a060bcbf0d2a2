/* A host step as a call of its operator. */
#include <string.h>

#include "runtime/model/exec/exec.h"

void sy_exec_call_init(
    const sy_compiled *compiled, const sy_net_node *node, sy_net_tensor *port, sy_net_call *out_call) {
    const sy_net_value *value = compiled->graph->value;
    *out_call = (sy_net_call){.node = node,
        .in = port,
        .out = port + node->n_in,
        .n_in = node->n_in,
        .n_out = node->n_out,
        .state = node->state};
    for (uint32_t i = 0; i < node->n_in + node->n_out; i++) {
        uint32_t index = i < node->n_in ? node->in[i] : node->out[i - node->n_in];
        port[i] = index != SY_NET_NONE ? value[index].tensor : (sy_net_tensor){0};
    }
}

/* Where the elements of a value begin; NULL for empty ones and constants are their own. */
void sy_exec_call_address(const sy_instance *instance, const sy_net_node *node, sy_net_call *call) {
    const sy_compiled *compiled = instance->compiled;
    sy_net_tensor *port = (sy_net_tensor *)(uintptr_t)call->in;
    for (uint32_t i = 0; i < node->n_in + node->n_out; i++) {
        uint32_t index = i < node->n_in ? node->in[i] : node->out[i - node->n_in];
        if (index == SY_NET_NONE || (compiled->graph->value[index].flags & SY_NET_CONST) != 0)
            continue;
        port[i].data = instance->address[compiled->space[index]] + compiled->offset[index];
    }
}
