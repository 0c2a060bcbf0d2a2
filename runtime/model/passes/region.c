#include "runtime/model/passes/region.h"

#include <string.h>

#include "runtime/base/error.h"

#define IMAGE_RANK 4u

static bool is_image(const sy_net_graph *graph, uint32_t value) {
    return value != SY_NET_NONE && graph->value[value].tensor.rank == IMAGE_RANK &&
           !(graph->value[value].flags & SY_NET_CONST);
}

/* Convolutions: input 0 is the image, the others are parameters. */
static bool is_convolution(const sy_net_node *node) {
    static const char *const name[] = {"Conv", "ConvTranspose", "ConvInteger", "QLinearConv"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (sy_net_node_is(node, name[i]))
            return true;
    return false;
}

bool sy_net_region_in(const sy_net_graph *graph, const sy_net_node *node, uint8_t role, uint32_t port) {
    if ((role != SY_NET_INSIDE && role != SY_NET_LEAVES) || !is_image(graph, node->in[port]))
        return false;
    return !is_convolution(node) || port == 0 || port >= node->op->max_in;
}

bool sy_net_region_out(const sy_net_graph *graph, const sy_net_node *node, uint8_t role, uint32_t port) {
    return (role == SY_NET_INSIDE || role == SY_NET_ENTERS) && is_image(graph, node->out[port]);
}

/* A Transpose between N C H W and N H W C. */
static uint8_t role_of_transpose(const sy_net_graph *graph, const sy_net_node *node) {
    static const int64_t to_last[] = {0, 2, 3, 1}, from_last[] = {0, 3, 1, 2};
    size_t count = 0;
    const int64_t *perm = sy_net_attr_ints(node, "perm", &count);
    if (count != IMAGE_RANK || !is_image(graph, node->in[0]))
        return SY_NET_OUTSIDE;
    if (memcmp(perm, to_last, sizeof to_last) == 0)
        return SY_NET_LEAVES;
    return memcmp(perm, from_last, sizeof from_last) == 0 ? SY_NET_ENTERS : SY_NET_OUTSIDE;
}

/* Tensors of rank 3 and more that are no images: parameters of a convolution, or what an elementwise operator
 * broadcasts as it lies. */
static bool inputs_fit(const sy_net_graph *graph, const sy_net_node *node) {
    bool has_image = false;
    for (uint32_t i = 0; i < node->n_in; i++) {
        if (node->in[i] == SY_NET_NONE)
            continue;
        bool is_ours = sy_net_region_in(graph, node, SY_NET_INSIDE, i);
        bool is_large = graph->value[node->in[i]].tensor.rank >= 3;
        has_image = has_image || is_ours;
        if (is_large && !is_ours && !is_convolution(node) && !(node->op->flags & SY_NET_OP_ELEMENTWISE))
            return false;
    }
    return has_image;
}

/* All outputs that anybody reads are images; of several the first alone is read, unless it is a Split. */
static bool outputs_fit(const sy_net_edit *edit, const sy_net_node *node) {
    for (uint32_t i = 0; i < node->n_out; i++) {
        uint32_t value = node->out[i];
        if (value == SY_NET_NONE || (i > 0 && edit->n_use[value] == 0))
            continue;
        if (!is_image(edit->graph, value) || sy_net_elements(&edit->graph->value[value].tensor) == 0)
            return false;
        if (i > 0 && !sy_net_node_is(node, "Split"))
            return false;
    }
    return true;
}

static uint8_t role_of(const sy_net_edit *edit, const sy_net_node *node) {
    if (sy_net_node_is(node, "Transpose"))
        return role_of_transpose(edit->graph, node);
    bool is_able = node->op->flags & SY_NET_OP_CHANNELS_LAST && inputs_fit(edit->graph, node);
    return is_able && outputs_fit(edit, node) ? SY_NET_INSIDE : SY_NET_OUTSIDE;
}

/* Nodes that hang together; parent[root] == root. */
static uint32_t root_of(uint32_t *parent, uint32_t node) {
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

/* Join each node with those that make its images; two that read one image from outside have nothing in common
 * but its reorder. */
static void join_neighbours(sy_net_edit *edit, const uint8_t *role, uint32_t *parent) {
    const sy_net_graph *graph = edit->graph;
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = &graph->node[i];
        for (uint32_t k = 0; role[i] != SY_NET_OUTSIDE && k < node->n_in; k++) {
            if (!sy_net_region_in(graph, node, role[i], k))
                continue;
            uint32_t maker = graph->value[node->in[k]].producer;
            if (maker != SY_NET_NONE && (role[maker] == SY_NET_INSIDE || role[maker] == SY_NET_ENTERS))
                parent[root_of(parent, i)] = root_of(parent, maker);
        }
    }
}

sy_status sy_net_region(sy_net_edit *edit, uint8_t **out_role, sy_error *err) {
    const sy_net_graph *graph = edit->graph;
    uint8_t *role = sy_net_arena_array(&edit->scratch, graph->n_node, sizeof *role);
    bool *has_convolution = sy_net_arena_array(&edit->scratch, graph->n_node, sizeof *has_convolution);
    uint32_t *parent = sy_net_arena_array(&edit->scratch, graph->n_node, sizeof *parent);
    if (role == NULL || has_convolution == NULL || parent == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the layouts of %u nodes", graph->n_node);
    for (uint32_t i = 0; i < graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        role[i] = node == NULL ? SY_NET_OUTSIDE : role_of(edit, node);
        parent[i] = i;
    }
    join_neighbours(edit, role, parent);
    for (uint32_t i = 0; i < graph->n_node; i++)
        if (role[i] == SY_NET_INSIDE && is_convolution(&graph->node[i]))
            has_convolution[root_of(parent, i)] = true;
    for (uint32_t i = 0; i < graph->n_node; i++)
        if (!has_convolution[root_of(parent, i)])
            role[i] = SY_NET_OUTSIDE;
    *out_role = role;
    return SY_OK;
}
