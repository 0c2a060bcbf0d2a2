/*
 * Direct convolution: open tiles read the image where it lies (or a band of it, copied as dense channels when
 * its type or layout is another), tap by tap, through lists of addresses. Internal.
 *
 * A band is a rectangle of output pixels of one image; its pixels are grouped by which taps fall inside the
 * image, so that padding is not computed but skipped; what a group has not in common reads zeros.
 * Source: addresses in place of an unfolded image: Dukhan, The Indirect Convolution Algorithm, arXiv
 * 1907.02129; the grouping is our own.
 */
#ifndef KERNELS_CONV_CONV_DIRECT_H
#define KERNELS_CONV_CONV_DIRECT_H

#include "kernels/conv/conv_problem.h"
#include "kernels/gemm/gemm_open.h"

/* Most pieces along one axis of a band; with more, the axis is one piece that reads zeros. */
#define CONV_MAX_CUTS 8
#define CONV_MAX_REGIONS (CONV_MAX_CUTS * CONV_MAX_CUTS)

/* Zeros that are read in place of one tap outside the image. */
#define CONV_ZERO_BYTES 4096

/* Most taps (rows of the window if merged) of a stretch of depth. */
#define CONV_MAX_RUNS 32

/**
 * The convolution as this way sees it: an axis with one tap keeps only the pixels it takes, a 1 x 1 one over
 * dense pixels is one long row. Strides in elements.
 */
typedef struct conv_shape {
    const gemm_open *open;
    int64_t n, h, w, p, q;
    int64_t stride[2], pad[2]; /* along h, w; pads above and left */
    int64_t x_image, x_row, x_col;
    int64_t y_image, y_row, y_col;
    bool is_in_place, is_merged, is_line, is_strip, is_lanes;
    int64_t units; /* of depth a tap: channels of a group, as open->a has them */
    int64_t block; /* units of depth of a stretch at most */
} conv_shape;

/** Output pixels [p, p_end) x [q, q_end) of an image and group, and where its input lies. */
typedef struct conv_band {
    int64_t image, group, p, p_end, q, q_end;
    const unsigned char *x; /* input pixel (row, col), channel 0 of the group */
    int64_t row, col;
    int64_t row_bytes, col_bytes;
} conv_band;

/** Output pixels [p, p_end) x [q, q_end) of a band and the taps that any of them has inside the image: all of
 * them have all of these if exact. */
typedef struct conv_region {
    int64_t p, p_end, q, q_end, r_begin, r_end, s_begin, s_end;
    bool is_exact;
} conv_region;

/** Some pixels that are computed together. pixel: index in the band; row, col: input of its tap (0, 0). */
typedef struct conv_tile {
    int32_t rows, runs;
    const gemm_open_run *run;
    int64_t r_begin, r_end, s_begin, s_end; /* taps that any pixel has inside */
    bool is_exact;                          /* all of them have all of these inside */
    int64_t pixel[GEMM_OPEN_MAX_ROWS], y[GEMM_OPEN_MAX_ROWS], sum[GEMM_OPEN_MAX_ROWS];
    int64_t row[GEMM_OPEN_MAX_ROWS], col[GEMM_OPEN_MAX_ROWS];
    int64_t x[GEMM_OPEN_MAX_ROWS]; /* bytes from the band's first input pixel */
} conv_tile;

/** A stretch of depth: taps (rows of the window if merged) [begin, end), units [unit, unit + count) of each.
 */
typedef struct conv_stretch {
    int64_t begin, end, unit, count;
} conv_stretch;

/** The open tiles of a problem; NULL if there are none that go with its panels. */
const gemm_open *conv_open(const sy_conv_desc *desc);

/** Whether this way can compute the plan's convolution (its path need not be set). */
bool conv_direct_can(const sy_conv_plan *plan);

/** Bands, blocks and memory of a plan whose path is DIRECT or DIRECT_PLANES. NULL, or why not. */
const char *conv_direct_lay_out(sy_conv_plan *plan, int parts);

/** The path must be set. */
void conv_shape_init(const sy_conv_plan *plan, conv_shape *out_shape);

/** Stretch `index` of depth, of conv_stretch_count(). */
int64_t conv_stretch_count(const sy_conv_plan *plan, const conv_shape *shape);
conv_stretch conv_stretch_at(const sy_conv_plan *plan, const conv_shape *shape, int64_t index);

/** Regions of a band; returns how many, CONV_MAX_REGIONS at most. */
int conv_band_regions(
    const sy_conv_plan *plan, const conv_shape *shape, const conv_band *band, conv_region *out_regions);

/** Tiles of all regions of a band, without their runs; returns how many. */
int64_t conv_band_tiles(const conv_shape *shape, const conv_band *band, const conv_region *regions,
    int n_regions, conv_tile *out_tiles);

/** Most tiles of any band. */
int64_t conv_band_most_tiles(const sy_conv_plan *plan, const conv_shape *shape);

/** List the runs of all tiles for a stretch, in `memory` (plan->list_bytes). */
void conv_band_list(const sy_conv_plan *plan, const conv_shape *shape, const conv_band *band,
    conv_stretch stretch, conv_tile *tiles, int64_t count, unsigned char *memory);

/** Copy the input of a band as dense units to `memory`, and point to it. */
void conv_band_copy(
    const sy_conv_plan *plan, const conv_shape *shape, const void *x, conv_band *band, unsigned char *memory);

/** Bytes of the largest such copy. */
bool conv_band_copy_bytes(const sy_conv_plan *plan, const conv_shape *shape, size_t *out_bytes);

/** Share of packing weights: panels of columns, tap by tap, each tap whole units. */
void conv_direct_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed);

/** The share of a part. packed: weights in panels of columns. scratch: plan->scratch_bytes. */
void conv_direct_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch);

#endif
