/* Shapes of the core family: how a product is cut for a processor with caches, and what that is estimated to
 * cost. */
#ifndef BACKENDS_OPENCL_CORE_SHAPE_H
#define BACKENDS_OPENCL_CORE_SHAPE_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/family.h"
#include "backends/opencl/traits.h"

/**
 * One cut.
 *
 * mr, nrv  the register tile: rows, and vectors of vw elements.
 * kc       depth of a block. mc, nc: the tile of one work-item, multiples of mr and nrv * vw.
 * left_direct, right_direct  the side is read where it lies instead of being packed.
 */
typedef struct ocl_core_shape {
    uint32_t mr, nrv, vw, kc, mc, nc;
    bool left_direct, right_direct;
} ocl_core_shape;

/** Most elements of a left block (mc x kc), of a tile (mc x nc), and the greatest depth of a block. */
#define OCL_CORE_LEFT_MAX 65536u
#define OCL_CORE_TILE_MAX 40960u
#define OCL_CORE_DEPTH_MAX 512u

/** Most shapes that are worth trying. */
#define OCL_CORE_SHAPES_MAX 24u

/**
 * The best shapes for a product by the cost model, best first; at least one. The width of weights in panels
 * is not looked at: each shape has its own. Method: cycles of a core with two multiply-add pipes
 * of latency 4, two loads a cycle and 16 (vectors of 512 bits: 32) registers, caches of 32 KiB and 512 KiB,
 * spread over the compute units.
 */
uint32_t ocl_core_shapes(
    const ocl_traits *traits, const ocl_contraction *c, ocl_core_shape out_shape[OCL_CORE_SHAPES_MAX]);

/** "m6n2d256r96c256", and back; false: no such text, or a shape that is not possible for the product. */
void ocl_core_shape_print(const ocl_core_shape *shape, char out_text[OCL_PARAMETERS_MAX]);
bool ocl_core_shape_parse(
    const char *text, const ocl_traits *traits, const ocl_contraction *c, ocl_core_shape *out_shape);

#endif
