/* Work of the stub plugins: f32 GEMM by a naive loop, and reorder of strided tensors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/host.h"

enum { MAX_OPERANDS = 4 };
enum { ALGORITHM_NAIVE = 0, ALGORITHM_REFERENCE = 1, ALGORITHM_COUNT = 2 };

struct sy_plan {
    uint32_t op, count;
    sy_tensor tensor[MAX_OPERANDS];
    double alpha, beta;
};
struct sy_binding {
    const sy_plan *plan;
    unsigned char *operand[MAX_OPERANDS];
};

static const char *why_not_tensor(const sy_tensor *tensor) {
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
        return NULL;
    if (tensor->layout != SY_LAYOUT_STRIDED && tensor->layout != SY_LAYOUT_ANY)
        return "no private layouts";
    return tensor->dtype == SY_F32 && tensor->rank <= 4 ? NULL : "f32 of rank 4 at most";
}

/* NULL if this backend can solve it. */
static const char *why_not(const sy_problem *problem) {
    if (problem->must_understand != 0)
        return "the problem uses something newer than this plugin";
    if (problem->op != SY_OP_GEMM && problem->op != SY_OP_REORDER)
        return "gemm and reorder only";
    if (problem->n_post != 0)
        return "no epilogues";
    if (problem->n_in + problem->n_out > MAX_OPERANDS)
        return "too many tensors";
    const char *reason = NULL;
    for (uint32_t i = 0; reason == NULL && i < problem->n_in + problem->n_out; i++)
        reason = why_not_tensor(&problem->tensor[i]);
    return reason;
}

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    (void)device;
    if (index >= ALGORITHM_COUNT)
        return SY_UNAVAILABLE;
    sy_algorithm found = {.size = out_algorithm->size,
        .flags = SY_ALGO_DETERMINISTIC | (index == ALGORITHM_REFERENCE ? SY_ALGO_REFERENCE : 0),
        .math = SY_MATH_STRICT,
        .id = index,
        .flop_ratio = 1.0};
    snprintf(found.name, sizeof found.name, "%s", index == ALGORITHM_REFERENCE ? "reference" : "naive");
    const char *reason = why_not(problem);
    if (reason == NULL) {
        found.n_layout = problem->n_in + problem->n_out;
        for (uint32_t i = 0; i < found.n_layout; i++)
            found.layout[i] = SY_LAYOUT_STRIDED;
    }
    memcpy(out_algorithm, &found, out_algorithm->size < sizeof found ? out_algorithm->size : sizeof found);
    return reason == NULL ? SY_OK : host_fail(err, SY_UNSUPPORTED, reason);
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device, (void)tensor;
    *out_bytes = 0;
    return host_fail(err, SY_UNSUPPORTED, "no private layouts");
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    (void)device;
    *out_plan = NULL;
    const char *reason = why_not(problem);
    if (reason != NULL)
        return host_fail(err, SY_UNSUPPORTED, reason);
    for (uint32_t i = 0; i < problem->n_in + problem->n_out; i++)
        if ((problem->tensor[i].flags & SY_TENSOR_ABSENT) == 0 &&
            problem->tensor[i].layout != SY_LAYOUT_STRIDED)
            return host_fail(err, SY_INVALID_ARGUMENT, "a layout that is not resolved");
    if (algorithm_id >= ALGORITHM_COUNT)
        return host_fail(err, SY_INVALID_ARGUMENT, "no such algorithm");
    sy_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    plan->op = problem->op;
    plan->count = problem->n_in + problem->n_out;
    memcpy(plan->tensor, problem->tensor, plan->count * sizeof *plan->tensor);
    if (problem->op == SY_OP_GEMM) {
        const sy_gemm_attr *attr = problem->attr;
        plan->alpha = attr->alpha;
        plan->beta = attr->beta;
    }
    *out_plan = plan;
    return SY_OK;
}

/* Bytes from the first to the last element that the strides reach; 0 for none, UINT64_MAX for a tensor that
 * cannot be. */
