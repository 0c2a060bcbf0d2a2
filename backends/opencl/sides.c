/* Definitions and arguments of both sides. */
#include "backends/opencl/sides.h"

#include "backends/opencl/element.h"

uint32_t ocl_side_unit(const ocl_contraction *c, const ocl_side *side) {
    int64_t depth = side->form == OCL_IMAGE ? c->image.c_stride : side->depth_stride;
    int64_t line = side->form == OCL_IMAGE ? c->image.w_stride : side->line_stride;
    if (side->form == OCL_PANELS)
        return OCL_UNIT_LINE;
    return depth == 1 ? OCL_UNIT_DEPTH : line == 1 ? OCL_UNIT_LINE : OCL_UNIT_NONE;
}

static void define_side(
    ocl_recipe *recipe, const char *name, const ocl_contraction *c, const ocl_side *side) {
    ocl_define_load(recipe, name, side->dtype);
    ocl_define(recipe, "#define %s_FORM %u\n#define %s_UNIT %u\n#define %s_WIDTH %u\n", name, side->form,
        name, ocl_side_unit(c, side), name, side->form == OCL_PANELS ? side->width : 1);
}

void ocl_define_sides(ocl_recipe *recipe, const ocl_contraction *c) {
    define_side(recipe, "L", c, &c->left);
    define_side(recipe, "R", c, &c->right);
    if (c->left.form == OCL_IMAGE || c->right.form == OCL_IMAGE)
        ocl_define(recipe, "#define IMAGE_ORDER %u\n", c->image.order);
    ocl_source(recipe, "element");
    ocl_source(recipe, "sides");
}

static void side_args(ocl_step *step, const ocl_side *side) {
    ocl_arg_operand(step, side->tensor, side->dtype);
    ocl_arg_long(step, side->line_stride);
    ocl_arg_long(step, side->depth_stride);
    ocl_arg_long(step, side->outer_stride);
    ocl_arg_long(step, side->inner_stride);
}

void ocl_sides_args(ocl_step *step, const ocl_contraction *c) {
    side_args(step, &c->left);
    side_args(step, &c->right);
    ocl_arg_int(step, c->rows);
    ocl_arg_int(step, c->cols);
    ocl_arg_int(step, c->depth);
    ocl_arg_int(step, c->inner);
}

void ocl_image_args(ocl_step *step, const ocl_contraction *c) {
    const ocl_image *m = &c->image;
    const int64_t ints[] = {m->c, m->h, m->w, m->q, m->p * m->q, m->r, m->s, m->stride_h, m->stride_w,
        m->dilation_h, m->dilation_w, m->pad_h, m->pad_w};
    const int64_t longs[] = {m->across ? m->n_stride : 0, m->c_stride, m->h_stride, m->w_stride};
    if (c->left.form != OCL_IMAGE && c->right.form != OCL_IMAGE)
        return;
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        ocl_arg_int(step, ints[i]);
    for (size_t i = 0; i < sizeof longs / sizeof longs[0]; i++)
        ocl_arg_long(step, longs[i]);
}
