/* A depth-first walk, with a stack of its own: chains of nodes are as long as networks are deep. */
#include "runtime/model/passes/order.h"

#include <string.h>

#include "runtime/base/error.h"

enum { UNSEEN, OPEN, DONE };

typedef struct frame {
    uint32_t node, port;
} frame;

typedef struct order_walk {
    const sy_net_graph *graph;
    uint8_t *state;
    uint32_t *order, n_order;
    frame *stack;
} order_walk;

/* Nodes without an operator are left out; producers are right for the array after it. */
static void compact(sy_net_graph *graph) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < graph->n_value; i++)
        graph->value[i].producer = SY_NET_NONE;
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        if (node->op == NULL)
            continue;
        for (uint32_t k = 0; k < node->n_out; k++)
            if (node->out[k] != SY_NET_NONE)
                graph->value[node->out[k]].producer = kept;
        if (kept != i)
            graph->node[kept] = *node;
        kept++;
    }
    graph->n_node = kept;
}

static uint32_t maker_at(const sy_net_graph *graph, const sy_net_node *node, uint32_t port) {
    return node->in[port] == SY_NET_NONE ? SY_NET_NONE : graph->value[node->in[port]].producer;
}

static bool is_ordered(const sy_net_graph *graph) {
    for (uint32_t i = 0; i < graph->n_node; i++)
        for (uint32_t k = 0; k < graph->node[i].n_in; k++) {
            uint32_t maker = maker_at(graph, &graph->node[i], k);
            if (maker != SY_NET_NONE && maker >= i)
                return false;
        }
    return true;
}

/* All that node `start` needs, then itself. False: a cycle. */
static bool visit(order_walk *walk, uint32_t start) {
    uint32_t depth = 0;
    walk->stack[depth++] = (frame){.node = start};
    walk->state[start] = OPEN;
    while (depth > 0) {
        frame *top = &walk->stack[depth - 1];
        const sy_net_node *node = &walk->graph->node[top->node];
        if (top->port == node->n_in) {
            walk->state[top->node] = DONE;
            walk->order[walk->n_order++] = top->node;
            depth--;
            continue;
        }
        uint32_t maker = maker_at(walk->graph, node, top->port++);
        if (maker == SY_NET_NONE || walk->state[maker] == DONE)
            continue;
        if (walk->state[maker] == OPEN)
            return false;
        walk->state[maker] = OPEN;
        walk->stack[depth++] = (frame){.node = maker};
    }
    return true;
}

sy_status sy_net_order(sy_net_graph *graph, sy_net_arena *scratch, sy_error *err) {
    compact(graph);
    if (is_ordered(graph))
        return SY_OK;
    uint32_t count = graph->n_node;
    order_walk walk = {.graph = graph};
    walk.state = sy_net_arena_array(scratch, count, sizeof *walk.state);
    walk.order = sy_net_arena_array(scratch, count, sizeof *walk.order);
    walk.stack = sy_net_arena_array(scratch, count, sizeof *walk.stack);
    sy_net_node *copy = sy_net_arena_array(scratch, count, sizeof *copy);
    if (walk.state == NULL || walk.order == NULL || walk.stack == NULL || copy == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the order of %u nodes", count);
    for (uint32_t i = 0; i < count; i++)
        if (walk.state[i] == UNSEEN && !visit(&walk, i))
            return sy_error_set(
                err, SY_INTERNAL, "node '%s' depends on itself after rewriting", graph->node[i].name);
    memcpy(copy, graph->node, count * sizeof *copy);
    for (uint32_t i = 0; i < count; i++)
        graph->node[i] = copy[walk.order[i]];
    compact(graph);
    return SY_OK;
}
