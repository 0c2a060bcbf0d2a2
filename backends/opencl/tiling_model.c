/* The cost model of tiles. Numbers are cycles of one compute unit. */
#include <math.h>

#include "backends/opencl/tiling.h"
#include "runtime/base/checked.h"
#include "steelyard/types.h"

/* What is assumed of a unit of a graphics card; see tile.h. */
static const double REGISTERS_A_LANE = 512.0, ITEMS_A_LANE = 16.0, GROUPS_MAX = 16.0, LATENCY = 600.0,
                    LOCAL_BYTES = 128.0, CACHE_BYTES = 64.0, MEMORY_BYTES = 12.0, LAUNCH_CYCLES = 10000.0;

/* A product and its parameters, with what is derived from both. */
typedef struct estimate {
    const ocl_traits *traits;
    const ocl_contraction *c;
    const ocl_tiling *tile;
    const ocl_tiling_cut *cut;
    double lanes, word; /* of a unit; of a cell, in registers of 32 bits */
    double groups, steps, local, items, resident;
} estimate;

static double at_least(double least, double value) {
    return value < least ? least : value;
}

static double at_most(double most, double value) {
    return value > most ? most : value;
}

static double lanes_of(const ocl_traits *traits) {
    return traits->kind == OCL_GPU ? at_most(128.0, at_least(16.0, 4.0 * traits->simd))
                                   : at_least(1.0, traits->vector_f32);
}

/* Registers of a work-item: sums, what is fetched ahead, a step's cells, places, and what the rest takes
 * (compilers for cards of two vendors took 93 to 211 for tiles like these). */
static double registers_of(const estimate *e) {
    const ocl_tiling *t = e->tile;
    const ocl_tiling_cut *cut = e->cut;
    double cells = t->mi * t->ni + cut->chunk * (t->mi + t->ni), places = 0.0;
    for (int side = 0; side < 2; side++) {
        bool is_image = (side == 0 ? &e->c->left : &e->c->right)->form == OCL_IMAGE;
        places += is_image ? 4.0 * (cut->origins[side] + cut->places[side]) : 2.0 * cut->origins[side];
        if (t->buffers == 2)
            cells += cut->slots[side] * cut->fetch[side].vector;
    }
    return cells * e->word + places + 48.0;
}

/* Work-groups that a unit can hold at a time. */
static double resident_of(const estimate *e, double registers) {
    double by_registers = floor(REGISTERS_A_LANE * e->lanes / (registers * e->items));
    double by_items = floor(ITEMS_A_LANE * e->lanes / e->items);
    double by_local = GROUPS_MAX;
    if (e->local > 0) /* a unit has some more than one group may use */
        by_local = floor(2.0 * (double)e->traits->local_bytes / e->local);
    return at_least(1.0, at_most(GROUPS_MAX, fmin(by_registers, fmin(by_items, by_local))));
}

/* Instructions of one work-item for a step of k: multiply-adds, reads of local memory, fetches. */
static double issue_of(const estimate *e) {
    const ocl_tiling *t = e->tile;
    const ocl_tiling_cut *cut = e->cut;
    double cells = cut->cells, sum = cells * t->mi * t->ni * (e->word > 1.0 ? 2.0 : 1.0);
    for (int side = 0; side < 2; side++) {
        const ocl_side *of = side == 0 ? &e->c->left : &e->c->right;
        bool is_local = (t->local & (side == 0 ? OCL_TILE_LEFT : OCL_TILE_RIGHT)) != 0;
        double item = side == 0 ? t->mi : t->ni, group = side == 0 ? cut->group_m : cut->lanes;
        double one = of->form == OCL_IMAGE ? 24.0 : 8.0, vector = cut->fetch[side].vector;
        bool is_gathered = cut->cell_k > 1 && !cut->fetch[side].is_next; /* four bytes, one by one */
        double fetches = is_local ? cut->slots[side] : cells * item / vector;
        sum += fetches * (one + vector) * (is_gathered ? 4.0 : 1.0);
        if (is_local)
            sum += cells * item / group;
    }
    return sum + 6.0 * cells / t->unroll + 12.0;
}

/* Bytes of local memory that a group of work-items in step reads and writes for a step of k; what several
 * read is read once. */
static double local_bytes_of(const estimate *e) {
    const ocl_tiling *t = e->tile;
    const ocl_tiling_cut *cut = e->cut;
    double simd = at_most(e->items, e->traits->simd), across = at_most(simd, cut->items_n), bytes = 0.0;
    double down = ceil(simd / across), steps_of_items = ceil(e->items / simd);
    if ((t->local & OCL_TILE_LEFT) != 0)
        bytes += cut->cells * (steps_of_items * t->mi * down + t->m);
    if ((t->local & OCL_TILE_RIGHT) != 0)
        bytes += cut->cells * (steps_of_items * t->ni * across + t->n);
    return 4.0 * e->word * bytes;
}

