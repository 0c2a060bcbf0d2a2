/*
 * Constant weights in panels: the backend's private layout. Element types stay as they are.
 *
 * A panel holds `width` lines side by side: [depth][width], zeros behind the last line. Lines are columns of
 * a product's B, or output channels of a convolution's weights.
 *
 *   B[batch, k, n], groups = 0       for each member of the batch [ceil(n / width)][k][width]
 *   W[k, c/g, r, s], groups = g > 0  for each group [ceil((k/g) / width)][c/g * r * s][width]
 *
 * The depth of weights counts (c * R + r) * S + s for OCL_CHANNELS_OUTSIDE, (r * S + s) * C + c for
 * OCL_CHANNELS_INSIDE, where C = c/g.
 *
 * Weights of one spatial dimension W[k, c/g, s] count as r = 1. Weights of depthwise convolutions (c/g = 1)
 * may be told as one group: [ceil(k / width)][r * s][width].
 */
#ifndef BACKENDS_OPENCL_PANELS_H
#define BACKENDS_OPENCL_PANELS_H

#include <stdbool.h>
#include <stdint.h>

#include "steelyard/problem.h"
#include "steelyard/status.h"

#define OCL_PANELS_WIDTH_MAX 1024u
#define OCL_PANELS_GROUPS_MAX 65535u

/** Form of panels. width: 1 to OCL_PANELS_WIDTH_MAX. order: OCL_CHANNELS_*, of weights (OUTSIDE for a B).
 * groups: 0 for a product's B, else groups of the weights. */
typedef struct ocl_panels {
    uint32_t width, order, groups;
} ocl_panels;

/**
 * A tensor cut into panels. members: of the batch, or groups; lines and depth: of each; panels: of each.
 * channels, height and width_taps: C, R and S of the weights, which depth is the product of (k, 1, 1 of a B).
 */
typedef struct ocl_panels_extent {
    uint64_t members, lines, depth, panels, channels, height, width_taps;
    uint64_t elements; /* of the whole, zeros included */
} ocl_panels_extent;

/** The layout number (SY_LAYOUT_PRIVATE is set in it) of that form; 0 if a number is out of range: no panels
 * then. */
uint32_t ocl_panels_layout(uint32_t width, uint32_t order, uint32_t groups);

/** The form that a layout number stands for. false: it is none of ours; *out_panels is left alone. */
bool ocl_panels_read(uint32_t layout, ocl_panels *out_panels);

/** Cut a tensor, whatever its layout, into panels of that form. Errors: SY_INVALID_ARGUMENT: the tensor is no
 * B (rank 3) or no weights (rank 3 or 4, output channels a multiple of the groups); SY_UNSUPPORTED: too
 * large. */
sy_status ocl_panels_extent_of(
    const ocl_panels *panels, const sy_tensor *tensor, ocl_panels_extent *out_extent, sy_error *err);

/** Bytes of a tensor in the layout that it says. Errors: SY_UNSUPPORTED: a layout that is none of ours, or
 * too large; those of ocl_panels_extent_of(). */
sy_status ocl_panels_bytes(const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

#endif
