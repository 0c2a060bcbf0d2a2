/* Bodies of the depthwise register kernels for channels side by side, over the vectors of gemm_vector.h; the
 * instances are in conv_taps_<isa>.c. */
#ifndef KERNELS_CONV_CONV_TAPS_VECTOR_H
#define KERNELS_CONV_CONV_TAPS_VECTOR_H

#include "kernels/conv/conv_taps.h"
#include "kernels/gemm/gemm_ending_vector.h"

/* Most pixels of a row of a strip, for windows of 3 and 5 columns, and of others. */
enum { STRIP_3 = 4, STRIP_5 = 8, STRIP_ANY = 4 };

/* Strips of `pixels` neighbouring pixels from q on, `count` of them. Inside the image, x holds the address of
 * the first column under the first strip for each line, and `step` is the distance of strips in floats; at
 * its edges x holds the addresses of all columns under one strip, line by line. */
typedef struct strips {
    const conv_block *block;
    int64_t q, pixels, count, step;
    bool is_edge;
    const float *x[CONV_MAX_COLUMNS];
} strips;

GEMM_INLINE void strip_weights(const float *w, const int cols, gemm_f32v *out) {
#pragma GCC unroll 5
    for (int s = 0; s < cols; s++)
        out[s] = load_f32v(w + s * GEMM_F32_LANES);
}

/* Where the sums of a strip come from and go to: x as in strips, `at` floats on; `ending` as in conv_block,
 * from channel `channel` on. */
typedef struct strip_work {
    const float *const *x;
    int64_t at, x_col;
    const float *w;
    float *y;
    int64_t y_row, y_col;
    const gemm_ending *ending;
    int64_t channel;
} strip_work;

/* Bias and bounds for sums of the vector of channels from `channel` on. */
GEMM_INLINE gemm_f32v block_ended(const ending_lane *lane, gemm_f32v sum) {
    return bound_f32v(lane, sum + lane->bias);
}

GEMM_INLINE void strip_end(
    const strip_work *work, const int rows, const int pixels, gemm_f32v sum[][STRIP_5]) {
    const ending_lane lane = ending_lane_f32(work->ending, work->channel, GEMM_F32_LANES);
#pragma GCC unroll 2
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 8
        for (int p = 0; p < pixels; p++)
            sum[i][p] = block_ended(&lane, sum[i][p]);
}

/* Line i under a strip: each pixel of X is read once for all its taps. Constants: cols, stride, rows of Y,
 * pixels of each, is_edge, and with two rows of windows of 3 rows, i. */
GEMM_INLINE void strip_line(const strip_work *work, const int64_t i, const int cols, const int stride,
    const int rows, const int pixels, const bool is_edge, gemm_f32v sum[][STRIP_5]) {
    const int columns = (pixels - 1) * stride + cols;
    const int64_t x_col = work->x_col;
    const float *x = is_edge ? NULL : work->x[i] + work->at;
    gemm_f32v w0[5], w1[5];
    if (rows == 1 || i < 3)
        strip_weights(work->w + i * cols * GEMM_F32_LANES, cols, w0);
    if (rows > 1 && i >= stride)
        strip_weights(work->w + (i - stride) * cols * GEMM_F32_LANES, cols, w1);
#pragma GCC unroll 19
    for (int j = 0; j < columns; j++) {
        const gemm_f32v column = load_f32v(is_edge ? work->x[i * columns + j] + work->at : x);
        x += is_edge ? 0 : x_col;
#pragma GCC unroll 8
        for (int p = 0; p < pixels; p++) {
            const int s = j - p * stride;
            if (s >= 0 && s < cols && (rows == 1 || i < 3))
                sum[0][p] += column * w0[s];
            if (s >= 0 && s < cols && rows > 1 && i >= stride)
                sum[1][p] += column * w1[s];
        }
    }
}

