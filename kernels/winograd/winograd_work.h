/* A block of tiles on its way through transforms and products. Internal. */
#ifndef KERNELS_WINOGRAD_WINOGRAD_WORK_H
#define KERNELS_WINOGRAD_WINOGRAD_WORK_H

#include "kernels/conv/conv_problem.h"
#include "kernels/winograd/winograd.h"
#include "kernels/winograd/winograd_kernel.h"

/* Most tiles of a run, and most channels that one pass of a transform takes. */
enum { WINOGRAD_RUN = 16, WINOGRAD_CHUNK = 512, WINOGRAD_PATCH_CHUNK = 32 };

/**
 * A block of a thread's share.
 *
 * x              first channel of the group, image 0.
 * group          of channels. first, count: tiles, in the order image, row, column.
 * tiles          transformed: point i in plane i, a panel of kernel->rows tiles after the other, each as
 *                winograd_product_fn reads it. sums: point i in plane i, tile rows of block_panels * cols.
 * line           outputs of a run before they are stored. patch: a run's pixels, channels innermost, or NULL
 *                if the image lies so.
 */
typedef struct winograd_block {
    const sy_winograd_plan *plan;
    const winograd_kernel *kernel;
    const gemm_kernel *gemm;
    const sy_conv_args *args;
    const float *x;
    int64_t group, first, count;
    float *tiles, *sums, *line, *patch;
} winograd_block;

/** Up to WINOGRAD_RUN tiles side by side in one image, from tile `index` of the block on. */
typedef struct winograd_run {
    int64_t index, count, image, row, col; /* row, col: of the first tile, in tiles */
} winograd_run;

/** The run that begins at tile `index` of a block, index < count. */
static inline winograd_run winograd_run_at(const winograd_block *block, int64_t index) {
    const sy_winograd_plan *plan = block->plan;
    const int64_t tile = block->first + index, row = tile / plan->tiles_w;
    winograd_run run = {.index = index,
        .image = row / plan->tiles_h,
        .row = row % plan->tiles_h,
        .col = tile % plan->tiles_w,
        .count = WINOGRAD_RUN};
    const int64_t most = block->count - index, beside = plan->tiles_w - run.col;
    run.count = run.count < most ? run.count : most;
    run.count = run.count < beside ? run.count : beside;
    return run;
}

/* Floats from one point's plane to the next. A line more than the block keeps planes off each other's places
 * in the cache. */
static inline int64_t winograd_tiles_plane(const sy_winograd_plan *plan) {
    return plan->block_tiles * plan->depth + 16;
}

static inline int64_t winograd_sums_plane(const sy_winograd_plan *plan, const winograd_kernel *kernel) {
    return plan->block_tiles * plan->block_panels * kernel->cols + 16;
}

static inline int winograd_points(const sy_winograd_plan *plan) {
    return (plan->tile + 2) * (plan->tile + 2);
}

/** Whether images are read where they lie (channels innermost), without a patch. */
static inline bool winograd_is_in_place(const sy_conv_desc *desc) {
    return desc->x_stride[1] == 1;
}

/** Transform the block's tiles into block->tiles. */
void winograd_load(const winograd_block *block);

/** Transform the sums of panels [panel, panel + panels) back, finish and store them. */
void winograd_store(const winograd_block *block, int64_t panel, int64_t panels);

#endif
