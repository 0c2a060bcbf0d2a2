/*
 * Split, and Slice by steps of one, along channels: the outputs are parts of the input, where they lie.
 * Needs channels last, options->may_join; comes after concat, and leaves alone what lies elsewhere by then.
 * Keeps values exactly.
 */
#include "runtime/base/error.h"
#include "runtime/model/passes/channels.h"
#include "runtime/model/passes/passes.h"

/* The only number of a constant, or of the attribute where there is no such input. */
static bool one_number(const sy_net_graph *graph, const sy_net_node *node, const char *attr, uint32_t port,
    int64_t *out_number) {
    size_t count = 0;
    const int64_t *listed = sy_net_attr_ints(node, attr, &count);
    const sy_net_tensor *input = sy_net_constant(graph, sy_net_node_in(node, port));
    if (listed == NULL && (input == NULL || sy_net_elements(input) != 1))
        return false;
    *out_number = listed != NULL ? listed[0] : sy_net_get_int(input, 0);
    return listed == NULL || count == 1;
}

/* A Slice of one axis, the channels, in steps of one: where it begins. */
static bool read_slice(const sy_net_graph *graph, const sy_net_node *node, int64_t *out_first) {
    int64_t axis = 0, step = 1;
    if (!sy_net_node_is(node, "Slice") || !graph->value[node->in[0]].tensor.is_last ||
        !graph->value[node->out[0]].tensor.is_last)
        return false;
    const sy_net_tensor *x = &graph->value[node->in[0]].tensor;
    if (sy_net_node_in(node, 4) != SY_NET_NONE && !one_number(graph, node, "steps", 4, &step))
        return false;
    if (step != 1 || !one_number(graph, node, "axes", 3, &axis) ||
        (axis != 1 && axis != 1 - (int64_t)x->rank))
        return false;
    if (!one_number(graph, node, "starts", 1, out_first))
        return false;
    *out_first += *out_first < 0 ? x->dim[1] : 0;
    return *out_first >= 0 && *out_first + graph->value[node->out[0]].tensor.dim[1] <= x->dim[1];
}

/* Whether nothing has been decided about where the outputs lie, and they may lie in the input. */
static bool are_free(const sy_net_graph *graph, const sy_net_node *node) {
    for (uint32_t i = 0; i < node->n_out; i++)
        if (node->out[i] == SY_NET_NONE || graph->value[node->out[i]].flags != 0 ||
            !graph->value[node->out[i]].tensor.is_last || sy_net_would_meet(graph, node->out[i], node->in[0]))
            return false;
    return true;
}

/* The row of parts, with all outputs of the node: sy_net_edit_turn() would leave but one. */
static sy_status turn(sy_net_edit *edit, uint32_t index, int64_t first, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    uint32_t count = graph->node[index].n_out, whole = graph->node[index].in[0];
    int64_t *number = sy_net_arena_array(graph->arena, (size_t)count * 2, sizeof *number);
    if (number == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u parts", count);
    for (uint32_t i = 0; i < count; i++) {
        number[i] = first;
        number[count + i] = graph->value[graph->node[index].out[i]].tensor.dim[1];
        first += number[count + i];
    }
    const sy_net_attr attr[] = {{.name = "offsets", .kind = SY_NET_INTS, .count = count, .i = number},
        {.name = "extents", .kind = SY_NET_INTS, .count = count, .i = number + count}};
    const sy_net_edit_form form = {.op = sy_net_op_find("steelyard", "Parts", 1),
        .opset = 1,
        .n_in = 1,
        .in = &whole,
        .n_attr = 2,
        .n_out = count,
        .attr = attr};
    sy_status status = sy_net_edit_turn(edit, index, &form, err);
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        sy_net_make_part(edit, graph->node[index].out[i], whole, number[i]);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; edit->options->may_join && status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        int64_t first = 0;
        bool is_it =
            sy_net_is_along_channels(edit->graph, node, "Split") || read_slice(edit->graph, node, &first);
        if (is_it && are_free(edit->graph, node) && !(edit->graph->value[node->in[0]].flags & SY_NET_CONST))
            status = turn(edit, i, first, err);
    }
    sy_net_set_pitches(edit->graph);
    return status;
}

const sy_net_pass sy_net_pass_parts = {"parts", rewrite, true};
