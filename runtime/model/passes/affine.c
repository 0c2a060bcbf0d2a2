/*
 * Scale and shift of channels after a product: BatchNormalization, and Mul, Div, Add and Sub of constants
 * that vary along the channels alone, are folded into weights and bias of the Conv, ConvTranspose or Gemm
 * before. Needs constant weights, a product that nobody else reads. Keeps values to rounding: f64, rounded
 * once.
 */
#include <math.h>

#include "runtime/model/passes/fold.h"
#include "runtime/model/passes/norm.h"
#include "runtime/model/passes/passes.h"

/* y = x op constant, or constant op x (`is_first`: the constant is input 0). */
static bool take_arithmetic(
    const sy_net_node *node, bool is_first, const sy_net_tensor *constant, sy_net_affine *out_affine) {
    bool is_mul = sy_net_node_is(node, "Mul"), is_add = sy_net_node_is(node, "Add");
    bool is_div = sy_net_node_is(node, "Div"), is_sub = sy_net_node_is(node, "Sub");
    if (!(is_mul || is_add || is_sub || (is_div && !is_first)))
        return false;
    for (int64_t i = 0; i < out_affine->count; i++) {
        double number = sy_net_along(constant, i);
        if (is_mul || is_div)
            out_affine->scale[i] = is_mul ? number : 1 / number;
        else
            out_affine->shift[i] = is_sub && !is_first ? -number : number;
        if (is_sub && is_first)
            out_affine->scale[i] = -1;
    }
    return true;
}

static bool is_finite(const sy_net_affine *affine) {
    for (int64_t i = 0; i < affine->count; i++)
        if (!isfinite(affine->scale[i]) || !isfinite(affine->shift[i]))
            return false;
    return true;
}

/* What node does to input `port`, if that is one affine map of `affine->count` channels (dimension 1). */
static bool take_affine(
    const sy_net_graph *graph, const sy_net_node *node, uint32_t port, sy_net_affine *out_affine) {
    const sy_net_tensor *x = &graph->value[node->in[port]].tensor;
    if (node->n_post > 0 || !sy_net_same_shape(x, &graph->value[node->out[0]].tensor))
        return false;
    if (sy_net_node_is(node, "BatchNormalization"))
        return port == 0 && sy_net_norm_affine(graph, node, out_affine) && is_finite(out_affine);
    const sy_net_tensor *constant = node->n_in == 2 ? sy_net_constant(graph, node->in[1 - port]) : NULL;
    if (constant == NULL || !sy_net_varies_along(constant, x->rank, 1, out_affine->count))
        return false;
    return take_arithmetic(node, port == 1, constant, out_affine) && is_finite(out_affine);
}

static sy_status fold_at(sy_net_edit *edit, uint32_t index, uint32_t port, bool *out_done, sy_error *err) {
    const sy_net_node *node = sy_net_edit_node(edit, index);
    uint32_t first = SY_NET_NONE;
    sy_net_affine affine;
    const sy_net_node *maker = sy_net_edit_maker(edit, node->in[port], &first);
    int64_t channels = maker == NULL ? 0 : sy_net_fold_channels(edit, maker);
    if (channels == 0)
        return SY_OK;
    sy_status status = sy_net_affine_make(edit, channels, &affine, err);
    if (status != SY_OK || !take_affine(edit->graph, node, port, &affine))
        return status;
    *out_done = true;
    return sy_net_fold(edit, first, index, &affine, err);
}

static bool may_be_affine(const sy_net_edit *edit, const sy_net_node *node) {
    bool is_known = sy_net_node_is(node, "BatchNormalization") || sy_net_node_is(node, "Mul") ||
                    sy_net_node_is(node, "Add") || sy_net_node_is(node, "Sub") || sy_net_node_is(node, "Div");
    return is_known && sy_net_edit_is_single(edit, node);
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        bool is_done = node == NULL || !may_be_affine(edit, node);
        for (uint32_t port = 0; status == SY_OK && port < 2 && !is_done; port++)
            status = fold_at(edit, i, port, &is_done, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_affine = {"affine", rewrite, false};
