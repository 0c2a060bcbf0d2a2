/* Convolution on our own kernels: all types, any strides, constant weights packed beforehand. */
#include <string.h>

#include "backends/cpu/product.h"
#include "backends/cpu/work.h"
#include "runtime/base/error.h"

typedef struct state {
    sy_conv_plan plan;
    uint32_t post_tensor[SY_MAX_POSTS];
} state;

static sy_status lay_out(sy_device *device, const sy_cpu_task *task, state *out_state, sy_error *err) {
    sy_cpu_convolution conv;
    sy_status status = sy_cpu_convolution_read(task, device->backend->isa.level, &conv, err);
    if (status == SY_OK)
        status = sy_cpu_sums_check(task->tensor[0].dtype, task->acc_dtype, err);
    if (status != SY_OK)
        return status;
    memcpy(out_state->post_tensor, conv.post_tensor, sizeof conv.post_tensor);
    const char *why = sy_conv_plan_init(&conv.desc, sy_cpu_pool_threads(device->pool), &out_state->plan);
    return why != NULL ? sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why) : SY_OK;
}

/* Constant weights as the caller has them want a private layout, if packing them makes sense at all. */
static sy_status offer_packed(
    sy_device *device, const sy_cpu_task *settled, sy_algorithm *out_algorithm, sy_error *err) {
    sy_cpu_task task = *settled;
    state s;
    task.tensor[1].layout = SY_LAYOUT_PRIVATE;
    sy_status status = lay_out(device, &task, &s, err);
    if (status != SY_OK || s.plan.weights_bytes == 0)
        return status;
    out_algorithm->workspace_bytes = s.plan.workspace_bytes;
    return sy_cpu_packed_conv(&device->packed, &s.plan.desc, &out_algorithm->layout[1], err);
}

static sy_status offer(
    sy_device *device, const sy_cpu_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_cpu_task settled = *task;
    state s;
    sy_cpu_task_settle(&settled);
    sy_cpu_images_want(task, out_algorithm->layout);
    sy_status status = lay_out(device, &settled, &s, err);
    if (status != SY_OK)
        return status;
    out_algorithm->workspace_bytes = s.plan.workspace_bytes;
    bool is_open = !sy_cpu_layout_is_private(task->tensor[1].layout);
    if (is_open && (task->tensor[1].flags & SY_TENSOR_CONST) != 0)
        return offer_packed(device, &settled, out_algorithm, err);
    return SY_OK;
}

/* A private layout must be the one this very problem would be offered. */
static sy_status check_packed(sy_device *device, const sy_cpu_task *task, const state *s, sy_error *err) {
    uint32_t layout = 0;
    if (!sy_cpu_layout_is_private(task->tensor[1].layout))
        return SY_OK;
    sy_status status = sy_cpu_packed_conv(&device->packed, &s->plan.desc, &layout, err);
    if (status == SY_OK && layout != task->tensor[1].layout)
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: the weights are packed as 0x%x, this convolution wants 0x%x", task->tensor[1].layout,
            layout);
    return status;
}

static sy_status prepare(sy_device *device, const sy_cpu_task *task, void *plan_state,
    uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    sy_status status = lay_out(device, task, s, err);
    if (status == SY_OK)
        status = check_packed(device, task, s, err);
    if (status == SY_OK)
        *out_workspace_bytes = s->plan.workspace_bytes;
    return status;
}

static sy_status bind(sy_binding *binding, sy_error *err) {
    (void)err;
    const state *s = (const void *)binding->plan->state;
    sy_conv_args *args = (void *)binding->state;
    args->x = binding->operand[0];
    args->w = binding->operand[1];
    args->y = binding->operand[binding->plan->task.n_in];
    args->workspace = binding->workspace;
    for (uint32_t i = 0; i < binding->plan->task.n_post; i++)
        if (s->post_tensor[i] != SY_NO_OPERAND)
            args->post_operand[i] = binding->operand[s->post_tensor[i]];
    return SY_OK;
}

static void step_of_plan(void *arg, int64_t step, int part) {
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    sy_conv_step(&s->plan, (const void *)binding->state, step, part);
}

static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    sy_cpu_pool_run(binding->pool, step_of_plan, binding, s->plan.steps, s->plan.parts);
}

const sy_cpu_algorithm sy_cpu_native_conv = {
    .name = "native",
    .op = SY_OP_CONV,
    .flags = SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(state),
    .binding_bytes = sizeof(sy_conv_args),
    .offer = offer,
    .prepare = prepare,
    .bind = bind,
    .run = run,
};
