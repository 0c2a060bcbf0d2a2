/* Convolution on our own kernels: all types, any strides, constant weights packed beforehand. */
#include "backends/cpu/native_conv.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

typedef sy_cpu_native_conv_state state;

/* What both ways say of a plan. */
static const sy_conv_plan *plan_of(const state *s) {
    return s->tile != 0 ? &s->plan.winograd.conv : &s->plan.direct;
}

static sy_status lay_out(sy_device *device, const sy_task *task, int tile, state *out_state, sy_error *err) {
    sy_cpu_convolution conv;
    sy_status status = sy_cpu_convolution_read(task, device->backend->isa.level, &conv, err);
    if (status == SY_OK)
        status = sy_cpu_sums_check(task->tensor[0].dtype, task->acc_dtype, err);
    if (status != SY_OK)
        return status;
    int threads = sy_cpu_pool_threads(device->pool);
    *out_state = (state){.tile = task->variant > 0 ? 0 : tile};
    memcpy(out_state->post_tensor, conv.post_tensor, sizeof conv.post_tensor);
    if (task->variant > 0 && !sy_cpu_conv_variant(&conv.desc, threads, tile == 0, task->variant,
                                 &conv.desc.tuning, out_state->name))
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: native has no variant %u here", task->variant);
    const char *why = out_state->tile != 0
                          ? sy_winograd_plan_init(&conv.desc, tile, threads, &out_state->plan.winograd)
                          : sy_conv_plan_init(&conv.desc, threads, &out_state->plan.direct);
    return why != NULL ? sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why) : SY_OK;
}

static sy_status layout_number(sy_device *device, const state *s, uint32_t *out_layout, sy_error *err) {
    const sy_conv_desc *desc = &plan_of(s)->desc;
    return s->tile != 0 ? sy_cpu_packed_winograd(&device->packed, desc, s->tile, out_layout, err)
                        : sy_cpu_packed_conv(&device->packed, desc, out_layout, err);
}

static void put_plan(const state *s, sy_algorithm *out_algorithm) {
    const sy_conv_desc *desc = &plan_of(s)->desc;
    out_algorithm->workspace_bytes = plan_of(s)->workspace_bytes;
    if (s->name[0] != '\0')
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "native%s", s->name);
    if (s->tile != 0) {
        out_algorithm->flop_ratio = sy_winograd_flop_ratio(&s->plan.winograd);
        out_algorithm->bound_factor = sy_winograd_bound_factor(s->tile, desc->c / desc->groups, desc->pad);
    }
}

/* Constant weights as the caller has them want a private layout, if packing them makes sense at all. */
static sy_status offer_packed(
    sy_device *device, const sy_task *settled, int tile, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task task = *settled;
    state s;
    task.tensor[1].layout = SY_LAYOUT_PRIVATE;
    sy_status status = lay_out(device, &task, tile, &s, err);
    if (status == SY_OK && plan_of(&s)->weights_bytes == 0 && task.variant > 0)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: nothing to vary about empty weights");
    if (status != SY_OK || plan_of(&s)->weights_bytes == 0)
        return status;
    put_plan(&s, out_algorithm);
    return layout_number(device, &s, &out_algorithm->layout[1], err);
}

sy_status sy_cpu_native_conv_offer(
    sy_device *device, const sy_task *task, int tile, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    state s;
    sy_task_settle(&settled);
    sy_cpu_images_want(task, out_algorithm->layout);
    bool is_open = !sy_layout_is_private(task->tensor[1].layout);
    bool is_packed = is_open && (task->tensor[1].flags & SY_TENSOR_CONST) != 0;
    if (is_packed && task->variant > 0) /* of the convolution that is planned in the end */
        return offer_packed(device, &settled, tile, out_algorithm, err);
    sy_status status = lay_out(device, &settled, tile, &s, err);
    if (status != SY_OK)
        return status;
    put_plan(&s, out_algorithm);
    return is_packed ? offer_packed(device, &settled, tile, out_algorithm, err) : SY_OK;
}

/* A private layout must be the one this very problem would be offered. */
static sy_status check_packed(sy_device *device, const sy_task *task, const state *s, sy_error *err) {
    uint32_t layout = 0;
    if (!sy_layout_is_private(task->tensor[1].layout))
        return SY_OK;
    sy_status status = layout_number(device, s, &layout, err);
    if (status == SY_OK && layout != task->tensor[1].layout)
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: the weights are packed as 0x%x, this convolution wants 0x%x", task->tensor[1].layout,
            layout);
    return status;
}

sy_status sy_cpu_native_conv_prepare(sy_device *device, const sy_task *task, int tile, void *plan_state,
    uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    sy_status status = lay_out(device, task, tile, s, err);
    if (status == SY_OK)
        status = check_packed(device, task, s, err);
    if (status == SY_UNAVAILABLE) /* the number of a variant that is not in the list */
        status = SY_INVALID_ARGUMENT;
    if (status == SY_OK)
        *out_workspace_bytes = plan_of(s)->workspace_bytes;
    return status;
}

sy_status sy_cpu_native_conv_bind(sy_binding *binding, sy_error *err) {
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
    if (s->tile != 0)
        sy_winograd_step(&s->plan.winograd, (const void *)binding->state, step, part);
    else
        sy_conv_step(&s->plan.direct, (const void *)binding->state, step, part);
}

void sy_cpu_native_conv_run(sy_binding *binding) {
    const sy_conv_plan *plan = plan_of((const void *)binding->plan->state);
    sy_cpu_pool_run(binding->pool, step_of_plan, binding, plan->steps, plan->parts);
}

/* The tile that is quickest where any math may be had; the same for a problem before and after its weights
 * are packed. */
static int choose_tile(const sy_device *device, const sy_task *task) {
    sy_task settled = *task;
    sy_cpu_convolution conv;
    sy_task_settle(&settled);
    if (task->math != SY_MATH_ANY ||
        sy_cpu_convolution_read(&settled, device->backend->isa.level, &conv, NULL) != SY_OK)
        return 0;
    if ((task->tensor[1].flags & SY_TENSOR_CONST) != 0)
        conv.desc.flags |= SY_CONV_W_CONST;
    return sy_winograd_choose(&conv.desc, sy_cpu_pool_threads(device->pool));
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_cpu_native_conv_offer(device, task, choose_tile(device, task), out_algorithm, err);
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_cpu_native_conv_prepare(
        device, task, choose_tile(device, task), plan_state, out_workspace_bytes, err);
}

const sy_cpu_algorithm sy_cpu_native_conv = {
    .name = "native",
    .op = SY_OP_CONV,
    .flags = SY_ALGO_DETERMINISTIC,
    .has_variants = true,
    .plan_bytes = sizeof(state),
    .binding_bytes = sizeof(sy_conv_args),
    .offer = offer,
    .prepare = prepare,
    .bind = sy_cpu_native_conv_bind,
    .run = sy_cpu_native_conv_run,
};
