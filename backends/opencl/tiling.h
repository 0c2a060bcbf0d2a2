/* Parameters of the tile family: what is possible, what it is estimated to cost, and the best of them. */
#ifndef BACKENDS_OPENCL_TILING_H
#define BACKENDS_OPENCL_TILING_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/family.h"
#include "backends/opencl/fetch.h"

/* Sides that lie in local memory. */
enum { OCL_TILE_LEFT = 1, OCL_TILE_RIGHT = 2 };

/**
 * One set of parameters, as text "m64n64k16r8x4v4l3b2u8s1".
 *
 * m, n     rows and columns of a work-group's tile; k: its depth, in steps of k.
 * mi, ni   rows and columns of a work-item's register tile.
 * v        width of vectors: 1, 2, 4 or 8.
 * local    OCL_TILE_* bits. buffers: of it, 1 or 2; 1 if there are none.
 * unroll   steps of the innermost loop that are written out.
 * split    parts of k that different work-groups sum.
 */
typedef struct ocl_tiling {
    uint32_t m, n, k, mi, ni, v, local, buffers, unroll, split;
} ocl_tiling;

/**
 * What follows from parameters for a product on a device.
 *
 * items_m, items_n  work-items of a group along rows and columns; items: all of them.
 * cell_k, cells     k's of a cell; cells of the tile along k.
 * lanes, group_m    columns and rows that a work-item holds side by side.
 * chunk             cells along k that sides outside local memory are read by.
 * pitch, slots, origins, places   of the left and right side, as fetch.cl has them.
 * local_bytes       of local memory.
 */
typedef struct ocl_tiling_cut {
    uint32_t items_m, items_n, items, cell_k, cells, lanes, group_m, chunk;
    ocl_fetch fetch[2];
    uint32_t pitch[2], slots[2], origins[2], places[2];
    uint64_t local_bytes;
} ocl_tiling_cut;

/** Whether the parameters are possible for the product on the device; *out_cut is then filled. */
bool ocl_tiling_cut_of(
    const ocl_traits *traits, const ocl_contraction *c, const ocl_tiling *tile, ocl_tiling_cut *out_cut);

/** Text of parameters and back; false: no such text. Whether they are possible is another question. */
void ocl_tiling_print(const ocl_tiling *tile, char out_text[OCL_PARAMETERS_MAX]);
bool ocl_tiling_parse(const char *text, ocl_tiling *out_tile);

/**
 * Estimated cycles of one compute unit until the product is done; only ratios mean something.
 *
 * Method: work-groups that are resident on a unit (by registers, local memory and items) share what it can
 * issue, its local memory's and its path to the outer caches' bandwidth; the latency of a step's loads is
 * hidden by the multiplications of the other groups, or with two buffers by its own; groups come in rounds
 * over the units. What is assumed of cards is in card.h. A processor runs a unit's work-items one after the
 * other in vectors. Parameter sets after Nugteren & Codreanu, CLTune (MCSoC 2015), and Volkov, Better
 * performance at lower occupancy (GTC 2010); the model is our own.
 */
double ocl_tiling_cycles(
    const ocl_traits *traits, const ocl_contraction *c, const ocl_tiling *tile, const ocl_tiling_cut *cut);

/** Most sets that are worth trying. */
#define OCL_TILINGS_MAX 24u

/** The best parameters by that estimate, best first, of each tile's shape only the first few; at least one.
 */
uint32_t ocl_tiling_rank(
    const ocl_traits *traits, const ocl_contraction *c, ocl_tiling out_tile[OCL_TILINGS_MAX]);

#endif
