/* Bodies of the depthwise register kernels for channels side by side, over the vectors of gemm_vector.h; the
 * instances are in conv_taps_<isa>.c. */
#ifndef KERNELS_CONV_CONV_TAPS_VECTOR_H
#define KERNELS_CONV_CONV_TAPS_VECTOR_H

#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_vector.h"

/* Most pixels of a row of a strip, for windows of 3 columns, and of others. */
enum { STRIP_3 = 4, STRIP_5 = 6, STRIP_ANY = 4 };

/* Neighbouring pixels of the rows of a block, and those that lie alike after them. x: the columns of X under
 * each line of the first `pixels`; step: floats from one strip to the next. */
typedef struct strips {
    const conv_block *block;
    int64_t q, pixels, count, step;
    const float *x[CONV_MAX_COLUMNS];
} strips;

GEMM_INLINE void strip_weights(const float *w, const int cols, gemm_f32v *out) {
#pragma GCC unroll 5
    for (int s = 0; s < cols; s++)
        out[s] = load_f32v(w + s * GEMM_F32_LANES);
}

/* One vector of channels of a strip: each pixel of X is read once for all its taps. x: its columns, at `at`
 * floats; w: its weights; y: where its sums go. Constants: cols, stride, rows of Y, pixels of each. */
GEMM_INLINE void strip_vector(const float *const *x, int64_t at, const float *w, const int64_t taps_rows,
    const int cols, const int stride, const int rows, const int pixels, float *y, int64_t y_row, int64_t ld) {
    const int columns = (pixels - 1) * stride + cols;
    const int64_t lines = rows > 1 ? (rows - 1) * stride + 3 : taps_rows;
    gemm_f32v sum[2][6] = {0};
#pragma GCC unroll 5
    for (int64_t i = 0; i < lines; i++) {
        gemm_f32v w0[5], w1[5];
        if (rows == 1 || i < 3)
            strip_weights(w + i * cols * GEMM_F32_LANES, cols, w0);
        if (rows > 1 && i >= stride)
            strip_weights(w + (i - stride) * cols * GEMM_F32_LANES, cols, w1);
#pragma GCC unroll 15
        for (int j = 0; j < columns; j++) {
            const gemm_f32v column = load_f32v(x[i * columns + j] + at);
#pragma GCC unroll 6
            for (int p = 0; p < pixels; p++) {
                const int s = j - p * stride;
                if (s >= 0 && s < cols && (rows == 1 || i < 3))
                    sum[0][p] += column * w0[s];
                if (s >= 0 && s < cols && rows > 1 && i >= stride)
                    sum[1][p] += column * w1[s];
            }
        }
    }
#pragma GCC unroll 2
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 6
        for (int p = 0; p < pixels; p++)
            store_f32v(y + i * y_row + p * ld, sum[i][p]);
}

/* The pixels of X that the next block reads and this one did not. */
GEMM_INLINE void strip_fetch(
    const strips *all, int64_t n, const int cols, const int stride, const int rows, const int pixels) {
    const conv_block *block = all->block;
    const int columns = (pixels - 1) * stride + cols;
    const int64_t lines = (rows - 1) * stride + block->rows, fresh = rows * stride,
                  low = lines > fresh ? lines - fresh : 0;
    for (int64_t i = low; i < lines; i++)
        for (int64_t j = 0; j < pixels * stride && j < columns; j++)
            for (int64_t c = 0; c < block->channels; c += 16)
                __builtin_prefetch(all->x[i * columns + j] + n * all->step + block->ahead + c);
}

