/* gemm by the f64 reference: exact, slow, chosen by name alone. */
#include "backends/cpu/product.h"
#include "backends/cpu/reference.h"
#include "backends/cpu/share.h"
#include "kernels/reference/gemm.h"
#include "runtime/base/error.h"

/* Images are [1, batch, m, n]. */
enum { IMAGE_A, IMAGE_B, IMAGE_C };

typedef struct state {
    sy_cpu_images images;
    sy_cpu_product product;
    bool reads_c;
} state;

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    *s = (state){.reads_c = task->attr.gemm.beta != 0.0};
    if (sy_layout_is_private(task->tensor[1].layout))
        return sy_error_set(err, SY_UNSUPPORTED, "reference: takes B as it is, not packed");
    sy_status status = sy_cpu_product_read(task, device->backend->isa.level, &s->product, err);
    if (status != SY_OK)
        return status;
    sy_cpu_images *images = &s->images;
    images->n_input = s->reads_c ? 3 : 2;
    for (uint32_t i = 0; i < images->n_input; i++)
        images->input[i] = sy_cpu_image_reserve(images, task, i);
    images->output = sy_cpu_image_reserve(images, task, task->n_in);
    images->wraps = task->n_post == 0;
    sy_cpu_images_add_posts(images, task, 3, 2);
    *out_workspace_bytes = sy_cpu_images_bytes(images);
    return SY_OK;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    state s;
    sy_task_settle(&settled);
    return prepare(device, &settled, &s, &out_algorithm->workspace_bytes, err);
}

/* Rows [begin, end) of one member. */
static void multiply_rows(const sy_binding *binding, int64_t member, int64_t begin, int64_t end) {
    const state *s = (const void *)binding->plan->state;
    const sy_gemm_desc *desc = &s->product.desc;
    int64_t m = desc->m, n = desc->n, k = desc->k;
    int64_t place = (member * m + begin) * n;
    sy_reference_gemm gemm = {.m = end - begin,
        .n = n,
        .k = k,
        .a = sy_cpu_image_data(binding, &s->images.input[IMAGE_A]) + (member * m + begin) * k,
        .b = sy_cpu_image_data(binding, &s->images.input[IMAGE_B]) + member * k * n,
        .c = s->reads_c ? sy_cpu_image_data(binding, &s->images.input[IMAGE_C]) + place : NULL,
        .d = sy_cpu_image_data(binding, &s->images.output) + place,
        .a_stride = {k, 1},
        .b_stride = {n, 1},
        .c_stride = {n, 1},
        .d_stride = {n, 1},
        .alpha = desc->alpha,
        .beta = desc->beta};
    sy_reference_gemm_run(&gemm);
    sy_cpu_images_finish(&s->images, binding, place, place + (end - begin) * n);
}

/* Step 0 converts the inputs, step i + 1 is member i. */
static void run_part(void *arg, int64_t step, int part) {
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    int parts = sy_cpu_pool_threads(binding->pool);
    if (step == 0) {
        sy_cpu_images_load(&s->images, binding, part, parts);
        return;
    }
    sy_cpu_share share = sy_cpu_share_of((uint64_t)s->product.desc.m, 1, part, parts);
    if (share.end > share.begin)
        multiply_rows(binding, step - 1, (int64_t)share.begin, (int64_t)share.end);
}

static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    if (s->images.output.elements > 0)
        sy_cpu_pool_run(
            binding->pool, run_part, binding, s->product.count + 1, sy_cpu_pool_threads(binding->pool));
}

const sy_cpu_algorithm sy_cpu_reference_gemm = {
    .name = "reference",
    .op = SY_OP_GEMM,
    .flags = SY_ALGO_REFERENCE | SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(state),
    .offer = offer,
    .prepare = prepare,
    .run = run,
};