/* Bytes that a group moves from the outer caches for a step of k, by sectors of 32. */
static double cache_bytes_of(const estimate *e) {
    const ocl_tiling *t = e->tile;
    double bytes = 0.0;
    for (int side = 0; side < 2; side++) {
        const ocl_side *of = side == 0 ? &e->c->left : &e->c->right;
        const ocl_fetch *fetch = &e->cut->fetch[side];
        double element = (double)sy_dtype_size(of->dtype), lines = side == 0 ? t->m : t->n;
        bool is_local = (t->local & (side == 0 ? OCL_TILE_LEFT : OCL_TILE_RIGHT)) != 0;
        double run = fetch->is_along ? (is_local ? t->k : fetch->vector * e->cut->cell_k) * element : 1e9;
        bool is_strided = !fetch->is_along && of->form == OCL_STRIDED && of->line_stride > 1;
        double waste = at_least(1.0, 32.0 / (is_strided ? element : run));
        bytes += lines * t->k * element * waste;
    }
    return bytes;
}

/* Cycles of `count` groups that run together on a unit, from their first step to their last. */
static double together(const estimate *e, double count, double registers) {
    double issue = count * e->items * issue_of(e) / e->lanes;
    double busy = at_most(1.0, count * e->items * at_most(4.0, e->tile->mi * e->tile->ni) / (8.0 * e->lanes));
    double spill = registers > 250.0 ? 4.0 : registers > 168.0 ? 1.15 : 1.0;
    double compute = issue / busy * spill;
    double memory_bandwidth = e->traits->has_local ? LOCAL_BYTES : CACHE_BYTES / 4.0;
    double step = fmax(
        compute, fmax(count * local_bytes_of(e) / memory_bandwidth, count * cache_bytes_of(e) / CACHE_BYTES));
    double hidden = step * (e->tile->buffers == 2 ? count : count - 1.0) / count;
    double barrier = e->tile->local != 0 ? 30.0 * (3.0 - e->tile->buffers) : 0.0;
    double exposed = e->tile->local != 0 ? at_least(0.0, LATENCY - hidden)
                                         : at_least(0.0, LATENCY / e->tile->unroll - hidden);
    return e->steps * (step + exposed + barrier) + LATENCY +
           2.0 * count * e->items * e->tile->mi * e->tile->ni / e->lanes;
}

static double card_cycles(const estimate *e) {
    double registers = registers_of(e), resident = resident_of(e, registers);
    double each = ceil(e->groups / e->traits->units), at_once = at_most(resident, at_least(1.0, each));
    double rounds = floor(each / at_once), rest = each - rounds * at_once;
    double cycles = rounds * together(e, at_once, registers);
    return rest > 0.0 ? cycles + together(e, rest, registers) : cycles;
}

/* Work-items one after the other, each with vectors of lanes; local memory is memory. */
static double processor_cycles(const estimate *e) {
    const ocl_tiling *t = e->tile;
    double vectors = ceil(t->ni / fmin(e->lanes, e->cut->lanes)), sums = t->mi * vectors;
    double step = fmax(sums, 4.0) / 2.0 + 0.5 * (t->mi + vectors) + (sums > 12.0 ? sums : 0.0);
    double copies = 0.0;
    for (int side = 0; side < 2; side++) {
        bool is_local = (t->local & (side == 0 ? OCL_TILE_LEFT : OCL_TILE_RIGHT)) != 0;
        const ocl_side *of = side == 0 ? &e->c->left : &e->c->right;
        double item = side == 0 ? t->mi : t->ni, one = of->form == OCL_IMAGE ? 6.0 : 2.0;
        double fetches = is_local ? e->cut->slots[side] : e->cut->cells * item / e->cut->fetch[side].vector;
        copies += fetches * (one + e->cut->fetch[side].vector) * (is_local ? 2.0 : 0.5);
    }
    double group =
        e->items * (e->steps * (e->cut->cells * step * e->word + copies) + 4.0 * t->mi * t->ni) + 400.0;
    return ceil(e->groups / e->traits->units) * group;
}

double ocl_tiling_cycles(
    const ocl_traits *traits, const ocl_contraction *c, const ocl_tiling *tile, const ocl_tiling_cut *cut) {
    double tiles = ceil((double)c->rows / tile->m) * ceil((double)c->cols / tile->n);
    double batch = (double)c->outer * (double)c->inner, word = c->acc_dtype == SY_F64 ? 2.0 : 1.0;
    estimate e = {.traits = traits,
        .c = c,
        .tile = tile,
        .cut = cut,
        .lanes = lanes_of(traits),
        .word = word,
        .groups = at_least(1.0, tiles * batch * tile->split),
        .steps = ceil(ceil((double)c->depth / tile->k) / tile->split),
        .local = (double)cut->local_bytes,
        .items = cut->items};
    double cycles = traits->kind == OCL_CPU ? processor_cycles(&e) : card_cycles(&e);
    if (tile->split > 1) {
        double bytes = 4.0 * word * (double)c->rows * (double)c->cols * batch * (1.0 + tile->split);
        cycles += LAUNCH_CYCLES + bytes / (MEMORY_BYTES * traits->units);
    }
    return cycles;
}
