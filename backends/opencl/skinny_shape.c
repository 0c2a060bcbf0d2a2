/* Which shapes of skinny products are possible, which are good, and their text. Costs are cycles of one unit.
 */
#include "backends/opencl/skinny_shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backends/opencl/card.h"
#include "backends/opencl/parts.h"
#include "steelyard/types.h"

enum { ITEMS_MAX = 1024, COLUMNS_MAX = 64, REDUCE_BYTES = 8192 };

/* Bytes of memory's lines; cycles before a group reads and after it has. */
static const double LINE_BYTES = 128.0, STARTUP_CYCLES = 1500.0;

static bool is_power_of_two(uint32_t value) {
    return value > 0 && (value & (value - 1)) == 0;
}

static bool is_sane(const ocl_skinny_shape *s) {
    return s->x > 0 && s->x <= ITEMS_MAX && is_power_of_two(s->y) && s->y <= ITEMS_MAX &&
           is_power_of_two(s->v) && s->v <= 8 && s->j > 0 && s->j <= 16 && s->split > 0;
}

/* Groups, and steps over the ends, are counted by ints in kernels. */
static bool can_count(const ocl_contraction *c, const ocl_skinny_shape *s, const ocl_skinny_cut *cut) {
    double tiles = (double)c->cols / cut->columns + 1.0;
    double reach = fmax((double)c->depth + cut->depth * (s->split + 1.0), (double)c->cols + cut->columns);
    return reach < 2147483000.0 && tiles * (double)c->outer * (double)c->inner * s->split < 2147483000.0;
}

/* Sums that go through local memory at a time: all, or as many as are a part of all and fit. */
static void cut_reduction(
    const ocl_skinny_shape *s, const ocl_contraction *c, uint32_t sum_bytes, ocl_skinny_cut *cut) {
    uint32_t sums = (uint32_t)(c->rows > 0 ? c->rows : 1) * s->j, bytes = cut->items * cut->lanes * sum_bytes;
    cut->at_once = sums;
    while (cut->at_once > 1 && (sums % cut->at_once != 0 || cut->at_once * bytes > REDUCE_BYTES))
        cut->at_once--;
    cut->local_bytes = s->y > 1 ? (uint64_t)cut->at_once * bytes : 0;
}

bool ocl_skinny_cut_of(const ocl_traits *traits, const ocl_contraction *c, const ocl_skinny_shape *shape,
    ocl_skinny_cut *out_cut) {
    ocl_cells cells = ocl_cells_of(traits, c);
    if (!is_sane(shape) || c->rows > OCL_SKINNY_ROWS_MAX)
        return false;
    ocl_fetch_wish wish = {.cell_k = cells.k,
        .vector = shape->v,
        .lines = shape->v,
        .cells = shape->v,
        .is_any_aligned = traits->kind == OCL_CPU};
    ocl_skinny_cut cut = {.items = shape->x * shape->y, .chunk = shape->v, .cell_k = cells.k};
    cut.right = ocl_fetch_of(c, &c->right, &wish);
    cut.lanes = cut.right.is_along ? 1 : shape->v;
    wish.lines = 1; /* few rows: each is read by itself */
    cut.left = ocl_fetch_of(c, &c->left, &wish);
    cut.columns = shape->x * shape->j * cut.lanes;
    cut.depth = shape->y * cut.chunk * cells.k;
    cut_reduction(shape, c, c->acc_dtype == SY_F64 ? 8 : 4, &cut);
    bool has_items = cut.items <= traits->max_work_group && cut.items <= traits->max_items[0];
    if (!has_items || cut.local_bytes > traits->local_bytes || !can_count(c, shape, &cut) ||
        !ocl_parts_fit(traits, c, shape->split) || shape->j * cut.lanes > COLUMNS_MAX)
        return false;
    *out_cut = cut;
    return true;
}

void ocl_skinny_shape_print(const ocl_skinny_shape *s, char out_text[OCL_PARAMETERS_MAX]) {
    snprintf(out_text, OCL_PARAMETERS_MAX, "x%uy%uv%uj%us%u", s->x, s->y, s->v, s->j, s->split);
}

