/* The cost model of the core family. Numbers are cycles of one core; only their ratios matter. */
#include "backends/opencl/core_shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What of a left block stays in the second-level cache. */
static const double LEFT_BYTES_MAX = 256e3;

/* Cost of packing one element, by what its side is. */
static double pack_cost(const ocl_contraction *c, const ocl_side *side, bool is_left) {
    bool is_image = side->form == OCL_IMAGE;
    int64_t unit = is_image ? c->image.c_stride : side->depth_stride;
    if (side->form == OCL_PANELS)
        return 0.3;
    if (is_image && is_left)
        return unit == 1 && c->image.order == OCL_CHANNELS_INSIDE && c->image.c * c->image.s >= 8 ? 0.4 : 5.0;
    if (is_image)
        return c->image.stride_w == 1 ? 1.5 : 4.0;
    if (is_left)
        return unit == 1 ? 0.3 : 1.5;
    return side->line_stride == 1 ? 0.3 : 1.5;
}

static bool is_same_type(const ocl_contraction *c, const ocl_side *side) {
    return side->dtype == (c->acc_dtype == SY_F64 ? SY_F64 : SY_F32);
}

static double ceil_div(double a, double b) {
    return ceil(a / b);
}

/* A step of k of the register tile: multiply-adds, loads, and chains too short to hide the latency. */
static double step_cycles(const ocl_core_shape *s) {
    double products = s->mr * s->nrv, loads = s->mr + s->nrv, registers = s->vw >= 16 ? 32 : 16;
    double cycles = fmax(fmax(products / 2.0, loads / 2.0), 4.0) + 0.3 + 0.05 * loads;
    return products + s->nrv + 1 > registers ? 2.0 * cycles : cycles;
}

static double tile_cycles(const ocl_core_shape *s, const ocl_contraction *c, double height, double width) {
    double depth = (double)c->depth, blocks = ceil_div(depth, s->kc),
           element = c->acc_dtype == SY_F64 ? 8.0 : 4.0;
    double register_tiles = ceil_div(height, s->mr) * ceil_div(width, s->nrv * s->vw);
    double cycles = register_tiles * (depth * step_cycles(s) + blocks * (2.0 * s->mr * s->nrv + 12.0));
    double vectors = width / s->vw;
    cycles += height * depth * (s->left_direct ? 0.0 : pack_cost(c, &c->left, true));
    cycles += width * depth * (s->right_direct ? 0.0 : pack_cost(c, &c->right, false));
    cycles += (height + width) * depth * element / 16.0; /* from the outer caches, once a tile */
    cycles += height * vectors * (4.0 + 4.0 * c->n_post) + 1500.0;
    if (height * fmin(s->kc, depth) * element > LEFT_BYTES_MAX)
        cycles *= 1.3;
    /* Rows that lie a power of two apart share a few cache lines. */
    if (s->left_direct && c->left.form == OCL_STRIDED && width > 4.0 * s->nrv * s->vw)
        cycles *= 1.05;
    return cycles;
}

static double shape_cycles(const ocl_core_shape *s, const ocl_contraction *c, uint32_t units) {
    double across = ceil_div((double)c->cols, s->nc), down = ceil_div((double)c->rows, s->mc);
    double members = (double)c->outer * (double)c->inner, items = across * down * members;
    double width = (double)c->cols / across, height = (double)c->rows / down;
    double one = tile_cycles(s, c, height, width);
    if (items < 16.0 * units)
        return one * ceil_div(items, units);
    return one * (items / units + 0.5);
}

/* What of the sides is read where it lies: elements of the type that is multiplied, that few register tiles
 * share. */
static void decide_direct(const ocl_contraction *c, ocl_core_shape *s) {
    uint32_t down = s->mc / s->mr, across = s->nc / (s->nrv * s->vw);
    bool left_lies = c->left.form == OCL_PANELS ||
                     (c->left.form == OCL_STRIDED && c->left.depth_stride == 1 && across <= 4);
    bool right_lies = c->right.form == OCL_PANELS ||
                      (c->right.form == OCL_STRIDED && c->right.line_stride == 1 && down <= 2);
    s->left_direct = is_same_type(c, &c->left) && left_lies;
    s->right_direct = is_same_type(c, &c->right) && right_lies;
}

static bool is_possible(const ocl_core_shape *s, const ocl_contraction *c) {
    return s->mc * s->nc <= OCL_CORE_TILE_MAX && s->mc * s->kc <= OCL_CORE_LEFT_MAX &&
           s->kc <= (c->acc_dtype == SY_S32 ? 256u : OCL_CORE_DEPTH_MAX);
}