static uint64_t bytes_of(const sy_tensor *tensor) {
    uint64_t extent = 1, step = 0;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0 || tensor->stride[i] < 0)
            return UINT64_MAX;
        if (tensor->dim[i] == 0)
            return 0;
        if (__builtin_mul_overflow((uint64_t)tensor->dim[i] - 1, (uint64_t)tensor->stride[i], &step) ||
            __builtin_add_overflow(extent, step, &extent))
            return UINT64_MAX;
    }
    return __builtin_mul_overflow(extent, sizeof(float), &extent) ? UINT64_MAX : extent;
}

static int fits(const sy_tensor *tensor, sy_span span) {
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
        return 1;
    return host_span_is_inside(span) && span.bytes >= bytes_of(tensor);
}

static void plan_destroy(sy_plan *plan) {
    free(plan);
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)plan, (void)err;
    *out_bytes = 0;
    return SY_OK;
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    (void)queue, (void)workspace;
    *out_binding = NULL;
    if (count != plan->count)
        return host_fail(err, SY_INVALID_ARGUMENT, "another number of operands than of tensors");
    for (uint32_t i = 0; i < count; i++)
        if (!fits(&plan->tensor[i], operands[i]))
            return host_fail(err, SY_INVALID_ARGUMENT, "an operand that does not fit its tensor");
    sy_binding *binding = calloc(1, sizeof *binding);
    if (binding == NULL)
        return host_fail(err, SY_OUT_OF_MEMORY, "no host memory");
    binding->plan = plan;
    for (uint32_t i = 0; i < count; i++)
        if (operands[i].buffer != NULL)
            binding->operand[i] =
                (unsigned char *)host_memory.host_ptr(operands[i].buffer) + operands[i].offset;
    *out_binding = binding;
    return SY_OK;
}

static void binding_destroy(sy_binding *binding) {
    free(binding);
}

static float *element(const sy_binding *binding, uint32_t index, int64_t batch, int64_t row, int64_t column) {
    const int64_t *stride = binding->plan->tensor[index].stride;
    return (float *)(void *)binding->operand[index] + batch * stride[0] + row * stride[1] +
           column * stride[2];
}

static void run_gemm(const sy_binding *binding) {
    const sy_plan *plan = binding->plan;
    int64_t m = plan->tensor[3].dim[1], n = plan->tensor[3].dim[2], k = plan->tensor[0].dim[2];
    for (int64_t at = 0; at < plan->tensor[3].dim[0] * m * n; at++) {
        int64_t batch = at / (m * n), row = at / n % m, column = at % n;
        double sum = 0.0;
        for (int64_t i = 0; i < k; i++)
            sum +=
                (double)*element(binding, 0, batch, row, i) * (double)*element(binding, 1, batch, i, column);
        sum *= plan->alpha;
        if (plan->beta != 0.0)
            sum += plan->beta * (double)*element(binding, 2, batch, row, column);
        *element(binding, 3, batch, row, column) = (float)sum;
    }
}

/* Element number `at` in logical order, as an offset in elements. */
static int64_t offset_of(const sy_tensor *tensor, int64_t at) {
    int64_t offset = 0;
    for (uint32_t i = tensor->rank; i-- > 0; at /= tensor->dim[i])
        offset += at % tensor->dim[i] * tensor->stride[i];
    return offset;
}

static void run_reorder(const sy_binding *binding) {
    const sy_tensor *from = &binding->plan->tensor[0], *to = &binding->plan->tensor[1];
    const float *source = (const float *)(const void *)binding->operand[0];
    float *target = (float *)(void *)binding->operand[1];
    int64_t count = 1;
    for (uint32_t i = 0; i < from->rank; i++)
        count *= from->dim[i];
    for (int64_t at = 0; at < count; at++)
        target[offset_of(to, at)] = source[offset_of(from, at)];
}

static sy_status run(sy_binding *binding) {
    if (binding->plan->op == SY_OP_GEMM)
        run_gemm(binding);
    else
        run_reorder(binding);
    return SY_OK;
}

const sy_work_api host_work = {
    .size = sizeof host_work,
    .algorithm = algorithm,
    .layout_bytes = layout_bytes,
    .plan_create = plan_create,
    .plan_destroy = plan_destroy,
    .plan_workspace = plan_workspace,
    .binding_create = binding_create,
    .binding_destroy = binding_destroy,
    .run = run,
};
