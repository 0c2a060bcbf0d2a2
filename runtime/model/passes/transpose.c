/*
 * Transposes and views: two that follow each other are one, a Transpose that moves only extents of 1 is a
 * Reshape, and one that comes after elementwise operators of transposed inputs is merged with those.
 * Needs known shapes. Keeps values exactly.
 */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/passes/passes.h"
#include "runtime/model/passes/turned.h"

/* Turn a node into a Transpose of `value`. */
static sy_status turn(
    sy_net_edit *edit, uint32_t index, uint32_t value, const sy_net_perm *perm, sy_error *err) {
    int64_t *number = sy_net_arena_array(edit->graph->arena, perm->rank, sizeof *number);
    if (number == NULL)
        return sy_net_edit_no_memory(err);
    for (uint32_t i = 0; i < perm->rank; i++)
        number[i] = perm->axis[i];
    const sy_net_node *node = sy_net_edit_node(edit, index);
    const sy_net_attr attr = {.name = "perm", .kind = SY_NET_INTS, .count = perm->rank, .i = number};
    const sy_net_edit_form form = {
        .op = node->op, .opset = node->opset, .n_in = 1, .in = &value, .n_attr = 1, .attr = &attr};
    sy_status status = sy_net_edit_turn(edit, index, &form, err);
    edit->changes += status == SY_OK;
    return status;
}

/* Turn a node into a Reshape of `value` to the extents that its output has. */
static sy_status reshape(sy_net_edit *edit, uint32_t index, uint32_t value, sy_error *err) {
    const sy_net_op *op = sy_net_op_find("", "Reshape", 13);
    const sy_net_tensor out = edit->graph->value[sy_net_edit_node(edit, index)->out[0]].tensor;
    if (op == NULL || sy_net_elements(&out) <= 0) /* an extent of 0 means something else there */
        return SY_OK;
    uint32_t in[] = {value, SY_NET_NONE};
    sy_status status = sy_net_edit_ints(edit, out.dim, out.rank, &in[1], err);
    const sy_net_edit_form form = {.op = op, .opset = 13, .n_in = 2, .in = in};
    if (status == SY_OK)
        status = sy_net_edit_turn(edit, index, &form, err);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status rewrite_transpose(sy_net_edit *edit, uint32_t index, sy_error *err) {
    const sy_net_node *node = sy_net_edit_node(edit, index);
    const sy_net_node *inner = sy_net_edit_made_by(edit, node->in[0], "Transpose", NULL);
    uint32_t value = node->in[0];
    sy_net_perm outer, first;
    if (!sy_net_perm_read(edit->graph, node, &outer))
        return SY_OK;
    if (inner != NULL && sy_net_perm_read(edit->graph, inner, &first)) {
        value = inner->in[0];
        outer = sy_net_perm_after(&first, &outer);
        return turn(edit, index, value, &outer, err);
    }
    if (sy_net_perm_keeps(&outer, &edit->graph->value[value].tensor) && !sy_net_perm_is_none(&outer))
        return reshape(edit, index, value, err);
    if (!sy_net_turned(edit, value, &first))
        return SY_OK;
    sy_status status = sy_net_unturn(edit, &value, &first, err);
    outer = sy_net_perm_after(&first, &outer);
    return status == SY_OK ? turn(edit, index, value, &outer, err) : status;
}

/* A view of a view. */
static sy_status rewrite_view(sy_net_edit *edit, uint32_t index, sy_error *err) {
    const sy_net_node *node = sy_net_edit_node(edit, index);
    const sy_net_node *inner = sy_net_edit_maker(edit, node->in[0], NULL);
    bool is_view = inner != NULL && inner->op->domain[0] == 0 && inner->op->flags & SY_NET_OP_VIEW &&
                   inner->out[0] == node->in[0] && sy_net_edit_is_single(edit, node);
    return is_view ? reshape(edit, index, inner->in[0], err) : SY_OK;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || node->n_in == 0 || node->n_out == 0 || node->op->domain[0] != 0)
            continue;
        if (sy_net_node_is(node, "Transpose"))
            status = rewrite_transpose(edit, i, err);
        else if (node->op->flags & SY_NET_OP_VIEW)
            status = rewrite_view(edit, i, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_transpose = {"transpose", rewrite, false};
