/* The core family: products and convolutions on processors (kernels/opencl/core.cl). */
#include <stdio.h>
#include <string.h>

#include "backends/opencl/core_shape.h"
#include "backends/opencl/post.h"
#include "backends/opencl/sides.h"
#include "runtime/base/error.h"

/* The shape that is asked for: a variant, what the database says, or the cost model's first. */
static sy_status choose(
    const ocl_request *request, const ocl_contraction *c, ocl_core_shape *out_shape, sy_error *err) {
    ocl_core_shape shape[OCL_CORE_SHAPES_MAX];
    uint32_t count = ocl_core_shapes(request->traits, c, shape), variant = request->task->variant;
    if (variant > count)
        return sy_error_set(err, SY_UNAVAILABLE, "%u variants", count);
    *out_shape = shape[variant > 0 ? variant - 1 : 0];
    if (variant == 0)
        (void)ocl_core_shape_parse(request->parameters, request->traits, c, out_shape);
    return SY_OK;
}

/* Weights in panels have the width that the shape wants: wished for now, or before. */
static sy_status settle_panels(const ocl_request *request, const ocl_core_shape *shape, ocl_contraction *c,
    ocl_recipe *recipe, sy_error *err) {
    ocl_side *side = ocl_contraction_weights(c);
    uint32_t width = side == &c->left ? shape->mr : shape->nrv * shape->vw;
    if (!sy_layout_is_private(request->task->tensor[1].layout))
        recipe->layout[1] = ocl_contraction_wish_panels(request->task, width, c);
    return side->width == width ? SY_OK
                                : sy_error_set(err, SY_INVALID_ARGUMENT,
                                      "weights in panels of %u, offered were %u", side->width, width);
}

/* Whether the channels of all taps of a filter's row lie side by side in the image. */
static bool has_image_rows(const ocl_contraction *c) {
    const ocl_image *m = &c->image;
    return m->order == OCL_CHANNELS_INSIDE && m->c_stride == 1 && m->w_stride == m->c && m->dilation_w == 1;
}

static void define_shape(ocl_recipe *recipe, const ocl_contraction *c, const ocl_core_shape *s) {
    static const char *const sum[] = {"float", "double", "int"};
    int kind = c->acc_dtype == SY_F64 ? 1 : c->acc_dtype == SY_S32 ? 2 : 0;
    ocl_define(recipe, "#define VW %u\n#define MR %u\n#define NRV %u\n", s->vw, s->mr, s->nrv);
    ocl_define(recipe, "#define IMAGE_ROWS %d\n", has_image_rows(c));
    ocl_define(recipe, "#define LEFT_MAX %u\n#define RIGHT_MAX %u\n#define TILE_MAX %u\n", OCL_CORE_LEFT_MAX,
        OCL_CORE_DEPTH_MAX * s->nrv * s->vw, OCL_CORE_TILE_MAX);
    ocl_define(recipe, "#define L_DIRECT %d\n#define R_DIRECT %d\n#define PANEL %s\n#define SUM %s\n",
        s->left_direct, s->right_direct, kind == 1 ? "double" : "float", sum[kind]);
}

static uint64_t parts(int64_t whole, uint32_t part) {
    return ((uint64_t)whole + part - 1) / part;
}

static void add_step(ocl_recipe *recipe, const ocl_contraction *c, const ocl_core_shape *s) {
    const uint64_t one[3] = {1, 1, 1};
    const uint64_t groups[3] = {
        parts(c->cols, s->nc), parts(c->rows, s->mc), (uint64_t)c->outer * (uint64_t)c->inner};
    ocl_step *step = ocl_step_add(recipe, "core");
    ocl_step_groups(step, groups, one);
    ocl_sides_args(step, c);
    ocl_finish_args(step, c);
    ocl_arg_int(step, s->mc);
    ocl_arg_int(step, s->nc);
    ocl_arg_int(step, s->kc);
    ocl_image_args(step, c);
}

static sy_status check(const ocl_request *request, const ocl_contraction *c, sy_error *err) {
    if (request->traits->kind != OCL_CPU)
        return sy_error_set(err, SY_UNSUPPORTED, "for processors; this device is none");
    if ((uint64_t)c->outer * (uint64_t)c->inner > INT32_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "a batch of more than 2^31 - 1");
    return SY_OK;
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    ocl_contraction c;
    ocl_core_shape shape;
    const sy_tensor *weights = &request->task->tensor[1];
    char text[OCL_PARAMETERS_MAX];
    sy_status status = ocl_contraction_read(request->traits, request->task, &c, err);
    if (status == SY_OK)
        status = check(request, &c, err);
    if (status != SY_OK)
        return status;
    bool is_open = !request->is_final && !sy_layout_is_private(weights->layout);
    if (is_open && (weights->flags & SY_TENSOR_CONST) != 0)
        (void)ocl_contraction_wish_panels(request->task, 1, &c);
    status = choose(request, &c, &shape, err);
    if (status == SY_OK && ocl_contraction_weights(&c)->form == OCL_PANELS)
        status = settle_panels(request, &shape, &c, recipe, err);
    if (status != SY_OK)
        return status;
    recipe->flags = SY_ALGO_DETERMINISTIC;
    ocl_core_shape_print(&shape, text);
    if (request->task->variant > 0)
        snprintf(recipe->name, sizeof recipe->name, "core/%s", text);
    snprintf(recipe->implementation, sizeof recipe->implementation, "core:%s", text);
    define_shape(recipe, &c, &shape);
    ocl_define_sides(recipe, &c);
    ocl_define_finish(recipe, &c);
    ocl_source(recipe, "core");
    add_step(recipe, &c, &shape);
    return SY_OK;
}

const ocl_family ocl_core = {"core", 1u << SY_OP_GEMM | 1u << SY_OP_CONV, cook};
