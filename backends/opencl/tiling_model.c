/* The cost model of tiles. Numbers are cycles of one compute unit. */
#include <math.h>

#include "backends/opencl/card.h"
#include "backends/opencl/tiling.h"
#include "steelyard/types.h"

/* A product and its parameters, with what is derived from both. */
typedef struct estimate {
    const ocl_traits *traits;
    const ocl_contraction *c;
    const ocl_tiling *tile;
    const ocl_tiling_cut *cut;
    ocl_card card;
    double word; /* a cell, in registers of 32 bits */
    double groups, steps, local, items, resident;
} estimate;

static double at_least(double least, double value) {
    return value < least ? least : value;
}

static double at_most(double most, double value) {
    return value > most ? most : value;
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
    double by_registers = floor(e->card.registers * e->card.lanes / (registers * e->items));
    double by_items = floor(e->card.items * e->card.lanes / e->items), by_local = e->card.groups;
    if (e->local > 0) /* a unit has some more than one group may use */
        by_local = floor(2.0 * (double)e->traits->local_bytes / e->local);
    return at_least(1.0, at_most(e->card.groups, fmin(by_registers, fmin(by_items, by_local))));
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
    const ocl_card *card = &e->card;
    const ocl_tiling *t = e->tile;
    double issue = count * e->items * issue_of(e) / card->lanes;
    double busy = at_most(1.0, count * e->items * at_most(4.0, t->mi * t->ni) / (8.0 * card->lanes));
    double most = card->registers_most;
    double spill = registers > most ? 4.0 * registers / most : registers > 0.7 * most ? 1.15 : 1.0;
    double memory =
        fmax(count * local_bytes_of(e) / card->local_rate, count * cache_bytes_of(e) / card->cache_rate);
    double step = fmax(issue / busy * spill, memory);
    double hidden = step * (t->buffers == 2 ? count : count - 1.0) / count;
    double barrier = t->local != 0 ? 30.0 * (3.0 - t->buffers) : 0.0;
    double exposed = at_least(0.0, card->latency / (t->local != 0 ? 1.0 : t->unroll) - hidden);
    return e->steps * (step + exposed + barrier) + card->latency +
           2.0 * count * e->items * t->mi * t->ni / card->lanes;
}

static double card_cycles(const estimate *e) {
    double registers = registers_of(e), resident = resident_of(e, registers);
    double each = ceil(e->groups / e->card.units), at_once = at_most(resident, at_least(1.0, each));
    double rounds = floor(each / at_once), rest = each - rounds * at_once;
    double cycles = rounds * together(e, at_once, registers);
    return rest > 0.0 ? cycles + together(e, rest, registers) : cycles;
}

/* Work-items one after the other, each with vectors of lanes; local memory is memory. */
static double processor_cycles(const estimate *e) {
    const ocl_tiling *t = e->tile;
    double width = at_least(1.0, e->traits->vector_f32);
    double vectors = ceil(t->ni / fmin(width, e->cut->lanes)), sums = t->mi * vectors;
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
        .card = ocl_card_of(traits),
        .word = word,
        .groups = at_least(1.0, tiles * batch * tile->split),
        .steps = ceil(ceil((double)c->depth / tile->k) / tile->split),
        .local = (double)cut->local_bytes,
        .items = cut->items};
    double cycles = traits->kind == OCL_CPU ? processor_cycles(&e) : card_cycles(&e);
    if (tile->split > 1) {
        double bytes = 4.0 * word * (double)c->rows * (double)c->cols * batch * (1.0 + tile->split);
        cycles += e.card.launch + bytes / (e.card.memory_rate * e.card.units);
    }
    return cycles;
}