bool ocl_skinny_shape_parse(const char *text, ocl_skinny_shape *out_shape) {
    ocl_skinny_shape s = {0};
    char again[OCL_PARAMETERS_MAX];
    if (sscanf(text, "x%4uy%4uv%1uj%2us%2u", &s.x, &s.y, &s.v, &s.j, &s.split) != 5)
        return false;
    ocl_skinny_shape_print(&s, again); /* "x032" and what follows the last number are none of ours */
    if (strcmp(again, text) != 0)
        return false;
    *out_shape = s;
    return true;
}

/* Part of memory's lines that is used: what lies side by side is read by work-items side by side. */
static double used_part(const ocl_contraction *c, const ocl_skinny_shape *s, const ocl_skinny_cut *cut) {
    double element = (double)sy_dtype_size(c->right.dtype);
    double run = cut->right.is_along                               ? cut->depth * element
                 : cut->right.is_next || c->right.line_stride == 1 ? s->x * s->v * element
                                                                   : element;
    return fmin(1.0, run / LINE_BYTES);
}

/* Instructions of a work-item a step: multiply-adds, reads of both sides. */
static double step_instructions(
    const ocl_contraction *c, const ocl_skinny_shape *s, const ocl_skinny_cut *cut) {
    double cells = cut->chunk, rows = (double)c->rows, columns = s->j * cut->lanes;
    double left = rows * cells / cut->left.vector * (c->left.form == OCL_IMAGE ? 24.0 : 6.0);
    double right = columns * cells / cut->right.vector * (c->right.form == OCL_IMAGE ? 24.0 : 6.0);
    if (cut->cell_k > 1 && !cut->right.is_next)
        right *= 4.0;
    if (cut->cell_k > 1 && !cut->left.is_next)
        left *= 4.0;
    return rows * columns * cells + left + right + 8.0;
}

static double card_cycles(const ocl_traits *traits, const ocl_contraction *c, const ocl_skinny_shape *s,
    const ocl_skinny_cut *cut, double groups, double steps) {
    const ocl_card card = ocl_card_of(traits);
    double items = cut->items, rows = (double)c->rows, element = (double)sy_dtype_size(c->right.dtype);
    double registers = 40.0 + rows * s->j * cut->lanes + cut->chunk * (rows + s->j * cut->lanes);
    double resident =
        fmin(card.items * card.lanes / items, card.registers * card.lanes / (registers * items));
    double each = groups / card.units,
           at_once = fmax(1.0, fmin(fmin(card.groups, floor(resident)), ceil(each)));
    double bytes = (double)cut->columns * cut->depth * element; /* of a group's step, all under way at once */
    double saturated = 1.5 * card.latency * card.memory_rate;
    double rate = card.memory_rate * fmin(1.0, at_once * bytes / saturated) * used_part(c, s, cut);
    double step = fmax(bytes / rate, items * step_instructions(c, s, cut) / card.lanes);
    double adding = s->y > 1 ? 40.0 * (log2(s->y) + 2.0) * rows * s->j / cut->at_once : 0.0;
    double spill = registers > card.registers_most ? 8.0 : 1.0;
    double rounds = each <= at_once ? ceil(each) : each + 0.5; /* of one group; many even out */
    return rounds * steps * step * spill + STARTUP_CYCLES + adding;
}

/* Work-items one after the other. */
static double processor_cycles(const ocl_traits *traits, const ocl_contraction *c, const ocl_skinny_shape *s,
    const ocl_skinny_cut *cut, double groups, double steps) {
    double vector = fmax(1.0, fmin(s->v, traits->vector_f32));
    double item = steps * step_instructions(c, s, cut) / (cut->right.is_along ? 1.0 : vector) + 20.0;
    double sums = (double)c->rows * s->j;
    if (sums > 12.0)
        item *= 1.5;
    return ceil(groups / traits->units) *
           (cut->items * item + 300.0 + (s->y > 1 ? 50.0 * sums * cut->items : 0.0));
}

