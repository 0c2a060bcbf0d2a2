/* Convolution by the f64 reference: exact, slow, chosen by name alone. */
#include "backends/cpu/product.h"
#include "backends/cpu/reference.h"
#include "kernels/reference/conv.h"
#include "runtime/base/error.h"

enum { IMAGE_X, IMAGE_W };

typedef struct state {
    sy_cpu_images images;
    sy_cpu_convolution conv;
} state;

/* One-dimensional problems get their H of 1 put in. */
static sy_cpu_image reserve(sy_cpu_images *images, const sy_task *task, uint32_t tensor) {
    sy_cpu_image image = sy_cpu_image_reserve(images, task, tensor);
    if (task->tensor[tensor].rank == 3) {
        for (int i = 0; i < 2; i++) {
            image.dim[i] = image.dim[i + 1];
            image.stride[i] = image.stride[i + 1];
        }
        image.dim[2] = 1;
        image.stride[2] = 0;
    }
    return image;
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    *s = (state){0};
    if (sy_layout_is_private(task->tensor[1].layout))
        return sy_error_set(err, SY_UNSUPPORTED, "reference: takes weights as they are, not packed");
    sy_status status = sy_cpu_convolution_read(task, device->backend->isa.level, &s->conv, err);
    if (status != SY_OK)
        return status;
    sy_cpu_images *images = &s->images;
    images->n_input = 2;
    images->input[IMAGE_X] = reserve(images, task, 0);
    images->input[IMAGE_W] = reserve(images, task, 1);
    images->output = reserve(images, task, task->n_in);
    images->wraps = task->n_post == 0;
    sy_cpu_images_add_posts(images, task, 1, 0);
    *out_workspace_bytes = sy_cpu_images_bytes(images);
    return SY_OK;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    state s;
    sy_cpu_images_want(task, out_algorithm->layout);
    sy_task_settle(&settled);
    return prepare(device, &settled, &s, &out_algorithm->workspace_bytes, err);
}

static void pack_strides(const int64_t dim[4], int64_t out_stride[4]) {
    out_stride[3] = 1;
    for (int i = 2; i >= 0; i--)
        out_stride[i] = out_stride[i + 1] * dim[i + 1];
}

static sy_reference_conv describe(const sy_binding *binding, const state *s) {
    const sy_conv_desc *desc = &s->conv.desc;
    sy_reference_conv conv = {.n = desc->n,
        .c = desc->c,
        .h = desc->h,
        .w = desc->w,
        .k = desc->k,
        .r = desc->r,
        .s = desc->s,
        .p = s->conv.p,
        .q = s->conv.q,
        .stride = {desc->stride[0], desc->stride[1]},
        .dilation = {desc->dilation[0], desc->dilation[1]},
        .pad = {desc->pad[0], desc->pad[1]},
        .groups = desc->groups,
        .x = sy_cpu_image_data(binding, &s->images.input[IMAGE_X]),
        .filter = sy_cpu_image_data(binding, &s->images.input[IMAGE_W]),
        .y = sy_cpu_image_data(binding, &s->images.output)};
    pack_strides(s->images.input[IMAGE_X].dim, conv.x_stride);
    pack_strides(s->images.input[IMAGE_W].dim, conv.w_stride);
    pack_strides(s->images.output.dim, conv.y_stride);
    return conv;
}

/* Step 0 converts the inputs; step 1 deals output channels of images out in turn. */
static void run_part(void *arg, int64_t step, int part) {
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    int parts = sy_cpu_pool_threads(binding->pool);
    if (step == 0) {
        sy_cpu_images_load(&s->images, binding, part, parts);
        return;
    }
    sy_reference_conv conv = describe(binding, s);
    int64_t pixels = conv.p * conv.q;
    for (int64_t i = part; i < conv.n * conv.k; i += parts) {
        sy_reference_conv_channel(&conv, i / conv.k, i % conv.k);
        sy_cpu_images_finish(&s->images, binding, i * pixels, (i + 1) * pixels);
    }
}

static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    if (s->images.output.elements > 0)
        sy_cpu_pool_run(binding->pool, run_part, binding, 2, sy_cpu_pool_threads(binding->pool));
}

const sy_cpu_algorithm sy_cpu_reference_conv = {
    .name = "reference",
    .op = SY_OP_CONV,
    .flags = SY_ALGO_REFERENCE | SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(state),
    .offer = offer,
    .prepare = prepare,
    .run = run,
};
