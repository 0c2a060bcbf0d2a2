/* Shape, bands, stretches of depth and memory of direct convolution. Nothing is computed here. */
#include "kernels/conv/conv_direct.h"
#include "kernels/conv/conv_lanes.h"
#include "kernels/gemm/gemm_problem.h"

/* Elements of input of a band at one stretch, so that they stay in L2; pixels of a band at least and at most.
 */
enum { BAND_ELEMENTS = 32 << 10, LEAST_PIXELS = 96, MOST_PIXELS = 768 };

/* Bytes of sums kept over stretches of depth; channels that are worth merging. A strip shares no tile
 * with the next row's, but lists no addresses: tiles a row and units a tap where that pays, measured on
 * Zen 3. */
enum { SUMS_BYTES = 128 << 10, MOST_MERGED = 64, STRIP_TILES = 3, STRIP_UNITS = 64 };

const gemm_open *conv_open(const sy_conv_desc *desc) {
    return gemm_open_choose(desc->isa, desc->dtype_x, desc->dtype_w);
}

/* One tap and no padding along an axis: pixels between those taken are left out. */
static void skip_pixels(const sy_conv_desc *desc, conv_shape *shape) {
    const int64_t *pad = desc->pad;
    if (desc->r == 1 && (pad[0] | pad[2]) == 0) {
        shape->h = shape->p;
        shape->x_row *= shape->stride[0];
        shape->stride[0] = 1;
    }
    /* Planes are turned quicker in whole rows than pixel by pixel. */
    if (desc->s == 1 && (pad[1] | pad[3]) == 0 && (desc->x_stride[1] == 1 || desc->x_stride[3] != 1)) {
        shape->w = shape->q;
        shape->x_col *= shape->stride[1];
        shape->stride[1] = 1;
    }
}

/* Whether pixels follow one another at one stride over rows and images, in X and Y, and each is taken once.
 */
static bool is_line(const sy_conv_desc *desc, const conv_shape *shape) {
    const int64_t x_row = shape->q * shape->x_col, y_row = shape->q * shape->y_col;
    return desc->r == 1 && desc->s == 1 && (desc->pad[0] | desc->pad[1] | desc->pad[2] | desc->pad[3]) == 0 &&
           shape->stride[1] == 1 && (shape->p == 1 || (shape->x_row == x_row && shape->y_row == y_row)) &&
           (shape->n == 1 || (shape->x_image == shape->p * x_row && shape->y_image == shape->p * y_row));
}

/* Strips take taps whole. */
static bool can_strip(const sy_conv_desc *desc, const conv_shape *shape) {
    return desc->r * desc->s > 1 && shape->open->strip != NULL && shape->units <= shape->block;
}

static void choose_walk(const sy_conv_plan *plan, conv_shape *shape) {
    const sy_conv_desc *desc = &plan->desc;
    const uint32_t wanted = desc->tuning.walk;
    const bool is_strip = shape->units <= STRIP_UNITS && plan->q >= STRIP_TILES * shape->open->rows;
    shape->is_strip = can_strip(desc, shape) && (wanted != 0 ? wanted == SY_CONV_WALK_STRIPS : is_strip);
    shape->is_lanes = (wanted == 0 || wanted == SY_CONV_WALK_LANES) && conv_lanes_can(plan, shape);
}

