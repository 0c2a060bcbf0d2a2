/*
 * Layer normalisation written out, (x - mean) / sqrt(variance + epsilon) * scale + bias over the last
 * dimensions, becomes the operator.
 * Needs known shapes. Keeps values to rounding. Who else reads a step in between still finds it.
 */
#include "runtime/model/passes/passes.h"

/* What is found: bias first, for patterns are matched from their end. */
typedef struct found_norm {
    uint32_t x, scale, bias, n_axis;
    double epsilon;
} found_norm;

/* `value` is the mean of *out_of over the last *n_axis dimensions (0: any number of them, which is set). */
static bool read_mean(sy_net_edit *edit, uint32_t value, uint32_t *n_axis, uint32_t *out_of) {
    const sy_net_node *node = sy_net_edit_made_by(edit, value, "ReduceMean", NULL);
    uint32_t axis[SY_NET_MAX_RANK], count = 0, seen = 0;
    if (node == NULL || sy_net_attr_int(node, "keepdims", 1) == 0)
        return false;
    uint32_t rank = edit->graph->value[node->in[0]].tensor.rank;
    if (!sy_net_axes(edit->graph, node, 1, rank, axis, &count) || count == 0 || count > rank)
        return false;
    for (uint32_t i = 0; i < count; i++)
        seen |= axis[i] >= rank - count ? 1u << axis[i] : 0;
    if (seen != ((1u << rank) - (1u << (rank - count))) || (*n_axis != 0 && *n_axis != count))
        return false;
    *n_axis = count;
    *out_of = node->in[0];
    return true;
}

/* `value` is x - mean(x). */
static bool read_centred(sy_net_edit *edit, uint32_t value, uint32_t *n_axis, uint32_t *out_x) {
    const sy_net_node *sub = sy_net_edit_made_by(edit, value, "Sub", NULL);
    uint32_t of = SY_NET_NONE;
    if (sub == NULL || !read_mean(edit, sub->in[1], n_axis, &of) || of != sub->in[0])
        return false;
    *out_x = of;
    return true;
}

/* The root of a square. */
static bool read_square(sy_net_edit *edit, uint32_t value, uint32_t *out_of) {
    const sy_net_node *power = sy_net_edit_made_by(edit, value, "Pow", NULL);
    const sy_net_node *mul = sy_net_edit_made_by(edit, value, "Mul", NULL);
    if (power != NULL) {
        *out_of = power->in[0];
        return sy_net_scalar_is(edit->graph, power->in[1], 2);
    }
    *out_of = mul == NULL ? SY_NET_NONE : mul->in[0];
    return mul != NULL && mul->n_in == 2 && mul->in[0] == mul->in[1];
}

/* `value` is (x - mean) / sqrt(variance + epsilon). */
static bool read_normal(sy_net_edit *edit, uint32_t value, found_norm *found) {
    const sy_net_node *div = sy_net_edit_made_by(edit, value, "Div", NULL);
    const sy_net_node *root = div == NULL ? NULL : sy_net_edit_made_by(edit, div->in[1], "Sqrt", NULL);
    const sy_net_node *add = root == NULL ? NULL : sy_net_edit_made_by(edit, root->in[0], "Add", NULL);
    uint32_t variance = SY_NET_NONE, square = SY_NET_NONE, centred = SY_NET_NONE, x = SY_NET_NONE;
    for (uint32_t i = 0; add != NULL && add->n_in == 2 && i < 2; i++)
        if (sy_net_scalar(edit->graph, add->in[i], &found->epsilon))
            variance = add->in[1 - i];
    if (variance == SY_NET_NONE || !read_centred(edit, div->in[0], &found->n_axis, &found->x))
        return false;
    return read_mean(edit, variance, &found->n_axis, &square) && read_square(edit, square, &centred) &&
           read_centred(edit, centred, &found->n_axis, &x) && x == found->x;
}

/* Whether a value has just the last dimensions of x. */
static bool is_of_last(const sy_net_graph *graph, const found_norm *found, uint32_t value) {
    const sy_net_tensor *x = &graph->value[found->x].tensor, *c = &graph->value[value].tensor;
    if (c->rank != found->n_axis || c->dtype != x->dtype)
        return false;
    for (uint32_t i = 0; i < c->rank; i++)
        if (c->dim[i] != x->dim[x->rank - c->rank + i])
            return false;
    return true;
}

static bool read_norm(sy_net_edit *edit, const sy_net_node *add, found_norm *found) {
    for (uint32_t i = 0; i < 4; i++) { /* both orders of the sum, and of the product */
        const sy_net_node *mul = sy_net_edit_made_by(edit, add->in[i & 1], "Mul", NULL);
        *found = (found_norm){.bias = add->in[1 - (i & 1)]};
        if (mul == NULL || mul->n_in != 2)
            continue;
        found->scale = mul->in[i >> 1];
        if (read_normal(edit, mul->in[1 - (i >> 1)], found) && is_of_last(edit->graph, found, found->scale) &&
            is_of_last(edit->graph, found, found->bias))
            return true;
    }
    return false;
}

static sy_status turn(
    sy_net_edit *edit, uint32_t index, const sy_net_op *op, const found_norm *found, sy_error *err) {
    sy_net_arena *arena = edit->graph->arena;
    int64_t *axis = sy_net_arena_alloc(arena, sizeof *axis);
    float *epsilon = sy_net_arena_alloc(arena, sizeof *epsilon);
    if (axis == NULL || epsilon == NULL)
        return sy_net_edit_no_memory(err);
    *axis = -(int64_t)found->n_axis;
    *epsilon = (float)found->epsilon;
    const uint32_t in[] = {found->x, found->scale, found->bias};
    const sy_net_attr attr[] = {{.name = "axis", .kind = SY_NET_INT, .count = 1, .i = axis},
        {.name = "epsilon", .kind = SY_NET_FLOAT, .count = 1, .f = epsilon}};
    const sy_net_edit_form form = {.op = op, .opset = 17, .n_in = 3, .in = in, .n_attr = 2, .attr = attr};
    sy_status status = sy_net_edit_turn(edit, index, &form, err);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    const sy_net_op *op = sy_net_op_find("", "LayerNormalization", 17);
    sy_status status = SY_OK;
    for (uint32_t i = 0; op != NULL && status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        found_norm found;
        if (node == NULL || !sy_net_node_is(node, "Add") || node->n_in != 2 || node->n_post > 0)
            continue;
        if (read_norm(edit, node, &found) && sy_net_values_alike(edit->graph, found.x, node->out[0]))
            status = turn(edit, i, op, &found, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_layernorm = {"layernorm", rewrite, false};
