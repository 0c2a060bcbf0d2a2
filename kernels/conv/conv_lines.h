/* Register kernels of depthwise convolution over planes: padded lines of X to rows of Y. Internal. */
#ifndef KERNELS_CONV_CONV_LINES_H
#define KERNELS_CONV_CONV_LINES_H

#include <stdbool.h>
#include <stdint.h>

/* Floats of the longest vector: what lines have room for, however short rows of Y are. */
#define CONV_LINES_LANES 16

/**
 * Rows of Y of some planes out of lines of X with their padding. A line has stride[1] phases, `phase` floats
 * each: column u (counted from the padding) is element u / stride[1] of phase u % stride[1].
 *
 * planes       how many; x_plane, y_plane: floats from one to the next. Their weights follow each other.
 * high, width  rows of Y, pixels of each.
 * rows, cols   extents of the window; stride, dilation: along h, w.
 * x, x_row     the first line under the first row; floats from line to line. Room to read for max(width,
 *              CONV_LINES_LANES) pixels in every row; what the room holds does not matter.
 * w            weights, [row][col].
 * y, y_row     where the sums go.
 */
typedef struct conv_lines {
    int64_t planes, x_plane, y_plane, high, width, rows, cols, stride[2], dilation[2];
    const float *x, *w;
    int64_t x_row, phase;
    const float *ahead;
    int64_t ahead_row, ahead_plane;
    float *y;
    int64_t y_row;
} conv_lines;

/** Compute the rows. Taps are added column by column. */
typedef void (*conv_lines_fn)(const conv_lines *lines);

/** Spreading lines over the first `phases` of their phases (2 where stride is 2): `count` elements of each go
 * to columns pad, pad + 1 and so on. in_row, out_row: floats from line to line; in_plane, out_plane: from
 * plane to plane. */
typedef struct conv_spread {
    int64_t count, stride, phases, pad, phase, in_row, out_row, in_plane, out_plane;
} conv_spread;

/** Spread `lines` lines of each of some planes at `in`; other columns of `out` are left alone. */
typedef void (*conv_spread_fn)(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out);

void conv_lines_f32_generic(const conv_lines *lines);
void conv_lines_f32_avx2(const conv_lines *lines);
void conv_lines_f32_avx512(const conv_lines *lines);
void conv_lines_f32_neon(const conv_lines *lines);
void conv_spread_f32_generic(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out);
void conv_spread_f32_avx2(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out);
void conv_spread_f32_avx512(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out);
void conv_spread_f32_neon(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out);

#endif
