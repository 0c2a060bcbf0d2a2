/* Parameters of the skinny family: what is possible, what it is estimated to cost, and the best of them. */
#ifndef BACKENDS_OPENCL_SKINNY_SHAPE_H
#define BACKENDS_OPENCL_SKINNY_SHAPE_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/family.h"
#include "backends/opencl/fetch.h"

/** Most rows. */
#define OCL_SKINNY_ROWS_MAX 8u

/**
 * One set of parameters, as text "x32y8v4j1s2".
 *
 * x, y     work-items of a group along columns and along k; y is a power of two.
 * v        width of vectors: 1, 2, 4 or 8.
 * j        vectors of columns a work-item; if the right side lies along k: columns.
 * split    parts of k that different work-groups sum.
 */
typedef struct ocl_skinny_shape {
    uint32_t x, y, v, j, split;
} ocl_skinny_shape;

/**
 * What follows from a shape for a product on a device.
 *
 * items    of a group. columns: that it makes; depth: k's that it takes a step.
 * lanes    columns side by side, 1 if the right side is read along k. chunk: cells along k that a work-item
 *          takes a step. cell_k: k's of a cell.
 * at_once  sums that are added at a time in local_bytes of local memory (y > 1).
 */
typedef struct ocl_skinny_cut {
    uint32_t items, columns, depth, lanes, chunk, cell_k, at_once;
    ocl_fetch left, right;
    uint64_t local_bytes;
} ocl_skinny_cut;

/** Whether a shape is possible for the product, which has at most OCL_SKINNY_ROWS_MAX rows; *out_cut is then
 * filled. */
bool ocl_skinny_cut_of(const ocl_traits *traits, const ocl_contraction *c, const ocl_skinny_shape *shape,
    ocl_skinny_cut *out_cut);

/** Text of a shape and back; false: no such text. Whether it is possible is another question. */
void ocl_skinny_shape_print(const ocl_skinny_shape *shape, char out_text[OCL_PARAMETERS_MAX]);
bool ocl_skinny_shape_parse(const char *text, ocl_skinny_shape *out_shape);

/** Most shapes that are worth trying. */
#define OCL_SKINNY_SHAPES_MAX 8u

/**
 * The best shapes by the cost model, best first; at least one, unless no work-groups can be counted. Method:
 * the right side passes once; how fast, follows from the bytes that resident work-items have under way
 * (memory's latency times its rate saturate it), from the part of memory's lines that is used, and from the
 * instructions beside the loads; groups come in rounds over the units; sums over work-items and over parts
 * are added. What is assumed of cards is in card.h.
 */
uint32_t ocl_skinny_shapes(
    const ocl_traits *traits, const ocl_contraction *c, ocl_skinny_shape out_shape[OCL_SKINNY_SHAPES_MAX]);

#endif
