/* Convolution on OpenBLAS where it is a plain matrix product: 1x1, stride 1, no pads, channels last. */
#include "backends/cpu/blas.h"
#include "runtime/base/error.h"

static bool is_pointwise(const sy_conv_desc *desc) {
    return desc->r == 1 && desc->s == 1 && desc->groups == 1 && desc->stride[0] == 1 &&
           desc->stride[1] == 1 && desc->pad[0] + desc->pad[1] + desc->pad[2] + desc->pad[3] == 0;
}

/* Whether pixels lie one after the other, `*out_step` elements apart, over rows and images. */
static bool are_pixels_dense(const int64_t stride[4], const sy_conv_desc *desc, int64_t *out_step) {
    int64_t step = desc->w > 1 ? stride[3] : desc->h > 1 ? stride[2] : stride[0];
    *out_step = step;
    return (desc->w <= 1 || stride[3] == step) && (desc->h <= 1 || stride[2] == step * desc->w) &&
           (desc->n <= 1 || stride[0] == step * desc->w * desc->h);
}

/* Posts of images as posts of a product whose rows are pixels and whose columns are channels. */
static sy_status read_posts(const sy_cpu_convolution *conv, sy_cpu_product *product, sy_error *err) {
    for (uint32_t i = 0; i < conv->desc.n_post; i++) {
        sy_kernel_post *post = &product->desc.post[i];
        *post = conv->desc.post[i];
        product->post_tensor[i] = conv->post_tensor[i];
        if (post->kind == SY_POST_SCALE_ROW)
            return sy_error_set(
                err, SY_UNSUPPORTED, "openblas: one scale an image does not fit rows of pixels");
        post->stride[0] = post->kind == SY_POST_ADD ? product->desc.d_stride[0] : 0;
        post->stride[1] = 1;
    }
    return SY_OK;
}

static sy_status read_pointwise(const sy_cpu_convolution *conv, sy_cpu_product *product, sy_error *err) {
    const sy_conv_desc *desc = &conv->desc;
    int64_t x_step = 0, y_step = 0;
    if ((desc->flags & SY_CONV_W_CONST) != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "openblas: takes weights as they are, not packed");
    if (!is_pointwise(desc))
        return sy_error_set(err, SY_UNSUPPORTED,
            "openblas: has no convolution; 1x1 without stride, pads or groups is a product");
    if (!are_pixels_dense(desc->x_stride, desc, &x_step) ||
        !are_pixels_dense(desc->y_stride, desc, &y_step) || (desc->c > 1 && desc->x_stride[1] != 1) ||
        (desc->k > 1 && desc->y_stride[1] != 1))
        return sy_error_set(err, SY_UNSUPPORTED, "openblas: wants images with channels last");
    *product = (sy_cpu_product){.count = 1,
        .desc = {.dtype_a = desc->dtype_x,
            .dtype_b = desc->dtype_w,
            .dtype_c = desc->dtype_y,
            .dtype_d = desc->dtype_y,
            .isa = desc->isa,
            .m = desc->n * desc->h * desc->w,
            .n = desc->k,
            .k = desc->c,
            .a_stride = {x_step, 1},
            .b_stride = {desc->w_stride[1], desc->w_stride[0]},
            .c_stride = {y_step, 1},
            .d_stride = {y_step, 1},
            .alpha = 1.0,
            .n_post = desc->n_post}};
    return read_posts(conv, product, err);
}

static sy_status read_product(
    sy_device *device, const sy_task *task, sy_cpu_product *out_product, sy_error *err) {
    sy_cpu_convolution conv;
    sy_status status = sy_cpu_convolution_read(task, device->backend->isa.level, &conv, err);
    return status == SY_OK ? read_pointwise(&conv, out_product, err) : status;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_cpu_blas_offer(device, task, SY_CPU_OPENBLAS, read_product, out_algorithm, err);
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_cpu_blas_prepare(device, task, SY_CPU_OPENBLAS, read_product, state, out_workspace_bytes, err);
}

const sy_cpu_algorithm sy_cpu_openblas_conv = {
    .name = "openblas",
    .op = SY_OP_CONV,
    .plan_bytes = sizeof(sy_cpu_blas),
    .binding_bytes = sizeof(sy_gemm_args),
    .offer = offer,
    .prepare = prepare,
    .bind = sy_cpu_blas_bind,
    .run = sy_cpu_blas_run,
};
