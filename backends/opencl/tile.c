/* The tile family: products and convolutions by tiles of work-groups (kernels/opencl/tile.cl). */
#include "backends/opencl/tiling.h"

#include <stdio.h>

#include "backends/opencl/parts.h"
#include "backends/opencl/post.h"
#include "backends/opencl/sides.h"
#include "runtime/base/error.h"

/* Rows of tiles in a band whose groups run one after the other. */
enum { BAND = 8 };

/* Panels for ranking: their width is that of the tile, which any vector divides. */
enum { RANK_WIDTH = 128 };

/* Weights that lie with k side by side are better turned once. */
static bool wants_panels(const sy_task *task, const ocl_contraction *c) {
    const sy_tensor *weights = &task->tensor[1];
    bool may = (weights->flags & SY_TENSOR_CONST) != 0 && !sy_layout_is_private(weights->layout);
    return may && (c->is_conv || (c->right.depth_stride == 1 && c->cols > 1));
}

/* Columns are to be what lies side by side in D. */
static void settle_direction(ocl_contraction *c) {
    if (c->d.col_stride != 1 && c->d.row_stride == 1)
        ocl_contraction_mirror(c);
}

/* Parameters are chosen as if weights were in panels already, so that a variant is the same set whenever it
 * is asked for. */
static sy_status choose(
    const ocl_request *request, const ocl_contraction *c, ocl_tiling *out_tile, sy_error *err) {
    ocl_contraction view = *c;
    ocl_tiling tile[OCL_TILINGS_MAX], told;
    ocl_tiling_cut cut;
    uint32_t variant = request->task->variant;
    if (wants_panels(request->task, c))
        (void)ocl_contraction_wish_panels(request->task, RANK_WIDTH, &view);
    else if (ocl_contraction_weights(&view)->form == OCL_PANELS)
        ocl_contraction_weights(&view)->width = RANK_WIDTH;
    settle_direction(&view);
    uint32_t count = ocl_tiling_rank(request->traits, &view, tile);
    if (count == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "more work-groups than 2^31");
    if (variant > count)
        return sy_error_set(err, SY_UNAVAILABLE, "%u variants", count);
    *out_tile = tile[variant > 0 ? variant - 1 : 0];
    if (variant == 0 && ocl_tiling_parse(request->parameters, &told) &&
        ocl_tiling_cut_of(request->traits, &view, &told, &cut))
        *out_tile = told;
    return SY_OK;
}

/* Weights in panels are as wide as the tile: wished for now, or before. */
static sy_status settle_panels(const ocl_request *request, const ocl_tiling *tile, ocl_contraction *c,
    ocl_recipe *recipe, sy_error *err) {
    bool is_mirrored = c->d.col_stride != 1 && c->d.row_stride == 1;
    bool is_right = (ocl_contraction_weights(c) == &c->right) != is_mirrored;
    uint32_t width = is_right ? tile->n : tile->m;
    if (!request->is_final && wants_panels(request->task, c))
        recipe->layout[1] = ocl_contraction_wish_panels(request->task, width, c);
    const ocl_side *side = ocl_contraction_weights(c);
    if (side->form == OCL_PANELS && side->width != width)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "weights in panels of %u, offered were %u", side->width, width);
    return SY_OK;
}

static void define_side(
    ocl_recipe *recipe, const char *name, const ocl_tiling *t, const ocl_tiling_cut *cut, int side) {
    bool is_left = side == 0;
    ocl_fetch_define(recipe, name, &cut->fetch[side]);
    ocl_define(recipe, "#define %s_LOCAL %d\n#define %s_TILE %u\n#define %s_ITEM %u\n#define %s_GROUP %u\n",
        name, (t->local & (is_left ? OCL_TILE_LEFT : OCL_TILE_RIGHT)) != 0, name, is_left ? t->m : t->n, name,
        is_left ? t->mi : t->ni, name, is_left ? cut->group_m : cut->lanes);
    ocl_define(recipe,
        "#define %s_SPREAD %u\n#define %s_SLOTS %u\n#define %s_ORIGINS %u\n#define %s_PLACES %u\n#define "
        "%s_PITCH %u\n",
        name, is_left ? cut->items_m : cut->items_n, name, cut->slots[side], name, cut->origins[side], name,
        cut->places[side], name, cut->pitch[side]);
}

