/* Direct depthwise convolution: packed weights, widened rows of X, strips. Internal. */
#ifndef KERNELS_CONV_CONV_DEPTHWISE_H
#define KERNELS_CONV_CONV_DEPTHWISE_H

#include "kernels/conv/conv_problem.h"
#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_problem.h"

/* Most channels that are computed together. */
#define CONV_DEPTHWISE_BLOCK 1024

/* Floats of X and Y from which on X is fetched ahead: below, that costs more than it saves (Zen 3). */
#define CONV_FAR_FLOATS (3 << 18)

/** Channels of packed weights: those of the image, rounded up to whole tiles. */
int64_t conv_depthwise_lanes(const sy_conv_plan *plan);

/** Share of packing weights in f32: as conv_block wants them, or [channel][tap] for PLANES; for f64 sums in
 * f64, [tap][channel], channels filled up with zeros. */
void conv_depthwise_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed);

/** Share of a convolution with path DEPTHWISE. scratch: conv_depthwise_scratch() bytes. */
void conv_depthwise_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch);

/** The same for f64 sums: plain loops. */
void conv_depthwise_run_f64(const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part);

/** Bytes of scratch memory a part; false if they exceed the address space. */
bool conv_depthwise_scratch(const sy_conv_plan *plan, size_t *out_bytes);

/** Sums of bytes, which are whole numbers, to s32 where they lie. */
void conv_depthwise_s32(float *sums, int64_t count);

/** The same for path PLANES: whether its kernels take X as it lies and the window, memory, weights, a share.
 */
bool conv_planes_can(const sy_conv_plan *plan);
bool conv_planes_scratch(const sy_conv_plan *plan, size_t *out_bytes);
void conv_planes_pack(const sy_conv_plan *plan, const void *w, int part, int parts, float *packed);
void conv_planes_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch);

/** Rows of Y that are computed together. */
int64_t conv_depthwise_high(const sy_conv_desc *desc);

/**
 * Rows of a block of channels of an image as f32, channels contiguous (`ld` floats a pixel): where they lie,
 * or widened into a ring of `rows` rows. next: first row that is not in the ring yet.
 */
typedef struct conv_rows {
    const sy_conv_plan *plan;
    const void *x;
    float *ring;
    bool is_in_place;
    int64_t rows, ld, image, channel, channels, next;
} conv_rows;

/** A run of elements `stride` apart, widened. */
void conv_rows_load(
    uint32_t dtype, const void *x, int64_t first, int64_t stride, int64_t count, float *restrict out);

/** Whether rows of X can be used where they lie. */
bool conv_rows_in_place(const sy_conv_desc *desc);

/** Rows of the ring for blocks of `block` channels: all of the image if they stay in cache, else as many as a
 * window reaches over. */
int64_t conv_rows_count(const sy_conv_plan *plan, int64_t block);

/** Have rows [first, end) of the image there; rows below `first` are not asked for again. */
void conv_rows_fill(conv_rows *rows, int64_t first, int64_t end);

/** Column 0 of row `row`; the distance of columns, in floats, in *out_step. */
const float *conv_rows_at(const conv_rows *rows, int64_t row, int64_t *out_step);

#endif
