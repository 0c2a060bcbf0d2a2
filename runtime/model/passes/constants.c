/*
 * Nodes of constants alone are computed: those that were kept for a pass to find (SY_NET_OP_KEPT), and what
 * other passes leave behind.
 * Needs known shapes. Keeps values exactly.
 */
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/passes/passes.h"
#include "runtime/model/passes/writer.h"

/* Whether a node can be computed, and what it makes fits in *room_bytes, which it then takes. */
static bool take_constant(const sy_net_graph *graph, const sy_net_node *node, uint64_t *room_bytes) {
    uint64_t bytes = 0;
    if (node->n_in == 0 || node->op->run == NULL || node->op->flags & SY_NET_OP_RANDOM)
        return false;
    for (uint32_t i = 0; i < node->n_in; i++)
        if (node->in[i] != SY_NET_NONE && sy_net_constant(graph, node->in[i]) == NULL)
            return false;
    for (uint32_t i = 0; i < node->n_out; i++)
        bytes += node->out[i] == SY_NET_NONE ? 0 : sy_net_bytes(&graph->value[node->out[i]].tensor);
    if (bytes > *room_bytes)
        return false;
    *room_bytes -= bytes;
    return true;
}

static sy_status call_op(sy_net_call *call, sy_error *err) {
    const sy_net_op *op = call->node->op;
    size_t bytes = op->scratch_bytes == NULL ? 0 : op->scratch_bytes(call);
    call->scratch = bytes > 0 ? sy_mem_align(64, bytes) : NULL;
    if (bytes > 0 && call->scratch == NULL)
        return sy_net_edit_no_memory(err);
    sy_status status = op->run(call, err);
    sy_mem_free(call->scratch);
    return status;
}

static sy_status compute(sy_net_edit *edit, uint32_t index, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    const sy_net_node *node = sy_net_edit_node(edit, index);
    sy_net_tensor *in = sy_net_arena_array(&edit->scratch, node->n_in, sizeof *in);
    sy_net_tensor *out = sy_net_arena_array(&edit->scratch, node->n_out, sizeof *out);
    if (in == NULL || out == NULL)
        return sy_net_edit_no_memory(err);
    for (uint32_t i = 0; i < node->n_in; i++)
        if (node->in[i] != SY_NET_NONE)
            in[i] = graph->value[node->in[i]].tensor;
    for (uint32_t i = 0; i < node->n_out; i++) {
        if (node->out[i] == SY_NET_NONE)
            continue;
        out[i] = graph->value[node->out[i]].tensor;
        out[i].data = sy_net_arena_alloc(graph->arena, sy_net_bytes(&out[i]));
        if (out[i].data == NULL)
            return sy_net_edit_no_memory(err);
    }
    sy_net_call call = {.node = node, .in = in, .out = out, .n_in = node->n_in, .n_out = node->n_out};
    call.state = node->state;
    call.team = edit->options->team;
    sy_status status = call_op(&call, err);
    for (uint32_t i = 0; status == SY_OK && i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE) {
            graph->value[node->out[i]].tensor = out[i];
            graph->value[node->out[i]].flags |= SY_NET_CONST;
        }
    if (status == SY_OK)
        sy_net_edit_remove(edit, index);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    uint64_t room_bytes = SY_NET_FOLDED_BYTES_MAX;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node != NULL && take_constant(edit->graph, node, &room_bytes))
            status = compute(edit, i, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_constants = {"constants", rewrite, false};