/* All channels: the last vector begins where it still fits, so some are computed twice. */
GEMM_INLINE void strip_channels(
    const strips *all, const int cols, const int stride, const int rows, const int pixels) {
    const conv_block *block = all->block;
    const int64_t last = block->channels - GEMM_F32_LANES, y_row = block->sums_row, ld = block->ld;
    const int64_t step = all->step, ahead = block->ahead, taps_rows = block->rows, count = all->count;
    float *y = block->sums + (all->q - block->begin) * ld;
    for (int64_t n = 0; n < count; n++, y += pixels * ld) {
        const float *w = block->w;
        if (ahead)
            strip_fetch(all, n, cols, stride, rows, pixels);
        for (int64_t c = 0; c < last; c += GEMM_F32_LANES, w += taps_rows * cols * GEMM_F32_LANES)
            strip_vector(all->x, n * step + c, w, taps_rows, cols, stride, rows, pixels, y + c, y_row, ld);
        strip_vector(all->x, n * step + last, w, taps_rows, cols, stride, rows, pixels, y + last, y_row, ld);
    }
}

GEMM_INLINE void strip_pixels(
    const strips *all, const int cols, const int stride, const int rows, const int most) {
    switch (all->pixels) {
    case 1: strip_channels(all, cols, stride, rows, 1); break;
    case 2: strip_channels(all, cols, stride, rows, 2); break;
    case 3: strip_channels(all, cols, stride, rows, 3); break;
    case 4: strip_channels(all, cols, stride, rows, 4); break;
    default:
        if (most > 4 && all->pixels == 5)
            strip_channels(all, cols, stride, rows, 5);
        else if (most > 4)
            strip_channels(all, cols, stride, rows, 6);
    }
}

/* Addresses of the columns under a strip. */
GEMM_INLINE void strip_list(strips *all, int64_t lines) {
    const conv_block *block = all->block;
    const int64_t first = all->q * block->stride[1] - block->pad, width = block->width, x_col = block->x_col;
    const int64_t columns = (all->pixels - 1) * block->stride[1] + block->cols;
    const float *zeros = block->zeros, **x = all->x;
    for (int64_t i = 0; i < lines; i++) {
        const float *line = block->x[i];
        for (int64_t j = 0; j < columns; j++)
            *x++ = line && first + j >= 0 && first + j < width ? line + (first + j) * x_col : zeros;
    }
}

/* Whether all lines are in the image. */
GEMM_INLINE bool is_full(const conv_block *block, int64_t lines) {
    for (int64_t i = 0; i < lines; i++)
        if (!block->x[i])
            return false;
    return true;
}

/* How many strips from `q` on, of `count`, read no column outside the image. */
GEMM_INLINE int64_t strip_alike(const conv_block *block, int64_t q, int64_t pixels, int64_t count) {
    const int64_t first = q * block->stride[1] - block->pad, step = pixels * block->stride[1];
    const int64_t left = block->width - first - (pixels - 1) * block->stride[1] - block->cols;
    if (first < 0 || left < 0)
        return 1;
    return left / step + 1 < count ? left / step + 1 : count;
}

/* Strips of nearly equal length, the longer ones first. */
GEMM_INLINE void block_fixed(
    const conv_block *block, const int cols, const int stride, const int rows, const int most) {
    const int64_t width = block->end - block->begin, count = (width + most - 1) / most;
    const int64_t longer = width % count, lines = (rows - 1) * stride + block->rows;
    const bool is_whole = is_full(block, lines);
    strips all = {.block = block, .q = block->begin};
    for (int64_t i = 0; i < count; i += all.count) {
        const int64_t same = i < longer ? longer - i : count - i;
        all.pixels = width / count + (i < longer);
        all.count = is_whole ? strip_alike(block, all.q, all.pixels, same) : 1;
        all.step = all.pixels * stride * block->x_col;
        strip_list(&all, lines);
        strip_pixels(&all, cols, stride, rows, most);
        all.q += all.count * all.pixels;
    }
}

/* Any window: one vector of channels of some pixels whose taps [low, high) of a row are in the image. */
GEMM_INLINE void any_vector(const conv_block *block, int64_t q, const int pixels, int64_t low, int64_t high,
    int64_t c, const float *weights) {
    const int64_t first = q * block->stride[1] - block->pad, step = block->stride[1] * block->x_col;
    gemm_f32v sum[STRIP_ANY] = {0};
    for (int64_t r = 0; r < block->rows; r++) {
        if (!block->x[r])
            continue;
        for (int64_t s = low; s < high; s++) {
            const float *x = block->x[r] + (first + s * block->dilation) * block->x_col + c;
            const gemm_f32v w = load_f32v(weights + (r * block->cols + s) * GEMM_F32_LANES);
#pragma GCC unroll 4
            for (int p = 0; p < pixels; p++)
                sum[p] += load_f32v(x + p * step) * w;
        }
    }
#pragma GCC unroll 4
    for (int p = 0; p < pixels; p++)
        store_f32v(block->sums + (q - block->begin + p) * block->ld + c, sum[p]);
}

