/*
 * Products of bytes written as f32: DequantizeLinear, Conv or MatMul, (Relu), QuantizeLinear become
 * QLinearConv and QLinearMatMul. Needs options->may_quantise, constant scales and zero points; constant
 * weights of a Conv; a Relu only where the zero point is the smallest number there is, so that saturation
 * does the same. Keeps values to rounding: sums are exact instead of f32, so that a number in the middle of
 * two may become the other one.
 */
#include <math.h>

#include "runtime/model/passes/passes.h"

/* An operand in bytes. zero: SY_NET_NONE where it is left out. */
typedef struct byte_operand {
    uint32_t value, scale, zero;
    const sy_net_node *node;
} byte_operand;

static bool is_byte(uint32_t dtype) {
    return dtype == SY_S8 || dtype == SY_U8;
}

/* Scale and zero point are constants of one number, or of `channels` numbers along `axis` (0: one only). */
static bool is_scale(const sy_net_graph *graph, const byte_operand *operand, int64_t channels, int64_t axis) {
    const sy_net_tensor *scale = sy_net_constant(graph, operand->scale);
    const sy_net_tensor *zero = sy_net_constant(graph, operand->zero);
    if (scale == NULL || (operand->zero != SY_NET_NONE && zero == NULL) || scale->dtype != SY_F32)
        return false;
    if (sy_net_attr_find(operand->node, "block_size") != NULL)
        return false;
    int64_t count = sy_net_elements(scale), zeros = zero == NULL ? count : sy_net_elements(zero);
    bool is_each = channels > 0 && scale->rank == 1 && count == channels && zeros == count &&
                   sy_net_attr_int(operand->node, "axis", 1) == axis;
    return (count == 1 && zeros == 1) || is_each;
}

static bool read_operand(
    sy_net_edit *edit, uint32_t value, int64_t channels, int64_t axis, byte_operand *out) {
    const sy_net_node *node = sy_net_edit_made_by(edit, value, "DequantizeLinear", NULL);
    if (node == NULL)
        return false;
    *out = (byte_operand){node->in[0], node->in[1], sy_net_node_in(node, 2), node};
    return is_byte(edit->graph->value[out->value].tensor.dtype) &&
           edit->graph->value[value].tensor.dtype == SY_F32 && is_scale(edit->graph, out, channels, axis);
}

/* What a QuantizeLinear quantises, a Relu that saturation does as well looked through. */
static const sy_net_node *find_product(sy_net_edit *edit, const sy_net_node *quantise, uint32_t *out_value) {
    uint32_t zero = sy_net_node_in(quantise, 2), dtype = edit->graph->value[quantise->out[0]].tensor.dtype;
    *out_value = quantise->in[0];
    const sy_net_node *relu = sy_net_edit_made_by(edit, *out_value, "Relu", NULL);
    if (relu != NULL) {
        double lowest = dtype == SY_S8 ? -128 : 0, number = 0;
        bool is_known = zero == SY_NET_NONE || sy_net_scalar(edit->graph, zero, &number);
        if (!is_known || number != lowest || !sy_net_edit_is_private(edit, *out_value))
            return NULL;
        *out_value = relu->in[0];
    }
    const sy_net_node *product = sy_net_edit_maker(edit, *out_value, NULL);
    bool is_ours = product != NULL && product->n_post == 0 && sy_net_edit_is_private(edit, *out_value);
    return is_ours ? product : NULL;
}

/* The zero point of an operand as a constant, made where it is left out. */
static sy_status need_zero(sy_net_edit *edit, byte_operand *operand, sy_error *err) {
    const sy_net_tensor scale = edit->graph->value[operand->scale].tensor;
    if (operand->zero != SY_NET_NONE)
        return SY_OK;
    return sy_net_edit_constant(
        edit, edit->graph->value[operand->value].tensor.dtype, scale.rank, scale.dim, &operand->zero, err);
}

/* The bias in units of the sums: scale of x times scale of the weights of its channel. *out_fits: it can be.
 */
static sy_status make_bias(sy_net_edit *edit, uint32_t bias, const byte_operand *x, const byte_operand *w,
    uint32_t *out_value, bool *out_fits, sy_error *err) {
    const sy_net_graph *graph = edit->graph;
    const sy_net_tensor *given = sy_net_constant(graph, bias);
    int64_t channels = graph->value[w->value].tensor.dim[0];
    *out_fits = given != NULL && given->rank == 1 && given->dim[0] == channels;
    if (!*out_fits)
        return SY_OK;
    const sy_net_tensor from = *given;
    sy_status status = sy_net_edit_constant(edit, SY_S32, 1, &channels, out_value, err);
    for (int64_t i = 0; status == SY_OK && i < channels; i++) {
        double unit =
            sy_net_get(&graph->value[x->scale].tensor, 0) * sy_net_along(&graph->value[w->scale].tensor, i);
        double number = sy_net_get(&from, i) / unit;
        *out_fits = *out_fits && fabs(number) < 0x1p31;
        sy_net_set(&edit->graph->value[*out_value].tensor, i, number);
    }
    return status;
}

