/*
 * The f32 epilogue as it mostly is: what is added lies in f32 along the columns, then a bound or two, and D
 * is f32. One pass over the tile, a row in registers from its sums to D.
 */
#ifndef KERNELS_GEMM_GEMM_FINISH_USUAL_H
#define KERNELS_GEMM_GEMM_FINISH_USUAL_H

#include "kernels/gemm/gemm_finish.h"
#include "kernels/gemm/gemm_vector.h"

enum { USUAL_POSTS = 4 };

/* What is added lies at line + i * step for row i; NULL: a bound. */
typedef struct usual_post {
    uint32_t kind;
    const float *line;
    int64_t step;
    float low, high;
} usual_post;

/* Whether rows of the tile lie at one step from each other in this view, and its columns side by side. */
GEMM_INLINE bool is_usual_view(const gemm_finish *finish, const gemm_view *view, int64_t row, int rows) {
    return view->dtype == SY_ELEMENT_F32 && view->col == 1 && row + rows <= finish->inner;
}

GEMM_INLINE bool read_usual_f32(
    const gemm_finish *finish, int64_t row, int rows, int64_t col, usual_post out[USUAL_POSTS]) {
    for (uint32_t s = 0; s < finish->n_post; s++) {
        const sy_kernel_post *post = &finish->post[s];
        const gemm_view *view = &finish->operand[s];
        out[s] = (usual_post){.kind = post->kind, .low = post->a, .high = post->b};
        switch (post->kind) {
        case SY_KERNEL_POST_RELU:
        case SY_KERNEL_POST_CLIP: break;
        case SY_KERNEL_POST_BIAS:
        case SY_KERNEL_POST_ADD:
            if (!is_usual_view(finish, view, row, rows))
                return false;
            out[s].step = view->row[0];
            out[s].line = (const float *)view->base + row * view->row[0] + col;
            break;
        default: return false;
        }
    }
    return true;
}

/* NaN stays: a comparison with it is false. */
GEMM_INLINE gemm_f32v at_least(gemm_f32v value, float low) {
    const gemm_f32v bound = low - (gemm_f32v){0};
    const gemm_s32v is_below = value < bound;
    return (gemm_f32v)((is_below & (gemm_s32v)bound) | (~is_below & (gemm_s32v)value));
}

GEMM_INLINE gemm_f32v at_most(gemm_f32v value, float high) {
    const gemm_f32v bound = high - (gemm_f32v){0};
    const gemm_s32v is_above = value > bound;
    return (gemm_f32v)((is_above & (gemm_s32v)bound) | (~is_above & (gemm_s32v)value));
}

GEMM_INLINE gemm_f32v apply_usual(const usual_post *post, gemm_f32v value, int64_t row, int half) {
    if (post->line != NULL)
        return value + load_f32v(post->line + row * post->step + half * GEMM_F32_LANES);
    return post->kind == SY_KERNEL_POST_RELU ? at_least(value, 0)
                                             : at_most(at_least(value, post->low), post->high);
}

GEMM_INLINE void whole_rows_f32(const usual_post *post, uint32_t n_post, const float *tile, int64_t ld,
    int rows, float *out, int64_t step) {
    for (int i = 0; i < rows; i++, tile += ld, out += step) {
        gemm_f32v low = load_f32v(tile), high = load_f32v(tile + GEMM_F32_LANES);
        for (uint32_t s = 0; s < n_post; s++) {
            low = apply_usual(&post[s], low, i, 0);
            high = apply_usual(&post[s], high, i, 1);
        }
        store_f32v(out, low);
        store_f32v(out + GEMM_F32_LANES, high);
    }
}

/* Fewer columns, one by one. */
GEMM_INLINE void narrow_rows_f32(const usual_post *post, uint32_t n_post, const float *tile, int64_t ld,
    int rows, int cols, float *out, int64_t step) {
    for (int i = 0; i < rows; i++, tile += ld, out += step) {
        float line[GEMM_F32_COLS];
        memcpy(line, tile, sizeof line);
        for (uint32_t s = 0; s < n_post; s++) {
            const float *more = post[s].line + i * post[s].step;
            const float low = post[s].kind == SY_KERNEL_POST_RELU ? 0 : post[s].low, high = post[s].high;
            for (int j = 0; post[s].line != NULL && j < cols; j++)
                line[j] += more[j];
            for (int j = 0; post[s].line == NULL && j < GEMM_F32_COLS; j++) {
                line[j] = line[j] < low ? low : line[j];
                line[j] = post[s].kind == SY_KERNEL_POST_CLIP && line[j] > high ? high : line[j];
            }
        }
        for (int j = 0; j < cols; j++)
            out[j] = line[j];
    }
}

/* Finish a tile, if this is such an epilogue; else nothing is touched. */
GEMM_INLINE bool finish_usual_f32(
    const gemm_finish *finish, const float *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols) {
    usual_post post[USUAL_POSTS];
    if (finish->alpha != 1 || finish->beta != 0 || cols > GEMM_F32_COLS || finish->n_post > USUAL_POSTS ||
        !is_usual_view(finish, &finish->d, row, rows) || !read_usual_f32(finish, row, rows, col, post))
        return false;
    const int64_t step = finish->d.row[0];
    float *out = (float *)finish->out + row * step + col;
    if (cols == GEMM_F32_COLS)
        whole_rows_f32(post, finish->n_post, tile, ld, rows, out, step);
    else
        narrow_rows_f32(post, finish->n_post, tile, ld, rows, cols, out, step);
    return true;
}

#endif
