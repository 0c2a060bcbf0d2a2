#include "runtime/model/passes/channels.h"

static bool is_image(const sy_net_graph *graph, uint32_t value) {
    return value != SY_NET_NONE && graph->value[value].tensor.is_last;
}

bool sy_net_is_along_channels(const sy_net_graph *graph, const sy_net_node *node, const char *name) {
    if (!sy_net_node_is(node, name) || !is_image(graph, node->out[0]) || !is_image(graph, node->in[0]))
        return false;
    int64_t axis = sy_net_attr_int(node, "axis", 0), rank = graph->value[node->out[0]].tensor.rank;
    return axis == 1 || axis == 1 - rank;
}

bool sy_net_may_be_part(sy_net_edit *edit, uint32_t value) {
    const sy_net_node *maker = sy_net_edit_maker(edit, value, NULL);
    return maker != NULL && is_image(edit->graph, value) && edit->graph->value[value].flags == 0 &&
           maker->op->flags & SY_NET_OP_CHANNELS_LAST;
}

static uint32_t outermost(const sy_net_graph *graph, uint32_t value) {
    while (graph->value[value].flags & SY_NET_PART)
        value = graph->value[value].whole;
    return value;
}

/* Products and convolutions: what a device computes, operands of posts included. */
static bool is_for_device(const sy_net_node *node) {
    return node->op != NULL && node->op->domain[0] == 0 && node->op->flags & SY_NET_OP_POSTS;
}

bool sy_net_would_meet(const sy_net_graph *graph, uint32_t part, uint32_t whole) {
    uint32_t a = outermost(graph, part), b = outermost(graph, whole);
    if (graph->n_node > SY_NET_MANY_NODES)
        return true;
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        if (!is_for_device(node))
            continue;
        uint32_t out = outermost(graph, node->out[0]);
        for (uint32_t k = 0; (out == a || out == b) && k < node->n_in; k++) {
            uint32_t in = node->in[k] == SY_NET_NONE ? SY_NET_NONE : outermost(graph, node->in[k]);
            if (in == a || in == b)
                return true;
        }
    }
    return false;
}

void sy_net_make_part(sy_net_edit *edit, uint32_t value, uint32_t whole, int64_t offset) {
    sy_net_value *part = &edit->graph->value[value];
    part->flags |= SY_NET_PART;
    part->whole = whole;
    part->offset = offset;
}

void sy_net_set_pitches(sy_net_graph *graph) {
    for (uint32_t i = 0; i < graph->n_value; i++) {
        uint32_t whole = outermost(graph, i);
        if (whole != i)
            graph->value[i].tensor.pitch = graph->value[whole].tensor.pitch;
    }
}
