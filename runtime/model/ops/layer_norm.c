/*
 * LayerNormalization over all dimensions from an axis on, RMSNormalization (without the mean), and the forms
 * of com.microsoft that add a residual before. Moments in two passes, so that nothing cancels.
 */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/layer_row.h"
#include "runtime/model/ops/line.h"

typedef struct layer_state {
    uint32_t axis;
    double epsilon;
    sy_ops_layer_ports ports;
} layer_state;

/* Where each form has its inputs; SY_NET_NONE where it has none. */
typedef struct layer_form {
    const char *name;
    sy_ops_layer_ports ports;
} layer_form;

static const layer_form forms[] = {
    {"LayerNormalization", {.skip = SY_NET_NONE, .scale = 1, .bias = 2, .added = SY_NET_NONE}},
    {"RMSNormalization",
        {.skip = SY_NET_NONE, .scale = 1, .bias = SY_NET_NONE, .added = SY_NET_NONE, .is_rms = true}},
    {"SimplifiedLayerNormalization",
        {.skip = SY_NET_NONE, .scale = 1, .bias = SY_NET_NONE, .added = SY_NET_NONE, .is_rms = true}},
    {"SkipLayerNormalization", {.skip = 1, .scale = 2, .bias = 3, .added = 4}},
    {"SkipSimplifiedLayerNormalization",
        {.skip = 1, .scale = 2, .bias = SY_NET_NONE, .added = 3, .is_rms = true}},
};

static const layer_form *form_of(const sy_net_call *call) {
    uint32_t i = 0;
    while (strcmp(forms[i].name, call->node->op->name) != 0)
        i++;
    return &forms[i];
}

/* Numbers over the normalised dimensions: as many as they have elements. */
static sy_status check_row(
    const sy_net_call *call, uint32_t index, uint32_t axis, uint32_t *io_index, sy_error *err) {
    if (index == SY_NET_NONE || !sy_net_call_has(call, index)) {
        *io_index = SY_NET_NONE;
        return SY_OK;
    }
    const sy_net_tensor *in = &call->in[0];
    int64_t count = sy_ops_span(in, axis, in->rank);
    sy_status status = sy_ops_need_same(call, 0, index, err);
    if (status == SY_OK && sy_net_elements(&call->in[index]) != count)
        status = sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input %u must have %lld elements", index, (long long)count);
    return status;
}

static sy_status check(sy_net_call *call, layer_state *state, sy_error *err) {
    sy_ops_layer_ports *ports = &state->ports;
    const sy_net_tensor *in = &call->in[0];
    bool has_skip = ports->skip != SY_NET_NONE;
    int64_t axis = has_skip ? -1 : sy_net_attr_int(call->node, "axis", -1);
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK)
        status = sy_net_call_axis(call, axis, in->rank, &state->axis, err);
    if (status == SY_OK)
        status = sy_ops_need(call, ports->scale, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = check_row(call, ports->scale, state->axis, &ports->scale, err);
    if (status == SY_OK)
        status = check_row(call, ports->bias, state->axis, &ports->bias, err);
    if (status == SY_OK)
        status = check_row(call, ports->added, state->axis, &ports->added, err);
    if (status == SY_OK && has_skip)
        status = sy_ops_need_same(call, 0, ports->skip, err);
    if (status == SY_OK && has_skip && !sy_net_same_shape(in, &call->in[ports->skip]))
        status = sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "input %u has another shape than input 0", ports->skip);
    return status;
}

/* Moments have the type that they are computed in, one a row. */
static void set_moments(sy_net_call *call, uint32_t axis) {
    uint32_t stash = sy_ops_onnx_dtype(sy_net_attr_int(call->node, "stash_type", 1));
    const sy_net_tensor *in = &call->in[0];
    for (uint32_t i = 1; i < call->n_out && i < 3; i++) {
        sy_net_shape_like(&call->out[i], in);
        call->out[i].dtype = sy_ops_is_in(stash, SY_OPS_FLOATS) ? stash : SY_F32;
        for (uint32_t d = axis; d < in->rank; d++)
            call->out[i].dim[d] = 1;
    }
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    layer_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    state->ports = form_of(call)->ports;
    state->epsilon =
        (double)sy_net_attr_float(call->node, "epsilon", state->ports.skip != SY_NET_NONE ? 1e-12f : 1e-5f);
    sy_status status = check(call, state, err);
    if (status != SY_OK)
        return status;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    set_moments(call, state->axis);
    if (call->n_out > 3)
        sy_net_shape_like(&call->out[3], &call->in[0]);
    return SY_OK;
}

static void norm_rows(void *arg, int64_t begin, int64_t end) {
    const sy_ops_layer *layer = arg;
    for (int64_t i = begin; i < end; i++)
        sy_ops_layer_row(layer, i);
}

static const void *data_of(const sy_net_call *call, uint32_t index) {
    return index != SY_NET_NONE ? call->in[index].data : NULL;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const layer_state *state = call->state;
    const sy_net_tensor *in = &call->in[0];
    sy_ops_lines lines = sy_ops_lines_make(in, state->axis, in->rank);
    sy_ops_layer layer = {.nn = sy_ops_kernels(call),
        .dtype = in->dtype,
        .count = lines.count,
        .epsilon = state->epsilon,
        .is_rms = state->ports.is_rms,
        .in = in->data,
        .skip = data_of(call, state->ports.skip),
        .added = data_of(call, state->ports.added),
        .scale = data_of(call, state->ports.scale),
        .bias = data_of(call, state->ports.bias),
        .out = call->out[0].data,
        .mean = call->n_out > 1 ? &call->out[1] : NULL,
        .inverse = call->n_out > 2 ? &call->out[2] : NULL,
        .sum = call->n_out > 3 ? call->out[3].data : NULL};
    sy_team_for(call->team, lines.outer, lines.count * 4, norm_rows, &layer);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"LayerNormalization", "", 1, 0, 0, 2, 3, 1, 3, infer, NULL, run},
    {"RMSNormalization", "", 1, 0, 0, 2, 2, 1, 1, infer, NULL, run},
    {"SimplifiedLayerNormalization", "", 1, 0, 0, 2, 2, 1, 2, infer, NULL, run},
    {"SimplifiedLayerNormalization", "com.microsoft", 1, 0, 0, 2, 2, 1, 2, infer, NULL, run},
    {"SkipLayerNormalization", "com.microsoft", 1, 0, 0, 3, 5, 1, 4, infer, NULL, run},
    {"SkipSimplifiedLayerNormalization", "com.microsoft", 1, 0, 0, 3, 4, 1, 4, infer, NULL, run},
};
const sy_net_family sy_net_family_layer_norm = {row, sizeof row / sizeof row[0]};
