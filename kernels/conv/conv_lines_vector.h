/* Bodies of the depthwise register kernels for planes, pixels of a row as vectors, over the vectors of
 * gemm_vector.h; the instances are in conv_taps_<isa>.c. */
#ifndef KERNELS_CONV_CONV_LINES_VECTOR_H
#define KERNELS_CONV_CONV_LINES_VECTOR_H

#include "kernels/conv/conv_lines.h"
#include "kernels/gemm/gemm_vector.h"

/* Rows of Y that are computed together. */
enum { LINES_HIGH = 4 };

/* Four floats, where a vector is too long. */
typedef float lines_f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

/* Elements 0, 2, ... or 1, 3, ... of a and b. */
#if GEMM_VECTOR_BYTES == 64
#define LINES_EVEN(a, b)                                                                                     \
    __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define LINES_ODD(a, b)                                                                                      \
    __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif GEMM_VECTOR_BYTES == 32
#define LINES_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define LINES_ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#else
#define LINES_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define LINES_ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
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

/* The pixels of one row, fewer than a vector. Where more rows follow without a gap, a whole vector is stored,
 * and the rows after it go over the rest. */
GEMM_INLINE void lines_put_narrow(const conv_lines *lines, int64_t row, gemm_f32v sum) {
    float *y = lines->y + row * lines->y_row, flat[GEMM_F32_LANES];
    if (lines->y_row == lines->width && (lines->high - row) * lines->width >= GEMM_F32_LANES) {
        store_f32v(y, sum);
        return;
    }
    store_f32v(flat, sum);
    for (int64_t q = 0; q < lines->width; q++)
        y[q] = flat[q];
}

/* Rows [row, row + high) of Y; the last vector begins where it still fits. */
GEMM_INLINE void lines_rows_3(
    const conv_lines *lines, const gemm_f32v *w, const int stride, const int high, int64_t row) {
    const int64_t y_row = lines->y_row, last = lines->width - GEMM_F32_LANES;
    const float *x = lines->x + row * stride * lines->x_row;
    float *y = lines->y + row * y_row;
    gemm_f32v sum[LINES_HIGH];
    if (last < 0) {
        lines_sum_3(lines, x, w, stride, high, sum);
#pragma GCC unroll 4
        for (int a = 0; a < high; a++)
            lines_put_narrow(lines, row + a, sum[a]);
        return;
    }
    for (int64_t q = 0;; q += GEMM_F32_LANES) {
        const int64_t at = q < last ? q : last;
        lines_sum_3(lines, x + at, w, stride, high, sum);
#pragma GCC unroll 4
        for (int a = 0; a < high; a++)
            store_f32v(y + at + a * y_row, sum[a]);
        if (q >= last)
            break;
    }
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

/* Two vectors of pixels of `high` rows of Y, the second `gap` pixels on, window 5 x 5: a column of weights at
 * a time. */
GEMM_INLINE void lines_sum_5(const conv_lines *lines, const float *x, const int stride, const int high,
    int64_t gap, gemm_f32v sum[][2]) {
    const int64_t x_row = lines->x_row;
#pragma GCC unroll 1
    for (int64_t s = 0; s < 5; s++) {
        const float *at = x + s % stride * lines->phase + s / stride, *w = lines->w + s;
        gemm_f32v weight[5];
#pragma GCC unroll 5
        for (int r = 0; r < 5; r++)
            weight[r] = w[5 * r] - (gemm_f32v){0};
#pragma GCC unroll 11
        for (int i = 0; i < (high - 1) * stride + 5; i++, at += x_row) {
            const gemm_f32v one = load_f32v(at), two = load_f32v(at + gap);
#pragma GCC unroll 4
            for (int a = 0; a < high; a++)
                if (i >= a * stride && i < a * stride + 5) {
                    sum[a][0] += one * weight[i - a * stride];
                    sum[a][1] += two * weight[i - a * stride];
                }
        }
    }
}

/* Rows [row, row + high) of Y. */
GEMM_INLINE void lines_rows_5(const conv_lines *lines, const int stride, const int high, int64_t row) {
    const int64_t y_row = lines->y_row, width = lines->width, last = width - GEMM_F32_LANES;
    const float *x = lines->x + row * stride * lines->x_row;
    float *y = lines->y + row * y_row;
    for (int64_t q = 0; q < width; q += 2 * GEMM_F32_LANES) {
        gemm_f32v sum[LINES_HIGH][2] = {0};
        const int64_t at = q < last || last < 0 ? q : last, left = last - at;
        const int64_t gap = left < 0 ? 0 : left < GEMM_F32_LANES ? left : GEMM_F32_LANES;
        lines_sum_5(lines, x + at, stride, high, gap, sum);
#pragma GCC unroll 4
        for (int a = 0; a < high; a++) {
            if (last < 0) {
                lines_put_narrow(lines, row + a, sum[a][0]);
                continue;
            }
            store_f32v(y + a * y_row + at, sum[a][0]);
            store_f32v(y + a * y_row + at + gap, sum[a][1]);
        }
    }
}

GEMM_INLINE void lines_5(const conv_lines *lines, const int stride) {
    int64_t row = 0;
    for (; row + LINES_HIGH <= lines->high; row += LINES_HIGH)
        lines_rows_5(lines, stride, LINES_HIGH, row);
    for (; row < lines->high; row++)
        lines_rows_5(lines, stride, 1, row);
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
            if (last < 0)
                lines_put_narrow(lines, row, sum);
            else
                store_f32v(y + at, sum);
        }
    }
}

