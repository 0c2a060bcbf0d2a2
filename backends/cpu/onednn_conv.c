/* conv on oneDNN: open images are laid out as it likes, weights that are given are reordered in the run. */
#include <string.h>

#include "backends/cpu/device.h"
#include "backends/cpu/onednn_work.h"
#include "backends/cpu/product.h"

static sy_status read_images(const sy_cpu_convolution *conv, sy_onednn_shape *out_shape, sy_error *err) {
    const sy_conv_desc *desc = &conv->desc;
    const int64_t x[] = {desc->n, desc->c, desc->h, desc->w}, y[] = {desc->n, desc->k, conv->p, conv->q};
    sy_status status = sy_onednn_view_make(4, x, desc->x_stride, &out_shape->src, err);
    return status == SY_OK ? sy_onednn_view_make(4, y, desc->y_stride, &out_shape->dst, err) : status;
}

/* [k, c/groups, r, s], with the groups apart if there are any. */
static sy_status read_weights(const sy_cpu_convolution *conv, sy_onednn_shape *out_shape, sy_error *err) {
    const sy_conv_desc *desc = &conv->desc;
    int64_t groups = desc->groups, each = desc->k / groups;
    const int64_t dim[] = {groups, each, desc->c / groups, desc->r, desc->s};
    const int64_t stride[] = {
        each * desc->w_stride[0], desc->w_stride[0], desc->w_stride[1], desc->w_stride[2], desc->w_stride[3]};
    int skipped = groups > 1 ? 0 : 1;
    out_shape->groups = (uint32_t)groups;
    out_shape->rows_mask = 1;
    out_shape->columns_mask = groups > 1 ? 3 : 1;
    return sy_onednn_view_make(5 - skipped, dim + skipped, stride + skipped, &out_shape->weights, err);
}

static void read_window(const sy_conv_desc *desc, sy_onednn_window *out_window) {
    for (int i = 0; i < 2; i++) {
        out_window->stride[i] = desc->stride[i];
        out_window->dilation[i] = desc->dilation[i] - 1;
        out_window->pad_lo[i] = desc->pad[i];
        out_window->pad_hi[i] = desc->pad[i + 2];
    }
}

/* Residuals have the output's strides, vectors are dense: sy_cpu_convolution_read() saw to that. */
static sy_status read_posts(const sy_cpu_convolution *conv, sy_onednn_shape *out_shape, sy_error *err) {
    const sy_conv_desc *desc = &conv->desc;
    const int64_t dense[4] = {1, 1, 1, 1};
    sy_status status = sy_onednn_view_make(1, &desc->k, dense, &out_shape->bias, err);
    for (uint32_t i = 0; status == SY_OK && i < desc->n_post; i++) {
        const int64_t row[] = {desc->n, 1, 1, 1}, column[] = {1, desc->k, 1, 1};
        uint32_t kind = desc->post[i].kind;
        out_shape->post_tensor[i] = conv->post_tensor[i];
        out_shape->post[i] = out_shape->dst;
        if (conv->post_tensor[i] != SY_NO_OPERAND && kind != SY_POST_ADD)
            status = sy_onednn_view_make(
                4, kind == SY_POST_SCALE_ROW ? row : column, dense, &out_shape->post[i], err);
    }
    return status;
}

static sy_status read_convolution(
    sy_device *device, const sy_task *task, sy_cpu_convolution *out_conv, sy_error *err) {
    sy_task settled = *task;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (sy_onednn_layout_is(task->tensor[i].layout))
            settled.tensor[i].layout = SY_LAYOUT_ANY;
    sy_task_settle(&settled);
    sy_status status = sy_cpu_convolution_read(&settled, device->backend->isa.level, out_conv, err);
    return status == SY_OK ? sy_cpu_sums_check(task->tensor[0].dtype, task->acc_dtype, err) : status;
}

static sy_status read_shape(
    sy_device *device, const sy_task *task, sy_onednn_shape *out_shape, sy_error *err) {
    sy_cpu_convolution conv;
    sy_status status = read_convolution(device, task, &conv, err);
    if (status != SY_OK)
        return status;
    *out_shape = (sy_onednn_shape){.is_convolution = true, .alpha = 1.0};
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        out_shape->is_open[i] = task->tensor[i].layout != SY_LAYOUT_STRIDED;
    read_window(&conv.desc, &out_shape->window);
    status = read_images(&conv, out_shape, err);
    if (status == SY_OK)
        status = read_weights(&conv, out_shape, err);
    return status == SY_OK ? read_posts(&conv, out_shape, err) : status;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_onednn_offer(device, task, read_shape, out_algorithm, err);
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_onednn_prepare(device, task, read_shape, state, out_workspace_bytes, err);
}

const sy_cpu_algorithm sy_cpu_onednn_conv = {
    .name = "onednn",
    .op = SY_OP_CONV,
    .plan_bytes = sizeof(sy_onednn_work),
    .binding_bytes = sizeof(sy_onednn_bound),
    .offer = offer,
    .prepare = prepare,
    .drop = sy_onednn_drop,
    .bind = sy_onednn_bind,
    .unbind = sy_onednn_unbind,
    .run = sy_onednn_run,
};