/* One vector of channels of a strip. */
GEMM_INLINE void strip_vector(const strip_work *work, const int64_t lines, const int cols, const int stride,
    const int rows, const int pixels, const bool is_edge) {
    gemm_f32v sum[2][STRIP_5] = {0};
    if (rows > 1) {
#pragma GCC unroll 5
        for (int i = 0; i < stride + 3; i++)
            strip_line(work, i, cols, stride, rows, pixels, is_edge, sum);
    } else {
#pragma GCC unroll 1
        for (int64_t i = 0; i < lines; i++)
            strip_line(work, i, cols, stride, rows, pixels, is_edge, sum);
    }
    if (work->ending)
        strip_end(work, rows, pixels, sum);
    float *y = work->y;
#pragma GCC unroll 8
    for (int p = 0; p < pixels; p++, y += work->y_col) {
        store_f32v(y, sum[0][p]);
        if (rows > 1)
            store_f32v(y + work->y_row, sum[1][p]);
    }
}

/* The pixels of X that the next block reads and this one did not, into L2. */
GEMM_INLINE void strip_fetch(
    const strips *all, int64_t n, const int64_t lines, const int stride, const int rows, const int pixels) {
    const conv_block *block = all->block;
    const int64_t fresh = rows * stride, low = lines > fresh ? lines - fresh : 0;
    const int64_t first = (all->q + n * pixels) * stride - block->pad, end = first + pixels * stride;
    const int64_t from = first < 0 ? 0 : first, till = end < block->width ? end : block->width;
    const bool is_dense = block->x_col == block->channels;
    const int64_t run = is_dense ? (till - from) * block->x_col : block->channels;
    for (int64_t i = low; i < lines && block->x[i]; i++)
        for (int64_t j = from; j < till; j += is_dense ? till - from : 1)
            for (int64_t c = 0; c < run; c += 16)
                __builtin_prefetch(block->x[i] + j * block->x_col + block->ahead + c, 0, 2);
}

/* All channels: the last vector begins where it still fits, so some are computed twice. */
GEMM_INLINE void strip_channels(const strips *all, const int cols, const int stride, const int rows,
    const int pixels, const bool is_edge) {
    const conv_block *block = all->block;
    const int64_t last = block->channels - GEMM_F32_LANES, taps_rows = block->rows;
    const int64_t lines = rows > 1 ? (rows - 1) * stride + 3 : taps_rows, count = all->count;
    const int64_t step = all->step, w_step = taps_rows * cols * GEMM_F32_LANES, y_col = block->ld;
    float *y = block->sums + (all->q - block->begin) * y_col;
    strip_work work = {.x = all->x,
        .x_col = block->x_col,
        .y_row = block->sums_row,
        .y_col = y_col,
        .ending = block->ending};
    for (int64_t n = 0; n < count; n++, y += pixels * y_col) {
        work.w = block->w;
        if (block->ahead)
            strip_fetch(all, n, lines, stride, rows, pixels);
        for (int64_t c = 0;; c += GEMM_F32_LANES, work.w += w_step) {
            const int64_t channel = c < last ? c : last;
            work.at = n * step + channel;
            work.channel = channel;
            work.y = y + channel;
            strip_vector(&work, lines, cols, stride, rows, pixels, is_edge);
            if (c >= last)
                break;
        }
    }
}

GEMM_INLINE void strip_pixels(
    const strips *all, const int cols, const int stride, const int rows, const bool is_edge) {
    switch (all->pixels) {
    case 1: strip_channels(all, cols, stride, rows, 1, is_edge); break;
    case 2: strip_channels(all, cols, stride, rows, 2, is_edge); break;
    case 3: strip_channels(all, cols, stride, rows, 3, is_edge); break;
    case 4: strip_channels(all, cols, stride, rows, 4, is_edge); break;
    default: break;
    }
    if (cols == 5)
        switch (all->pixels) {
        case 5: strip_channels(all, cols, stride, rows, 5, is_edge); break;
        case 6: strip_channels(all, cols, stride, rows, 6, is_edge); break;
        case 7: strip_channels(all, cols, stride, rows, 7, is_edge); break;
        case 8: strip_channels(all, cols, stride, rows, 8, is_edge); break;
        default: break;
        }
}