void conv_shape_init(const sy_conv_plan *plan, conv_shape *out_shape) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_open *open = conv_open(desc);
    const int64_t *x = desc->x_stride, *y = desc->y_stride, channels = desc->c / desc->groups;
    conv_shape shape = {open, desc->n, desc->h, desc->w, plan->p, plan->q, {desc->stride[0], desc->stride[1]},
        {desc->pad[0], desc->pad[1]}, x[0], x[2], x[3], y[0], y[2], y[3],
        .units = (channels + open->a.group - 1) / open->a.group,
        .block = desc->tuning.block_units > 0 ? desc->tuning.block_units : open->block};
    shape.is_in_place = desc->dtype_x == open->a.element && x[1] == 1 && channels % open->a.group == 0;
    const bool is_dense = !shape.is_in_place || x[3] == channels;
    shape.is_merged = desc->s > 1 && desc->dilation[1] == 1 && is_dense && shape.units < MOST_MERGED &&
                      desc->s * shape.units <= shape.block;
    skip_pixels(desc, &shape);
    if (plan->path == SY_CONV_PATH_DIRECT && is_line(desc, &shape)) {
        shape.w = shape.q = desc->n * plan->p * plan->q;
        shape.n = shape.h = shape.p = 1;
        shape.is_line = true;
    }
    choose_walk(plan, &shape);
    *out_shape = shape;
}

/* Taps, or rows of the window. */
static int64_t tap_count(const sy_conv_plan *plan, const conv_shape *shape) {
    return shape->is_merged ? plan->desc.r : plan->desc.r * plan->desc.s;
}

static int64_t tap_units(const sy_conv_plan *plan, const conv_shape *shape) {
    return shape->is_merged ? plan->desc.s * shape->units : shape->units;
}

static int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

int64_t conv_stretch_count(const sy_conv_plan *plan, const conv_shape *shape) {
    const int64_t block = shape->block, units = tap_units(plan, shape);
    const int64_t taps = tap_count(plan, shape);
    if (units > block)
        return taps * ceil_div(units, block);
    const int64_t fit = block / units;
    return ceil_div(taps, fit < CONV_MAX_RUNS ? fit : CONV_MAX_RUNS);
}

conv_stretch conv_stretch_at(const sy_conv_plan *plan, const conv_shape *shape, int64_t index) {
    const int64_t block = shape->block, units = tap_units(plan, shape);
    const int64_t taps = tap_count(plan, shape), count = conv_stretch_count(plan, shape);
    if (units <= block)
        return (conv_stretch){gemm_share(taps, index, count), gemm_share(taps, index + 1, count), 0, units};
    const int64_t pieces = ceil_div(units, block), tap = index / pieces, piece = index % pieces;
    const int64_t first = gemm_share(units, piece, pieces);
    return (conv_stretch){tap, tap + 1, first, gemm_share(units, piece + 1, pieces) - first};
}

bool conv_direct_can(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    return conv_open(desc) && conv_depth(desc) > 0 && desc->k > 0;
}

/* Extents of a band, from what a pixel reads in one stretch or as a tuner has it. */
static void choose_band(sy_conv_plan *plan, const conv_shape *shape) {
    const int64_t block = shape->block;
    int64_t pixels = BAND_ELEMENTS / (shape->units < block ? shape->units : block);
    pixels = pixels < LEAST_PIXELS ? LEAST_PIXELS : pixels > MOST_PIXELS ? MOST_PIXELS : pixels;
    if (plan->desc.tuning.band_pixels > 0)
        pixels = plan->desc.tuning.band_pixels;
    plan->band_p = 1;
    plan->band_q = ceil_div(shape->q, ceil_div(shape->q, pixels));
    if (plan->band_q == shape->q && pixels / shape->q > 1)
        plan->band_p = ceil_div(shape->p, ceil_div(shape->p, pixels / shape->q));
    plan->bands =
        ceil_div(shape->p, plan->band_p) * ceil_div(shape->q, plan->band_q) * shape->n * plan->desc.groups;
}

static bool size_lists(sy_conv_plan *plan, const conv_shape *shape, int64_t tiles) {
    int64_t taps = 0;
    for (int64_t i = 0, count = conv_stretch_count(plan, shape); i < count; i++) {
        const conv_stretch one = conv_stretch_at(plan, shape, i);
        taps = one.end - one.begin > taps ? one.end - one.begin : taps;
    }
    const int64_t runs = shape->is_merged ? taps * plan->desc.s : taps;
    return gemm_bytes(tiles, runs, (int64_t)gemm_open_run_bytes(shape->open->rows), &plan->list_bytes);
}

