/* The parameters that are worth trying: all shapes of tiles roughly, the best of them in all their ways. */
#include <math.h>

#include "backends/opencl/tiling.h"

/* Shapes that are looked at closely, and sets of one shape that are kept. */
enum { SHAPES_MAX = 12, SHAPE_SETS_MAX = 3 };

/* A list that keeps the cheapest sets, in order, and no more than `shape_sets` of one shape. */
typedef struct ranking {
    ocl_tiling *tile;
    double *cycles;
    uint32_t count, capacity, shape_sets;
} ranking;

static bool has_same_shape(const ocl_tiling *a, const ocl_tiling *b) {
    return a->m == b->m && a->n == b->n && a->mi == b->mi && a->ni == b->ni;
}

/* The place that has to make room: the last one of a shape that has its share, or of a full list; count:
 * none. */
static uint32_t victim_of(const ranking *r, const ocl_tiling *tile) {
    uint32_t same = 0, last = r->count;
    for (uint32_t i = 0; i < r->count; i++)
        if (has_same_shape(&r->tile[i], tile)) {
            same++;
            last = i;
        }
    if (same >= r->shape_sets)
        return last;
    return r->count == r->capacity ? r->count - 1 : r->count;
}

static void rank(ranking *r, const ocl_tiling *tile, double cycles) {
    uint32_t at = victim_of(r, tile);
    if (at < r->count && cycles >= r->cycles[at])
        return;
    r->count += at == r->count;
    for (; at > 0 && cycles < r->cycles[at - 1]; at--) {
        r->tile[at] = r->tile[at - 1];
        r->cycles[at] = r->cycles[at - 1];
    }
    r->tile[at] = *tile;
    r->cycles[at] = cycles;
}

/* What is searched. */
typedef struct search {
    const ocl_traits *traits;
    const ocl_contraction *c;
    uint32_t cell_k;
} search;

static void try_tile(const search *s, const ocl_tiling *tile, ranking *r) {
    ocl_tiling_cut cut;
    if (ocl_tiling_cut_of(s->traits, s->c, tile, &cut))
        rank(r, tile, ocl_tiling_cycles(s->traits, s->c, tile, &cut));
}

/* Parts of k that give each unit a few groups to hide latencies with, a power of two. */
static uint32_t wished_split(const search *s, const ocl_tiling *t) {
    double groups = ceil((double)s->c->rows / t->m) * ceil((double)s->c->cols / t->n) * (double)s->c->outer *
                    (double)s->c->inner;
    double steps = ceil((double)s->c->depth / t->k), wanted = 4.0 * s->traits->units;
    uint32_t split = 1;
    while (split < 32 && groups * split < wanted && steps >= 8.0 * split)
        split *= 2;
    return split;
}

/* Steps written out: as many as make a body of some hundred instructions. */
static uint32_t unroll_of(const search *s, const ocl_tiling *t, uint32_t chunk) {
    uint32_t steps = t->k / s->cell_k / chunk, most = t->mi * t->ni * chunk >= 64 ? 4 : 8;
    if (s->traits->kind == OCL_CPU)
        return 1;
    return steps < most ? (steps > 0 ? steps : 1) : most;
}

static void try_splits(const search *s, ocl_tiling tile, ranking *r) {
    for (tile.split = wished_split(s, &tile); tile.split > 0; tile.split /= 2)
        try_tile(s, &tile, r);
}

/* Vectors of at most 16 bytes, which divide what a work-item holds. */
static bool suits_vector(const search *s, const ocl_tiling *t, uint32_t v) {
    uint32_t most = s->traits->kind == OCL_CPU ? s->traits->vector_f32 : 4;
    most = s->c->acc_dtype == SY_F64 ? most / 2 : most;
    return v == 1 || (v <= most && v <= 8 && t->ni % v == 0);
}

