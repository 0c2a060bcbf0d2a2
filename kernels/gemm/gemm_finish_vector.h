/*
 * Body of the f32 epilogue: each step runs over the whole tile, `width` columns a row (a constant of the
 * including file, so that the inner loops become vectors without tails); only loads of operands and the store
 * mind `cols`.
 */
#ifndef KERNELS_GEMM_GEMM_FINISH_VECTOR_H
#define KERNELS_GEMM_GEMM_FINISH_VECTOR_H

#include "kernels/gemm/gemm_element.h"
#include "kernels/gemm/gemm_finish.h"
#include "kernels/gemm/gemm_finish_usual.h"
#include "kernels/gemm/gemm_math.h"

#include <math.h>

/* Row `row` of an operand at columns [col, col + cols): in place if it lies so, else in `buffer`, filled to
 * width. */
GEMM_INLINE const float *view_row_f32(const gemm_finish *finish, const gemm_view *view, int64_t row,
    int64_t col, int cols, const int width, float *buffer) {
    const int64_t first = gemm_view_row(finish, view, row) + col * view->col;
    if (view->dtype == SY_ELEMENT_F32 && view->col == 1 && cols == width)
        return (const float *)view->base + first;
    if (view->col == 0) {
        gemm_load_f32(view->dtype, view->base, first, 0, 1, buffer);
        for (int j = 1; j < width; j++)
            buffer[j] = buffer[0];
        return buffer;
    }
    gemm_load_f32(view->dtype, view->base, first, view->col, cols, buffer);
    for (int j = cols; j < width; j++)
        buffer[j] = 0;
    return buffer;
}

GEMM_INLINE bool is_row_constant(const gemm_view *view) {
    return (view->row[0] | view->row[1] | view->row[2]) == 0;
}

/* tile = tile + operand, or tile * operand. */
GEMM_INLINE void combine_f32(const gemm_finish *finish, const gemm_view *view, bool is_product, float *tile,
    int64_t ld, int64_t row, int rows, int64_t col, int cols, const int width) {
    float buffer[64];
    const bool once = is_row_constant(view);
    const float *line = NULL;
    for (int i = 0; i < rows; i++) {
        float *t = tile + i * ld;
        if (i == 0 || !once)
            line = view_row_f32(finish, view, row + i, col, cols, width, buffer);
        if (is_product)
            for (int j = 0; j < width; j++)
                t[j] *= line[j];
        else
            for (int j = 0; j < width; j++)
                t[j] += line[j];
    }
}

/* The steps without an operand, on one row. */
GEMM_INLINE void apply_row_f32(const sy_kernel_post *post, float *restrict t, const int width) {
    const float a = post->a, b = post->b;
    switch (post->kind) {
    case SY_KERNEL_POST_RELU:
        for (int j = 0; j < width; j++)
            t[j] = t[j] < 0.0f ? 0.0f : t[j];
        break;
    case SY_KERNEL_POST_CLIP:
        for (int j = 0; j < width; j++) {
            const float low = t[j] < a ? a : t[j];
            t[j] = low > b ? b : low;
        }
        break;
    case SY_KERNEL_POST_SILU:
        for (int j = 0; j < width; j++)
            t[j] = t[j] / (1.0f + gemm_exp(-t[j]));
        break;
    case SY_KERNEL_POST_GELU_ERF:
        for (int j = 0; j < width; j++)
            t[j] = t[j] * gemm_normal_cdf(t[j]);
        break;
    case SY_KERNEL_POST_GELU_TANH:
        for (int j = 0; j < width; j++) {
            const float u = 1.59576912f * (t[j] + 0.044715f * t[j] * t[j] * t[j]); /* 2 sqrt(2 / pi) */
            t[j] = t[j] * gemm_sigmoid(u);
        }
        break;
    case SY_KERNEL_POST_REQUANT:
        for (int j = 0; j < width; j++)
            t[j] = nearbyintf(t[j] * a) + b;
        break;
    case SY_KERNEL_POST_SIGMOID:
        for (int j = 0; j < width; j++)
            t[j] = gemm_sigmoid(t[j]);
        break;
    default:
        for (int j = 0; j < width; j++)
            t[j] = gemm_tanh(t[j]);
        break;
    }
}

/* sum = alpha sum + beta C. */
GEMM_INLINE void scale_f32(const gemm_finish *finish, float *tile, int64_t ld, int64_t row, int rows,
    int64_t col, int cols, const int width) {
    const float alpha = (float)finish->alpha, beta = (float)finish->beta;
    float buffer[64];
    for (int i = 0; i < rows; i++) {
        float *t = tile + i * ld;
        if (finish->beta == 0) {
            for (int j = 0; j < width; j++)
                t[j] *= alpha;
            continue;
        }
        const float *c = view_row_f32(finish, &finish->c, row + i, col, cols, width, buffer);
        for (int j = 0; j < width; j++)
            t[j] = alpha * t[j] + beta * c[j];
    }
}

GEMM_INLINE void store_rows_f32(const gemm_finish *finish, const float *tile, int64_t ld, int64_t row,
    int rows, int64_t col, int cols, const int width) {
    const gemm_view *d = &finish->d;
    for (int i = 0; i < rows; i++) {
        const int64_t first = gemm_view_row(finish, d, row + i) + col * d->col;
        const float *t = tile + i * ld;
        if (d->dtype == SY_ELEMENT_F32 && d->col == 1 && cols == width)
            memcpy((float *)finish->out + first, t, (size_t)width * sizeof(float));
        else
            gemm_store_f32(d->dtype, finish->out, first, d->col, cols, t);
    }
}

GEMM_INLINE void finish_f32(const gemm_finish *finish, float *tile, int64_t ld, int64_t row, int rows,
    int64_t col, int cols, const int width) {
    if (width == GEMM_F32_COLS && finish_usual_f32(finish, tile, ld, row, rows, col, cols))
        return;
    if (finish->alpha != 1 || finish->beta != 0)
        scale_f32(finish, tile, ld, row, rows, col, cols, width);
    for (uint32_t s = 0; s < finish->n_post; s++) {
        const sy_kernel_post *post = &finish->post[s];
        if (gemm_post_has_operand(post->kind)) {
            const bool is_product =
                post->kind == SY_KERNEL_POST_SCALE_ROW || post->kind == SY_KERNEL_POST_SCALE_COL;
            combine_f32(finish, &finish->operand[s], is_product, tile, ld, row, rows, col, cols, width);
            continue;
        }
        for (int i = 0; i < rows; i++)
            apply_row_f32(post, tile + i * ld, width);
    }
    store_rows_f32(finish, tile, ld, row, rows, col, cols, width);
}

#endif
