/* Conv as a problem of two spatial dimensions; one is seen as rows of height 1. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/exec/lower.h"
#include "runtime/model/ops/window.h"

void sy_lower_image(const sy_net_tensor *tensor, int64_t dim[4], int64_t stride[4]) {
    int64_t own[SY_NET_MAX_RANK];
    sy_exec_strides(tensor, own);
    uint32_t rank = tensor->rank;
    for (uint32_t i = 0; i < 2; i++) {
        dim[i] = tensor->dim[i];
        stride[i] = own[i];
    }
    dim[3] = tensor->dim[rank - 1];
    stride[3] = own[rank - 1];
    dim[2] = rank == 4 ? tensor->dim[2] : 1;
    stride[2] = rank == 4 ? own[2] : stride[3] * dim[3];
}

static sy_status window_of(const sy_lowering *lower, sy_net_window *out_window, sy_error *err) {
    const sy_net_node *node = lower->node;
    sy_net_tensor port[4] = {0};
    sy_net_call call = {.node = node, .in = port, .out = port + 3, .n_in = 3, .n_out = 1};
    for (uint32_t i = 0; i < node->n_in && i < 3; i++) /* operands of posts come after the operator's own */
        if (node->in[i] != SY_NET_NONE)
            port[i] = lower->graph->value[node->in[i]].tensor;
    sy_status status = sy_net_window_read(&call, &port[0], &port[1], out_window, err);
    return status == SY_OK ? sy_net_window_fit(&call, out_window, false, err) : status;
}

void sy_lower_window(const sy_net_window *window, int64_t groups, sy_conv_attr *out_attr) {
    *out_attr = (sy_conv_attr){.size = sizeof *out_attr, .groups = (uint32_t)groups, .spatial = 2};
    for (uint32_t i = 0; i < 2; i++) { /* the window's entries are aligned to the right, of three */
        out_attr->stride[i] = window->stride[i + 1];
        out_attr->dilation[i] = window->dilation[i + 1];
        out_attr->pad_lo[i] = window->lo[i + 1];
        out_attr->pad_hi[i] = window->hi[i + 1];
    }
}

sy_status sy_lower_conv(sy_lowering *lower, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    const sy_net_value *value = lower->graph->value;
    const sy_net_tensor *x = &value[node->in[0]].tensor, *w = &value[node->in[1]].tensor;
    const sy_net_tensor *y = &value[node->out[0]].tensor;
    sy_net_window window;
    int64_t dim[4], stride[4];
    bool has_bias = node->n_in > 2 && node->in[2] != SY_NET_NONE;
    if ((x->rank != 3 && x->rank != 4) || sy_lower_sums(x->dtype) == 0 || sy_net_elements(y) <= 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "Conv of rank %u in %s", x->rank, sy_net_dtype_name(x->dtype));
    sy_status status = window_of(lower, &window, err);
    if (status != SY_OK)
        return status;
    sy_lower_image(x, dim, stride);
    sy_lower_tensor(lower, node->in[0], 4, dim, stride, false);
    sy_lower_image(w, dim, stride);
    sy_lower_tensor(lower, node->in[1], 4, dim, stride, true);
    sy_lower_image(y, dim, stride);
    if (has_bias)
        status = sy_lower_bias(lower, node->in[2], y->dim[1], err);
    if (status == SY_OK)
        status = sy_lower_posts(lower, 4, dim, stride, y->dim[1], err);
    if (status == SY_OK && sy_lower_output(lower, node->out[0], 4, dim, stride) == NULL)
        status = sy_error_set(err, SY_UNSUPPORTED, "more operands than a problem has");
    sy_lower_window(&window, sy_net_attr_int(node, "group", 1), &lower->work->storage.attr.conv);
    sy_lower_finish(lower, SY_OP_CONV, sy_lower_sums(x->dtype), math);
    return status;
}