/* One shape in all its ways, with the parts of k that suit it. */
static void try_ways(const search *s, ocl_tiling tile, ranking *r) {
    static const uint32_t depths[] = {8, 16, 32};
    /* Local memory of a processor is memory, and compilers take long over its barriers. */
    uint32_t most = s->traits->kind == OCL_CPU || s->traits->local_bytes == 0 ? 0 : 3;
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++)
        for (uint32_t v = 1; v <= 8; v *= 2)
            for (uint32_t local = 0; local <= most; local++)
                for (uint32_t buffers = 1; buffers <= (local != 0 ? 2u : 1u); buffers++) {
                    tile.k = depths[i] * s->cell_k, tile.v = v, tile.local = local, tile.buffers = buffers;
                    tile.unroll = unroll_of(s, &tile, local == 3 ? 1 : v);
                    if (suits_vector(s, &tile, v))
                        try_tile(s, &tile, r);
                }
}

/* One shape as it is most often best. */
static void try_shape(const search *s, ocl_tiling tile, ranking *r) {
    bool has_local = s->traits->local_bytes > 0 && s->traits->kind != OCL_CPU;
    for (uint32_t v = 8; v >= 1; v /= 2)
        if (suits_vector(s, &tile, v)) {
            tile.v = v;
            break;
        }
    tile.k = 16 * s->cell_k, tile.unroll = 4;
    tile.local = has_local ? OCL_TILE_LEFT | OCL_TILE_RIGHT : 0;
    tile.buffers = has_local ? 2 : 1;
    uint32_t before = r->count;
    try_splits(s, tile, r);
    if (has_local && r->count == before) { /* perhaps it does not fit */
        tile.local = 0, tile.buffers = 1;
        try_splits(s, tile, r);
    }
}

/* Work-items of a group that are worth looking at. */
static bool suits_items(const ocl_traits *traits, uint32_t items) {
    uint32_t least = traits->kind == OCL_GPU ? traits->simd : 1, most = traits->kind == OCL_CPU ? 8 : 256;
    if (least > traits->max_work_group || least > traits->max_items[0])
        least = 1;
    return items >= least && items <= most;
}

static void try_shapes(const search *s, ranking *r) {
    for (uint32_t mi = 1; mi <= 8; mi *= 2)
        for (uint32_t ni = 1; ni <= 16; ni *= 2)
            for (uint32_t down = 1; down <= 64; down *= 2)
                for (uint32_t across = 1; across <= 64; across *= 2) {
                    ocl_tiling tile = {.m = mi * down, .n = ni * across, .mi = mi, .ni = ni};
                    bool is_too_tall = tile.m > 1 && tile.m / 2 >= s->c->rows;
                    bool is_too_wide = tile.n > 1 && tile.n / 2 >= s->c->cols;
                    bool is_large = tile.m > 256 || tile.n > 256 || mi * ni > 64;
                    if (suits_items(s->traits, down * across) && !is_large && !is_too_tall && !is_too_wide)
                        try_shape(s, tile, r);
                }
}

uint32_t ocl_tiling_rank(
    const ocl_traits *traits, const ocl_contraction *c, ocl_tiling out_tile[OCL_TILINGS_MAX]) {
    ocl_tiling shape[SHAPES_MAX];
    double shape_cycles[SHAPES_MAX], cycles[OCL_TILINGS_MAX];
    const search s = {.traits = traits, .c = c, .cell_k = ocl_cells_of(traits, c).k};
    ranking shapes = {.tile = shape, .cycles = shape_cycles, .capacity = SHAPES_MAX, .shape_sets = 1};
    ranking best = {
        .tile = out_tile, .cycles = cycles, .capacity = OCL_TILINGS_MAX, .shape_sets = SHAPE_SETS_MAX};
    try_shapes(&s, &shapes);
    for (uint32_t i = 0; i < shapes.count; i++)
        try_ways(&s, shape[i], &best);
    if (best.count == 0) { /* rows and columns too few for items in step, or too many for all of these */
        ocl_tiling least = {.m = 8, .n = 8, .k = 8 * s.cell_k, .mi = 1, .ni = 1, .v = 1};
        least.buffers = least.unroll = least.split = 1;
        try_tile(&s, &least, &best);
        least.m = least.n = 1;
        try_tile(&s, &least, &best);
    }
    return best.count;
}
