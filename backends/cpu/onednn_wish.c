/* The layouts that oneDNN wants, between its descriptors and the host's terms. */
#include <string.h>

#include "backends/cpu/device.h"
#include "backends/cpu/onednn_work.h"
#include "runtime/base/error.h"

static uint32_t tensor_of(const sy_task *task, int operand) {
    return operand == SY_ONEDNN_DST ? task->n_in : (uint32_t)operand;
}

/* Packed strides of an image [n, c, h, w]. */
static void pack(sy_onednn_view *view, bool is_last) {
    const int64_t *dim = view->dim;
    if (is_last)
        memcpy(view->stride, (int64_t[]){dim[3] * dim[2] * dim[1], 1, dim[3] * dim[1], dim[1]},
            4 * sizeof view->stride[0]);
    else
        memcpy(view->stride, (int64_t[]){dim[3] * dim[2] * dim[1], dim[3] * dim[2], dim[3], 1},
            4 * sizeof view->stride[0]);
}

static bool is_packed(
    const sy_cpu_onednn *onednn, const sy_onednn_md *md, uint32_t dtype, sy_onednn_view view, bool is_last) {
    sy_onednn_md *packed = NULL;
    pack(&view, is_last);
    if (sy_onednn_md_make(onednn, dtype, &view, false, &packed, NULL) != SY_OK)
        return false;
    bool same = onednn->call.md_equal(md, packed) != 0;
    onednn->dialect->md_destroy(&onednn->call, packed);
    return same;
}

static sy_status answer_one(sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_task *task,
    const sy_onednn_shape *shape, int operand, uint32_t *out_layout, sy_error *err) {
    const sy_tensor *tensor = &task->tensor[tensor_of(task, operand)];
    const sy_onednn_md *md = work->slot[operand].md;
    bool is_weights = operand == SY_ONEDNN_WEIGHTS;
    for (int i = 0; !is_weights && i < 2; i++)
        if (is_packed(
                onednn, md, tensor->dtype, operand == SY_ONEDNN_SRC ? shape->src : shape->dst, i == 0)) {
            *out_layout = i == 0 ? SY_LAYOUT_CHANNELS_LAST : SY_LAYOUT_CHANNELS_FIRST;
            return SY_OK;
        }
    sy_onednn_layout layout = {.md = work->slot[operand].md,
        .dtype = tensor->dtype,
        .rank = tensor->rank,
        .op = task->op,
        .groups = is_weights ? shape->groups : 0};
    memcpy(layout.dim, tensor->dim, sizeof layout.dim);
    return sy_onednn_layouts_add(&onednn->layouts, &onednn->call, onednn->dialect, &layout, out_layout, err);
}

sy_status sy_onednn_layouts_answer(sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_task *task,
    const sy_onednn_shape *shape, uint32_t *out_layout, sy_error *err) {
    sy_status status = SY_OK;
    for (int i = 0; status == SY_OK && i < 3; i++) {
        uint32_t index = tensor_of(task, i);
        const sy_tensor *tensor = &task->tensor[index];
        bool is_constant = i == SY_ONEDNN_WEIGHTS && (tensor->flags & SY_TENSOR_CONST) != 0 &&
                           tensor->layout == SY_LAYOUT_STRIDED && sy_onednn_reorders(work, &work->slot[i]);
        if (is_constant || tensor->layout == SY_LAYOUT_ANY)
            status = answer_one(work, onednn, task, shape, i, &out_layout[index], err);
    }
    for (uint32_t i = 0; i < task->n_post; i++)
        if (task->post[i].kind == SY_POST_ADD && task->tensor[task->post[i].operand].layout == SY_LAYOUT_ANY)
            out_layout[task->post[i].operand] = out_layout[task->n_in];
    return status;
}

sy_status sy_onednn_layouts_check(
    const sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_task *task, sy_error *err) {
    for (uint32_t i = 0; i < work->slots; i++) {
        const sy_tensor *tensor = &task->tensor[work->slot[i].tensor];
        sy_onednn_layout layout;
        if (!sy_layout_is_private(tensor->layout))
            continue;
        sy_status status = sy_onednn_layouts_find(&onednn->layouts, tensor, &layout, err);
        if (status != SY_OK)
            return status;
        if (onednn->call.md_equal(layout.md, work->slot[i].md) == 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "onednn: tensor %u lies as 0x%x, this problem wants it otherwise", work->slot[i].tensor,
                tensor->layout);
    }
    return SY_OK;
}
