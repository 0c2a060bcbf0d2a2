/* What the two direct depthwise ways share: packed weights, and which taps of an output pixel lie inside.
 * Internal. */
#ifndef KERNELS_CONV_CONV_DEPTHWISE_H
#define KERNELS_CONV_CONV_DEPTHWISE_H

/* Largest column stride for the way by planes: its copy keeps every column, used or not. */
#define CONV_PLANES_MAX_STRIDE 4

/* Largest padded extent for it, so that its sizes cannot overflow. */
#define CONV_PLANES_MAX_EXTENT (1 << 24)

/* Channels that are computed together. */
#define CONV_DEPTHWISE_BLOCK 1024

/* Sums that wait for their epilogue together, in floats. */
#define CONV_DEPTHWISE_SUMS 4096

#include "kernels/conv/conv_problem.h"
#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_problem.h"

/** Share of packing weights as [tap][channel], channels filled up with zeros, in f32 (f64 for f64 sums). */
void conv_depthwise_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed);

/** Channels of packed weights: those of the image, rounded up to whole tiles. */
int64_t conv_depthwise_lanes(const sy_conv_plan *plan);

/** Share of a convolution with channels as vectors (any layout and type; quick when the channel stride is 1).
 * scratch: conv_depthwise_scratch() bytes. */
void conv_depthwise_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch);

/** Bytes of scratch memory a part; false if they exceed the address space. */
bool conv_depthwise_scratch(const sy_conv_plan *plan, size_t *out_bytes);

/**
 * Scratch memory of the way by planes, in floats: the padded copy of a plane (rows of `pitch`: one `line` for
 * each remainder of the columns modulo the stride) and the sums of `band` rows of Y.
 */
typedef struct conv_planes_layout {
    int64_t rows, line, pitch, band, copy_floats, sums_floats;
} conv_planes_layout;

conv_planes_layout conv_planes_lay_out(const sy_conv_plan *plan);

/** The same with pixels of a row as vectors (f32 sums, planes). scratch: the layout's floats. */
void conv_planes_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch);

#endif
