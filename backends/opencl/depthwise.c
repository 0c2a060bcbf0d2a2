/* The depthwise family: convolutions with one input channel a group. */
#include <stdio.h>

#include "backends/opencl/depthwise_shape.h"
#include "backends/opencl/panels.h"
#include "backends/opencl/post.h"
#include "runtime/base/error.h"

/* Sums of so many products of bytes are exact in f32. */
#define EXACT_TAPS 514

/* Extents that leave room for a window beside them in an int. */
#define EXTENT_MAX (INT64_C(1) << 29)

/* Most elements of weights that a work-item packs for itself. */
#define PACKED_MAX 16384

#define GPU_LOCAL 64u

/* Ways that weights are read: W_FORM of depthwise_channels.cl. */
enum { GATHERED = 0, PANELS = 1, PACKED = 2 };

typedef struct plan {
    ocl_contraction c;
    ocl_depthwise_shape shape;
    int64_t channels, multiplier, w_line, w_tap;
    uint32_t w_form, w_width;
} plan;

static void join_matrix(const ocl_contraction *c, int64_t multiplier, ocl_matrix *matrix) {
    int64_t channel = matrix->inner_stride / multiplier;
    *(c->rows_are_channels ? &matrix->row_stride : &matrix->col_stride) = channel;
    matrix->inner_stride = 0;
}

/* Channels of all groups become rows or columns: those of a group follow the ones of the group before. */
static void join_groups(plan *p) {
    ocl_contraction *c = &p->c;
    p->multiplier = c->rows_are_channels ? c->rows : c->cols;
    p->channels = p->multiplier * c->inner;
    p->w_line = ocl_contraction_weights(c)->line_stride;
    p->w_tap = ocl_contraction_weights(c)->depth_stride;
    join_matrix(c, p->multiplier, &c->d);
    for (uint32_t i = 0; i < c->n_post; i++)
        if (c->post[i].operand.tensor != SY_NO_OPERAND)
            join_matrix(c, p->multiplier, &c->post[i].operand);
    *(c->rows_are_channels ? &c->rows : &c->cols) = p->channels;
    c->inner = 1;
}

/* As a contraction, with weights as they were before they went into panels. */
static sy_status read(const ocl_request *request, plan *p, sy_error *err) {
    sy_task task = *request->task;
    if (sy_layout_is_private(task.tensor[1].layout))
        task.tensor[1].layout = SY_LAYOUT_ANY;
    sy_status status = ocl_contraction_read(request->traits, &task, &p->c, err);
    if (status != SY_OK)
        return status;
    const ocl_image *m = &p->c.image;
    if (m->c != 1 || p->c.inner < 1)
        return sy_error_set(err, SY_UNSUPPORTED,
            "for convolutions with one input channel a group; this has %lld", (long long)m->c);
    if (m->h + m->pad_h > EXTENT_MAX || m->w + m->pad_w > EXTENT_MAX || m->r * m->dilation_h > EXTENT_MAX ||
        m->s * m->dilation_w > EXTENT_MAX || m->stride_h > EXTENT_MAX || m->stride_w > EXTENT_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "an extent or a window of more than 2^29");
    if (p->c.rows == 0 || p->c.cols == 0 || p->c.outer == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "an output without elements");
    join_groups(p);
    return SY_OK;
}

static sy_status choose(const ocl_request *request, plan *p, sy_error *err) {
    uint32_t index = request->task->variant > 0 ? request->task->variant - 1 : 0;
    if (request->task->variant == 0) {
        int found = ocl_depthwise_shape_find(request->traits, &p->c, request->parameters);
        index = found >= 0 ? (uint32_t)found : 0;
    }
    bool is_there = ocl_depthwise_shape_of(request->traits, &p->c, index, &p->shape);
    if (!is_there || (request->task->variant > 0 && p->shape.form != OCL_DEPTHWISE_CHANNELS))
        return sy_error_set(err, SY_UNAVAILABLE, "no variant %u", request->task->variant);
    return SY_OK;
}

/* Panels for strips: a processor's vectors one by one, so that all taps of one lie together; else all
 * channels side by side, as neighbouring work-items read them. */
static uint32_t panel_width(const ocl_request *request, const plan *p) {
    int64_t width = (p->channels + p->shape.vw - 1) / p->shape.vw * p->shape.vw;
    if (request->traits->kind != OCL_GPU)
        return p->shape.vw;
    return width < OCL_PANELS_WIDTH_MAX ? (uint32_t)width : OCL_PANELS_WIDTH_MAX;
}

