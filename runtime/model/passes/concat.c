/*
 * Concat of channels: who makes an input writes it where it lies in the output, so that there is nothing left
 * to join. Inputs that cannot (ports of the graph, parts of something else, an input that comes twice or that
 * a convolution reads which writes there) are copied there. A Concat that begins with all that an earlier one
 * joined reads that one's output instead, and a Split that is joined again its input, so that they lie in
 * each other. Needs channels last, options->may_join, at most SY_NET_MANY_NODES nodes. Keeps values exactly.
 */
#include "runtime/base/error.h"
#include "runtime/model/passes/channels.h"
#include "runtime/model/passes/passes.h"

/* `count` inputs of a node from `port` on become one. */
static sy_status replace_inputs(
    sy_net_edit *edit, uint32_t index, uint32_t port, uint32_t count, uint32_t value, sy_error *err) {
    const sy_net_node node = *sy_net_edit_node(edit, index);
    uint32_t n_in = node.n_in - count + 1;
    uint32_t *in = sy_net_arena_array(&edit->scratch, n_in, sizeof *in);
    if (in == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u inputs", n_in);
    for (uint32_t i = 0; i < n_in; i++)
        in[i] = i < port ? node.in[i] : i == port ? value : node.in[i + count - 1];
    const sy_net_edit_form form = {node.op, node.opset, n_in, node.n_attr, in, node.attr, 1};
    edit->changes++;
    return sy_net_edit_turn(edit, index, &form, err);
}

static bool are_inputs(const sy_net_node *node, uint32_t port, const uint32_t *value, uint32_t count) {
    if (node->n_in < port + count)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (node->in[port + i] != value[i])
            return false;
    return true;
}

/* All outputs of a Split side by side are its input. */
static sy_status join_splits(sy_net_edit *edit, uint32_t index, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t port = 0; status == SY_OK && port < sy_net_edit_node(edit, index)->n_in; port++) {
        const sy_net_node *node = sy_net_edit_node(edit, index);
        const sy_net_node *split = sy_net_edit_made_by(edit, node->in[port], "Split", NULL);
        if (split != NULL && sy_net_is_along_channels(edit->graph, split, "Split") &&
            are_inputs(node, port, split->out, split->n_out))
            status = replace_inputs(edit, index, port, split->n_out, split->in[0], err);
    }
    return status;
}

/* What a Concat joined before it was rewritten: `count` values, 0 while there is none. */
typedef struct beginning {
    const uint32_t *in;
    uint32_t count, out;
} beginning;

/* longest: by value, the Concat that joins most of what is seen so far to begin with that value. */
static sy_status join_beginnings(sy_net_edit *edit, uint32_t index, beginning *longest, sy_error *err) {
    const sy_net_node *node = sy_net_edit_node(edit, index);
    beginning *entry = &longest[node->in[0]];
    const beginning earlier = *entry;
    if (node->n_in > earlier.count)
        *entry = (beginning){node->in, node->n_in, node->out[0]};
    bool is_it =
        earlier.count > 1 && earlier.count < node->n_in && are_inputs(node, 0, earlier.in, earlier.count);
    return is_it ? replace_inputs(edit, index, 0, earlier.count, earlier.out, err) : SY_OK;
}

/* A copy of an input that cannot be a part itself. */
static sy_status copy_input(sy_net_edit *edit, uint32_t index, uint32_t port, sy_error *err) {
    uint32_t from = sy_net_edit_node(edit, index)->in[port], copy = SY_NET_NONE, made = 0;
    sy_net_tensor like = edit->graph->value[from].tensor;
    like.pitch = like.dim[1];
    sy_status status = sy_net_edit_value(edit, &like, &copy, err);
    const sy_net_edit_form form = {
        .op = sy_net_op_find("steelyard", "Reorder", 1), .opset = 1, .n_in = 1, .in = &from};
    if (status == SY_OK)
        status = sy_net_edit_add(edit, "Reorder", &form, copy, &made, err);
    if (status == SY_OK)
        sy_net_edit_set_input(edit, index, port, copy);
    return status;
}

static bool is_worth_it(sy_net_edit *edit, const sy_net_node *node) {
    bool is_any = false;
    for (uint32_t i = 0; i < node->n_in; i++) {
        if (node->in[i] == SY_NET_NONE || !edit->graph->value[node->in[i]].tensor.is_last)
            return false;
        is_any = is_any || (sy_net_may_be_part(edit, node->in[i]) &&
                               !sy_net_would_meet(edit->graph, node->in[i], node->out[0]));
    }
    return is_any;
}

static sy_status join(sy_net_edit *edit, uint32_t index, sy_error *err) {
    const uint32_t whole = sy_net_edit_node(edit, index)->out[0];
    int64_t offset = 0;
    sy_status status = SY_OK;
    if (!is_worth_it(edit, sy_net_edit_node(edit, index)))
        return SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < sy_net_edit_node(edit, index)->n_in; i++) {
        uint32_t given = sy_net_edit_node(edit, index)->in[i];
        if (!sy_net_may_be_part(edit, given) || sy_net_would_meet(edit->graph, given, whole))
            status = copy_input(edit, index, i, err);
        if (status != SY_OK)
            break;
        uint32_t part = sy_net_edit_node(edit, index)->in[i];
        sy_net_make_part(edit, part, whole, offset);
        offset += edit->graph->value[part].tensor.dim[1];
    }
    const sy_net_node *node = sy_net_edit_node(edit, index);
    const sy_net_edit_form form = {
        .op = sy_net_op_find("steelyard", "Join", 1), .opset = 1, .n_in = node->n_in, .in = node->in};
    if (status == SY_OK)
        status = sy_net_edit_turn(edit, index, &form, err);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    uint32_t nodes = edit->graph->n_node, values = edit->graph->n_value;
    sy_status status = SY_OK;
    if (!edit->options->may_join)
        return SY_OK;
    beginning *longest = sy_net_arena_array(&edit->scratch, values, sizeof *longest);
    if (longest == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for joining %u values", values);
    for (uint32_t i = 0; status == SY_OK && i < nodes; i++) {
        if (!sy_net_is_along_channels(edit->graph, sy_net_edit_node(edit, i), "Concat"))
            continue;
        status = join_splits(edit, i, err);
        if (status == SY_OK)
            status = join_beginnings(edit, i, longest, err);
    }
    for (uint32_t i = 0; status == SY_OK && i < nodes; i++)
        if (sy_net_is_along_channels(edit->graph, sy_net_edit_node(edit, i), "Concat"))
            status = join(edit, i, err);
    sy_net_set_pitches(edit->graph);
    return status;
}

const sy_net_pass sy_net_pass_concat = {"concat", rewrite, true};
