/*
 * Gelu written out: x/2 (1 + erf(x / sqrt 2)), and the form with tanh, become the operator.
 * Needs known shapes; the factors may be multiplied in any order. Keeps values to rounding. Who else reads a
 * step in between still finds it.
 */
#include <math.h>

#include "runtime/model/passes/passes.h"

static const char *const tanh_form = "tanh";

/* One of the inputs of a node of two is what `make` makes; *out_other is the other. */
static sy_net_node *find_side(
    sy_net_edit *edit, const sy_net_node *node, const char *make, uint32_t *out_other) {
    for (uint32_t i = 0; i < 2 && node->n_in == 2; i++) {
        sy_net_node *maker = sy_net_edit_made_by(edit, node->in[i], make, NULL);
        *out_other = node->in[1 - i];
        if (maker != NULL)
            return maker;
    }
    return NULL;
}

/* x of x / sqrt 2. */
static bool read_erf_argument(sy_net_edit *edit, uint32_t value, uint32_t *out_x) {
    const sy_net_node *div = sy_net_edit_made_by(edit, value, "Div", NULL);
    const sy_net_node *mul = sy_net_edit_made_by(edit, value, "Mul", NULL);
    if (div != NULL && sy_net_scalar_is(edit->graph, div->in[1], sqrt(2))) {
        *out_x = div->in[0];
        return true;
    }
    return mul != NULL && sy_net_other_than(edit->graph, mul, sqrt(0.5), out_x);
}

/* x of x^3, as a power or two products. */
static bool read_cube(sy_net_edit *edit, uint32_t value, uint32_t *out_x) {
    const sy_net_node *power = sy_net_edit_made_by(edit, value, "Pow", NULL);
    if (power != NULL) {
        *out_x = power->in[0];
        return sy_net_scalar_is(edit->graph, power->in[1], 3);
    }
    const sy_net_node *outer = sy_net_edit_made_by(edit, value, "Mul", NULL);
    const sy_net_node *square = outer == NULL ? NULL : find_side(edit, outer, "Mul", out_x);
    return square != NULL && square->n_in == 2 && square->in[0] == *out_x && square->in[1] == *out_x;
}

/* x of sqrt(2 / pi) (x + 0.044715 x^3). */
static bool read_tanh_argument(sy_net_edit *edit, uint32_t value, uint32_t *out_x) {
    const double scale = 0.7978845608028654; /* sqrt(2 / pi) */
    uint32_t sum = 0, cube = 0, x = 0;
    const sy_net_node *outer = sy_net_edit_made_by(edit, value, "Mul", NULL);
    if (outer == NULL || !sy_net_other_than(edit->graph, outer, scale, &sum))
        return false;
    const sy_net_node *add = sy_net_edit_made_by(edit, sum, "Add", NULL);
    for (uint32_t i = 0; add != NULL && add->n_in == 2 && i < 2; i++) {
        const sy_net_node *mul = sy_net_edit_made_by(edit, add->in[i], "Mul", NULL);
        *out_x = add->in[1 - i];
        bool is_it = mul != NULL && sy_net_other_than(edit->graph, mul, 0.044715, &cube);
        if (is_it && read_cube(edit, cube, &x) && x == *out_x)
            return true;
    }
    return false;
}

/* x of 1 + erf(...) or 1 + tanh(...). */
static bool read_gate(sy_net_edit *edit, uint32_t value, uint32_t *out_x, bool *out_is_tanh) {
    uint32_t inner = 0;
    const sy_net_node *add = sy_net_edit_made_by(edit, value, "Add", NULL);
    if (add == NULL || !sy_net_other_than(edit->graph, add, 1, &inner))
        return false;
    const sy_net_node *erf_node = sy_net_edit_made_by(edit, inner, "Erf", NULL);
    const sy_net_node *tanh_node = sy_net_edit_made_by(edit, inner, "Tanh", NULL);
    *out_is_tanh = tanh_node != NULL;
    if (erf_node != NULL)
        return read_erf_argument(edit, erf_node->in[0], out_x);
    return tanh_node != NULL && read_tanh_argument(edit, tanh_node->in[0], out_x);
}

/* Whether three factors are x, a half and the gate of x, in any order. */
static bool are_factors(sy_net_edit *edit, const uint32_t factor[3], uint32_t *out_x, bool *out_is_tanh) {
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t a = factor[(i + 1) % 3], b = factor[(i + 2) % 3];
        if (factor[i] == SY_NET_NONE || !read_gate(edit, factor[i], out_x, out_is_tanh))
            continue;
        if ((a == *out_x && sy_net_scalar_is(edit->graph, b, 0.5)) ||
            (b == *out_x && sy_net_scalar_is(edit->graph, a, 0.5)))
            return true;
    }
    return false;
}

/* One side of the last product is a product itself. */
static bool read_gelu(sy_net_edit *edit, const sy_net_node *node, uint32_t *out_x, bool *out_is_tanh) {
    for (uint32_t i = 0; i < 2; i++) {
        const sy_net_node *inner = sy_net_edit_made_by(edit, node->in[i], "Mul", NULL);
        if (inner == NULL || inner->n_in != 2)
            continue;
        const uint32_t factor[3] = {node->in[1 - i], inner->in[0], inner->in[1]};
        if (are_factors(edit, factor, out_x, out_is_tanh))
            return true;
    }
    return false;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    const sy_net_op *op = sy_net_op_find("", "Gelu", 20);
    const sy_net_attr attr = {.name = "approximate", .kind = SY_NET_TEXT, .count = 1, .text = &tanh_form};
    sy_status status = SY_OK;
    for (uint32_t i = 0; op != NULL && status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        uint32_t x = SY_NET_NONE;
        bool is_tanh = false;
        if (node == NULL || !sy_net_node_is(node, "Mul") || node->n_in != 2 ||
            !read_gelu(edit, node, &x, &is_tanh) || !sy_net_values_alike(edit->graph, x, node->out[0]))
            continue;
        const sy_net_edit_form form = {
            .op = op, .opset = 20, .n_in = 1, .in = &x, .n_attr = is_tanh, .attr = &attr};
        status = sy_net_edit_turn(edit, i, &form, err);
        edit->changes += status == SY_OK;
    }
    return status;
}

const sy_net_pass sy_net_pass_gelu = {"gelu", rewrite, false};
