/* Which parameters of tiles are possible, and their text. */
#include <stdio.h>

#include "backends/opencl/parts.h"
#include "backends/opencl/tiling.h"

/* Far more than any device can hold in registers. */
enum { REGISTER_TILE_MAX = 256, TILE_MAX = 512, DEPTH_MAX = 256, UNROLL_MAX = 64 };

static bool is_power_of_two(uint32_t value) {
    return value > 0 && (value & (value - 1)) == 0;
}

static bool is_sane(const ocl_tiling *t) {
    bool has_sizes = t->m > 0 && t->n > 0 && t->k > 0 && t->mi > 0 && t->ni > 0 && t->unroll > 0;
    if (!has_sizes || t->m > TILE_MAX || t->n > TILE_MAX || t->k > DEPTH_MAX || t->unroll > UNROLL_MAX)
        return false;
    bool is_even = t->m % t->mi == 0 && t->n % t->ni == 0;
    bool has_vectors = is_power_of_two(t->v) && t->v <= 8 && t->ni % t->v == 0;
    bool has_buffers = t->local <= (OCL_TILE_LEFT | OCL_TILE_RIGHT) && t->buffers > 0 &&
                       t->buffers <= (t->local != 0 ? 2u : 1u);
    return is_even && has_vectors && has_buffers && t->mi * t->ni <= REGISTER_TILE_MAX;
}

/* How a side of `lines` lines goes into local memory, or is read by each work-item. */
static void cut_side(const ocl_tiling *t, uint32_t lines, uint32_t item, uint32_t group, bool is_local,
    int side, ocl_tiling_cut *cut) {
    const ocl_fetch *fetch = &cut->fetch[side];
    uint32_t v = fetch->vector, per_line = cut->cells / v, per_cell = lines / v;
    uint32_t vectors = lines * cut->cells / v;
    cut->slots[side] = (vectors + cut->items - 1) / cut->items;
    cut->pitch[side] = lines + (fetch->is_along ? group : 0);
    if (!is_local) {
        cut->origins[side] = fetch->is_along ? item : item / v;
        cut->places[side] = 1;
        return;
    }
    bool same_line = !fetch->is_along && cut->items % per_cell == 0;
    bool same_place = fetch->is_along && cut->items % per_line == 0;
    cut->origins[side] = same_line ? 1 : cut->slots[side];
    cut->places[side] = same_place ? 1 : cut->slots[side];
    /* Counted with the gap in any case: what fits panels must fit weights as they lie. */
    cut->local_bytes += (uint64_t)t->buffers * cut->cells * (lines + group);
}

static void cut_sides(
    const ocl_traits *traits, const ocl_contraction *c, const ocl_tiling *t, ocl_tiling_cut *cut) {
    bool left = (t->local & OCL_TILE_LEFT) != 0, right = (t->local & OCL_TILE_RIGHT) != 0;
    ocl_fetch_wish wish = {.cell_k = cut->cell_k,
        .vector = t->v,
        .cells = cut->cells,
        .is_any_aligned = traits->kind == OCL_CPU};
    wish.lines = left ? t->m : cut->group_m;
    cut->fetch[0] = ocl_fetch_of(c, &c->left, &wish);
    wish.lines = right ? t->n : cut->lanes;
    cut->fetch[1] = ocl_fetch_of(c, &c->right, &wish);
    cut_side(t, t->m, t->mi, cut->group_m, left, 0, cut);
    cut_side(t, t->n, t->ni, cut->lanes, right, 1, cut);
    cut->chunk = 1;
    for (int i = 0; i < 2; i++)
        if (!(i == 0 ? left : right) && cut->fetch[i].is_along && cut->fetch[i].vector > cut->chunk)
            cut->chunk = cut->fetch[i].vector;
}

/* Work-groups must be counted by an int in kernels. */
static bool has_groups(const ocl_contraction *c, const ocl_tiling *t) {
    double tiles = ((double)c->rows / t->m + 1.0) * ((double)c->cols / t->n + 1.0);
    return tiles * (double)c->outer * (double)c->inner * t->split < 2147483000.0;
}

bool ocl_tiling_cut_of(
    const ocl_traits *traits, const ocl_contraction *c, const ocl_tiling *tile, ocl_tiling_cut *out_cut) {
    ocl_cells cells = ocl_cells_of(traits, c);
    if (!is_sane(tile) || tile->k % cells.k != 0 || tile->split == 0)
        return false;
    ocl_tiling_cut cut = {.items_m = tile->m / tile->mi,
        .items_n = tile->n / tile->ni,
        .cell_k = cells.k,
        .cells = tile->k / cells.k,
        .lanes = tile->v,
        .group_m = tile->mi % tile->v == 0 ? tile->v : 1};
    cut.items = cut.items_m * cut.items_n;
    if (cut.items > traits->max_work_group || cut.items > traits->max_items[0] || !has_groups(c, tile) ||
        !ocl_parts_fit(traits, c, tile->split))
        return false;
    cut_sides(traits, c, tile, &cut);
    cut.local_bytes *= cells.bytes;
    if (cut.cells % cut.chunk != 0 || cut.local_bytes > traits->local_bytes)
        return false;
    *out_cut = cut;
    return true;
}

void ocl_tiling_print(const ocl_tiling *t, char out_text[OCL_PARAMETERS_MAX]) {
    snprintf(out_text, OCL_PARAMETERS_MAX, "m%un%uk%ur%ux%uv%ul%ub%uu%us%u", t->m, t->n, t->k, t->mi, t->ni,
        t->v, t->local, t->buffers, t->unroll, t->split);
}

bool ocl_tiling_parse(const char *text, ocl_tiling *out_tile) {
    ocl_tiling t = {0};
    char again[OCL_PARAMETERS_MAX];
    int used = 0;
    if (sscanf(text, "m%3un%3uk%3ur%3ux%3uv%1ul%1ub%1uu%2us%2u%n", &t.m, &t.n, &t.k, &t.mi, &t.ni, &t.v,
            &t.local, &t.buffers, &t.unroll, &t.split, &used) != 10 ||
        text[used] != '\0')
        return false;
    ocl_tiling_print(&t, again); /* "m064", "m+64" and "m 64" are none of ours */
    for (int i = 0; i <= used; i++)
        if (again[i] != text[i])
            return false;
    *out_tile = t;
    return true;
}
