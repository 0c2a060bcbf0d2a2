/*
 * Direct convolution into planes with pixels as lanes, for few channels and short windows: the rows that a
 * band reads are copied with their padding, every column stride apart in a line of its own, so that a tap of
 * consecutive pixels is a consecutive line. Neither the image nor the sums are turned. Internal.
 */
#ifndef KERNELS_CONV_CONV_LANES_H
#define KERNELS_CONV_CONV_LANES_H

#include "kernels/conv/conv_direct.h"

/** Whether lanes suit the convolution; the path must be set. */
bool conv_lanes_can(const sy_conv_plan *plan, const conv_shape *shape);

/** Bands, parts and memory; group_bytes is set. NULL, or why not. */
const char *conv_lanes_lay_out(sy_conv_plan *plan, const conv_shape *shape, int parts);

/** As conv_direct_run(). The bits do not depend on bands: a pixel is one chain over the taps whose rows lie
 * in the image; columns of padding are zeros. */
void conv_lanes_run(const sy_conv_plan *plan, const conv_shape *shape, const sy_conv_args *args,
    const void *packed, int part, void *scratch);

#endif
