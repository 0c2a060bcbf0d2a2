/* The triad by aclnnAdd, and copies into other layouts by aclnnInplaceCopy. */
#include <stdio.h>
#include <string.h>

#include "backends/ascend/numbers.h"
#include "backends/ascend/product.h"
#include "backends/ascend/work.h"
#include "runtime/base/error.h"

static const float TRIAD_FACTOR = 3.0f;

static bool does_stream(const sy_device *device, const sy_task *task) {
    (void)device;
    return task->op == SY_OP_STREAM;
}

static bool does_copy(const sy_device *device, const sy_task *task) {
    (void)device;
    return task->op == SY_OP_REORDER;
}

static sy_status check_triad(const sy_task *task, sy_error *err) {
    if (task->attr.stream.kind != SY_STREAM_TRIAD)
        return sy_error_set(err, SY_UNSUPPORTED, "of the memory rates there are triad and copies alone");
    for (uint32_t i = 0; i < 3; i++)
        if (task->tensor[i].rank != 1 || task->tensor[i].dtype != SY_F32 ||
            task->tensor[i].dim[0] != task->tensor[0].dim[0] ||
            (task->tensor[i].dim[0] > 1 && task->tensor[i].stride[0] != 1))
            return sy_error_set(err, SY_UNSUPPORTED, "triad takes dense vectors of f32 of one length");
    return SY_OK;
}

static sy_status cook_triad(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    (void)setting;
    snprintf(offer->name, sizeof offer->name, "aclnnAdd");
    offer->flags = SY_ALGO_DETERMINISTIC;
    sy_status status = ascend_has(device, ASCEND_OP_ADD, err);
    if (status == SY_OK)
        status = check_triad(task, err);
    if (status != SY_OK || task->tensor[0].dim[0] == 0)
        return status;
    ascend_call *call = ascend_work_call(work, ASCEND_OP_ADD);
    call->views = 3;
    call->scalars = 1;
    call->scalar[0] = TRIAD_FACTOR;
    for (int i = 0; i < 3; i++)
        call->view[i] = ascend_view_dense(i, ACL_TYPE_F32, ACL_ORDER_ND, 1, task->tensor[0].dim);
    return SY_OK;
}

/* A tensor's strides; of a transposed one those that it stands for. */
static sy_status view_of(const sy_tensor *tensor, int slot, ascend_view *out_view, sy_error *err) {
    uint32_t rank = tensor->rank;
    int type = ascend_type_of(tensor->dtype);
    bool is_transposed = tensor->layout == SY_CARD_LAYOUT_TRANSPOSED && rank >= 2;
    if (type == ACL_TYPE_NONE || rank == 0 || rank > ASCEND_RANK)
        return sy_error_set(
            err, SY_UNSUPPORTED, "no copies of %s with %u dimensions", sy_dtype_name(tensor->dtype), rank);
    if (tensor->layout != SY_LAYOUT_STRIDED && !is_transposed)
        return sy_error_set(err, SY_UNSUPPORTED, "no layout 0x%x here", tensor->layout);
    *out_view = ascend_view_dense(slot, type, ACL_ORDER_ND, rank, tensor->dim);
    if (is_transposed) {
        out_view->stride[rank - 2] = 1;
        out_view->stride[rank - 1] = tensor->dim[rank - 2];
    } else {
        memcpy(out_view->stride, tensor->stride, rank * sizeof tensor->stride[0]);
    }
    return SY_OK;
}

static sy_status cook_copy(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    const sy_tensor *from = &task->tensor[0], *to = sy_task_output(task, 0);
    ascend_view view[2];
    (void)setting;
    snprintf(offer->name, sizeof offer->name, "aclnnInplaceCopy");
    offer->flags = SY_ALGO_DETERMINISTIC;
    sy_status status = ascend_has(device, ASCEND_OP_COPY, err);
    if (status == SY_OK)
        status = view_of(from, 0, &view[0], err);
    if (status == SY_OK)
        status = view_of(to, ascend_output_slot(task), &view[1], err);
    if (status == SY_OK && from->dtype == SY_BF16 && !ascend_has_f32(ascend_device_of(device)->family))
        status = sy_error_set(err, SY_UNSUPPORTED, "%s has no bf16", ascend_device_of(device)->soc);
    if (status == SY_OK && (from->dtype != to->dtype || from->rank != to->rank ||
                               memcmp(from->dim, to->dim, from->rank * sizeof from->dim[0]) != 0))
        status =
            sy_error_set(err, SY_INVALID_ARGUMENT, "a conversion between tensors of other types or extents");
    if (status != SY_OK || sy_task_tensor_elements(from) == 0)
        return status;
    ascend_call *call = ascend_work_call(work, ASCEND_OP_COPY);
    call->views = 2;
    call->view[0] = view[0];
    call->view[1] = view[1];
    return SY_OK;
}

const ascend_recipe ascend_recipe_triad = {
    .does = does_stream, .want = ascend_want_strided, .cook = cook_triad};
const ascend_recipe ascend_recipe_copy = {.does = does_copy, .want = ascend_want_strided, .cook = cook_copy};
