#include "runtime/model/ops/cost.h"

#include <string.h>

#include "runtime/model/ops/op.h"

static const sy_net_tensor *input(const sy_net_graph *graph, const sy_net_node *node, uint32_t index) {
    return &graph->value[node->in[index]].tensor;
}

double sy_net_node_flop(const sy_net_graph *graph, const sy_net_node *node) {
    const char *name = node->op->name;
    if (node->n_in < 2 || node->in[0] == SY_NET_NONE || node->in[1] == SY_NET_NONE || node->n_out < 1)
        return 0;
    double outputs = (double)sy_net_elements(&graph->value[node->out[0]].tensor);
    const sy_net_tensor *a = input(graph, node, 0), *b = input(graph, node, 1);
    if (outputs < 0 || sy_net_elements(a) < 0 || sy_net_elements(b) < 0)
        return 0;
    if (strcmp(name, "Conv") == 0 && b->rank >= 3 && b->dim[0] > 0)
        return 2 * outputs * (double)(sy_net_elements(b) / b->dim[0]);
    if (strcmp(name, "MatMul") == 0 && a->rank >= 1)
        return 2 * outputs * (double)a->dim[a->rank - 1];
    if (strcmp(name, "Gemm") == 0 && a->rank == 2)
        return 2 * outputs * (double)a->dim[sy_net_attr_int(node, "transA", 0) != 0 ? 0 : 1];
    return 0;
}