/* Where the operator does not do this form, the nodes stay as they are. */
static sy_status turn(sy_net_edit *edit, uint32_t index, const sy_net_edit_form *form, sy_error *err) {
    sy_status status = sy_net_edit_turn(edit, index, form, NULL);
    edit->changes += status == SY_OK;
    return status == SY_OUT_OF_MEMORY ? sy_net_edit_no_memory(err) : SY_OK;
}

static sy_status take_conv(
    sy_net_edit *edit, uint32_t index, const sy_net_node *conv, byte_operand *y, sy_error *err) {
    const sy_net_op *op = sy_net_op_find("", "QLinearConv", 10);
    byte_operand x, w;
    const sy_net_tensor *weights = &edit->graph->value[conv->in[1]].tensor;
    uint32_t bias = sy_net_node_in(conv, 2), whole = SY_NET_NONE;
    bool fits = weights->rank >= 3 && read_operand(edit, conv->in[0], 0, 0, &x) &&
                read_operand(edit, conv->in[1], weights->dim[0], 0, &w) &&
                sy_net_constant(edit->graph, w.value) != NULL;
    if (op == NULL || !fits)
        return SY_OK;
    const sy_net_node node = *conv; /* before constants are added */
    sy_status status = need_zero(edit, &x, err);
    if (status == SY_OK)
        status = need_zero(edit, &w, err);
    if (status == SY_OK)
        status = need_zero(edit, y, err);
    if (status == SY_OK && bias != SY_NET_NONE)
        status = make_bias(edit, bias, &x, &w, &whole, &fits, err);
    if (status != SY_OK || !fits)
        return status;
    const uint32_t in[] = {x.value, x.scale, x.zero, w.value, w.scale, w.zero, y->scale, y->zero, whole};
    const sy_net_edit_form form = {.op = op,
        .opset = 10,
        .n_in = bias == SY_NET_NONE ? 8 : 9,
        .in = in,
        .n_attr = node.n_attr,
        .attr = node.attr};
    return turn(edit, index, &form, err);
}

static sy_status take_matmul(
    sy_net_edit *edit, uint32_t index, const sy_net_node *product, byte_operand *y, sy_error *err) {
    const sy_net_op *op = sy_net_op_find("", "QLinearMatMul", 10);
    byte_operand a, b;
    if (op == NULL || !read_operand(edit, product->in[0], 0, 0, &a) ||
        !read_operand(edit, product->in[1], 0, 0, &b))
        return SY_OK;
    sy_status status = need_zero(edit, &a, err);
    if (status == SY_OK)
        status = need_zero(edit, &b, err);
    if (status == SY_OK)
        status = need_zero(edit, y, err);
    const uint32_t in[] = {a.value, a.scale, a.zero, b.value, b.scale, b.zero, y->scale, y->zero};
    const sy_net_edit_form form = {.op = op, .opset = 10, .n_in = 8, .in = in};
    return status == SY_OK ? turn(edit, index, &form, err) : status;
}

static sy_status rewrite(sy_net_edit *edit, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; edit->options->may_quantise && status == SY_OK && i < edit->graph->n_node; i++) {
        const sy_net_node *node = sy_net_edit_node(edit, i);
        if (node == NULL || !sy_net_node_is(node, "QuantizeLinear") || node->n_in < 2)
            continue;
        uint32_t value = SY_NET_NONE;
        byte_operand y = {node->out[0], node->in[1], sy_net_node_in(node, 2), node};
        bool is_bytes = is_byte(edit->graph->value[y.value].tensor.dtype) && is_scale(edit->graph, &y, 0, 0);
        const sy_net_node *product = is_bytes ? find_product(edit, node, &value) : NULL;
        if (product != NULL && sy_net_node_is(product, "Conv"))
            status = take_conv(edit, i, product, &y, err);
        else if (product != NULL && sy_net_node_is(product, "MatMul"))
            status = take_matmul(edit, i, product, &y, err);
    }
    return status;
}

const sy_net_pass sy_net_pass_quantised = {"quantised", rewrite, false};
