/* Operands held against tensors. */
#include "runtime/card/operands.h"

#include <string.h>

#include "runtime/base/error.h"

sy_status sy_card_layout_bytes(const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    *out_bytes = 0;
    if (tensor->layout == SY_LAYOUT_STRIDED || sy_task_tensor_is_absent(tensor)) {
        *out_bytes = sy_task_tensor_bytes(tensor);
        return SY_OK;
    }
    if (!sy_layout_is_private(tensor->layout))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the tensor's layout is still open");
    if (tensor->layout != SY_CARD_LAYOUT_TRANSPOSED || tensor->rank < 2)
        return sy_error_set(
            err, SY_UNSUPPORTED, "no private layout 0x%x of rank %u here", tensor->layout, tensor->rank);
    *out_bytes = sy_task_tensor_elements(tensor) * sy_dtype_size(tensor->dtype);
    return SY_OK;
}

static sy_status check_operand(const sy_plan *plan, uint32_t index, sy_span span, sy_error *err) {
    const sy_tensor *tensor = &plan->task.tensor[index];
    uint64_t wanted = 0;
    sy_status status = sy_card_layout_bytes(tensor, &wanted, err);
    if (status != SY_OK || wanted == 0)
        return status;
    if (!sy_card_span_is_inside(span) || span.bytes < wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "operand %u must have %llu bytes in its buffer", index,
            (unsigned long long)wanted);
    if (span.buffer->device != plan->device || span.buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "operand %u is not in memory of the plan's device", index);
    if (span.offset % sy_dtype_size(tensor->dtype) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "operand %u is at byte %llu, no multiple of its %zu-byte elements", index,
            (unsigned long long)span.offset, sy_dtype_size(tensor->dtype));
    return SY_OK;
}

/* Whether input `index` may be the output itself: C of a gemm, and what a post adds. */
static bool may_be_output(const sy_task *task, uint32_t index) {
    bool may = task->op == SY_OP_GEMM && index == 2;
    for (uint32_t i = 0; i < task->n_post; i++)
        may = may || (task->post[i].kind == SY_POST_ADD && task->post[i].operand == index);
    const sy_tensor *in = &task->tensor[index], *out = sy_task_output(task, 0);
    return may && in->dtype == out->dtype && in->rank == out->rank &&
           memcmp(in->stride, out->stride, in->rank * sizeof in->stride[0]) == 0;
}

static sy_status check_overlap(const sy_plan *plan, const sy_span *operands, sy_error *err) {
    const sy_task *task = &plan->task;
    sy_span out = operands[task->n_in];
    uint64_t in_bytes = 0, out_bytes = 0;
    (void)sy_card_layout_bytes(sy_task_output(task, 0), &out_bytes, NULL);
    for (uint32_t i = 0; i < task->n_in; i++) {
        sy_span in = operands[i];
        (void)sy_card_layout_bytes(&task->tensor[i], &in_bytes, NULL);
        if (in_bytes == 0 || in.buffer != out.buffer || in.offset >= out.offset + out_bytes ||
            out.offset >= in.offset + in_bytes)
            continue;
        if (in.offset != out.offset || !may_be_output(task, i))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "operand %u overlaps the output", i);
    }
    return SY_OK;
}

static sy_status check_workspace(const sy_plan *plan, sy_span workspace, sy_error *err) {
    if (plan->workspace_bytes == 0)
        return SY_OK;
    if (!sy_card_span_is_inside(workspace) || workspace.bytes < plan->workspace_bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the workspace must have %llu bytes in its buffer",
            (unsigned long long)plan->workspace_bytes);
    if (workspace.buffer->device != plan->device || workspace.buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the workspace is not in memory of the plan's device");
    return SY_OK;
}

sy_status sy_card_operands_check(const sy_plan *plan, const sy_queue *queue, const sy_span *operands,
    uint32_t count, sy_span workspace, sy_error *err) {
    uint32_t wanted = plan->task.n_in + plan->task.n_out;
    if (queue->device != plan->device || count != wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%u operands, must be %u, on a queue of the plan's device", count, wanted);
    sy_status status = check_workspace(plan, workspace, err);
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = check_operand(plan, i, operands[i], err);
    return status == SY_OK ? check_overlap(plan, operands, err) : status;
}
