/*
 * What follows the sum: alpha, beta C, posts, rounding, storing; on one tile while it lies in cache.
 * Internal.
 */
#ifndef KERNELS_GEMM_GEMM_FINISH_H
#define KERNELS_GEMM_GEMM_FINISH_H

#include "kernels/gemm/gemm_types.h"

/**
 * An operand laid over the rows x columns of a product. Row r lies at
 * (r / (inner * mid)) * row[2] + (r / inner % mid) * row[1] + (r % inner) * row[0] elements from base, with
 * inner and mid from gemm_finish: three levels, so that the pixels of a batch of images can be rows.
 */
typedef struct gemm_view {
    const void *base;
    uint32_t dtype;
    int64_t row[3], col;
} gemm_view;

/**
 * The whole epilogue of one product. post and the views' memory belong to the caller. c is not read if beta
 * == 0; operand[i] only where post[i] has one. d says how D lies
 * (its base is not used), `out` where.
 */
typedef struct gemm_finish {
    double alpha, beta;
    uint32_t n_post;
    const sy_kernel_post *post;
    gemm_view c, d, operand[SY_KERNEL_MAX_POSTS];
    int64_t inner, mid;
    void *out;
} gemm_finish;

/**
 * Apply `finish` to the sums of `rows` x `cols` (<= 64) of the product that begin at (row, col), and store
 * them into D. The tile (row stride ld, sum type) is used up; it is readable for cols rounded up to the
 * kernel's tile.
 */
typedef void (*gemm_finish_fn)(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);

/** Elements from the view's base to the begin of row `row`. */
static inline int64_t gemm_view_row(const gemm_finish *finish, const gemm_view *view, int64_t row) {
    if (row < finish->inner)
        return row * view->row[0];
    const int64_t outer = row / finish->inner;
    return row % finish->inner * view->row[0] + outer % finish->mid * view->row[1] +
           outer / finish->mid * view->row[2];
}

/** Whether a post has an operand. */
static inline bool gemm_post_has_operand(uint32_t kind) {
    return kind == SY_KERNEL_POST_BIAS || kind == SY_KERNEL_POST_ADD || kind == SY_KERNEL_POST_SCALE_ROW ||
           kind == SY_KERNEL_POST_SCALE_COL;
}

/** Fetch what the epilogue of a tile of f32 reads and writes beside its sums; a hint, which may do nothing.
 */
static inline void gemm_finish_fetch(const gemm_finish *finish, int64_t row, int rows, int64_t col) {
    const gemm_view *d = &finish->d;
    if (d->dtype != SY_ELEMENT_F32 || row + rows > finish->inner)
        return;
    float *out = (float *)finish->out + row * d->row[0] + col * d->col;
    for (int i = 0; i < rows; i++, out += d->row[0])
        __builtin_prefetch(out, 1);
    for (uint32_t s = 0; s < finish->n_post; s++) {
        const gemm_view *view = &finish->operand[s];
        if (finish->post[s].kind != SY_KERNEL_POST_ADD || view->dtype != SY_ELEMENT_F32)
            continue;
        const float *line = (const float *)view->base + row * view->row[0] + col * view->col;
        for (int i = 0; i < rows; i++, line += view->row[0])
            __builtin_prefetch(line);
    }
}

/* By file: gemm_finish_generic.c, gemm_finish_avx2.c, gemm_finish_avx512.c, gemm_finish_neon.c, and for s32
 * gemm_finish_s32_<isa>.c; f64 serves f64 sums everywhere, and gemm_finish_s32 is what the others of s32
 * must equal bit by bit, but for which of several NaN it is. */
void gemm_finish_f32_generic(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_f32_avx2(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_f32_avx512(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_f32_neon(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_f64(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_s32(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_s32_generic(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_s32_avx2(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);
void gemm_finish_s32_avx512(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols);

#endif
