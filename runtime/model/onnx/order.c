#include "runtime/model/onnx/order.h"

#include <string.h>

#include "runtime/base/error.h"

enum { UNSEEN, OPEN, DONE };

/* A depth-first walk from each node to what it needs, with a stack of its own: chains are long. */
typedef struct order_walk {
    sy_net_graph *graph;
    const sy_onnx_edge *edge;
    uint32_t *edge_begin; /* of node i: edge_begin[i] .. edge_begin[i + 1] - 1 */
    uint32_t *next;       /* what of a node's needs is looked at next */
    uint32_t *stack, *order, n_stack, n_order;
    uint8_t *state;
} order_walk;

/* Producer of the k-th value that a node needs: SY_NET_NONE if it needs none; false past the last. */
static bool need(const order_walk *sorter, uint32_t node, uint32_t k, uint32_t *out_producer) {
    const sy_net_node *reader = &sorter->graph->node[node];
    uint32_t value = SY_NET_NONE;
    if (k < reader->n_in)
        value = reader->in[k];
    else if (k - reader->n_in < sorter->edge_begin[node + 1] - sorter->edge_begin[node])
        value = sorter->edge[sorter->edge_begin[node] + k - reader->n_in].value;
    else
        return false;
    *out_producer = value == SY_NET_NONE ? SY_NET_NONE : sorter->graph->value[value].producer;
    return true;
}

static bool is_in_order(const order_walk *sorter) {
    uint32_t producer = 0;
    for (uint32_t i = 0; i < sorter->graph->n_node; i++)
        for (uint32_t k = 0; need(sorter, i, k, &producer); k++)
            if (producer != SY_NET_NONE && producer >= i)
                return false;
    return true;
}

static sy_status prepare(order_walk *sorter, uint32_t n_edge, sy_net_arena *scratch, sy_error *err) {
    uint32_t count = sorter->graph->n_node;
    sorter->edge_begin = sy_net_arena_array(scratch, (size_t)count + 1, sizeof(uint32_t));
    sorter->next = sy_net_arena_array(scratch, count, sizeof(uint32_t));
    sorter->stack = sy_net_arena_array(scratch, count, sizeof(uint32_t));
    sorter->order = sy_net_arena_array(scratch, count, sizeof(uint32_t));
    sorter->state = sy_net_arena_array(scratch, count, 1);
    if (sorter->edge_begin == NULL || sorter->next == NULL || sorter->stack == NULL ||
        sorter->order == NULL || sorter->state == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the order of %u nodes", count);
    for (uint32_t i = 0; i < n_edge; i++)
        sorter->edge_begin[sorter->edge[i].node + 1]++;
    for (uint32_t i = 0; i < count; i++)
        sorter->edge_begin[i + 1] += sorter->edge_begin[i];
    return SY_OK;
}

/* `root` and all it needs. */
static sy_status visit(order_walk *sorter, uint32_t root, sy_error *err) {
    if (sorter->state[root] != UNSEEN)
        return SY_OK;
    sorter->stack[sorter->n_stack++] = root;
    sorter->state[root] = OPEN;
    while (sorter->n_stack > 0) {
        uint32_t node = sorter->stack[sorter->n_stack - 1], producer = SY_NET_NONE;
        if (!need(sorter, node, sorter->next[node]++, &producer)) {
            sorter->state[node] = DONE;
            sorter->order[sorter->n_order++] = node;
            sorter->n_stack--;
        } else if (producer != SY_NET_NONE && sorter->state[producer] == OPEN) {
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "a cycle: node '%s' needs what is made of its own outputs",
                sorter->graph->node[producer].name);
        } else if (producer != SY_NET_NONE && sorter->state[producer] == UNSEEN) {
            sorter->stack[sorter->n_stack++] = producer;
            sorter->state[producer] = OPEN;
        }
    }
    return SY_OK;
}

static sy_status apply(const order_walk *sorter, sy_net_arena *scratch, sy_error *err) {
    sy_net_graph *graph = sorter->graph;
    sy_net_node *old = sy_net_arena_array(scratch, graph->n_node, sizeof *old);
    if (old == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the order of %u nodes", graph->n_node);
    memcpy(old, graph->node, graph->n_node * sizeof *old);
    for (uint32_t i = 0; i < graph->n_node; i++) {
        graph->node[i] = old[sorter->order[i]];
        for (uint32_t k = 0; k < graph->node[i].n_out; k++)
            if (graph->node[i].out[k] != SY_NET_NONE)
                graph->value[graph->node[i].out[k]].producer = i;
    }
    return SY_OK;
}

sy_status sy_onnx_order(
    sy_net_graph *graph, const sy_onnx_edge *edge, uint32_t n_edge, sy_net_arena *scratch, sy_error *err) {
    order_walk sorter = {.graph = graph, .edge = edge};
    if (graph->n_node == 0)
        return SY_OK;
    sy_status status = prepare(&sorter, n_edge, scratch, err);
    if (status != SY_OK || is_in_order(&sorter))
        return status;
    for (uint32_t i = 0; i < graph->n_node && status == SY_OK; i++)
        status = visit(&sorter, i, err);
    return status == SY_OK ? apply(&sorter, scratch, err) : status;
}
