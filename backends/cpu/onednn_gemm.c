/* gemm on oneDNN's matmul: a batch of one has two dimensions. */
#include "backends/cpu/device.h"
#include "backends/cpu/onednn_work.h"
#include "backends/cpu/product.h"

/* One operand [batch, rows, columns] of the task. */
static sy_status read_operand(
    const sy_tensor *tensor, bool is_batch, sy_onednn_view *out_view, sy_error *err) {
    int skipped = is_batch ? 0 : 1;
    return sy_onednn_view_make(3 - skipped, tensor->dim + skipped, tensor->stride + skipped, out_view, err);
}

/* Strides of a post's operand over the output: a vector repeats along the other dimensions. */
static sy_status read_post(
    const sy_cpu_product *product, uint32_t index, bool is_batch, sy_onednn_view *out_view, sy_error *err) {
    const sy_kernel_post *post = &product->desc.post[index];
    bool is_full = post->kind == SY_POST_ADD;
    const int64_t dim[] = {is_full ? product->count : 1,
        is_full || post->kind == SY_POST_SCALE_ROW ? product->desc.m : 1,
        is_full || post->kind != SY_POST_SCALE_ROW ? product->desc.n : 1};
    const int64_t stride[] = {product->batch.post[index], post->stride[0], post->stride[1]};
    int skipped = is_batch ? 0 : 1;
    return sy_onednn_view_make(3 - skipped, dim + skipped, stride + skipped, out_view, err);
}

static sy_status read_posts(
    const sy_cpu_product *product, bool is_batch, sy_onednn_shape *out_shape, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < product->desc.n_post; i++) {
        out_shape->post_tensor[i] = product->post_tensor[i];
        if (product->post_tensor[i] != SY_NO_OPERAND)
            status = read_post(product, i, is_batch, &out_shape->post[i], err);
    }
    out_shape->bias = out_shape->post[0];
    return status;
}

/* B that is private is read as packed rows: its extents are what counts then. */
static sy_status read_shape(
    sy_device *device, const sy_task *task, sy_onednn_shape *out_shape, sy_error *err) {
    sy_task settled = *task;
    sy_cpu_product product;
    sy_tensor *b = &settled.tensor[1];
    if (b->layout != SY_LAYOUT_STRIDED)
        b->layout = SY_LAYOUT_ANY;
    sy_task_settle(&settled);
    sy_status status = sy_cpu_product_read(&settled, device->backend->isa.level, &product, err);
    if (status == SY_OK)
        status = sy_cpu_sums_check(task->tensor[0].dtype, task->acc_dtype, err);
    if (status != SY_OK)
        return status;
    bool is_batch = product.count != 1;
    *out_shape = (sy_onednn_shape){
        .alpha = product.desc.alpha, .beta = product.desc.beta, .columns_mask = is_batch ? 1 << 2 : 1 << 1};
    out_shape->is_open[1] =
        task->tensor[1].layout != SY_LAYOUT_STRIDED || (task->tensor[1].flags & SY_TENSOR_CONST) != 0;
    status = read_operand(&settled.tensor[0], is_batch, &out_shape->src, err);
    if (status == SY_OK)
        status = read_operand(b, is_batch, &out_shape->weights, err);
    if (status == SY_OK)
        status = read_operand(sy_task_output(&settled, 0), is_batch, &out_shape->dst, err);
    return status == SY_OK ? read_posts(&product, is_batch, out_shape, err) : status;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_onednn_offer(device, task, read_shape, out_algorithm, err);
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_onednn_prepare(device, task, read_shape, state, out_workspace_bytes, err);
}

const sy_cpu_algorithm sy_cpu_onednn_gemm = {
    .name = "onednn",
    .op = SY_OP_GEMM,
    .plan_bytes = sizeof(sy_onednn_work),
    .binding_bytes = sizeof(sy_onednn_bound),
    .offer = offer,
    .prepare = prepare,
    .drop = sy_onednn_drop,
    .bind = sy_onednn_bind,
    .unbind = sy_onednn_unbind,
    .run = sy_onednn_run,
};
