/* How work-items read a side of a contraction: definitions of kernels/opencl/cell.cl and fetch.cl. */
#ifndef BACKENDS_OPENCL_FETCH_H
#define BACKENDS_OPENCL_FETCH_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/recipe.h"

/**
 * What is multiplied.
 *
 * cell, sum   OpenCL C types of a cell and of sums: "float" "float", "double" "double", "int" "int", and for
 *             bytes where the device has packed dot products "uint" "int".
 * bytes       of a cell, and of a sum.
 * k           k's that a cell holds: 4 packed bytes, else 1.
 */
typedef struct ocl_cells {
    const char *cell, *sum;
    uint32_t bytes, k;
} ocl_cells;

ocl_cells ocl_cells_of(const ocl_traits *traits, const ocl_contraction *c);

/** Define CELL, SUM, PACKED, IS_INT, DOT, LANES: columns multiplied at once, VW if `vector` is above 1, and
 * HAS_F16. Vectors are made to be aligned where the device is no processor. */
void ocl_cells_define(
    ocl_recipe *recipe, const ocl_traits *traits, const ocl_contraction *c, uint32_t lanes, uint32_t vector);

/**
 * How a side is read.
 *
 * is_along  what is read at once follows along k, else along the lines: as memory has it.
 * is_next   its elements lie side by side.
 * is_wide   offsets need more than an int.
 * vector    cells read at once: those wished for, or 1.
 */
typedef struct ocl_fetch {
    bool is_along, is_next, is_wide;
    uint32_t vector;
} ocl_fetch;

/** Cells that are wished for at once (1, 2, 4, 8): along lines they must divide `lines`, along k `cells`.
 * cell_k: as in ocl_cells. is_any_aligned: vectors need no alignment. */
typedef struct ocl_fetch_wish {
    uint32_t cell_k, vector, lines, cells;
    bool is_any_aligned;
} ocl_fetch_wish;

/** Choose, for one of c's sides. */
ocl_fetch ocl_fetch_of(const ocl_contraction *c, const ocl_side *side, const ocl_fetch_wish *wish);

/** Define INDEX, ALONG, VECTOR and NEXT of the side called `name` ("L"). */
void ocl_fetch_define(ocl_recipe *recipe, const char *name, const ocl_fetch *fetch);

/** Append the sources: cell, fetch for each side, and what kernels of products have in common. */
void ocl_fetch_sources(ocl_recipe *recipe);

#endif