/* Whether a tuner's choices can be followed. */
static const char *check_tuning(
    const sy_conv_plan *plan, const conv_shape *shape, int64_t depth, int64_t panels) {
    const sy_conv_tuning *tuning = &plan->desc.tuning;
    const gemm_open *open = shape->open;
    if ((tuning->walk == SY_CONV_WALK_LANES && !shape->is_lanes) ||
        (tuning->walk == SY_CONV_WALK_STRIPS && !shape->is_strip))
        return "tuning: this walk does not suit the window or the layout";
    if (tuning->block_units > depth || tuning->block_units * open->a.unit > CONV_ZERO_BYTES)
        return "tuning: blocks deeper than the sum or than a tile takes";
    if (tuning->panels > panels)
        return "tuning: more panels at a time than there are";
    return tuning->band_pixels > shape->p * shape->q ? "tuning: bands of more pixels than there are" : NULL;
}

/* Panels whose sums are kept at once. */
static int64_t choose_panels(const sy_conv_plan *plan, int64_t panel_bytes, bool is_single, int64_t panels) {
    const int64_t fit = SUMS_BYTES / panel_bytes;
    if (plan->desc.tuning.panels > 0)
        return plan->desc.tuning.panels;
    return is_single || fit > panels ? panels : fit > 1 ? fit : 1;
}

/* Blocks, parts and memory of tiles and strips. */
static const char *lay_out_bands(
    sy_conv_plan *plan, const conv_shape *shape, int64_t depth, int64_t panels, int parts) {
    const gemm_open *open = shape->open;
    choose_band(plan, shape);
    const bool is_single = conv_stretch_count(plan, shape) == 1;
    const int64_t pixels = plan->band_p * plan->band_q, panel_bytes = pixels * open->cols * 4;
    const int64_t tiles = conv_band_most_tiles(plan, shape);
    size_t sums;
    plan->walk = shape->is_strip ? SY_CONV_WALK_STRIPS : SY_CONV_WALK_TILES;
    plan->block_units = shape->block < depth ? shape->block : depth;
    plan->block_panels = choose_panels(plan, panel_bytes, is_single, panels);
    plan->parts = parts < plan->bands * panels ? parts : (int32_t)(plan->bands * panels);
    plan->copy_bytes = 0;
    if (!size_lists(plan, shape, tiles) ||
        !gemm_bytes(pixels, open->cols * 4, is_single ? 1 : plan->block_panels, &sums) ||
        (!shape->is_in_place && !conv_band_copy_bytes(plan, shape, &plan->copy_bytes)))
        return "a band of the image exceeds the address space";
    plan->list_bytes = (plan->list_bytes + 63) / 64 * 64;
    plan->copy_bytes = (plan->copy_bytes + 63) / 64 * 64;
    plan->scratch_bytes = ((size_t)tiles * sizeof(conv_tile) + 63) / 64 * 64 + plan->list_bytes +
                          plan->copy_bytes + (sums + 63) / 64 * 64;
    return NULL;
}

const char *conv_direct_lay_out(sy_conv_plan *plan, int parts) {
    conv_shape shape;
    conv_shape_init(plan, &shape);
    const gemm_open *open = shape.open;
    const int64_t panels = gemm_panel_count(conv_channels(&plan->desc), open->cols);
    const int64_t depth = plan->desc.r * plan->desc.s * shape.units;
    if (!gemm_bytes(panels * open->cols, depth, open->b.unit, &plan->group_bytes))
        return "packed weights exceed the address space";
    plan->group_bytes = (plan->group_bytes + 63) / 64 * 64;
    if (plan->steps == 0)
        return NULL;
    const char *why = check_tuning(plan, &shape, depth, panels);
    if (why)
        return why;
    return shape.is_lanes ? conv_lanes_lay_out(plan, &shape, parts)
                          : lay_out_bands(plan, &shape, depth, panels, parts);
}
