/* Bodies of the depthwise register kernels for planes, pixels of a row as vectors, over the vectors of
 * gemm_vector.h; the instances are in conv_taps_<isa>.c. */
#ifndef KERNELS_CONV_CONV_LINES_VECTOR_H
#define KERNELS_CONV_CONV_LINES_VECTOR_H

#include "kernels/conv/conv_lines.h"
#include "kernels/gemm/gemm_vector.h"

/* Rows of Y that are computed together, and most where they are short. */
enum { LINES_HIGH = 4, LINES_TALL = 8 };

/* Four floats, where a vector is too long. */
typedef float lines_f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

#define LINES_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/* Elements 0, 2, ... and 1, 3, ... of two vectors at `in`. With 32 bytes the halves are loaded so that one
 * shuffle inside of each is enough. */
#if GEMM_VECTOR_BYTES == 64
GEMM_INLINE void split_pair(const float *in, float *even, float *odd) {
    const gemm_f32v a = load_f32v(in), b = load_f32v(in + GEMM_F32_LANES);
    store_f32v(even, LINES_PICK(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
    store_f32v(odd, LINES_PICK(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
}
#elif GEMM_VECTOR_BYTES == 32
GEMM_INLINE void split_pair(const float *in, float *even, float *odd) {
    const lines_f32x4 *at = (const lines_f32x4 *)in;
    const gemm_f32v a = LINES_PICK(at[0], at[2], 0, 1, 2, 3, 4, 5, 6, 7);
    const gemm_f32v b = LINES_PICK(at[1], at[3], 0, 1, 2, 3, 4, 5, 6, 7);
    store_f32v(even, LINES_PICK(a, b, 0, 2, 8, 10, 4, 6, 12, 14));
    store_f32v(odd, LINES_PICK(a, b, 1, 3, 9, 11, 5, 7, 13, 15));
}
#else
GEMM_INLINE void split_pair(const float *in, float *even, float *odd) {
    const gemm_f32v a = load_f32v(in), b = load_f32v(in + GEMM_F32_LANES);
    store_f32v(even, LINES_PICK(a, b, 0, 2, 4, 6));
    store_f32v(odd, LINES_PICK(a, b, 1, 3, 5, 7));
}
#endif

/* A line of X, all taps of a row of 3 at once: line i of those under `high` rows of Y. w: the 9 weights. */
GEMM_INLINE void line_add_3(const float *x, int64_t phase, const gemm_f32v *w, const int i, const int stride,
    const int high, gemm_f32v *sum) {
#pragma GCC unroll 3
    for (int s = 0; s < 3; s++) {
        const gemm_f32v line = load_f32v(x + s % stride * phase + s / stride);
#pragma GCC unroll 4
        for (int a = 0; a < high; a++)
            if (i >= a * stride && i < a * stride + 3)
                sum[a] += line * w[(i - a * stride) * 3 + s];
    }
}

/* A vector of pixels of `high` rows of Y, window 3 x 3: all weights stay in registers. */
GEMM_INLINE void lines_sum_3(const conv_lines *lines, const float *x, const gemm_f32v *w, const int stride,
    const int high, gemm_f32v *sum) {
    const int64_t x_row = lines->x_row, phase = lines->phase;
#pragma GCC unroll 4
    for (int a = 0; a < high; a++)
        sum[a] = (gemm_f32v){0};
#pragma GCC unroll 9
    for (int i = 0; i < (high - 1) * stride + 3; i++, x += x_row)
        line_add_3(x, phase, w, i, stride, high, sum);
}

/* Where rows [row, row + high) of Y go: rows shorter than a vector are stored whole where further rows, of
 * this plane or the next, go over the rest of the last, else to `flat`, a vector a row. */
GEMM_INLINE bool is_flat(const conv_lines *lines, int64_t row, int64_t high) {
    const int64_t width = lines->width, more = lines->y_plane == lines->high * width ? lines->planes - 1 : 0;
    const int64_t after = lines->high - (row + high - 1) + more * lines->high;
    return width < GEMM_F32_LANES && (lines->y_row != width || after * width < GEMM_F32_LANES);
}

/* Rows of less than a vector from `flat` to their places. */
GEMM_INLINE void put_flat(const conv_lines *lines, int64_t row, int64_t high, const float *flat) {
    const int64_t width = lines->width, last = width - 4;
    float *y = lines->y + row * lines->y_row;
    for (int64_t a = 0; a < high; a++, flat += GEMM_F32_LANES, y += lines->y_row) {
        if (last < 0) {
            for (int64_t q = 0; q < width; q++)
                y[q] = flat[q];
            continue;
        }
        for (int64_t q = 0; q < last; q += 4)
            *(lines_f32x4 *)(y + q) = *(const lines_f32x4 *)(flat + q);
        *(lines_f32x4 *)(y + last) = *(const lines_f32x4 *)(flat + last);
    }
}

/* The elements of X, into L2, that are wanted as long after those under these rows as `ahead` says. */
GEMM_INLINE void lines_fetch(const conv_lines *lines, int64_t row, int64_t high) {
    const int64_t step = lines->stride[0] * lines->ahead_row, end = high * step;
    const float *x = lines->ahead + row * step;
    for (int64_t i = 0; i < end; i += 16)
        __builtin_prefetch(x + i, 0, 2);
}

/* Rows [row, row + high) of Y; the last vector begins where it still fits. */
GEMM_INLINE void lines_rows_3(
    const conv_lines *lines, const gemm_f32v *w, const int stride, const int high, int64_t row) {
    float flat[LINES_HIGH * GEMM_F32_LANES];
    const bool through = is_flat(lines, row, high);
    const int64_t y_row = through ? GEMM_F32_LANES : lines->y_row, over = lines->width - GEMM_F32_LANES;
    const int64_t last = over < 0 ? 0 : over;
    const float *x = lines->x + row * stride * lines->x_row;
    float *y = through ? flat : lines->y + row * y_row;
    if (lines->ahead)
        lines_fetch(lines, row, high);
    for (int64_t q = 0;; q += GEMM_F32_LANES) {
        gemm_f32v sum[LINES_HIGH];
        const int64_t at = q < last ? q : last;
        lines_sum_3(lines, x + at, w, stride, high, sum);
        float *to = y + at;
#pragma GCC unroll 4
        for (int a = 0; a < high; a++, to += y_row)
            store_f32v(to, sum[a]);
        if (q >= last)
            break;
    }
    if (through)
        put_flat(lines, row, high, flat);
}

GEMM_INLINE void lines_3(const conv_lines *lines, const int stride) {
    gemm_f32v w[9];
    int64_t row = 0;
#pragma GCC unroll 9
    for (int t = 0; t < 9; t++)
        w[t] = lines->w[t] - (gemm_f32v){0};
    for (; row + LINES_HIGH <= lines->high; row += LINES_HIGH)
        lines_rows_3(lines, w, stride, LINES_HIGH, row);
    switch (lines->high - row) {
    case 3: lines_rows_3(lines, w, stride, 3, row); break;
    case 2: lines_rows_3(lines, w, stride, 2, row); break;
    case 1: lines_rows_3(lines, w, stride, 1, row); break;
    default: break;
    }
}

/* One vector of pixels of `high` rows of Y, or two, the second `gap` pixels on, window 5 x 5: a column of
 * weights at a time. */
GEMM_INLINE void lines_sum_5(const conv_lines *lines, const float *x, const int stride, const int high,
    const int vectors, int64_t gap, gemm_f32v sum[][2]) {
    const int64_t x_row = lines->x_row;
#pragma GCC unroll 1
    for (int64_t s = 0; s < 5; s++) {
        const float *at = x + s % stride * lines->phase + s / stride, *w = lines->w + s;
        gemm_f32v weight[5];
#pragma GCC unroll 5
        for (int r = 0; r < 5; r++)
            weight[r] = w[5 * r] - (gemm_f32v){0};
#pragma GCC unroll 19
        for (int i = 0; i < (high - 1) * stride + 5; i++, at += x_row) {
            const gemm_f32v one = load_f32v(at), two = vectors > 1 ? load_f32v(at + gap) : one;
#pragma GCC unroll 8
            for (int a = 0; a < high; a++)
                if (i >= a * stride && i < a * stride + 5) {
                    sum[a][0] += one * weight[i - a * stride];
                    if (vectors > 1)
                        sum[a][1] += two * weight[i - a * stride];
                }
        }
    }
}

/* Rows [row, row + high) of Y, longer than a vector. */
GEMM_INLINE void lines_wide_5(const conv_lines *lines, const int stride, const int high, int64_t row) {
    const int64_t y_row = lines->y_row, width = lines->width, last = width - GEMM_F32_LANES;
    const float *x = lines->x + row * stride * lines->x_row;
    float *y = lines->y + row * y_row;
    if (lines->ahead)
        lines_fetch(lines, row, high);
    for (int64_t q = 0; q < width; q += 2 * GEMM_F32_LANES) {
        gemm_f32v sum[LINES_HIGH][2] = {0};
        const int64_t at = q < last ? q : last, left = last - at;
        const int64_t gap = left < GEMM_F32_LANES ? left : GEMM_F32_LANES;
        lines_sum_5(lines, x + at, stride, high, 2, gap, sum);
#pragma GCC unroll 4
        for (int a = 0; a < high; a++) {
            store_f32v(y + a * y_row + at, sum[a][0]);
            store_f32v(y + a * y_row + at + gap, sum[a][1]);
        }
    }
}

/* Rows of a vector or less. */
GEMM_INLINE void lines_narrow_5(const conv_lines *lines, const int stride, const int high, int64_t row) {
    float flat[LINES_TALL * GEMM_F32_LANES];
    const bool through = is_flat(lines, row, high);
    const int64_t y_row = through ? GEMM_F32_LANES : lines->y_row;
    float *y = through ? flat : lines->y + row * y_row;
    gemm_f32v sum[LINES_TALL][2] = {0};
    if (lines->ahead)
        lines_fetch(lines, row, high);
    lines_sum_5(lines, lines->x + row * stride * lines->x_row, stride, high, 1, 0, sum);
#pragma GCC unroll 8
    for (int a = 0; a < high; a++, y += y_row)
        store_f32v(y, sum[a][0]);
    if (through)
        put_flat(lines, row, high, flat);
}

GEMM_INLINE void lines_tall_5(const conv_lines *lines, const int stride, int64_t high, int64_t row) {
    switch (high) {
    case 1: lines_narrow_5(lines, stride, 1, row); break;
    case 2: lines_narrow_5(lines, stride, 2, row); break;
    case 3: lines_narrow_5(lines, stride, 3, row); break;
    case 4: lines_narrow_5(lines, stride, 4, row); break;
    case 5: lines_narrow_5(lines, stride, 5, row); break;
    case 6: lines_narrow_5(lines, stride, 6, row); break;
    case 7: lines_narrow_5(lines, stride, 7, row); break;
    default: lines_narrow_5(lines, stride, 8, row); break;
    }
}

GEMM_INLINE void lines_5(const conv_lines *lines, const int stride) {
    int64_t row = 0;
    if (lines->width <= GEMM_F32_LANES) {
        for (int64_t left = lines->high; left > 0; left = lines->high - row) {
            const int64_t high = left <= LINES_TALL ? left : left < 2 * LINES_TALL ? left / 2 : LINES_TALL;
            lines_tall_5(lines, stride, high, row);
            row += high;
        }
        return;
    }
    for (; row + LINES_HIGH <= lines->high; row += LINES_HIGH)
        lines_wide_5(lines, stride, LINES_HIGH, row);
    switch (lines->high - row) {
    case 3: lines_wide_5(lines, stride, 3, row); break;
    case 2: lines_wide_5(lines, stride, 2, row); break;
    case 1: lines_wide_5(lines, stride, 1, row); break;
    default: break;
    }
}

/* Any window: some vectors of one row. */
GEMM_INLINE void lines_sum_any(
    const conv_lines *lines, int64_t row, int64_t q, const int vectors, gemm_f32v *sum) {
    for (int64_t s = 0; s < lines->cols; s++) {
        const int64_t col = s * lines->dilation[1];
        const float *x = lines->x + q + row * lines->stride[0] * lines->x_row +
                         col % lines->stride[1] * lines->phase + col / lines->stride[1];
        const float *w = lines->w + s;
        for (int64_t r = 0; r < lines->rows; r++, w += lines->cols, x += lines->dilation[0] * lines->x_row)
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++)
                sum[v] += load_f32v(x + v * GEMM_F32_LANES) * *w;
    }
}

GEMM_INLINE void lines_any(const conv_lines *lines) {
    const int64_t last = lines->width - GEMM_F32_LANES;
    for (int64_t row = 0; row < lines->high; row++) {
        float *y = lines->y + row * lines->y_row;
        int64_t q = 0;
        for (; q + 4 * GEMM_F32_LANES <= lines->width; q += 4 * GEMM_F32_LANES) {
            gemm_f32v sum[4] = {0};
            lines_sum_any(lines, row, q, 4, sum);
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++)
                store_f32v(y + q + v * GEMM_F32_LANES, sum[v]);
        }
        for (; q < lines->width; q += GEMM_F32_LANES) {
            const int64_t at = q < last || last < 0 ? q : last;
            gemm_f32v sum = {0};
            lines_sum_any(lines, row, at, 1, &sum);
            float flat[GEMM_F32_LANES];
            store_f32v(is_flat(lines, row, 1) ? flat : y + at, sum);
            if (is_flat(lines, row, 1))
                put_flat(lines, row, 1, flat);
        }
    }
}

/* One plane. Not inlined: registers are for one plane's weights. cols: 0 for any window. */
static __attribute__((noinline)) void lines_plane_3(const conv_lines *lines) {
    if (lines->stride[1] == 1)
        lines_3(lines, 1);
    else
        lines_3(lines, 2);
}

static __attribute__((noinline)) void lines_plane_5(const conv_lines *lines) {
    if (lines->stride[1] == 1)
        lines_5(lines, 1);
    else
        lines_5(lines, 2);
}

GEMM_INLINE void lines_f32(const conv_lines *lines) {
    const int64_t stride = lines->stride[1];
    const bool is_fixed = lines->rows == lines->cols && lines->stride[0] == stride && stride <= 2 &&
                          lines->dilation[0] == 1 && lines->dilation[1] == 1;
    const int64_t cols = is_fixed ? lines->cols : 0;
    conv_lines one = *lines;
    for (; one.planes > 0; one.planes--) {
        if (cols == 3)
            lines_plane_3(&one);
        else if (cols == 5)
            lines_plane_5(&one);
        else
            lines_any(&one);
        one.ahead += lines->ahead ? lines->ahead_plane : 0;
        one.x += lines->x_plane;
        one.y += lines->y_plane;
        one.w += lines->rows * lines->cols;
    }
}

/* Lines as they are, whole vectors; the last begins where it still fits. */
GEMM_INLINE void copy_lines(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    const int64_t last = spread->count - GEMM_F32_LANES, in_row = spread->in_row, out_row = spread->out_row;
    for (; lines > 0; lines--, in += in_row, out += out_row) {
        for (int64_t i = 0; i < last; i += GEMM_F32_LANES)
            store_f32v(out + i, load_f32v(in + i));
        store_f32v(out + last, load_f32v(in + last));
    }
}

/* The same for lines of 4 floats up to a vector. */
GEMM_INLINE void copy_short_lines(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    const int64_t last = spread->count - 4, in_row = spread->in_row, out_row = spread->out_row;
    for (; lines > 0; lines--, in += in_row, out += out_row) {
        for (int64_t i = 0; i < last; i += 4)
            *(lines_f32x4 *)(out + i) = *(const lines_f32x4 *)(in + i);
        *(lines_f32x4 *)(out + last) = *(const lines_f32x4 *)(in + last);
    }
}

/* Four pairs. */
GEMM_INLINE void split_four(const float *in, float *even, float *odd) {
    const lines_f32x4 *from = (const lines_f32x4 *)in;
    *(lines_f32x4 *)even = LINES_PICK(from[0], from[1], 0, 2, 4, 6);
    *(lines_f32x4 *)odd = LINES_PICK(from[0], from[1], 1, 3, 5, 7);
}

/* Lines by twos: even elements to one phase, the others to the other. */
GEMM_INLINE void split_lines(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    const int64_t pad = spread->pad, phase = spread->phase, in_row = spread->in_row,
                  out_row = spread->out_row;
    const int64_t count = spread->count, pairs = count / 2, last = pairs - GEMM_F32_LANES;
    float *even = out + pad % 2 * phase + pad / 2, *odd = out + (pad + 1) % 2 * phase + (pad + 1) / 2;
    if (count % 2 != 0)
        for (int64_t i = 0; i < lines; i++)
            even[pairs + i * out_row] = in[count - 1 + i * in_row];
    for (; last >= 0 && lines > 0; lines--, in += in_row, even += out_row, odd += out_row) {
        for (int64_t i = 0; i < last; i += GEMM_F32_LANES)
            split_pair(in + 2 * i, even + i, odd + i);
        split_pair(in + 2 * last, even + last, odd + last);
    }
    for (; pairs >= 4 && lines > 0; lines--, in += in_row, even += out_row, odd += out_row) {
        for (int64_t i = 0; i < pairs - 4; i += 4)
            split_four(in + 2 * i, even + i, odd + i);
        split_four(in + 2 * (pairs - 4), even + pairs - 4, odd + pairs - 4);
    }
    for (; lines > 0; lines--, in += in_row, even += out_row, odd += out_row)
        for (int64_t i = 0; i < pairs; i++) {
            even[i] = in[2 * i];
            odd[i] = in[2 * i + 1];
        }
}

GEMM_INLINE void spread_lines(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    const int64_t stride = spread->stride, pad = spread->pad;
    for (; lines > 0; lines--, in += spread->in_row, out += spread->out_row)
        for (int64_t i = 0; i < spread->count; i++)
            if ((i + pad) % stride < spread->phases)
                out[(i + pad) % stride * spread->phase + (i + pad) / stride] = in[i];
}

GEMM_INLINE void spread_plane(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    if (spread->stride == 2)
        split_lines(spread, in, lines, out);
    else if (spread->stride == 1 && spread->count >= GEMM_F32_LANES)
        copy_lines(spread, in, lines, out + spread->pad);
    else if (spread->stride == 1 && spread->count >= 4)
        copy_short_lines(spread, in, lines, out + spread->pad);
    else
        spread_lines(spread, in, lines, out);
}

GEMM_INLINE void spread_f32(
    const conv_spread *spread, const float *in, int64_t planes, int64_t lines, float *out) {
    for (int64_t i = 0; i < planes; i++)
        spread_plane(spread, in + i * spread->in_plane, lines, out + i * spread->out_plane);
}

#endif
