/* Register kernels of direct depthwise convolution and their table. Internal. */
#ifndef KERNELS_CONV_CONV_TAPS_H
#define KERNELS_CONV_CONV_TAPS_H

#include "kernels/conv/conv_lines.h"
#include "kernels/gemm/gemm_ending.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most taps (r * s) of a direct convolution; more go through products. So sums of products of bytes are exact
 * in f32: 255 * 255 * 128 < 2^24. */
#define CONV_MAX_TAPS 128

/* Most rows of Y of a block of pixels, and of X under it. */
#define CONV_BLOCK_ROWS 2
#define CONV_MAX_LINES (CONV_MAX_TAPS + 2)

/* Most columns of X under the lines of a strip of pixels: 25 lines of 7 x 2 + 5, of windows of 5 columns. */
#define CONV_MAX_COLUMNS 480

/**
 * A block of output pixels with channels side by side: `high` rows of Y by the pixels [begin, end) of each,
 * and a run of channels.
 *
 * rows, cols  extents of the window.
 * stride      along h, w; with high = 2 as conv_block_high() allows.
 * dilation    along w; pad: columns left of the image; width: columns of the image.
 * x           (high - 1) * stride[0] + rows addresses: column 0 of the image's rows under the block; NULL
 *             where there is none. Row i of Y takes those from i * stride[0] on.
 * zeros       `channels` zeros: what is not in the image.
 * x_col       floats from column to column.
 * w           weights by vectors of `lanes` channels (conv_taps): tap t of vector v at w + (v * rows * cols +
 *             t) * lanes. The last vector begins at channels - lanes, if there are as many.
 * sums        row i, pixel q, channel c goes to sums[i * sums_row + (q - begin) * ld + c].
 * ahead       floats from a row of X to the row to be fetched meanwhile, 0: none.
 * ending      NULL, or bias (channel 0 of the block first) and bounds that sums are stored with; nothing is
 *             added to them, `out` is not used. Only for blocks of at least a vector of channels.
 */
typedef struct conv_block {
    int64_t high, begin, end, channels;
    int64_t rows, cols, stride[2], dilation, pad, width;
    const float *const *x;
    int64_t x_col;
    const float *zeros, *w;
    float *sums;
    int64_t sums_row, ld, ahead;
    const gemm_ending *ending;
} conv_block;

/** Compute the block; reads and writes no more than its channels. Taps are added row by row. */
typedef void (*conv_block_fn)(const conv_block *block);

/** Rows of Y that a block may have. */
static inline int64_t conv_block_high(int64_t rows, int64_t cols, const int64_t stride[2], bool is_dilated) {
    const bool is_square = rows == 3 && cols == 3 && stride[0] == stride[1] && stride[0] <= 2;
    return is_square && !is_dilated ? CONV_BLOCK_ROWS : 1;
}

/** out[j * out_step + i] = in[i * in_step + j], i < rows, j < cols: elements of four bytes, turned. */
typedef void (*conv_turn_fn)(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step);

/** One row of the table: an instruction set's functions. */
typedef struct conv_taps {
    uint32_t isa;
    int lanes;
    conv_block_fn block;
    conv_lines_fn lines;
    conv_spread_fn spread;
    conv_turn_fn turn;
} conv_taps;

/** The row for the level of an instruction set, else the generic one, which any CPU of this build runs. */
const conv_taps *conv_taps_find(uint32_t isa);

/** Row `index` of the table, NULL past the end. For tests and lists. */
const conv_taps *conv_taps_at(size_t index);

void conv_block_f32_generic(const conv_block *block);
void conv_block_f32_avx2(const conv_block *block);
void conv_block_f32_avx512(const conv_block *block);
void conv_block_f32_neon(const conv_block *block);

#endif
