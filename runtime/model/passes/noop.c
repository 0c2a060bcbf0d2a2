/*
 * Nodes that change nothing: Identity, Dropout, Cast to the same type, Reshape and its kin, Expand, Slice and
 * Transpose that keep the shape and the order, Pad by nothing, Concat and Sum of one, Add of 0, Mul by 1.
 * Needs known shapes. Keeps values; of -0 + 0 the sign may differ.
 */
#include <string.h>

#include "runtime/model/passes/passes.h"

/* More elements than this are not looked through. */
#define MANY INT64_C(65536)

static bool all_are(const sy_net_tensor *tensor, double number) {
    int64_t count = tensor == NULL ? 0 : sy_net_elements(tensor);
    if (count <= 0 || count > MANY)
        return false;
    for (int64_t i = 0; i < count; i++)
        if (sy_net_get(tensor, i) != number)
            return false;
    return true;
}

static bool steps_are_one(const sy_net_graph *graph, const sy_net_node *node) {
    uint32_t steps = sy_net_node_in(node, 4);
    return steps == SY_NET_NONE || all_are(sy_net_constant(graph, steps), 1);
}

static bool pads_nothing(const sy_net_graph *graph, const sy_net_node *node) {
    size_t count = 0;
    const int64_t *pads = sy_net_attr_ints(node, "pads", &count);
    if (pads == NULL)
        return all_are(sy_net_constant(graph, sy_net_node_in(node, 1)), 0);
    for (size_t i = 0; i < count; i++)
        if (pads[i] != 0)
            return false;
    return true;
}

static bool moves_nothing(const sy_net_node *node) {
    size_t count = 0;
    const int64_t *perm = sy_net_attr_ints(node, "perm", &count);
    for (size_t i = 0; i < count; i++)
        if (perm[i] != (int64_t)i)
            return false;
    return perm != NULL;
}

/* Operators whose output is an input where the other one is a neutral element; `second`: only as input 1. */
typedef struct neutral_row {
    const char *name;
    double number;
    bool second;
} neutral_row;

static const neutral_row neutrals[] = {
    {"Add", 0, false}, {"Sub", 0, true}, {"Mul", 1, false}, {"Div", 1, true}, {"Pow", 1, true}};

static uint32_t beside_neutral(const sy_net_graph *graph, const sy_net_node *node) {
    for (size_t i = 0; i < sizeof neutrals / sizeof neutrals[0]; i++) {
        if (!sy_net_node_is(node, neutrals[i].name) || node->n_in != 2)
            continue;
        for (uint32_t k = neutrals[i].second ? 1 : 0; k < 2; k++)
            if (all_are(sy_net_constant(graph, node->in[k]), neutrals[i].number))
                return node->in[1 - k];
    }
    return SY_NET_NONE;
}

static bool is_one_of(const sy_net_node *node, const char *const *name) {
    while (*name != NULL && !sy_net_node_is(node, *name))
        name++;
    return *name != NULL;
}

static bool keeps_input(const sy_net_graph *graph, const sy_net_node *node) {
    static const char *const by_shape[] = {"Cast", "Expand", NULL};
    static const char *const of_one[] = {"Concat", "Sum", "Max", "Min", "Mean", "Split", NULL};
    if (node->op->flags & SY_NET_OP_VIEW || is_one_of(node, by_shape))
        return true;
    if (is_one_of(node, of_one))
        return (sy_net_node_is(node, "Split") || node->n_in == 1) && node->n_out == 1;
    return (sy_net_node_is(node, "Slice") && steps_are_one(graph, node)) ||
           (sy_net_node_is(node, "Pad") && pads_nothing(graph, node)) ||
           (sy_net_node_is(node, "Transpose") && moves_nothing(node));
}

/* The input that output 0 is equal to, SY_NET_NONE if there is none. */
static uint32_t equal_input(const sy_net_graph *graph, const sy_net_node *node) {
    if (node->n_post > 0 || node->n_out == 0 || node->out[0] == SY_NET_NONE)
        return SY_NET_NONE;
    uint32_t value = beside_neutral(graph, node);
    if (value == SY_NET_NONE && node->n_in > 0 && keeps_input(graph, node))
        value = node->in[0];
    return value != SY_NET_NONE && sy_net_values_alike(graph, value, node->out[0]) ? value : SY_NET_NONE;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    (void)err;
    for (uint32_t i = 0; i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        uint32_t value = node == NULL ? SY_NET_NONE : equal_input(edit->graph, node);
        if (value != SY_NET_NONE && sy_net_edit_is_single(edit, node) && sy_net_edit_bypass(edit, i, value))
            edit->changes++;
    }
    return SY_OK;
}

const sy_net_pass sy_net_pass_noop = {"noop", rewrite, false};