/* Weights as they lie: packed by each work-item, which then takes no more channels than it has room for. */
static void take_strided(const ocl_request *request, plan *p) {
    int64_t fitting = PACKED_MAX / (p->c.image.r * p->c.image.s) / p->shape.vw * p->shape.vw;
    p->w_form = GATHERED;
    if (p->shape.form != OCL_DEPTHWISE_CHANNELS || request->traits->kind == OCL_GPU || fitting == 0)
        return;
    p->w_form = PACKED;
    if (p->shape.channel_chunk > fitting)
        p->shape.channel_chunk = fitting;
}

static sy_status settle_weights(const ocl_request *request, plan *p, ocl_recipe *recipe, sy_error *err) {
    const sy_tensor *weights = &request->task->tensor[1];
    bool is_private = sy_layout_is_private(weights->layout),
         is_const = (weights->flags & SY_TENSOR_CONST) != 0;
    uint32_t width = panel_width(request, p);
    uint32_t layout = ocl_panels_layout(width, OCL_CHANNELS_OUTSIDE, 1);
    bool has_panels =
        p->shape.form == OCL_DEPTHWISE_CHANNELS && (is_private || (is_const && !request->is_final));
    if (is_private && (!has_panels || weights->layout != layout))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "weights in layout 0x%x, which was not offered for this problem", weights->layout);
    if (!has_panels) {
        take_strided(request, p);
        return SY_OK;
    }
    p->w_form = PANELS;
    p->w_width = width;
    recipe->layout[1] = layout;
    return SY_OK;
}

static uint64_t parts(int64_t whole, int64_t part) {
    return ((uint64_t)whole + (uint64_t)part - 1) / (uint64_t)part;
}

/* Bytes are multiplied as f32 as long as that is exact. */
static void define_types(ocl_recipe *recipe, const sy_task *task, const ocl_contraction *c, bool is_gpu) {
    bool is_whole = c->acc_dtype == SY_S32, is_int = is_whole && c->image.r * c->image.s > EXACT_TAPS;
    const char *value = c->acc_dtype == SY_F64 ? "double" : is_int ? "int" : "float";
    ocl_define_load(recipe, "X", task->tensor[0].dtype);
    ocl_define_load(recipe, "W", task->tensor[1].dtype);
    ocl_define(recipe, "#define VALUE %s\n#define MULTIPLY_ADD(a, b, c) %s\n", value,
        is_int   ? "((a) * (b) + (c))"
        : is_gpu ? "mad(a, b, c)"
                 : "fma(a, b, c)");
    ocl_define(recipe, "#define SUM_OF(v) %s\n#define SUMV_OF(v) %s\n", is_whole ? "((int)(v))" : "(v)",
        is_whole ? "JOIN(convert_int, VW)(v)" : "(v)");
}

static void define(ocl_recipe *recipe, const sy_task *task, const plan *p, uint64_t local) {
    const ocl_image *m = &p->c.image;
    const ocl_depthwise_shape *s = &p->shape;
    bool is_short = m->r * m->s <= OCL_DEPTHWISE_TAPS_UNROLLED,
         is_channels = s->form == OCL_DEPTHWISE_CHANNELS;
    bool x_vector = is_channels ? m->c_stride == 1 && p->multiplier == 1 : m->w_stride == 1;
    ocl_define(recipe, "#define VW %u\n#define ATTRIBUTES __attribute__((reqd_work_group_size(%u, 1, 1)))\n",
        s->vw, (uint32_t)local);
    ocl_define(recipe, "#define R %d\n#define S %d\n#define STRIDE_H %d\n#define STRIDE_W %d\n", (int)m->r,
        (int)m->s, (int)m->stride_h, (int)m->stride_w);
    ocl_define(recipe, "#define DILATION_H %d\n#define DILATION_W %d\n#define MULTIPLIER %d\n",
        (int)m->dilation_h, (int)m->dilation_w, (int)p->multiplier);
    ocl_define(recipe, "#define ACROSS %d\n#define ROWS_ARE_CHANNELS %d\n#define X_VECTOR %d\n", m->across,
        p->c.rows_are_channels, x_vector);
    ocl_define(
        recipe, "#define PB %u\n#define QB %u\n#define UNROLL_TAPS %d\n", s->rows, s->columns, is_short);
    ocl_define(recipe, "#define TAPS_UNROLLED%s\n", is_short ? " _Pragma(\"unroll\")" : "");
    if (is_channels)
        ocl_define(recipe, "#define HAS_TAIL %d\n#define W_FORM %u\n#define W_WIDTH %u\n#define CHUNK %d\n",
            p->channels % s->vw != 0, p->w_form, p->w_width, (int)s->channel_chunk);
    else
        ocl_define(recipe, "#define BUFFER %d\n#define SUMS %d\n#define RUN %d\n", (int)s->buffer,
            (int)s->sums, OCL_DEPTHWISE_RUN);
    define_types(recipe, task, &p->c, local > 1);
    ocl_define_finish(recipe, &p->c);
}

