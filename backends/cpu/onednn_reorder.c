/* Reorder into and out of the layouts that oneDNN wanted. */
#include "backends/cpu/device.h"
#include "backends/cpu/onednn_work.h"
#include "runtime/base/error.h"

/* The tensor's strides over the dimensions of a layout's descriptor. */
static sy_status read_view(
    const sy_onednn_layout *layout, const sy_tensor *tensor, sy_onednn_view *out_view, sy_error *err) {
    const int64_t *dim = tensor->dim, *stride = tensor->stride;
    if (layout->op == SY_OP_GEMM) {
        int skipped = dim[0] == 1 ? 1 : 0;
        return sy_onednn_view_make(3 - skipped, dim + skipped, stride + skipped, out_view, err);
    }
    bool is_flat = tensor->rank == 3; /* one spatial dimension: a height of 1 */
    int last = is_flat ? 2 : 3;
    int64_t height = is_flat ? 1 : dim[2], groups = layout->groups > 1 ? layout->groups : 1;
    const int64_t spread[] = {groups, dim[0] / groups, dim[1], height, dim[last]};
    const int64_t step[] = {dim[0] / groups * stride[0], stride[0], stride[1], stride[2], stride[last]};
    int skipped = layout->groups > 1 ? 0 : 1;
    return sy_onednn_view_make(5 - skipped, spread + skipped, step + skipped, out_view, err);
}

static sy_status make_side(sy_cpu_onednn *onednn, const sy_onednn_layout *layout, const sy_tensor *tensor,
    sy_onednn_md **out_md, sy_error *err) {
    sy_onednn_view view;
    if (sy_onednn_layout_is(tensor->layout))
        return sy_cpu_onednn_check(
            onednn->dialect->md_clone(&onednn->call, layout->md, out_md), "a memory descriptor", err);
    if (tensor->layout != SY_LAYOUT_STRIDED)
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: reads strided tensors and its own layouts");
    sy_status status = read_view(layout, tensor, &view, err);
    return status == SY_OK ? sy_onednn_md_make(onednn, tensor->dtype, &view, false, out_md, err) : status;
}

/* Both sides, of which one or both are oneDNN's. */
static sy_status read_sides(sy_cpu_onednn *onednn, const sy_task *task, sy_onednn_work *work, sy_error *err) {
    sy_onednn_layout layout[2] = {{0}, {0}};
    const sy_tensor *tensor = task->tensor;
    sy_status status = SY_OK;
    for (int i = 0; status == SY_OK && i < 2; i++)
        if (sy_onednn_layout_is(tensor[i].layout))
            status = sy_onednn_layouts_find(&onednn->layouts, &tensor[i], &layout[i], err);
    if (status != SY_OK)
        return status;
    bool same = !sy_task_tensor_is_absent(&tensor[0]) && tensor[0].rank == tensor[1].rank &&
                tensor[0].dtype == tensor[1].dtype;
    for (uint32_t i = 0; same && i < tensor[0].rank; i++)
        same = tensor[0].dim[i] == tensor[1].dim[i];
    if (!same)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "cpu: reorder wants two tensors of the same extents and dtype");
    for (int i = 0; status == SY_OK && i < 2; i++) {
        sy_onednn_slot *slot = &work->slot[work->slots++];
        *slot =
            (sy_onednn_slot){.index = i == 0 ? SY_ONEDNN_ARG_SRC : SY_ONEDNN_ARG_DST, .tensor = (uint32_t)i};
        status =
            make_side(onednn, layout[i].md != NULL ? &layout[i] : &layout[1 - i], &tensor[i], &slot->md, err);
    }
    return status;
}

static sy_status choose(sy_device *device, const sy_task *task, sy_onednn_work *work, sy_error *err) {
    sy_cpu_onednn *onednn = NULL;
    *work = (sy_onednn_work){0};
    if (!sy_onednn_layout_is(task->tensor[0].layout) && !sy_onednn_layout_is(task->tensor[1].layout))
        return sy_error_set(err, SY_UNSUPPORTED, "onednn: converts its own layouts alone");
    sy_status status = sy_cpu_onednn_get(device, &onednn, err);
    if (status != SY_OK)
        return status;
    work->onednn = onednn;
    sy_cpu_onednn_enter(onednn, device->pool);
    status = read_sides(onednn, task, work, err);
    if (status == SY_OK)
        status = sy_cpu_onednn_check(onednn->call.reorder_pd(&work->pd, work->slot[0].md, onednn->engine,
                                         work->slot[1].md, onednn->engine, NULL),
            "a reorder like this", err);
    if (status != SY_OK)
        sy_onednn_work_release(work);
    return status;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_onednn_work work;
    (void)out_algorithm;
    sy_status status = choose(device, task, &work, err);
    if (status == SY_OK)
        sy_onednn_work_release(&work);
    return status;
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    sy_onednn_work *work = state;
    *out_workspace_bytes = 0;
    sy_status status = choose(device, task, work, err);
    if (status == SY_OK)
        status = sy_onednn_work_compile(work, err);
    if (status != SY_OK)
        sy_onednn_work_release(work);
    return status;
}

const sy_cpu_algorithm sy_cpu_onednn_reorder = {
    .name = "onednn",
    .op = SY_OP_REORDER,
    .plan_bytes = sizeof(sy_onednn_work),
    .binding_bytes = sizeof(sy_onednn_bound),
    .offer = offer,
    .prepare = prepare,
    .drop = sy_onednn_drop,
    .bind = sy_onednn_bind,
    .unbind = sy_onednn_unbind,
    .run = sy_onednn_run,
};
