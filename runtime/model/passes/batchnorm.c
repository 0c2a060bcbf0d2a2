/*
 * Batch normalisation that stands alone becomes ScaleShift (x a[c] + b[c]), which can be followed in place.
 * Needs constant parameters. Keeps values to rounding: a and b are computed in f64 and rounded once.
 */
#include <math.h>

#include "runtime/model/passes/norm.h"
#include "runtime/model/passes/passes.h"

bool sy_net_norm_affine(const sy_net_graph *graph, const sy_net_node *node, sy_net_affine *out_affine) {
    const sy_net_tensor *part[4];
    if (node->n_in < 5 || sy_net_attr_int(node, "training_mode", 0) != 0)
        return false;
    for (uint32_t i = 0; i < 4; i++) {
        part[i] = sy_net_constant(graph, node->in[1 + i]);
        if (part[i] == NULL || part[i]->rank != 1 || part[i]->dim[0] != out_affine->count)
            return false;
    }
    double epsilon = (double)sy_net_attr_float(node, "epsilon", 1e-5f);
    for (int64_t i = 0; i < out_affine->count; i++) {
        double scale = sy_net_get(part[0], i) / sqrt(sy_net_get(part[3], i) + epsilon);
        out_affine->scale[i] = scale;
        out_affine->shift[i] = sy_net_get(part[1], i) - sy_net_get(part[2], i) * scale;
    }
    return true;
}

static sy_status make_vector(
    sy_net_edit *edit, const double *from, int64_t count, uint32_t *out_value, sy_error *err) {
    sy_status status = sy_net_edit_constant(edit, SY_F32, 1, &count, out_value, err);
    for (int64_t i = 0; status == SY_OK && i < count; i++)
        sy_net_set(&edit->graph->value[*out_value].tensor, i, from[i]);
    return status;
}

static sy_status turn(sy_net_edit *edit, uint32_t index, const sy_net_op *op, sy_error *err) {
    const sy_net_graph *graph = edit->graph;
    const sy_net_node *node = &graph->node[index];
    sy_net_affine affine;
    uint32_t in[3] = {node->in[0], SY_NET_NONE, SY_NET_NONE};
    sy_status status = sy_net_affine_make(edit, graph->value[in[0]].tensor.dim[1], &affine, err);
    if (status != SY_OK || !sy_net_norm_affine(graph, node, &affine))
        return status;
    status = make_vector(edit, affine.scale, affine.count, &in[1], err);
    if (status == SY_OK)
        status = make_vector(edit, affine.shift, affine.count, &in[2], err);
    sy_net_edit_form form = {op, 1, 3, 0, in, NULL, 1};
    if (status == SY_OK)
        status = sy_net_edit_turn(edit, index, &form, err);
    edit->changes += status == SY_OK;
    return status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    const sy_net_op *op = sy_net_op_find("steelyard", "ScaleShift", 1);
    sy_status status = SY_OK;
    for (uint32_t i = 0; op != NULL && status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || !sy_net_node_is(node, "BatchNormalization") || node->n_in < 5)
            continue;
        const sy_net_tensor *x = &edit->graph->value[node->in[0]].tensor;
        if (x->dtype == SY_F32 && x->rank >= 2 && sy_net_edit_is_single(edit, node))
            status = turn(edit, i, op, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_batchnorm = {"batchnorm", rewrite, false};
