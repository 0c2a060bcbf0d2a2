/*
 * The f32 epilogue as it mostly is: what is added lies in f32 along the columns, then a bound or two, and D
 * is f32. One pass over the tile, a row in registers from its sums to D.
 */
#ifndef KERNELS_GEMM_GEMM_FINISH_USUAL_H
#define KERNELS_GEMM_GEMM_FINISH_USUAL_H

#include "kernels/gemm/gemm_ending_vector.h"

enum { USUAL_POSTS = 4 };

/* What is added lies at line + i * step for row i, is_row: one value for all columns; NULL: a bound. */
typedef struct usual_post {
    uint32_t kind;
    bool is_row;
    const float *line;
    int64_t step;
    float low, high;
} usual_post;

/* Whether rows of the tile lie at one step from each other in this view, and its columns side by side (or all
 * at one place: col = 0). */
GEMM_INLINE bool is_usual_view(
    const gemm_finish *finish, const gemm_view *view, int64_t col, int64_t row, int rows) {
    return view->dtype == SY_ELEMENT_F32 && view->col == col && row + rows <= finish->inner;
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
            out[s].is_row = view->col == 0;
            if (!is_usual_view(finish, view, out[s].is_row ? 0 : 1, row, rows))
                return false;
            out[s].step = view->row[0];
            out[s].line = (const float *)view->base + row * view->row[0] + (out[s].is_row ? 0 : col);
            break;
        default: return false;
        }
    }
    return true;
}

GEMM_INLINE gemm_f32v apply_usual(const usual_post *post, gemm_f32v value, int64_t row, int half) {
    if (post->line != NULL) {
        const float *line = post->line + row * post->step;
        return post->is_row ? value + *line : value + load_f32v(line + half * GEMM_F32_LANES);
    }
    value = at_least_f32(value, (post->kind == SY_KERNEL_POST_RELU ? 0 : post->low) - (gemm_f32v){0});
    return post->kind == SY_KERNEL_POST_RELU ? value : at_most_f32(value, post->high - (gemm_f32v){0});
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

/* Four columns, in any build. */
typedef float usual_four __attribute__((vector_size(16)));
typedef int32_t usual_mask __attribute__((vector_size(16)));
typedef float usual_four_at __attribute__((vector_size(16), aligned(4), may_alias));

GEMM_INLINE usual_four apply_four(const usual_post *post, usual_four value, int64_t row, int col) {
    if (post->line != NULL) {
        const float *line = post->line + row * post->step;
        return post->is_row ? value + *line : value + *(const usual_four_at *)(line + col);
    }
    const usual_four low = (post->kind == SY_KERNEL_POST_RELU ? 0 : post->low) - (usual_four){0};
    const usual_mask is_below = value < low;
    value = (usual_four)((is_below & (usual_mask)low) | (~is_below & (usual_mask)value));
    if (post->kind == SY_KERNEL_POST_RELU)
        return value;
    const usual_four high = post->high - (usual_four){0};
    const usual_mask is_above = value > high;
    return (usual_four)((is_above & (usual_mask)high) | (~is_above & (usual_mask)value));
}

GEMM_INLINE float apply_one(const usual_post *post, float value, int64_t row, int col) {
    if (post->line != NULL)
        return value + post->line[row * post->step + (post->is_row ? 0 : col)];
    const float low = post->kind == SY_KERNEL_POST_RELU ? 0 : post->low;
    value = value < low ? low : value;
    return post->kind == SY_KERNEL_POST_CLIP && value > post->high ? post->high : value;
}

/* Fewer columns: a vector, then fours, then single ones. */
GEMM_INLINE void narrow_rows_f32(const usual_post *post, uint32_t n_post, const float *tile, int64_t ld,
    int rows, int cols, float *out, int64_t step) {
    for (int i = 0; i < rows; i++, tile += ld, out += step) {
        int j = 0;
        if (cols >= GEMM_F32_LANES) {
            gemm_f32v value = load_f32v(tile);
            for (uint32_t s = 0; s < n_post; s++)
                value = apply_usual(&post[s], value, i, 0);
            store_f32v(out, value);
            j = GEMM_F32_LANES;
        }
        for (; j + 4 <= cols; j += 4) {
            usual_four value = *(const usual_four_at *)(tile + j);
            for (uint32_t s = 0; s < n_post; s++)
                value = apply_four(&post[s], value, i, j);
            *(usual_four_at *)(out + j) = value;
        }
        for (; j < cols; j++) {
            float value = tile[j];
            for (uint32_t s = 0; s < n_post; s++)
                value = apply_one(&post[s], value, i, j);
            out[j] = value;
        }
    }
}

/* Finish a tile, if this is such an epilogue; else nothing is touched. */
GEMM_INLINE bool finish_usual_f32(
    const gemm_finish *finish, const float *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols) {
    usual_post post[USUAL_POSTS];
    if (finish->alpha != 1 || finish->beta != 0 || cols > GEMM_F32_COLS || finish->n_post > USUAL_POSTS ||
        !is_usual_view(finish, &finish->d, 1, row, rows) || !read_usual_f32(finish, row, rows, col, post))
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
