/* The work table: what is offered, and the way from a plan to a launch. Knows no op. */
#include "backends/cpu/work.h"

#include <stdio.h>
#include <string.h>

#include "backends/cpu/memory.h"
#include "backends/cpu/queue.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Best guess first; the reference is last and never chosen unless named. */
static const sy_cpu_algorithm *const rows[] = {
    &sy_cpu_native_gemm,
    &sy_cpu_native_conv,
    &sy_cpu_native_winograd4,
    &sy_cpu_native_winograd2,
    &sy_cpu_native_stream,
    &sy_cpu_native_peak,
    &sy_cpu_native_reorder,
    &sy_cpu_openblas_gemm,
    &sy_cpu_openblas_conv,
    &sy_cpu_blis_gemm,
    &sy_cpu_onednn_gemm,
    &sy_cpu_onednn_conv,
    &sy_cpu_onednn_reorder,
    &sy_cpu_reference_gemm,
    &sy_cpu_reference_conv,
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* An id: the row's number in the low bits, the variant's above. */
enum { VARIANT_SHIFT = 8, ROW_MASK = (1 << VARIANT_SHIFT) - 1, VARIANTS_MAX = 255 };
_Static_assert(ROW_COUNT <= ROW_MASK, "a row's number fits the low bits of an id");

/* The `index`-th row for `op`, ROW_COUNT past the end. An op nobody does has the first row's refusal. */
static size_t find_row(uint32_t op, uint32_t index) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i]->op == op && index-- == 0)
            return i;
    return ROW_COUNT;
}

/* The row for `op` that has variants, ROW_COUNT if there is none; how many rows there are for `op`. */
static size_t find_varied(uint32_t op, uint32_t *out_ordinary) {
    size_t found = ROW_COUNT;
    *out_ordinary = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i]->op != op)
            continue;
        ++*out_ordinary;
        if (rows[i]->has_variants)
            found = i;
    }
    return found;
}

static void put_algorithm(const sy_algorithm *from, sy_algorithm *out_algorithm) {
    uint32_t size = out_algorithm->size;
    memcpy(out_algorithm, from, size < sizeof *from ? size : sizeof *from);
    out_algorithm->size = size;
}

static sy_status offer_row(sy_device *device, const sy_problem *problem, size_t row, uint32_t variant,
    sy_algorithm *offered, sy_error *err) {
    sy_task task;
    sy_status status = sy_task_read(problem, &task, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "cpu");
    task.variant = variant;
    offered->n_layout = task.n_in + task.n_out;
    for (uint32_t i = 0; i < offered->n_layout; i++)
        offered->layout[i] =
            task.tensor[i].layout == SY_LAYOUT_ANY ? (uint32_t)SY_LAYOUT_STRIDED : task.tensor[i].layout;
    if (task.is_deterministic && (rows[row]->flags & SY_ALGO_DETERMINISTIC) == 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: does not promise the same bits every time", rows[row]->name);
    return rows[row]->offer(device, &task, offered, err);
}

static sy_algorithm algorithm_of(size_t row, uint32_t variant) {
    sy_algorithm offered = {.size = sizeof offered,
        .math = SY_MATH_STRICT,
        .flop_ratio = 1.0,
        .bound_factor = 1.0,
        .id = (row + 1) | (uint64_t)variant << VARIANT_SHIFT};
    snprintf(offered.name, sizeof offered.name, "%s", row == ROW_COUNT ? "native" : rows[row]->name);
    if (row < ROW_COUNT)
        offered.flags = rows[row]->flags | (variant > 0 ? SY_ALGO_VARIANT : 0u);
    return offered;
}

/* Behind the rows: what can be set about one of them. A problem it cannot do has no variants. */
static sy_status offer_variant(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    uint32_t ordinary = 0;
    size_t row = find_varied(problem->op, &ordinary);
    if (row == ROW_COUNT || index - ordinary >= VARIANTS_MAX)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: no candidate %u", index);
    uint32_t variant = index - ordinary + 1;
    sy_algorithm offered = algorithm_of(row, variant);
    sy_status status = offer_row(device, problem, row, variant, &offered, err);
    if (status != SY_OK && status != SY_OUT_OF_MEMORY)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: no candidate %u", index);
    put_algorithm(&offered, out_algorithm);
    return status;
}

static sy_status offer(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    if (problem == NULL || problem->size < offsetof(sy_problem, must_understand))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: no problem, or one of too few bytes");
    size_t row = find_row(problem->op, index);
    bool is_unknown = row == ROW_COUNT && index == 0;
    if (row == ROW_COUNT && !is_unknown)
        return offer_variant(device, problem, index, out_algorithm, err);
    sy_algorithm offered = algorithm_of(row, 0);
    sy_status status = SY_OK;
    if (is_unknown)
        status = sy_error_set(err, SY_UNSUPPORTED, "cpu: op %u is not done here", problem->op);
    else
        status = offer_row(device, problem, row, 0, &offered, err);
    /* A bad problem or a missing library is a candidate's no; "unavailable" would end the list. */
    if (status != SY_OK && status != SY_OUT_OF_MEMORY)
        status = SY_UNSUPPORTED;
    put_algorithm(&offered, out_algorithm);
    return status;
}

sy_status sy_cpu_layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    sy_cpu_packing packing;
    *out_bytes = 0;
    if (tensor->layout == SY_LAYOUT_STRIDED || sy_task_tensor_is_absent(tensor)) {
        *out_bytes = sy_task_tensor_bytes(tensor);
        return SY_OK;
    }
    if (!sy_layout_is_private(tensor->layout))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: the tensor's layout is still open");
    if (sy_onednn_layout_is(tensor->layout))
        return sy_cpu_onednn_layout_bytes(device, tensor, out_bytes, err);
    sy_status status = sy_cpu_packed_find(&device->packed, tensor, &packing, err);
    return status == SY_OK ? sy_cpu_packing_bytes(&packing, tensor, out_bytes, err) : status;
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    sy_tensor checked;
    *out_bytes = 0;
    sy_status status = sy_task_tensor_read(tensor, false, &checked, err);
    return status == SY_OK ? sy_cpu_layout_bytes(device, &checked, out_bytes, err) : status;
}

