/*
 * Sum of two is Add, of one the value itself, so that other passes know them. Needs nothing. Keeps values
 * exactly.
 */
#include "runtime/model/passes/edit.h"
#include "runtime/model/passes/passes.h"

#define ADD_OPSET 13u

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || !sy_net_node_is(node, "Sum") || node->n_in > 2 || node->n_post > 0)
            continue;
        if (node->n_in == 1) {
            edit->changes += sy_net_edit_bypass(edit, i, node->in[0]);
            continue;
        }
        /* Not the node's opset: Sum is older than an Add that broadcasts. */
        const sy_net_edit_form form = {
            .op = sy_net_op_find("", "Add", ADD_OPSET), .opset = ADD_OPSET, .n_in = 2, .in = node->in};
        status = sy_net_edit_turn(edit, i, &form, err);
        edit->changes += status == SY_OK;
    }
    return status;
}

const sy_net_pass sy_net_pass_sum = {"sum", rewrite, false};
