/*
 * Layout: what hangs together around convolutions works channels last, with one reorder of each image that
 * comes in or goes out. Where the bytes are the same either way (one channel, or one pixel, as after a global
 * pool) it is a Relabel, which a plan of memory makes a view; so is a Transpose to or from N H W C there.
 * Needs options->may_channels_last. Keeps values exactly, and inputs and outputs of the graph packed.
 */
#include "runtime/base/error.h"
#include "runtime/model/passes/passes.h"
#include "runtime/model/passes/region.h"

/* other: by value, the same image in the other layout, SY_NET_NONE while there is none. */
typedef struct layout_work {
    sy_net_edit *edit;
    uint8_t *role;
    uint32_t *other, n_value, n_node;
} layout_work;

static void set_last(sy_net_tensor *tensor) {
    tensor->is_last = true;
    tensor->pitch = tensor->dim[1];
}

/* The row that takes an image from one layout to the other. */
static const sy_net_op *reorder_for(const sy_net_tensor *tensor) {
    int64_t pixels = tensor->dim[2] * tensor->dim[3];
    return sy_net_op_find("steelyard", tensor->dim[1] == 1 || pixels == 1 ? "Relabel" : "Reorder", 1);
}

/* Add the node that makes `to` of `from`. */
static sy_status add_reorder(layout_work *work, uint32_t from, uint32_t to, sy_error *err) {
    uint32_t index = 0;
    const sy_net_op *op = reorder_for(&work->edit->graph->value[from].tensor);
    const sy_net_edit_form form = {.op = op, .opset = 1, .n_in = 1, .in = &from};
    work->edit->changes++;
    return sy_net_edit_add(work->edit, op->name, &form, to, &index, err);
}

/* The counterpart of `value`, made where there is none yet. */
static sy_status find_other(layout_work *work, uint32_t value, uint32_t *out_other, sy_error *err) {
    sy_net_edit *edit = work->edit;
    *out_other = work->other[value];
    if (*out_other != SY_NET_NONE)
        return SY_OK;
    sy_net_tensor like = {0};
    sy_net_shape_like(&like, &edit->graph->value[value].tensor);
    if (!edit->graph->value[value].tensor.is_last)
        set_last(&like);
    sy_status status = sy_net_edit_value(edit, &like, out_other, err);
    if (status == SY_OK)
        status = add_reorder(work, value, *out_other, err);
    if (status == SY_OK)
        work->other[value] = *out_other;
    return status;
}

/* An image that is made channels last. Where the graph gives it away, that is a packed copy. */
static sy_status mark_output(layout_work *work, uint32_t index, uint32_t port, sy_error *err) {
    sy_net_edit *edit = work->edit;
    uint32_t value = edit->graph->node[index].out[port], inner = SY_NET_NONE;
    if (!(edit->graph->value[value].flags & SY_NET_OUTPUT)) {
        set_last(&edit->graph->value[value].tensor);
        return SY_OK;
    }
    sy_net_tensor like = edit->graph->value[value].tensor;
    set_last(&like);
    sy_status status = sy_net_edit_value(edit, &like, &inner, err);
    if (status != SY_OK)
        return status;
    edit->graph->node[index].out[port] = inner;
    edit->graph->value[inner].producer = index;
    work->other[value] = inner;
    return add_reorder(work, inner, value, err);
}

/* Every input in the layout that the node works in. */
static sy_status set_inputs(layout_work *work, uint32_t index, sy_error *err) {
    sy_net_edit *edit = work->edit;
    sy_status status = SY_OK;
    for (uint32_t k = 0; status == SY_OK && k < edit->graph->node[index].n_in; k++) {
        const sy_net_node *node = &edit->graph->node[index];
        uint32_t value = node->in[k], other = SY_NET_NONE;
        if (value == SY_NET_NONE || edit->graph->value[value].flags & SY_NET_CONST)
            continue;
        bool wants_last = sy_net_region_in(edit->graph, node, work->role[index], k);
        if (edit->graph->value[value].tensor.is_last == wants_last)
            continue;
        status = find_other(work, value, &other, err);
        if (status == SY_OK)
            sy_net_edit_set_input(edit, index, k, other);
    }
    return status;
}

/* A Transpose at the border is the same bytes under other extents. */
static sy_status turn_transpose(layout_work *work, uint32_t index, sy_error *err) {
    uint8_t role = work->role[index];
    if (role != SY_NET_LEAVES && role != SY_NET_ENTERS)
        return SY_OK;
    const sy_net_op *op = sy_net_op_find("steelyard", role == SY_NET_LEAVES ? "Pixels" : "Images", 1);
    const uint32_t in = work->edit->graph->node[index].in[0];
    const sy_net_edit_form form = {.op = op, .opset = 1, .n_in = 1, .in = &in};
    work->edit->changes++;
    return sy_net_edit_turn(work->edit, index, &form, err);
}

static sy_status make_others(layout_work *work, sy_error *err) {
    work->n_value = work->edit->graph->n_value;
    work->n_node = work->edit->graph->n_node;
    /* Each value has at most one counterpart, and those have none. */
    work->other = sy_net_arena_array(&work->edit->scratch, (size_t)work->n_value * 2, sizeof *work->other);
    if (work->other == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the layouts of %u values", work->n_value);
    for (uint32_t i = 0; i < work->n_value * 2; i++)
        work->other[i] = SY_NET_NONE;
    return SY_OK;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    layout_work work = {.edit = edit};
    if (!edit->options->may_channels_last)
        return SY_OK;
    sy_status status = sy_net_region(edit, &work.role, err);
    if (status == SY_OK)
        status = make_others(&work, err);
    for (uint32_t i = 0; status == SY_OK && i < work.n_node; i++)
        for (uint32_t k = 0; status == SY_OK && k < edit->graph->node[i].n_out; k++)
            if (sy_net_region_out(edit->graph, &edit->graph->node[i], work.role[i], k))
                status = mark_output(&work, i, k, err);
    for (uint32_t i = 0; status == SY_OK && i < work.n_node; i++)
        status = set_inputs(&work, i, err);
    for (uint32_t i = 0; status == SY_OK && i < work.n_node; i++)
        status = turn_transpose(&work, i, err);
    return status;
}

const sy_net_pass sy_net_pass_layout = {"layout", rewrite, true};
