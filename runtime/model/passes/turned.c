#include "runtime/model/passes/turned.h"

#include <string.h>

/* So many elementwise operators in a row are looked through. */
#define DEPTH 8u

bool sy_net_perm_read(const sy_net_graph *graph, const sy_net_node *node, sy_net_perm *out_perm) {
    size_t count = 0;
    const int64_t *perm = sy_net_attr_ints(node, "perm", &count);
    uint32_t rank = sy_net_node_is(node, "Transpose") ? graph->value[node->in[0]].tensor.rank : 0;
    if (rank == 0 || rank > SY_NET_MAX_RANK || (perm != NULL && count != rank))
        return false;
    out_perm->rank = rank;
    for (uint32_t i = 0; i < rank; i++) {
        out_perm->axis[i] = perm == NULL ? rank - 1 - i : (uint32_t)perm[i];
        if (perm != NULL && (perm[i] < 0 || perm[i] >= (int64_t)rank))
            return false;
    }
    return true;
}

sy_net_perm sy_net_perm_after(const sy_net_perm *first, const sy_net_perm *second) {
    sy_net_perm both = {.rank = first->rank};
    for (uint32_t i = 0; i < both.rank; i++)
        both.axis[i] = first->axis[second->axis[i]];
    return both;
}

bool sy_net_perm_is_none(const sy_net_perm *perm) {
    for (uint32_t i = 0; i < perm->rank; i++)
        if (perm->axis[i] != i)
            return false;
    return true;
}

bool sy_net_perm_keeps(const sy_net_perm *perm, const sy_net_tensor *tensor) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < perm->rank; i++) {
        if (tensor->dim[perm->axis[i]] == 1)
            continue;
        if (perm->axis[i] < next)
            return false;
        next = perm->axis[i] + 1;
    }
    return true;
}

/* A constant whose elements lie in the same order whatever way it is turned: at most one extent is not 1. */
static bool is_line(const sy_net_tensor *c, uint32_t rank) {
    uint32_t wide = 0;
    for (uint32_t i = 0; i < c->rank; i++)
        wide += c->dim[i] != 1;
    return c->rank <= rank && wide <= 1;
}

static bool is_elementwise(sy_net_edit *edit, const sy_net_node *node, uint32_t value) {
    return node->op->domain[0] == 0 && node->op->flags & SY_NET_OP_ELEMENTWISE && node->n_post == 0 &&
           node->n_out == 1 && sy_net_edit_is_private(edit, value) && sy_net_attr_find(node, "axis") == NULL;
}

/* perm->rank is 0 until the first Transpose is met. */
static bool look(sy_net_edit *edit, uint32_t value, uint32_t rank, uint32_t depth, sy_net_perm *perm) {
    const sy_net_tensor *constant = sy_net_constant(edit->graph, value);
    if (value == SY_NET_NONE)
        return true;
    if (constant != NULL)
        return is_line(constant, rank);
    const sy_net_node *node = sy_net_edit_maker(edit, value, NULL);
    if (node == NULL || edit->graph->value[value].tensor.rank != rank)
        return false;
    sy_net_perm own;
    if (sy_net_perm_read(edit->graph, node, &own)) {
        bool is_same = perm->rank == 0 || memcmp(&own.axis, &perm->axis, rank * sizeof own.axis[0]) == 0;
        *perm = is_same ? own : *perm;
        return is_same;
    }
    if (depth == 0 || !is_elementwise(edit, node, value))
        return false;
    for (uint32_t i = 0; i < node->n_in; i++)
        if (!look(edit, node->in[i], rank, depth - 1, perm))
            return false;
    return true;
}

bool sy_net_turned(sy_net_edit *edit, uint32_t value, sy_net_perm *out_perm) {
    *out_perm = (sy_net_perm){0};
    return look(edit, value, edit->graph->value[value].tensor.rank, DEPTH, out_perm) && out_perm->rank > 0;
}

/* A constant line with its one extent where it lies before `perm`. */
static sy_status unturn_constant(sy_net_edit *edit, uint32_t *value, const sy_net_perm *perm, sy_error *err) {
    const sy_net_tensor c = edit->graph->value[*value].tensor;
    sy_net_tensor turned = {.dtype = c.dtype, .rank = perm->rank};
    if (sy_net_elements(&c) == 1)
        return SY_OK;
    for (uint32_t i = 0; i < perm->rank; i++) {
        uint32_t missing = perm->rank - c.rank;
        turned.dim[perm->axis[i]] = i < missing ? 1 : c.dim[i - missing];
    }
    sy_status status = sy_net_edit_value(edit, &turned, value, err);
    if (status == SY_OK) {
        edit->graph->value[*value].flags = SY_NET_CONST;
        edit->graph->value[*value].tensor.data = c.data;
    }
    return status;
}

static sy_status unturn_node(sy_net_edit *edit, uint32_t index, const sy_net_perm *perm, sy_error *err) {
    const sy_net_node node = *sy_net_edit_node(edit, index);
    uint32_t *in = sy_net_arena_array(&edit->scratch, node.n_in, sizeof *in);
    if (in == NULL)
        return sy_net_edit_no_memory(err);
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < node.n_in; i++) {
        in[i] = node.in[i];
        status = sy_net_unturn(edit, &in[i], perm, err);
    }
    const sy_net_edit_form form = {node.op, node.opset, node.n_in, node.n_attr, in, node.attr, 1};
    return status == SY_OK ? sy_net_edit_turn(edit, index, &form, err) : status;
}

/* As deep as sy_net_turned() looked. */
sy_status sy_net_unturn(sy_net_edit *edit, uint32_t *value, const sy_net_perm *perm, sy_error *err) {
    uint32_t index = SY_NET_NONE;
    if (*value == SY_NET_NONE)
        return SY_OK;
    if (sy_net_constant(edit->graph, *value) != NULL)
        return unturn_constant(edit, value, perm, err);
    const sy_net_node *node = sy_net_edit_maker(edit, *value, &index);
    if (!sy_net_node_is(node, "Transpose"))
        return unturn_node(edit, index, perm, err);
    *value = node->in[0];
    return SY_OK;
}