static void define_tile(ocl_recipe *recipe, const ocl_tiling *t, const ocl_tiling_cut *cut) {
    ocl_define(recipe, "#define TILE_M %u\n#define TILE_N %u\n#define TILE_K %u\n", t->m, t->n, t->k);
    ocl_define(recipe, "#define ITEM_M %u\n#define ITEM_N %u\n#define ITEMS_M %u\n#define ITEMS_N %u\n",
        t->mi, t->ni, cut->items_m, cut->items_n);
    ocl_define(recipe,
        "#define ITEMS %u\n#define CHUNK %u\n#define BUFFERS %u\n#define UNROLL %u\n#define SPLIT "
        "%u\n#define BAND %d\n",
        cut->items, cut->chunk, t->buffers, t->unroll, t->split, BAND);
    define_side(recipe, "L", t, cut, 0);
    define_side(recipe, "R", t, cut, 1);
}

static uint64_t pieces(int64_t whole, uint32_t piece) {
    return ((uint64_t)whole + piece - 1) / piece;
}

static void add_steps(const ocl_request *request, const ocl_contraction *c, const ocl_tiling *t,
    const ocl_tiling_cut *cut, ocl_recipe *recipe) {
    uint64_t batch = (uint64_t)(c->outer * c->inner);
    const uint64_t groups[3] = {pieces(c->rows, t->m) * pieces(c->cols, t->n) * batch * t->split, 1, 1};
    const uint64_t local[3] = {cut->items, 1, 1};
    ocl_source(recipe, "tile");
    ocl_step *step = ocl_step_add(recipe, "tile");
    ocl_step_groups(step, groups, local);
    ocl_sides_args(step, c);
    ocl_parts_args(step, c, t->split);
    ocl_image_args(step, c);
    ocl_parts_step(recipe, request->traits, c, t->split);
}

static void name_recipe(const ocl_request *request, const ocl_tiling *tile, ocl_recipe *recipe) {
    char text[OCL_PARAMETERS_MAX];
    ocl_tiling_print(tile, text);
    if (request->task->variant > 0)
        snprintf(recipe->name, sizeof recipe->name, "tile/%s", text);
    snprintf(recipe->implementation, sizeof recipe->implementation, "tile:%s", text);
    recipe->flags = SY_ALGO_DETERMINISTIC;
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    ocl_contraction c;
    ocl_tiling tile;
    ocl_tiling_cut cut;
    sy_status status = ocl_contraction_read(request->traits, request->task, &c, err);
    if (status == SY_OK)
        status = choose(request, &c, &tile, err);
    if (status == SY_OK)
        status = settle_panels(request, &tile, &c, recipe, err);
    if (status != SY_OK)
        return status;
    settle_direction(&c);
    if (!ocl_tiling_cut_of(request->traits, &c, &tile, &cut))
        return sy_error_set(
            err, SY_UNSUPPORTED, "tiles chosen for weights in panels do not suit them as they lie");
    name_recipe(request, &tile, recipe);
    ocl_cells_define(recipe, request->traits, &c, cut.lanes, tile.v);
    define_tile(recipe, &tile, &cut);
    ocl_define_sides(recipe, &c);
    ocl_define_finish(recipe, &c);
    ocl_fetch_sources(recipe);
    add_steps(request, &c, &tile, &cut, recipe);
    return SY_OK;
}

const ocl_family ocl_tile = {"tile", 1u << SY_OP_GEMM | 1u << SY_OP_CONV, cook};