GEMM_INLINE void any_channels(
    const conv_block *block, int64_t q, const int pixels, int64_t low, int64_t high) {
    const int64_t last = block->channels - GEMM_F32_LANES, taps = block->rows * block->cols;
    const float *w = block->w;
    for (int64_t c = 0; c < last; c += GEMM_F32_LANES, w += taps * GEMM_F32_LANES)
        any_vector(block, q, pixels, low, high, c, w);
    any_vector(block, q, pixels, low, high, last, w);
}

/* Fewer channels than a vector. */
GEMM_INLINE void any_few(const conv_block *block, int64_t q, int64_t low, int64_t high) {
    const int64_t first = q * block->stride[1] - block->pad;
    for (int64_t c = 0; c < block->channels; c++) {
        float sum = 0;
        for (int64_t r = 0; r < block->rows; r++)
            for (int64_t s = low; block->x[r] && s < high; s++)
                sum += block->x[r][(first + s * block->dilation) * block->x_col + c] *
                       block->w[(r * block->cols + s) * GEMM_F32_LANES + c];
        block->sums[(q - block->begin) * block->ld + c] = sum;
    }
}

/* Pixels at the edges of the image go one by one. */
GEMM_INLINE void block_any(const conv_block *block) {
    const int64_t dilation = block->dilation, reach = (block->cols - 1) * dilation;
    for (int64_t q = block->begin; q < block->end;) {
        const int64_t first = q * block->stride[1] - block->pad;
        const int64_t far = first + (STRIP_ANY - 1) * block->stride[1] + reach;
        const int64_t low = first < 0 ? (-first + dilation - 1) / dilation : 0;
        const int64_t left = block->width - first, end = left <= 0 ? 0 : (left + dilation - 1) / dilation;
        const int64_t high = end < block->cols ? end : block->cols;
        const bool is_inside = first >= 0 && far < block->width && q + STRIP_ANY <= block->end;
        if (block->channels < GEMM_F32_LANES)
            any_few(block, q, low, high);
        else if (is_inside)
            any_channels(block, q, STRIP_ANY, low, high);
        else
            any_channels(block, q, 1, low, high);
        q += is_inside && block->channels >= GEMM_F32_LANES ? STRIP_ANY : 1;
    }
}

/* A row of a block of two. */
GEMM_INLINE void block_rows(const conv_block *block) {
    for (int64_t i = 0; i < block->high; i++) {
        conv_block row = *block;
        row.high = 1;
        row.x += i * block->stride[0];
        row.sums += i * block->sums_row;
        block_any(&row);
    }
}

GEMM_INLINE void block_f32(const conv_block *block) {
    const bool is_fixed = block->dilation == 1 && block->channels >= GEMM_F32_LANES;
    const int64_t cols = is_fixed ? block->cols : 0, stride = block->stride[1];
    if (cols == 3 && stride == 1 && block->high == 2)
        block_fixed(block, 3, 1, 2, STRIP_3);
    else if (cols == 3 && stride == 2 && block->high == 2)
        block_fixed(block, 3, 2, 2, STRIP_3);
    else if (cols == 3 && stride == 1)
        block_fixed(block, 3, 1, 1, STRIP_3);
    else if (cols == 3 && stride == 2)
        block_fixed(block, 3, 2, 1, STRIP_3);
    else if (cols == 5 && stride == 1)
        block_fixed(block, 5, 1, 1, STRIP_5);
    else if (cols == 5 && stride == 2)
        block_fixed(block, 5, 2, 1, STRIP_5);
    else
        block_rows(block);
}

#endif
