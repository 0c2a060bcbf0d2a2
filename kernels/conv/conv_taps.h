/* Register kernels of direct depthwise convolution and their table. Internal. */
#ifndef KERNELS_CONV_CONV_TAPS_H
#define KERNELS_CONV_CONV_TAPS_H

#include <stddef.h>
#include <stdint.h>

/* Most taps (r * s) of a direct convolution; more go through products. So sums of products of bytes are exact
 * in f32: 255 * 255 * 128 < 2^24. */
#define CONV_MAX_TAPS 128

/* Most pixels of a strip. */
#define CONV_STRIP 6

/**
 * Strips of neighbouring output pixels of one row, and a run of channels.
 *
 * rows, cols   extents of the window (rows: those inside the image).
 * x            rows lists of (pixels - 1) * stride + cols addresses: input columns of the strip, `channels`
 *              contiguous floats each. For dilated windows pixels is 1 and the columns are the taps.
 * w            weights: tap (r, s) at w + r * w_row + s * w_col, a float a channel.
 * sums         pixel i, channel c goes to sums[i * ld + c].
 * count        strips one after the other: the addresses of each are x_step further than those of the one
 *              before.
 * ahead        elements from X to what is read next after this row: fetched ahead.
 */
typedef struct conv_strip {
    int64_t rows, cols, stride, pixels, channels;
    const float *const *x;
    const float *w;
    int64_t w_row, w_col;
    float *sums;
    int64_t ld, count, x_step, ahead;
} conv_strip;

/** Compute the strips; reads and writes no more than their channels. Taps are added row by row. */
typedef void (*conv_strip_fn)(const conv_strip *strip);

/** out[j * out_step + i] = in[i * in_step + j], i < rows, j < cols: elements of four bytes, turned. */
typedef void (*conv_turn_fn)(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step);

/** One row of the table: an instruction set's functions. */
typedef struct conv_taps {
    uint32_t isa;
    conv_strip_fn strip;
    conv_turn_fn turn;
} conv_taps;

/** The row for the level of an instruction set, else the generic one, which any CPU of this build runs. */
const conv_taps *conv_taps_find(uint32_t isa);

/** Row `index` of the table, NULL past the end. For tests and lists. */
const conv_taps *conv_taps_at(size_t index);

void conv_strip_f32_generic(const conv_strip *strip);
void conv_strip_f32_avx2(const conv_strip *strip);
void conv_strip_f32_avx512(const conv_strip *strip);
void conv_strip_f32_neon(const conv_strip *strip);

#endif
