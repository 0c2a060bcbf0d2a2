/* gemm on our own kernels: all types, constant B packed beforehand, threads over one product or over a batch.
 */
#include <stdio.h>
#include <string.h>

#include "backends/cpu/gemm_variants.h"
#include "backends/cpu/product.h"
#include "backends/cpu/work.h"
#include "runtime/base/error.h"

/* A batch is split over the threads, one whole product each, when there are enough members for all and a
 * barrier a step would cost more than uneven shares. */
#define MEMBERS_PER_THREAD 2

typedef struct state {
    sy_gemm_plan plan;
    sy_gemm_batch batch;
    int64_t count;
    int parts; /* of the pool's run */
    bool is_over_batch;
    char name[SY_CPU_GEMM_VARIANT_NAME_MAX]; /* of a variant, "": none */
    uint32_t post_tensor[SY_MAX_POSTS];
} state;

static sy_status lay_out(sy_device *device, const sy_task *task, state *out_state, sy_error *err) {
    sy_cpu_product product;
    int threads = sy_cpu_pool_threads(device->pool);
    sy_status status = sy_cpu_product_read(task, device->backend->isa.level, &product, err);
    if (status == SY_OK)
        status = sy_cpu_sums_check(task->tensor[0].dtype, task->acc_dtype, err);
    if (status != SY_OK)
        return status;
    *out_state = (state){.batch = product.batch, .count = product.count};
    memcpy(out_state->post_tensor, product.post_tensor, sizeof product.post_tensor);
    out_state->is_over_batch = threads > 1 && product.count >= (int64_t)MEMBERS_PER_THREAD * threads;
    const int each = out_state->is_over_batch ? 1 : threads;
    if (task->variant > 0 &&
        !sy_cpu_gemm_variant(&product.desc, each, task->variant, &product.desc.tuning, out_state->name))
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: native has no variant %u here", task->variant);
    const char *why = sy_gemm_plan_init(&product.desc, each, &out_state->plan);
    if (why != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why);
    out_state->parts = out_state->is_over_batch ? threads : out_state->plan.parts;
    if ((product.desc.flags & SY_GEMM_B_CONST) != 0)
        out_state->batch.b = (int64_t)out_state->plan.weights_bytes;
    return SY_OK;
}

static uint64_t workspace_of(const state *s) {
    uint64_t each = s->plan.workspace_bytes;
    return s->is_over_batch
               ? (each + SY_GEMM_ALIGNMENT - 1) / SY_GEMM_ALIGNMENT * SY_GEMM_ALIGNMENT * (uint64_t)s->parts
               : each;
}

static void put_plan(const state *s, sy_algorithm *out_algorithm) {
    out_algorithm->workspace_bytes = workspace_of(s);
    if (s->name[0] != '\0')
        snprintf(out_algorithm->name, sizeof out_algorithm->name, "native%s", s->name);
}

/* Constant B as the caller has it wants a private layout, if packing it makes sense at all. The same one for
 * all variants: the packed form does not depend on what is set. */
static sy_status offer_packed(
    sy_device *device, const sy_task *settled, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task task = *settled;
    sy_cpu_product product;
    state s;
    task.tensor[1].layout = SY_LAYOUT_PRIVATE;
    sy_status status = lay_out(device, &task, &s, err);
    if (status == SY_OK && s.plan.weights_bytes == 0 && task.variant > 0)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: nothing to vary about an empty B");
    if (status != SY_OK || s.plan.weights_bytes == 0)
        return status;
    put_plan(&s, out_algorithm);
    status = sy_cpu_product_read(&task, device->backend->isa.level, &product, err);
    return status == SY_OK
               ? sy_cpu_packed_gemm(&device->packed, &product.desc, &out_algorithm->layout[1], err)
               : status;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    state s;
    sy_task_settle(&settled);
    bool is_open = !sy_layout_is_private(task->tensor[1].layout);
    bool is_packed = is_open && (task->tensor[1].flags & SY_TENSOR_CONST) != 0;
    if (is_packed && task->variant > 0) /* of the product that is planned in the end */
        return offer_packed(device, &settled, out_algorithm, err);
    sy_status status = lay_out(device, &settled, &s, err);
    if (status != SY_OK)
        return status;
    put_plan(&s, out_algorithm);
    return is_packed ? offer_packed(device, &settled, out_algorithm, err) : SY_OK;
}

/* A private layout must be the one this very problem would be offered. */
static sy_status check_packed(sy_device *device, const sy_task *task, sy_error *err) {
    sy_cpu_product product;
    uint32_t layout = 0;
    if (!sy_layout_is_private(task->tensor[1].layout))
        return SY_OK;
    sy_status status = sy_cpu_product_read(task, device->backend->isa.level, &product, err);
    if (status == SY_OK)
        status = sy_cpu_packed_gemm(&device->packed, &product.desc, &layout, err);
    if (status == SY_OK && layout != task->tensor[1].layout)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: B is packed as 0x%x, this product wants 0x%x",
            task->tensor[1].layout, layout);
    return status;
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    sy_status status = check_packed(device, task, err);
    if (status == SY_OK)
        status = lay_out(device, task, plan_state, err);
    if (status == SY_UNAVAILABLE) /* the number of a variant that is not in the list */
        status = SY_INVALID_ARGUMENT;
    if (status == SY_OK)
        *out_workspace_bytes = workspace_of(plan_state);
    return status;
}

static sy_status bind(sy_binding *binding, sy_error *err) {
    (void)err;
    const state *s = (const void *)binding->plan->state;
    sy_cpu_product_args(binding, s->post_tensor, (void *)binding->state);
    return SY_OK;
}

static void step_of_one(void *arg, int64_t step, int part) {
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    sy_gemm_step(&s->plan, (const void *)binding->state, step, part);
}

static void step_of_batch(void *arg, int64_t step, int part) {
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    sy_gemm_args args =
        sy_gemm_batch_args(&s->plan, (const void *)binding->state, &s->batch, step / s->plan.steps);
    sy_gemm_step(&s->plan, &args, step % s->plan.steps, part);
}

static void members_of_batch(void *arg, int64_t step, int part) {
    (void)step;
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    for (int64_t member = part; member < s->count; member += s->parts) {
        sy_gemm_args args = sy_gemm_batch_args(&s->plan, (const void *)binding->state, &s->batch, member);
        if (s->plan.workspace_bytes > 0)
            args.workspace = binding->workspace + workspace_of(s) / (uint64_t)s->parts * (uint64_t)part;
        sy_gemm_run(&s->plan, &args);
    }
}

static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    if (s->is_over_batch)
        sy_cpu_pool_run(binding->pool, members_of_batch, binding, 1, s->parts);
    else if (s->count == 1)
        sy_cpu_pool_run(binding->pool, step_of_one, binding, s->plan.steps, s->parts);
    else
        sy_cpu_pool_run(binding->pool, step_of_batch, binding, s->plan.steps * s->count, s->parts);
}

const sy_cpu_algorithm sy_cpu_native_gemm = {
    .name = "native",
    .op = SY_OP_GEMM,
    .flags = SY_ALGO_DETERMINISTIC,
    .has_variants = true,
    .plan_bytes = sizeof(state),
    .binding_bytes = sizeof(sy_gemm_args),
    .offer = offer,
    .prepare = prepare,
    .bind = bind,
    .run = run,
};
