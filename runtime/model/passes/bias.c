/*
 * Add of a constant vector along the last dimension after a MatMul becomes its bias (a post).
 * Needs a MatMul of real type with room for a post, whose output nobody else reads. Keeps values.
 */
#include "runtime/model/passes/passes.h"

/* The product that `value` is, if it can take a bias. */
static bool takes_bias(sy_net_edit *edit, uint32_t value, uint32_t *out_index) {
    const sy_net_node *node = sy_net_edit_maker(edit, value, out_index);
    if (node == NULL || !sy_net_edit_is_private(edit, value) || !(node->op->flags & SY_NET_OP_POSTS))
        return false;
    return sy_net_node_is_product(node) && node->n_post < SY_MAX_POSTS &&
           sy_net_is_real(edit->graph->value[value].tensor.dtype);
}

/* A constant of the output's type with an entry for each column, made where `given` is of another shape. */
static sy_status make_vector(
    sy_net_edit *edit, uint32_t given, const sy_net_tensor *out, uint32_t *out_value, sy_error *err) {
    const sy_net_tensor *c = sy_net_constant(edit->graph, given);
    int64_t columns = out->dim[out->rank - 1];
    *out_value = given;
    if (c->rank == 1 && c->dim[0] == columns && c->dtype == out->dtype)
        return SY_OK;
    sy_net_tensor from = *c;
    sy_status status = sy_net_edit_constant(edit, out->dtype, 1, &columns, out_value, err);
    for (int64_t i = 0; status == SY_OK && i < columns; i++)
        sy_net_set(&edit->graph->value[*out_value].tensor, i, sy_net_along(&from, i));
    return status;
}

static sy_status take(sy_net_edit *edit, uint32_t product, uint32_t add, uint32_t constant, sy_error *err) {
    const sy_net_tensor out = edit->graph->value[sy_net_edit_node(edit, add)->out[0]].tensor;
    sy_net_post post = {.kind = SY_POST_BIAS};
    sy_status status = make_vector(edit, constant, &out, &post.value, err);
    if (status == SY_OK)
        status = sy_net_edit_post(edit, product, &post, err);
    if (status != SY_OK)
        return status;
    sy_net_edit_absorb(edit, product, add);
    edit->changes++;
    return SY_OK;
}

static bool is_vector_beside(const sy_net_graph *graph, const sy_net_node *add, uint32_t port) {
    const sy_net_tensor *out = &graph->value[add->out[0]].tensor;
    const sy_net_tensor *c = sy_net_constant(graph, add->in[1 - port]);
    return c != NULL && out->rank >= 2 && sy_net_values_alike(graph, add->in[port], add->out[0]) &&
           sy_net_varies_along(c, out->rank, out->rank - 1, out->dim[out->rank - 1]);
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        uint32_t product = SY_NET_NONE;
        for (uint32_t port = 0; status == SY_OK && port < 2; port++) {
            const sy_net_node *add = sy_net_edit_node(edit, i);
            if (add == NULL || !sy_net_node_is(add, "Add") || add->n_in != 2)
                break;
            if (is_vector_beside(edit->graph, add, port) && takes_bias(edit, add->in[port], &product))
                status = take(edit, product, i, add->in[1 - port], err);
        }
    }
    return status;
}

const sy_net_pass sy_net_pass_bias = {"bias", rewrite, false};
