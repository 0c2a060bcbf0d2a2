/*
 * Dead code: a node goes if nobody reads any of its outputs, and then what only it read.
 * Needs nothing. Keeps everything that reaches an output of the graph.
 */
#include "runtime/model/passes/passes.h"

static bool is_read(const sy_net_edit *edit, const sy_net_node *node) {
    for (uint32_t i = 0; i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE && edit->n_use[node->out[i]] > 0)
            return true;
    return false;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    (void)err;
    for (uint32_t i = edit->graph->n_node; i-- > 0;) { /* readers come before what they read */
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || is_read(edit, node))
            continue;
        sy_net_edit_remove(edit, i);
        edit->changes++;
    }
    return SY_OK;
}

const sy_net_pass sy_net_pass_dead = {"dead", rewrite, false};

/* Again, of what the final passes leave behind. */
const sy_net_pass sy_net_pass_sweep = {"sweep", rewrite, true};
