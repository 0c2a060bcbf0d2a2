/*
 * Body of the epilogue of s32 sums: the arithmetic of gemm_finish_f64.c, in f64 with one rounding at the end,
 * and the same bits, but a row at a time in loops of a constant width that become vectors. Steps that need
 * the C library's functions go to gemm_finish_s32().
 */
#ifndef KERNELS_GEMM_GEMM_FINISH_S32_VECTOR_H
#define KERNELS_GEMM_GEMM_FINISH_S32_VECTOR_H

#include "kernels/gemm/gemm_finish_vector.h"

GEMM_INLINE bool is_arithmetic(const gemm_finish *finish) {
    for (uint32_t s = 0; s < finish->n_post; s++) {
        const uint32_t kind = finish->post[s].kind;
        if (!gemm_post_has_operand(kind) && kind != SY_KERNEL_POST_RELU && kind != SY_KERNEL_POST_CLIP &&
            kind != SY_KERNEL_POST_REQUANT)
            return false;
    }
    return finish->d.dtype != SY_ELEMENT_F64;
}

/* `cols` elements of row `row` of an operand, filled up to width. */
GEMM_INLINE void load_line_f64(const gemm_finish *finish, const gemm_view *view, int64_t row, int64_t col,
    int cols, const int width, double *line) {
    const int64_t first = gemm_view_row(finish, view, row) + col * view->col;
    const int loaded = view->col == 0 ? 1 : cols;
    gemm_load_f64(view->dtype, view->base, first, view->col, loaded, line);
    for (int j = loaded; j < width; j++)
        line[j] = view->col == 0 ? line[0] : 0;
}

/* A step without operand, on one row. */
GEMM_INLINE void apply_row_f64(const sy_kernel_post *post, double *restrict t, const int width) {
    const double a = (double)post->a, b = (double)post->b;
    if (post->kind == SY_KERNEL_POST_RELU)
        for (int j = 0; j < width; j++)
            t[j] = t[j] < 0 ? 0 : t[j];
    else if (post->kind == SY_KERNEL_POST_CLIP)
        for (int j = 0; j < width; j++) {
            const double low = t[j] < a ? a : t[j];
            t[j] = low > b ? b : low;
        }
    else
        for (int j = 0; j < width; j++)
            t[j] = nearbyint(t[j] * a) + b;
}

GEMM_INLINE void combine_row_f64(
    uint32_t kind, const double *restrict line, double *restrict t, const int width) {
    if (kind == SY_KERNEL_POST_SCALE_ROW || kind == SY_KERNEL_POST_SCALE_COL)
        for (int j = 0; j < width; j++)
            t[j] *= line[j];
    else
        for (int j = 0; j < width; j++)
            t[j] += line[j];
}

/* t = alpha t + beta C. */
GEMM_INLINE void scale_row_f64(
    const gemm_finish *finish, int64_t row, int64_t col, int cols, double *restrict t, const int width) {
    const double alpha = finish->alpha, beta = finish->beta;
    double c[64];
    if (beta == 0) {
        for (int j = 0; j < width; j++)
            t[j] *= alpha;
        return;
    }
    load_line_f64(finish, &finish->c, row, col, cols, width, c);
    for (int j = 0; j < width; j++)
        t[j] = alpha * t[j] + beta * c[j];
}

/* Integers: nearest, ties to even, saturated; NaN becomes 0. */
GEMM_INLINE void round_row(
    const double *restrict t, double low, double high, int32_t *restrict out, const int width) {
    for (int j = 0; j < width; j++) {
        const double rounded = nearbyint(t[j]), number = rounded == rounded ? rounded : 0;
        const double above = number < low ? low : number;
        out[j] = (int32_t)(above > high ? high : above);
    }
}

/*
 * f32 rounded to odd: what lies between two f32 becomes the one whose last bit is set. Rounding that to
 * nearest in a type at least two bits narrower gives what rounding t itself would. Source: Boldo & Melquiond,
 * "When double rounding is odd", 2004.
 */