static uint64_t items_of(const plan *p) {
    const ocl_image *m = &p->c.image;
    return parts(m->p, p->shape.row_chunk) * parts(m->q, p->shape.column_chunk) *
           parts(p->channels, p->shape.channel_chunk) * (uint64_t)m->n;
}

static void add_step(ocl_recipe *recipe, const sy_task *task, const plan *p, uint64_t local) {
    static const char *const kernel[] = {[OCL_DEPTHWISE_POINTS] = "depthwise_points",
        [OCL_DEPTHWISE_CHANNELS] = "depthwise_channels",
        [OCL_DEPTHWISE_PLANES] = "depthwise_planes"};
    const ocl_image *m = &p->c.image;
    const ocl_depthwise_shape *s = &p->shape;
    ocl_step *step = ocl_step_add(recipe, kernel[s->form]);
    ocl_step_groups(
        step, (const uint64_t[3]){(items_of(p) + local - 1) / local, 1, 1}, (const uint64_t[3]){local, 1, 1});
    ocl_arg_operand(step, 0, task->tensor[0].dtype);
    ocl_arg_operand(step, 1, task->tensor[1].dtype);
    const int64_t ints[] = {m->n, p->channels, m->h, m->w, m->p, m->q, m->pad_h, m->pad_w, s->row_chunk,
        s->column_chunk, s->channel_chunk};
    const int64_t longs[] = {m->n_stride, m->c_stride, m->h_stride, m->w_stride, p->w_line, p->w_tap};
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        ocl_arg_int(step, ints[i]);
    for (size_t i = 0; i < sizeof longs / sizeof longs[0]; i++)
        ocl_arg_long(step, longs[i]);
    ocl_finish_args(step, &p->c);
    const int64_t bands[] = {s->band, s->lines, s->pitch};
    for (size_t i = 0; s->form == OCL_DEPTHWISE_PLANES && i < sizeof bands / sizeof bands[0]; i++)
        ocl_arg_int(step, bands[i]);
    ocl_source(recipe, "element");
    ocl_source(recipe, "depthwise");
    ocl_source(recipe, kernel[s->form]);
}

static void name(ocl_recipe *recipe, const ocl_request *request, const plan *p) {
    static const char *const form[] = {[OCL_DEPTHWISE_POINTS] = "points",
        [OCL_DEPTHWISE_CHANNELS] = "channels",
        [OCL_DEPTHWISE_PLANES] = "planes"};
    char text[OCL_PARAMETERS_MAX];
    ocl_depthwise_shape_print(&p->shape, text);
    if (request->task->variant > 0)
        snprintf(recipe->name, sizeof recipe->name, "depthwise/%s", text);
    snprintf(recipe->implementation, sizeof recipe->implementation, "depthwise:%s%s%s", form[p->shape.form],
        text[0] != '\0' ? ":" : "", text);
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    plan p = {0};
    bool is_gpu = request->traits->kind == OCL_GPU;
    sy_status status = read(request, &p, err);
    if (status == SY_OK)
        status = choose(request, &p, err);
    if (status == SY_OK)
        status = settle_weights(request, &p, recipe, err);
    if (status != SY_OK)
        return status;
    uint64_t most = request->traits->max_work_group;
    uint64_t local = !is_gpu ? 1 : most < GPU_LOCAL ? most : GPU_LOCAL;
    if (items_of(&p) > INT32_MAX - local)
        return sy_error_set(err, SY_UNSUPPORTED, "more than 2^31 parts of an output");
    name(recipe, request, &p);
    define(recipe, request->task, &p, local);
    add_step(recipe, request->task, &p, local);
    recipe->flags |= SY_ALGO_DETERMINISTIC;
    return SY_OK;
}

const ocl_family ocl_depthwise = {.name = "depthwise", .ops = 1u << SY_OP_CONV, .cook = cook};
