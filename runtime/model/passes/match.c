#include "runtime/model/passes/match.h"

#include <math.h>
#include <string.h>

bool sy_net_node_is(const sy_net_node *node, const char *name) {
    return node->op != NULL && node->op->domain[0] == 0 && strcmp(node->op->name, name) == 0;
}

bool sy_net_node_is_ours(const sy_net_node *node, const char *name) {
    return node->op != NULL && strcmp(node->op->domain, "steelyard") == 0 &&
           strcmp(node->op->name, name) == 0;
}

bool sy_net_node_is_product(const sy_net_node *node) {
    bool is_ours = sy_net_node_is_ours(node, "Product") && sy_net_attr_find(node, "perm_y") == NULL;
    return is_ours || sy_net_node_is(node, "MatMul");
}

uint32_t sy_net_node_in(const sy_net_node *node, uint32_t port) {
    return port < node->n_in ? node->in[port] : SY_NET_NONE;
}

bool sy_net_is_real(uint32_t dtype) {
    return dtype == SY_F64 || dtype == SY_F32 || dtype == SY_F16 || dtype == SY_BF16;
}

const sy_net_tensor *sy_net_constant(const sy_net_graph *graph, uint32_t value) {
    if (value == SY_NET_NONE || !(graph->value[value].flags & SY_NET_CONST))
        return NULL;
    const sy_net_tensor *tensor = &graph->value[value].tensor;
    return tensor->data != NULL && !tensor->is_last ? tensor : NULL;
}

bool sy_net_scalar(const sy_net_graph *graph, uint32_t value, double *out_number) {
    const sy_net_tensor *tensor = sy_net_constant(graph, value);
    if (tensor == NULL || sy_net_elements(tensor) != 1)
        return false;
    *out_number = sy_net_get(tensor, 0);
    return true;
}

bool sy_net_scalar_is(const sy_net_graph *graph, uint32_t value, double number) {
    double found = 0;
    return sy_net_scalar(graph, value, &found) && fabs(found - number) <= 1e-3 * fabs(number);
}

bool sy_net_values_alike(const sy_net_graph *graph, uint32_t a, uint32_t b) {
    const sy_net_tensor *x = &graph->value[a].tensor, *y = &graph->value[b].tensor;
    return x->dtype == y->dtype && sy_net_same_shape(x, y);
}

bool sy_net_varies_along(const sy_net_tensor *c, uint32_t rank, uint32_t axis, int64_t extent) {
    if (c->rank > rank)
        return false;
    for (uint32_t i = 0; i < c->rank; i++) {
        bool is_axis = rank - c->rank + i == axis;
        if (c->dim[i] != 1 && !(is_axis && c->dim[i] == extent))
            return false;
    }
    return true;
}

double sy_net_along(const sy_net_tensor *c, int64_t index) {
    return sy_net_get(c, sy_net_elements(c) == 1 ? 0 : index);
}

bool sy_net_other_than(
    const sy_net_graph *graph, const sy_net_node *node, double number, uint32_t *out_other) {
    for (uint32_t i = 0; i < 2 && node->n_in == 2; i++)
        if (sy_net_scalar_is(graph, node->in[i], number)) {
            *out_other = node->in[1 - i];
            return true;
        }
    return false;
}

bool sy_net_axes(const sy_net_graph *graph, const sy_net_node *node, uint32_t port, uint32_t rank,
    uint32_t axis[SY_NET_MAX_RANK], uint32_t *out_count) {
    size_t count = 0;
    const int64_t *listed = sy_net_attr_ints(node, "axes", &count);
    const sy_net_tensor *input = sy_net_constant(graph, sy_net_node_in(node, port));
    if (listed == NULL && input == NULL)
        return false;
    if (listed == NULL)
        count = (size_t)sy_net_elements(input);
    if (count > SY_NET_MAX_RANK)
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t number = listed != NULL ? listed[i] : sy_net_get_int(input, (int64_t)i);
        if (number < -(int64_t)rank || number >= (int64_t)rank)
            return false;
        axis[i] = (uint32_t)(number < 0 ? number + (int64_t)rank : number);
    }
    *out_count = (uint32_t)count;
    return true;
}