GEMM_INLINE void odd_row(const double *restrict t, float *restrict out, const int width) {
    for (int j = 0; j < width; j++) {
        const float near = (float)t[j];
        const double back = (double)near, size = back < 0 ? -back : back, true_size = t[j] < 0 ? -t[j] : t[j];
        const uint32_t bits = sy_f32_bits(near);
        const uint32_t other = size > true_size ? bits - 1 : bits + 1;
        const bool is_kept = back == t[j] || t[j] != t[j] || (bits & 1u) != 0;
        out[j] = sy_f32_from_bits(is_kept ? bits : other);
    }
}

GEMM_INLINE void store_bytes(
    const double *t, double low, double high, unsigned char *to, int cols, const int width) {
    int32_t rounded[64];
    unsigned char byte[64];
    round_row(t, low, high, rounded, width);
    for (int j = 0; j < width; j++)
        byte[j] = (unsigned char)rounded[j];
    memcpy(to, byte, (size_t)cols);
}

/* One row to where D has it; contiguous D only. */
GEMM_INLINE void store_row_f64(
    uint32_t dtype, void *out, int64_t first, int cols, const double *t, const int width) {
    float narrow[64];
    int32_t whole[64];
    switch (dtype) {
    case SY_ELEMENT_F32:
        for (int j = 0; j < width; j++)
            narrow[j] = (float)t[j];
        memcpy((float *)out + first, narrow, (size_t)cols * sizeof(float));
        break;
    case SY_ELEMENT_S32:
        round_row(t, INT32_MIN, INT32_MAX, whole, width);
        memcpy((int32_t *)out + first, whole, (size_t)cols * sizeof(int32_t));
        break;
    case SY_ELEMENT_S8: store_bytes(t, INT8_MIN, INT8_MAX, (unsigned char *)out + first, cols, width); break;
    case SY_ELEMENT_U8: store_bytes(t, 0, UINT8_MAX, (unsigned char *)out + first, cols, width); break;
    default:
        odd_row(t, narrow, width);
        gemm_store_f32(dtype, out, first, 1, cols, narrow);
        break;
    }
}

/* Lines that all rows share, loaded once: those of operands that are the same for every row. */
GEMM_INLINE void load_shared_lines(
    const gemm_finish *finish, int64_t row, int64_t col, int cols, const int width, double line[][64]) {
    for (uint32_t s = 0; s < finish->n_post; s++)
        if (gemm_post_has_operand(finish->post[s].kind) && is_row_constant(&finish->operand[s]))
            load_line_f64(finish, &finish->operand[s], row, col, cols, width, line[s]);
}

/* One row of at most `width` sums. */
GEMM_INLINE void finish_row_s32(const gemm_finish *finish, const int32_t *sum, int64_t row, int64_t col,
    int cols, const int width, double line[][64]) {
    double t[64];
    for (int j = 0; j < width; j++)
        t[j] = sum[j];
    if (finish->alpha != 1 || finish->beta != 0)
        scale_row_f64(finish, row, col, cols, t, width);
    for (uint32_t s = 0; s < finish->n_post; s++) {
        const uint32_t kind = finish->post[s].kind;
        if (!gemm_post_has_operand(kind)) {
            apply_row_f64(&finish->post[s], t, width);
            continue;
        }
        if (!is_row_constant(&finish->operand[s]))
            load_line_f64(finish, &finish->operand[s], row, col, cols, width, line[s]);
        combine_row_f64(kind, line[s], t, width);
    }
    const gemm_view *d = &finish->d;
    const int64_t first = gemm_view_row(finish, d, row) + col * d->col;
    if (d->col == 1)
        store_row_f64(d->dtype, finish->out, first, cols, t, width);
    else
        gemm_store_f64(d->dtype, finish->out, first, d->col, cols, t);
}

/* width: columns of a tile; wider ones go by so many columns at a time. */
GEMM_INLINE void finish_s32(const gemm_finish *finish, const int32_t *tile, int64_t ld, int64_t row, int rows,
    int64_t col, int cols, const int width) {
    double line[SY_KERNEL_MAX_POSTS][64];
    for (int done = 0; done < cols; done += width) {
        const int left = cols - done < width ? cols - done : width;
        load_shared_lines(finish, row, col + done, left, width, line);
        for (int i = 0; i < rows; i++)
            finish_row_s32(finish, tile + i * ld + done, row + i, col + done, left, width, line);
    }
}

#endif