static double cycles_of(const ocl_traits *traits, const ocl_contraction *c, const ocl_skinny_shape *s,
    const ocl_skinny_cut *cut) {
    double batch = fmax(1.0, (double)c->outer * (double)c->inner), word = c->acc_dtype == SY_F64 ? 8.0 : 4.0;
    double groups = fmax(1.0, ceil((double)c->cols / cut->columns)) * batch * s->split;
    double steps = ceil(ceil((double)c->depth / cut->depth) / s->split);
    double cycles = traits->kind == OCL_CPU ? processor_cycles(traits, c, s, cut, groups, steps)
                                            : card_cycles(traits, c, s, cut, groups, steps);
    if (s->split > 1) {
        const ocl_card card = ocl_card_of(traits);
        double bytes = word * (double)c->rows * (double)c->cols * batch * (1.0 + s->split);
        cycles += card.launch + bytes / (card.memory_rate * card.units);
    }
    return cycles;
}

/* A list that keeps the cheapest, in order, and of one cut into work-items no more than two. */
typedef struct ranking {
    ocl_skinny_shape *shape;
    double cycles[OCL_SKINNY_SHAPES_MAX];
    uint32_t count;
} ranking;

/* The place that has to make room, the last if there is some. */
static uint32_t victim_of(const ranking *r, const ocl_skinny_shape *shape) {
    uint32_t same = 0, last = 0;
    for (uint32_t i = 0; i < r->count; i++)
        if (r->shape[i].x == shape->x && r->shape[i].y == shape->y) {
            same++;
            last = i;
        }
    if (same >= 2)
        return last;
    return r->count == OCL_SKINNY_SHAPES_MAX ? r->count - 1 : r->count;
}

static void rank(
    const ocl_traits *traits, const ocl_contraction *c, const ocl_skinny_shape *shape, ranking *r) {
    ocl_skinny_cut cut;
    if (!ocl_skinny_cut_of(traits, c, shape, &cut))
        return;
    double cycles = cycles_of(traits, c, shape, &cut);
    uint32_t at = victim_of(r, shape);
    if (at < r->count && cycles >= r->cycles[at])
        return;
    r->count += at == r->count;
    for (; at > 0 && cycles < r->cycles[at - 1]; at--) {
        r->shape[at] = r->shape[at - 1];
        r->cycles[at] = r->cycles[at - 1];
    }
    r->shape[at] = *shape;
    r->cycles[at] = cycles;
}

/* One cut into work-items with all vectors and parts. */
static void rank_ways(
    const ocl_traits *traits, const ocl_contraction *c, uint32_t x, uint32_t y, ranking *r) {
    uint32_t widest = traits->kind == OCL_CPU && traits->vector_f32 >= 8 ? 8 : 4;
    widest = c->acc_dtype == SY_F64 ? widest / 2 : widest;
    for (uint32_t v = 1; v <= widest; v *= 2)
        for (uint32_t j = 1; j <= 4; j *= 2)
            for (uint32_t split = 1; split <= 32 && (split == 1 || (int64_t)split * y * v * 4 <= c->depth);
                 split *= 2)
                rank(traits, c, &(ocl_skinny_shape){.x = x, .y = y, .v = v, .j = j, .split = split}, r);
}

/* Work-items of a group that are worth looking at. */
static bool suits_items(const ocl_traits *traits, uint32_t items) {
    uint32_t least = traits->kind == OCL_GPU ? traits->simd : 1, most = traits->kind == OCL_CPU ? 4 : 256;
    if (least > traits->max_work_group || least > traits->max_items[0])
        least = 1;
    return items >= least && items <= most;
}

uint32_t ocl_skinny_shapes(
    const ocl_traits *traits, const ocl_contraction *c, ocl_skinny_shape out_shape[OCL_SKINNY_SHAPES_MAX]) {
    ranking r = {.shape = out_shape};
    for (uint32_t x = 1; x <= 128; x *= 2)
        for (uint32_t y = 1; y <= 128; y *= 2)
            if (suits_items(traits, x * y))
                rank_ways(traits, c, x, y, &r);
    if (r.count == 0)
        rank(traits, c, &(ocl_skinny_shape){.x = 1, .y = 1, .v = 1, .j = 1, .split = 1}, &r);
    return r.count;
}
