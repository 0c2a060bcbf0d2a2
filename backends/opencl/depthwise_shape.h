/* Shapes of the depthwise family: which kernel, and how its work is cut. */
#ifndef BACKENDS_OPENCL_DEPTHWISE_SHAPE_H
#define BACKENDS_OPENCL_DEPTHWISE_SHAPE_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/family.h"

/* Kernels: pixel by pixel; channels side by side; pixels side by side (processors). */
enum { OCL_DEPTHWISE_POINTS = 1, OCL_DEPTHWISE_CHANNELS = 2, OCL_DEPTHWISE_PLANES = 3 };

/**
 * One cut.
 *
 * form       OCL_DEPTHWISE_*.
 * vw         elements of a vector; 2 to 16.
 * rows, columns  of a strip (CHANNELS): pixels whose sums are in registers together.
 * row_chunk, column_chunk, channel_chunk  of a work-item.
 * band, lines, pitch  of PLANES: output rows at once, lines of each part of the copy, and their length.
 * buffer, sums        of PLANES: elements of private memory.
 */
typedef struct ocl_depthwise_shape {
    uint32_t form, vw, rows, columns;
    int64_t row_chunk, column_chunk, channel_chunk, band, lines, pitch, buffer, sums;
} ocl_depthwise_shape;

/** Most elements of a copied band. */
#define OCL_DEPTHWISE_BUFFER_MAX 65536

/** Vectors that PLANES sums at once. */
#define OCL_DEPTHWISE_RUN 4

/** Taps up to which loops over them are written out. */
#define OCL_DEPTHWISE_TAPS_UNROLLED 50

/** Most strips that are worth trying. */
#define OCL_DEPTHWISE_SHAPES_MAX 6u

/**
 * Shape `index` for a convolution with one input channel a group; the best guess first. c: groups joined, so
 * that its rows or columns are all the output's channels. False: there is no such shape.
 */
bool ocl_depthwise_shape_of(
    const ocl_traits *traits, const ocl_contraction *c, uint32_t index, ocl_depthwise_shape *out_shape);

/** "p2q4": the strip of CHANNELS; "" for the others, which have one shape. */
void ocl_depthwise_shape_print(const ocl_depthwise_shape *shape, char out_text[OCL_PARAMETERS_MAX]);

/** The index of the shape that is called so, -1 if there is none. */
int ocl_depthwise_shape_find(const ocl_traits *traits, const ocl_contraction *c, const char *text);

#endif
