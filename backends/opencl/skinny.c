/* The skinny family: products with few rows or few columns (kernels/opencl/skinny.cl). */
#include <stdio.h>

#include "backends/opencl/parts.h"
#include "backends/opencl/post.h"
#include "backends/opencl/sides.h"
#include "backends/opencl/skinny_shape.h"
#include "runtime/base/error.h"

/* Few rows, whichever of both they were. */
static sy_status settle_direction(ocl_contraction *c, sy_error *err) {
    const int64_t most = OCL_SKINNY_ROWS_MAX;
    if (c->rows > most && c->cols > most)
        return sy_error_set(err, SY_UNSUPPORTED, "for at most %u rows or columns; these are %lld x %lld",
            OCL_SKINNY_ROWS_MAX, (long long)c->rows, (long long)c->cols);
    if (c->rows > c->cols)
        ocl_contraction_mirror(c);
    if (c->right.form == OCL_IMAGE && c->image.r * c->image.s > 1)
        return sy_error_set(err, SY_UNSUPPORTED,
            "pixels under %lld taps are read more than once: not for this family",
            (long long)(c->image.r * c->image.s));
    return SY_OK;
}

static sy_status choose(
    const ocl_request *request, const ocl_contraction *c, ocl_skinny_shape *out_shape, sy_error *err) {
    ocl_skinny_shape shape[OCL_SKINNY_SHAPES_MAX], told;
    ocl_skinny_cut cut;
    uint32_t count = ocl_skinny_shapes(request->traits, c, shape), variant = request->task->variant;
    if (count == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "more work-groups than 2^31");
    if (variant > count)
        return sy_error_set(err, SY_UNAVAILABLE, "%u variants", count);
    *out_shape = shape[variant > 0 ? variant - 1 : 0];
    if (variant == 0 && ocl_skinny_shape_parse(request->parameters, &told) &&
        ocl_skinny_cut_of(request->traits, c, &told, &cut))
        *out_shape = told;
    return SY_OK;
}

/* As fetch.cl has a side of which `item` lines are read by `spread` work-items each, `group` side by side. */
static void define_side(ocl_recipe *recipe, const char *name, const ocl_fetch *fetch, uint32_t item,
    uint32_t group, uint32_t spread) {
    ocl_fetch_define(recipe, name, fetch);
    ocl_define(recipe, "#define %s_LOCAL 0\n#define %s_ITEM %u\n#define %s_GROUP %u\n#define %s_SPREAD %u\n",
        name, name, item, name, group, name, spread);
    ocl_define(recipe, "#define %s_ORIGINS %u\n", name, fetch->is_along ? item : item / fetch->vector);
}

static void define_shape(
    ocl_recipe *recipe, const ocl_contraction *c, const ocl_skinny_shape *s, const ocl_skinny_cut *cut) {
    uint32_t rows = (uint32_t)(c->rows > 0 ? c->rows : 1), columns = s->j * cut->lanes;
    ocl_define(recipe,
        "#define ROWS %u\n#define ITEM_N %u\n#define ITEMS_N %u\n#define ITEMS_K %u\n#define ITEMS %u\n",
        rows, columns, s->x, s->y, cut->items);
    ocl_define(recipe,
        "#define TILE_N %u\n#define TILE_K %u\n#define CHUNK %u\n#define AT_ONCE %u\n#define SPLIT %u\n",
        cut->columns, cut->depth, cut->chunk, cut->at_once, s->split);
    define_side(recipe, "L", &cut->left, rows, 1, 1);
    define_side(recipe, "R", &cut->right, columns, cut->lanes, s->x);
}

static void add_steps(const ocl_request *request, const ocl_contraction *c, const ocl_skinny_shape *s,
    const ocl_skinny_cut *cut, ocl_recipe *recipe) {
    uint64_t tiles = c->rows > 0 ? ((uint64_t)c->cols + cut->columns - 1) / cut->columns : 0;
    const uint64_t groups[3] = {tiles * (uint64_t)(c->outer * c->inner) * s->split, 1, 1};
    const uint64_t local[3] = {cut->items, 1, 1};
    ocl_source(recipe, "skinny");
    ocl_step *step = ocl_step_add(recipe, "skinny");
    ocl_step_groups(step, groups, local);
    ocl_sides_args(step, c);
    ocl_parts_args(step, c, s->split);
    ocl_image_args(step, c);
    ocl_parts_step(recipe, request->traits, c, s->split);
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    ocl_contraction c;
    ocl_skinny_shape shape;
    ocl_skinny_cut cut;
    char text[OCL_PARAMETERS_MAX];
    sy_status status = ocl_contraction_read(request->traits, request->task, &c, err);
    if (status == SY_OK)
        status = settle_direction(&c, err);
    if (status == SY_OK)
        status = choose(request, &c, &shape, err);
    if (status != SY_OK)
        return status;
    if (!ocl_skinny_cut_of(request->traits, &c, &shape, &cut))
        return sy_error_set(err, SY_INTERNAL, "skinny: a shape that was possible is not");
    ocl_skinny_shape_print(&shape, text);
    if (request->task->variant > 0)
        snprintf(recipe->name, sizeof recipe->name, "skinny/%s", text);
    snprintf(recipe->implementation, sizeof recipe->implementation, "skinny:%s", text);
    recipe->flags = SY_ALGO_DETERMINISTIC;
    ocl_cells_define(recipe, request->traits, &c, cut.lanes, shape.v);
    define_shape(recipe, &c, &shape, &cut);
    ocl_define_sides(recipe, &c);
    ocl_define_finish(recipe, &c);
    ocl_fetch_sources(recipe);
    add_steps(request, &c, &shape, &cut, recipe);
    return SY_OK;
}

const ocl_family ocl_skinny = {"skinny", 1u << SY_OP_GEMM | 1u << SY_OP_CONV, cook};