/* Addresses of the columns under a strip at an edge. */
GEMM_INLINE void strip_list(strips *all, int64_t lines, int64_t first, int64_t columns) {
    const conv_block *block = all->block;
    const int64_t x_col = block->x_col, left = block->width - first;
    const int64_t low = first < 0 ? -first : 0, high = left < columns ? left : columns;
    const float **x = all->x;
    for (int64_t i = 0; i < lines; i++) {
        const float *column = block->x[i] ? block->x[i] + (first + low) * x_col : block->zeros;
        const int64_t step = block->x[i] ? x_col : 0;
        for (int64_t j = 0; j < low && j < columns; j++)
            *x++ = block->zeros;
        for (int64_t j = low; j < high; j++, column += step)
            *x++ = column;
        for (int64_t j = high > low ? high : low; j < columns; j++)
            *x++ = block->zeros;
    }
}

/* Whether all lines are in the image. */
GEMM_INLINE bool is_full(const conv_block *block, int64_t lines) {
    for (int64_t i = 0; i < lines; i++)
        if (!block->x[i])
            return false;
    return true;
}

/* The next strips: those inside the image together, of at most `count`; one at an edge alone. */
GEMM_INLINE void strip_find(strips *all, int64_t count, int64_t lines, bool is_full) {
    const conv_block *block = all->block;
    const int64_t stride = block->stride[1], columns = (all->pixels - 1) * stride + block->cols;
    const int64_t first = all->q * stride - block->pad, left = block->width - first - columns;
    all->is_edge = !is_full || first < 0 || left < 0;
    all->count = 1;
    all->step = all->pixels * stride * block->x_col;
    if (all->is_edge) {
        strip_list(all, lines, first, columns);
        return;
    }
    all->count += left / (all->pixels * stride);
    all->count = all->count < count ? all->count : count;
    for (int64_t i = 0; i < lines; i++)
        all->x[i] = block->x[i] + first * block->x_col;
}

/* Strips of nearly equal length, the longer ones first. */
GEMM_INLINE void block_fixed(const conv_block *block, const int cols, const int stride, const int rows) {
    const int64_t width = block->end - block->begin, most = cols == 3 ? STRIP_3 : STRIP_5;
    const int64_t count = (width + most - 1) / most, longer = width % count;
    const int64_t lines = (rows - 1) * stride + block->rows;
    const bool is_whole = is_full(block, lines);
    strips all;
    all.block = block;
    all.q = block->begin;
    for (int64_t i = 0; i < count; i += all.count, all.q += all.count * all.pixels) {
        all.pixels = width / count + (i < longer);
        strip_find(&all, i < longer ? longer - i : count - i, lines, is_whole);
        if (all.is_edge)
            strip_pixels(&all, cols, stride, rows, true);
        else
            strip_pixels(&all, cols, stride, rows, false);
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
    if (block->ending) {
        const ending_lane lane = ending_lane_f32(block->ending, c, GEMM_F32_LANES);
#pragma GCC unroll 4
        for (int p = 0; p < pixels; p++)
            sum[p] = block_ended(&lane, sum[p]);
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
        block_fixed(block, 3, 1, 2);
    else if (cols == 3 && stride == 2 && block->high == 2)
        block_fixed(block, 3, 2, 2);
    else if (cols == 3 && stride == 1)
        block_fixed(block, 3, 1, 1);
    else if (cols == 3 && stride == 2)
        block_fixed(block, 3, 2, 1);
    else if (cols == 5 && stride == 1)
        block_fixed(block, 5, 1, 1);
    else if (cols == 5 && stride == 2)
        block_fixed(block, 5, 2, 1);
    else
        block_rows(block);
}

#endif
