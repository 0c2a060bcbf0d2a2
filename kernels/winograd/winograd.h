/*
 * Convolution of 3 x 3 windows by Winograd's minimal filtering, f32: 2.25 (tiles of 2 x 2 outputs) or 4 times
 * (tiles of 4 x 4) fewer multiplications than the direct sum. The contract is that of conv.h, whose
 * descriptor and operands it takes: pure functions, the caller owns memory and threads.
 *
 * Method   Y = A^T [(G g G^T) * (B^T d B)] A for each tile, the products of all channels gathered into
 *          (tile + 2)^2 matrix products. Weights are transformed in f64 and rounded once; images are
 *          transformed, multiplied and transformed back a block of tiles at a time, inside the cache.
 * Error    Larger than that of a direct sum by sy_winograd_bound_factor(), where every window's terms are of
 *          the size of its tile's. Where they are not, the error follows the tile: a tile of 4 x 4 outputs
 *          reads 6 x 6 pixels, and a NaN, an infinity or a huge value among them may reach any of the 16
 * outputs, also those whose own window has it not. Source   Lavin & Gray, arXiv 1509.09308; error and points:
 * Barabasz et al., arXiv 1803.10986.
 */
#ifndef KERNELS_WINOGRAD_WINOGRAD_H
#define KERNELS_WINOGRAD_WINOGRAD_H

#include "kernels/conv/conv.h"

/**
 * A convolution laid out for tiles; a plain value. Fields from `tile` on are the kernels' own.
 *
 * conv   desc, parts, steps, workspace_bytes, weights_bytes, p and q as in sy_conv_plan; `path` tells how Y
 *        lies; its other fields are not used.
 */
typedef struct sy_winograd_plan {
    sy_conv_plan conv;
    int32_t tile;
    int64_t tiles_h, tiles_w;          /* of one image */
    int64_t depth;                     /* channels of a group, filled up to whole vectors */
    int64_t block_tiles, block_panels; /* of one round: tiles, panels of output channels */
    int32_t parts_tiles, parts_panels;
    size_t group_bytes, shared_bytes, tiles_bytes, sums_bytes, line_bytes, scratch_bytes;
} sy_winograd_plan;

/**
 * Check `desc` and lay out the work for tiles of `tile` x `tile` outputs (2 or 4) on at most `parts` threads
 * (>= 1).
 *
 * Result   NULL and *out_plan filled; or a static text saying what is not possible, *out_plan all zero.
 * Takes    windows of 3 x 3, stride and dilation 1, x and w f32, at least 8 channels a group, pads of at most
 *          2 (a window all of padding, or of a few small values, would have an error but no size to measure
 *          it by). Any layout and posts.
 */
const char *sy_winograd_plan_init(const sy_conv_desc *desc, int tile, int parts, sy_winograd_plan *out_plan);

/**
 * As sy_conv_weights_pack(), of plan->conv.weights_bytes. The result serves every plan that has the same isa,
 * tile, c, k, groups; all else may differ.
 */
void sy_winograd_weights_pack(const sy_winograd_plan *plan, const void *w, int part, int parts, void *packed);

/** As sy_conv_step(): the same bits for any number of parts. */
void sy_winograd_step(const sy_winograd_plan *plan, const sy_conv_args *args, int64_t step, int part);

/** All steps and parts one after the other, on the calling thread. */
void sy_winograd_run(const sy_winograd_plan *plan, const sy_conv_args *args);

/**
 * How many times larger than that of a direct sum the standard deviation of an output's error may be, for
 * sums of `channels` channels; pad: those of sy_conv_desc. > 1. Both are relative to |x window| |w| u.
 *
 * Derivation  in winograd_error.c. For tiles of 2 the sums' own error is smaller than a direct sum's, and the
 *             roundings of the transforms count for few channels only.
 */
double sy_winograd_bound_factor(int tile, int64_t channels, const int64_t pad[4]);

/**
 * The tile that a convolution is quickest with on at most `parts` threads: 4, 2, or 0 where the direct sum
 * is, or nothing else can be. Depends on extents, groups, pads, isa and SY_CONV_W_CONST alone; a pure, quick
 * guess.
 */
int sy_winograd_choose(const sy_conv_desc *desc, int parts);

/** Arithmetic done (products and transforms of images) over that of the direct sum, 2 n k p q c r s / groups;
 * 1 if there is none. */
double sy_winograd_flop_ratio(const sy_winograd_plan *plan);

#endif
