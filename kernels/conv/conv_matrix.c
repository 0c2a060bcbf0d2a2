/* Convolutions that are a plain product, because each output pixel sees one input pixel: left to
 * kernels/gemm, pixels of all images as rows. */
#include "kernels/conv/conv_matrix.h"

#include "kernels/gemm/gemm_problem.h"

/* Output channels that are too few for panels, and pixels from which on that matters. */
enum { FEW_CHANNELS = 3, FEW_LEAST_PIXELS = 64 };

/* Whether all pixels of all images follow one another at one distance. */
static bool is_line(const int64_t stride[4], int64_t n, int64_t h, int64_t w) {
    return (h <= 1 || stride[2] == w * stride[3]) && (n <= 1 || stride[0] == h * w * stride[3]);
}

/* The post as a product has it; false: its operand has a value for each image, which are not rows there. */
static bool turn_post(const sy_conv_desc *desc, const sy_kernel_post *post, sy_kernel_post *out_post) {
    *out_post = *post;
    out_post->stride[0] = out_post->stride[1] = 0;
    if (post->kind == SY_KERNEL_POST_BIAS || post->kind == SY_KERNEL_POST_SCALE_COL)
        out_post->stride[1] = 1;
    if (post->kind == SY_KERNEL_POST_ADD) {
        out_post->stride[0] = desc->y_stride[3];
        out_post->stride[1] = desc->y_stride[1];
    }
    return post->kind != SY_KERNEL_POST_SCALE_ROW || desc->n == 1;
}

/* Whether it is a product of pixels, wherever channels lie. */
static bool is_product(const sy_conv_desc *desc) {
    const bool is_point = desc->r == 1 && desc->s == 1 && desc->stride[0] == 1 && desc->stride[1] == 1 &&
                          (desc->pad[0] | desc->pad[1] | desc->pad[2] | desc->pad[3]) == 0;
    sy_kernel_post post;
    size_t pixels;
    if (!gemm_bytes(desc->n, desc->h, desc->w, &pixels) || pixels > INT32_MAX)
        return false;
    if (!is_point || desc->groups != 1 || !is_line(desc->x_stride, desc->n, desc->h, desc->w) ||
        !is_line(desc->y_stride, desc->n, desc->h, desc->w))
        return false;
    for (uint32_t i = 0; i < desc->n_post; i++)
        if (!turn_post(desc, &desc->post[i], &post))
            return false;
    return true;
}

bool conv_matrix_can(const sy_conv_desc *desc) {
    return desc->x_stride[1] == 1 && desc->y_stride[1] == 1 && is_product(desc);
}

bool conv_matrix_is_few(const sy_conv_desc *desc) {
    return desc->dtype_x == SY_ELEMENT_F32 && desc->dtype_w == SY_ELEMENT_F32 && desc->k <= FEW_CHANNELS &&
           (desc->x_stride[1] == 1 || desc->x_stride[3] == 1) && is_product(desc) &&
           desc->n * desc->h * desc->w >= FEW_LEAST_PIXELS;
}

const char *conv_matrix_lay_out(sy_conv_plan *plan, int parts) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_const = (desc->flags & SY_CONV_W_CONST) != 0, is_few = plan->path == SY_CONV_PATH_FEW;
    const bool is_dense = is_const && is_few;
    sy_gemm_desc gemm = {.dtype_a = desc->dtype_x,
        .dtype_b = desc->dtype_w,
        .dtype_d = desc->dtype_y,
        .isa = desc->isa,
        .flags = is_const && !is_few ? SY_GEMM_B_CONST : 0,
        .m = desc->n * desc->h * desc->w,
        .n = desc->k,
        .k = desc->c,
        .a_stride = {desc->x_stride[3], desc->x_stride[1]},
        .b_stride = {is_dense ? 1 : desc->w_stride[1], is_dense ? desc->c : desc->w_stride[0]},
        .d_stride = {desc->y_stride[3], desc->y_stride[1]},
        .alpha = 1,
        .n_post = desc->n_post,
        .tuning = {.block_units = is_few ? 0 : desc->tuning.block_units,
            .block_panels = is_few ? 0 : desc->tuning.panels}};
    for (uint32_t i = 0; i < desc->n_post; i++)
        turn_post(desc, &desc->post[i], &gemm.post[i]);
    const char *why = sy_gemm_plan_init(&gemm, parts, &plan->product);
    plan->parts = plan->product.parts;
    plan->steps = plan->product.steps;
    plan->block_units = is_few ? 0 : plan->product.block_units;
    plan->block_panels = is_few ? 0 : plan->product.block_panels;
    plan->workspace_bytes = plan->product.workspace_bytes;
    plan->weights_bytes = plan->product.weights_bytes;
    if (!why && is_dense && !gemm_bytes(desc->k, desc->c, sizeof(float), &plan->weights_bytes))
        return "packed weights exceed the address space";
    return why;
}

/* Output channels one after the other, as they are read. */
static void pack_dense(const sy_conv_plan *plan, const float *w, int part, int parts, float *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t end = gemm_share(desc->k, part + 1, parts);
    for (int64_t k = gemm_share(desc->k, part, parts); k < end; k++)
        for (int64_t c = 0; c < desc->c; c++)
            packed[k * desc->c + c] = w[k * desc->w_stride[0] + c * desc->w_stride[1]];
}

void conv_matrix_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed) {
    if (plan->path == SY_CONV_PATH_FEW)
        pack_dense(plan, w, part, parts, packed);
    else
        sy_gemm_weights_pack(&plan->product, w, part, parts, packed);
}

void conv_matrix_step(const sy_conv_plan *plan, const sy_conv_args *args, int64_t step, int part) {
    sy_gemm_args gemm = {.a = args->x, .b = args->w, .d = args->y, .workspace = args->workspace};
    for (uint32_t i = 0; i < plan->desc.n_post; i++)
        gemm.post_operand[i] = args->post_operand[i];
    sy_gemm_step(&plan->product, &gemm, step, part);
}