static sy_status check_resolved(sy_device *device, const sy_task *task, sy_error *err) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        sy_status status = sy_cpu_layout_bytes(device, &task->tensor[i], &bytes, err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "tensor %u", i);
    }
    return SY_OK;
}

/* The row of an id that may have been offered for `op`, NULL if it cannot. */
static const sy_cpu_algorithm *find_algorithm(uint64_t id, uint32_t op) {
    size_t row = (size_t)(id & ROW_MASK);
    uint64_t variant = id >> VARIANT_SHIFT;
    bool is_row = row >= 1 && row <= ROW_COUNT && rows[row - 1]->op == op;
    return is_row && (variant == 0 || (rows[row - 1]->has_variants && variant <= VARIANTS_MAX))
               ? rows[row - 1]
               : NULL;
}

static sy_status create_plan(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_task task;
    *out_plan = NULL;
    sy_status status = sy_task_read(problem, &task, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "cpu");
    const sy_cpu_algorithm *algorithm = find_algorithm(algorithm_id, task.op);
    task.variant = (uint32_t)(algorithm_id >> VARIANT_SHIFT);
    if (algorithm == NULL)
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: algorithm %llu was not offered for this problem", (unsigned long long)algorithm_id);
    if (status == SY_OK)
        status = check_resolved(device, &task, err);
    if (status != SY_OK)
        return status;
    size_t bytes = sizeof(sy_plan) + algorithm->plan_bytes;
    sy_plan *plan = sy_mem_align(64, bytes);
    if (plan == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a plan");
    memset(plan, 0, bytes);
    plan->device = device;
    plan->algorithm = algorithm;
    plan->task = task;
    status = algorithm->prepare(device, &task, plan->state, &plan->workspace_bytes, err);
    if (status != SY_OK) {
        sy_mem_free(plan);
        return status;
    }
    *out_plan = plan;
    return SY_OK;
}

static void destroy_plan(sy_plan *plan) {
    if (plan != NULL && plan->algorithm->drop != NULL)
        plan->algorithm->drop(plan->state);
    sy_mem_free(plan);
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = plan->workspace_bytes;
    return SY_OK;
}

static sy_status bind_operand(
    const sy_plan *plan, uint32_t index, const sy_span *span, unsigned char **out_data, sy_error *err) {
    const sy_tensor *tensor = &plan->task.tensor[index];
    char what[24];
    uint64_t wanted = 0;
    *out_data = NULL;
    sy_status status = sy_cpu_layout_bytes(plan->device, tensor, &wanted, err);
    if (status != SY_OK || wanted == 0)
        return status;
    snprintf(what, sizeof what, "operand %u", index);
    status = sy_cpu_span_data(plan->device, span, what, out_data, err);
    if (status != SY_OK)
        return status;
    if (span->bytes < wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: %s has %llu bytes, must have %llu", what,
            (unsigned long long)span->bytes, (unsigned long long)wanted);
    if ((uintptr_t)*out_data % sy_dtype_size(tensor->dtype) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: %s is not aligned to its %zu-byte elements", what,
            sy_dtype_size(tensor->dtype));
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

static sy_status check_overlap(const sy_plan *plan, const sy_binding *binding, sy_error *err) {
    const sy_task *task = &plan->task;
    uint64_t in_bytes = 0, out_bytes = 0;
    uintptr_t out = (uintptr_t)binding->operand[task->n_in];
    sy_cpu_layout_bytes(plan->device, sy_task_output(task, 0), &out_bytes, NULL);
    for (uint32_t i = 0; i < task->n_in; i++) {
        uintptr_t in = (uintptr_t)binding->operand[i];
        sy_cpu_layout_bytes(plan->device, &task->tensor[i], &in_bytes, NULL);
        if (in == 0 || in >= out + out_bytes || out >= in + in_bytes)
            continue;
        if (in != out || !may_be_output(task, i))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: operand %u overlaps the output", i);
    }
    return SY_OK;
}

static sy_status bind_workspace(
    const sy_plan *plan, const sy_span *workspace, sy_binding *binding, sy_error *err) {
    if (plan->workspace_bytes == 0)
        return SY_OK;
    sy_status status = sy_cpu_span_data(plan->device, workspace, "the workspace", &binding->workspace, err);
    if (status == SY_OK && workspace->bytes < plan->workspace_bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: a workspace of %llu bytes, must be %llu",
            (unsigned long long)workspace->bytes, (unsigned long long)plan->workspace_bytes);
    if (status == SY_OK && (uintptr_t)binding->workspace % 16 != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: the workspace is not aligned to 16 bytes");
    return status;
}

static sy_status fill_binding(const sy_plan *plan, const sy_span *operands, const sy_span *workspace,
    sy_binding *binding, sy_error *err) {
    sy_status status = bind_workspace(plan, workspace, binding, err);
    for (uint32_t i = 0; status == SY_OK && i < plan->task.n_in + plan->task.n_out; i++)
        status = bind_operand(plan, i, &operands[i], &binding->operand[i], err);
    if (status == SY_OK)
        status = check_overlap(plan, binding, err);
    if (status == SY_OK && plan->algorithm->bind != NULL)
        status = plan->algorithm->bind(binding, err);
    return status;
}

static sy_status create_binding(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    if (queue->device != plan->device || count != plan->task.n_in + plan->task.n_out)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: %u operands, must be %u, on the plan's device",
            count, plan->task.n_in + plan->task.n_out);
    size_t bytes = sizeof(sy_binding) + plan->algorithm->binding_bytes;
    sy_binding *binding = sy_mem_align(64, bytes);
    if (binding == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a binding");
    memset(binding, 0, bytes);
    binding->run = plan->algorithm->run;
    binding->plan = plan;
    binding->queue = queue;
    binding->pool = queue->pool;
    sy_status status = fill_binding(plan, operands, &workspace, binding, err);
    if (status != SY_OK) {
        sy_mem_free(binding);
        return status;
    }
    *out_binding = binding;
    return SY_OK;
}

static void destroy_binding(sy_binding *binding) {
    if (binding != NULL && binding->plan->algorithm->unbind != NULL)
        binding->plan->algorithm->unbind(binding);
    sy_mem_free(binding);
}

static sy_status run_binding(sy_binding *binding) {
    binding->run(binding);
    return SY_OK;
}

void sy_cpu_product_args(
    const sy_binding *binding, const uint32_t post_tensor[SY_MAX_POSTS], sy_gemm_args *out_args) {
    const sy_task *task = &binding->plan->task;
    *out_args = (sy_gemm_args){.a = binding->operand[0],
        .b = binding->operand[1],
        .c = task->op == SY_OP_GEMM ? binding->operand[2] : NULL,
        .d = binding->operand[task->n_in],
        .workspace = binding->workspace};
    for (uint32_t i = 0; i < task->n_post; i++)
        if (post_tensor[i] != SY_NO_OPERAND)
            out_args->post_operand[i] = binding->operand[post_tensor[i]];
}

const sy_work_api sy_cpu_work_api = {
    .size = sizeof(sy_work_api),
    .algorithm = offer,
    .layout_bytes = layout_bytes,
    .plan_create = create_plan,
    .plan_destroy = destroy_plan,
    .plan_workspace = plan_workspace,
    .binding_create = create_binding,
    .binding_destroy = destroy_binding,
    .run = run_binding,
};