/* A list that keeps the cheapest, in order. */
typedef struct ranking {
    ocl_core_shape *shape;
    double cycles[OCL_CORE_SHAPES_MAX];
    uint32_t count;
} ranking;

static void rank(ranking *r, const ocl_core_shape *shape, double cycles) {
    uint32_t at = r->count;
    if (at == OCL_CORE_SHAPES_MAX && cycles >= r->cycles[at - 1])
        return;
    at = at < OCL_CORE_SHAPES_MAX ? r->count++ : at - 1;
    for (; at > 0 && cycles < r->cycles[at - 1]; at--) {
        r->shape[at] = r->shape[at - 1];
        r->cycles[at] = r->cycles[at - 1];
    }
    r->shape[at] = *shape;
    r->cycles[at] = cycles;
}

/* All cuts into work-items for one register tile. */
static void rank_cuts(const ocl_traits *traits, const ocl_contraction *c, ocl_core_shape shape, ranking *r) {
    static const uint32_t times[] = {1, 2, 4, 8, 16, 24, 32};
    static const uint32_t depths[] = {128, 256, 512};
    uint32_t nr = shape.nrv * shape.vw;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        for (size_t j = 0; j < sizeof times / sizeof times[0]; j++)
            for (size_t k = 0; k < sizeof depths / sizeof depths[0]; k++) {
                shape.mc = shape.mr * times[i], shape.nc = nr * times[j], shape.kc = depths[k];
                bool too_tall = i > 0 && (int64_t)shape.mr * times[i - 1] >= c->rows;
                bool too_wide = j > 0 && (int64_t)nr * times[j - 1] >= c->cols;
                bool too_deep = k > 0 && (int64_t)depths[k - 1] >= c->depth;
                if (too_tall || too_wide || too_deep || !is_possible(&shape, c))
                    continue;
                decide_direct(c, &shape);
                rank(r, &shape, shape_cycles(&shape, c, traits->units));
            }
}

static uint32_t vector_width(const ocl_traits *traits, const ocl_contraction *c) {
    uint32_t floats = traits->vector_f32 >= 16 ? 16 : traits->vector_f32 >= 8 ? 8 : 4;
    return c->acc_dtype == SY_F64 ? floats / 2 : floats;
}

/* Whether a register tile suits: no taller than the product, unless nothing shorter is there. */
static bool suits(const ocl_contraction *c, uint32_t mr) {
    return mr <= 4 || c->rows > 4;
}

uint32_t ocl_core_shapes(
    const ocl_traits *traits, const ocl_contraction *c, ocl_core_shape out_shape[OCL_CORE_SHAPES_MAX]) {
    static const uint8_t tiles[][2] = {{6, 2}, {4, 3}, {4, 2}, {3, 4}, {5, 2}, {2, 6}, {2, 4}, {1, 8}, {1, 4},
        {8, 1}, {12, 1}, {12, 2}, {8, 3}};
    ranking r = {.shape = out_shape};
    for (size_t i = 0; i < sizeof tiles / sizeof tiles[0]; i++) {
        ocl_core_shape shape = {.mr = tiles[i][0], .nrv = tiles[i][1], .vw = vector_width(traits, c)};
        if (suits(c, shape.mr))
            rank_cuts(traits, c, shape, &r);
    }
    return r.count;
}

void ocl_core_shape_print(const ocl_core_shape *shape, char out_text[OCL_PARAMETERS_MAX]) {
    snprintf(out_text, OCL_PARAMETERS_MAX, "m%un%ud%ur%uc%u", shape->mr, shape->nrv, shape->kc, shape->mc,
        shape->nc);
}

bool ocl_core_shape_parse(
    const char *text, const ocl_traits *traits, const ocl_contraction *c, ocl_core_shape *out_shape) {
    ocl_core_shape shape = {.vw = vector_width(traits, c)};
    int used = 0;
    if (sscanf(text, "m%2un%2ud%4ur%4uc%4u%n", &shape.mr, &shape.nrv, &shape.kc, &shape.mc, &shape.nc,
            &used) != 5 ||
        text[used] != '\0')
        return false;
    bool is_cut = shape.mr > 0 && shape.nrv > 0 && shape.kc > 0 && shape.mc > 0 && shape.nc > 0 &&
                  shape.mr <= 16 && shape.nrv <= 16 && shape.mc % shape.mr == 0 &&
                  shape.nc % (shape.nrv * shape.vw) == 0;
    if (!is_cut || !is_possible(&shape, c))
        return false;
    decide_direct(c, &shape);
    *out_shape = shape;
    return true;
}