GEMM_INLINE void lines_f32(const conv_lines *lines) {
    const int64_t stride = lines->stride[1];
    const bool is_fixed = lines->rows == lines->cols && lines->stride[0] == stride &&
                          lines->dilation[0] == 1 && lines->dilation[1] == 1;
    const int64_t cols = is_fixed ? lines->cols : 0;
    if (cols == 3 && stride == 1)
        lines_3(lines, 1);
    else if (cols == 3 && stride == 2)
        lines_3(lines, 2);
    else if (cols == 5 && stride == 1)
        lines_5(lines, 1);
    else if (cols == 5 && stride == 2)
        lines_5(lines, 2);
    else
        lines_any(lines);
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

/* One line by twos: even elements to `even`, the others to `odd`. */
GEMM_INLINE void split_line(const float *in, int64_t count, float *even, float *odd) {
    const int64_t pairs = count / 2, last = pairs - GEMM_F32_LANES;
    int64_t i = 0;
    for (; i < pairs && last >= 0; i += GEMM_F32_LANES) {
        const int64_t at = i < last ? i : last;
        const gemm_f32v a = load_f32v(in + 2 * at), b = load_f32v(in + 2 * at + GEMM_F32_LANES);
        store_f32v(even + at, LINES_EVEN(a, b));
        store_f32v(odd + at, LINES_ODD(a, b));
    }
    for (; i < pairs; i++) {
        even[i] = in[2 * i];
        odd[i] = in[2 * i + 1];
    }
    if (count % 2 != 0)
        even[pairs] = in[count - 1];
}

GEMM_INLINE void split_lines(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    const int64_t pad = spread->pad, phase = spread->phase, in_row = spread->in_row,
                  out_row = spread->out_row;
    float *even = out + pad % 2 * phase + pad / 2, *odd = out + (pad + 1) % 2 * phase + (pad + 1) / 2;
    for (; lines > 0; lines--, in += in_row, even += out_row, odd += out_row)
        split_line(in, spread->count, even, odd);
}

GEMM_INLINE void spread_lines(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    const int64_t stride = spread->stride, pad = spread->pad;
    for (; lines > 0; lines--, in += spread->in_row, out += spread->out_row)
        for (int64_t i = 0; i < spread->count; i++)
            if ((i + pad) % stride < spread->phases)
                out[(i + pad) % stride * spread->phase + (i + pad) / stride] = in[i];
}

GEMM_INLINE void spread_f32(const conv_spread *spread, const float *in, int64_t lines, float *out) {
    if (spread->stride == 2)
        split_lines(spread, in, lines, out);
    else if (spread->stride == 1 && spread->count >= GEMM_F32_LANES)
        copy_lines(spread, in, lines, out + spread->pad);
    else if (spread->stride == 1 && spread->count >= 4)
        copy_short_lines(spread, in, lines, out + spread->pad);
    else
        spread_lines(spread, in, lines, out);
}

#endif
