/*
 * Images of few channels, as they come into a network: a Conv reads them packed where it gives its own
 * channels last, so that nobody has to turn them before. Needs channels last; the Conv's run() takes each
 * tensor as it lies. Keeps values exactly.
 */
#include "runtime/model/passes/edit.h"
#include "runtime/model/passes/passes.h"

/* Above so many the turning costs less than reading planes does. */
#define FEW_CHANNELS 4

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    (void)err;
    for (uint32_t i = 0; i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || !sy_net_node_is(node, "Conv"))
            continue;
        const sy_net_node *turn = sy_net_edit_maker(edit, node->in[0], NULL);
        if (turn == NULL || !sy_net_node_is_ours(turn, "Reorder") ||
            !sy_net_edit_is_private(edit, node->in[0]))
            continue;
        const sy_net_tensor *image = &edit->graph->value[turn->in[0]].tensor;
        if (image->is_last || image->dim[1] > FEW_CHANNELS || sy_net_attr_int(node, "group", 1) != 1)
            continue;
        sy_net_edit_set_input(edit, i, 0, turn->in[0]);
        edit->changes++;
    }
    return SY_OK;
}

const sy_net_pass sy_net_pass_border = {"border", rewrite, true};
