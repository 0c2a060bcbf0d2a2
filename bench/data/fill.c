/* Reading operands out of the block: as bytes, as f64, along a row or with a stride. */
#include "bench/data/fill.h"

#include "bench/data/view.h"
#include "runtime/base/convert.h"

#include <string.h>

enum { PIECE = 512 };

/* A run of elements: positions at, at + step, ... modulo the stream's length. */
typedef struct run {
    uint64_t at, step, length;
} run;

static run start_run(const data_view *view, uint64_t first, uint64_t stride) {
    return (run){.at = (view->offset + first % view->length) % view->length,
        .step = stride % view->length,
        .length = view->length};
}

static void advance(run *position) {
    position->at += position->step;
    if (position->at >= position->length)
        position->at -= position->length;
}

/* Elements that lie one after the other from `at`, at most `count`; 1 if the run is not contiguous. */
static size_t contiguous(const run *position, uint64_t count) {
    if (position->step != 1)
        return 1;
    uint64_t room = position->length - position->at;
    return (size_t)(room < count ? room : count);
}

static void skip(run *position, size_t count) {
    position->at += count * position->step;
    if (position->at >= position->length)
        position->at %= position->length;
}

/* What is cast is never negative, so that cutting it is rounding down. */
static double whole_of(const data_view *view, double real) {
    double share = (real + 1.0) * 0.5;
    bool is_kept = share < view->density;
    double value = view->lowest + (double)(int32_t)((is_kept ? share : 0.0) * view->steepness);
    return is_kept ? value : 0.0;
}

/* Values as drawn, `count` <= PIECE of them; moves the run on. */
static void draw(const double *real, run *position, size_t count, double *out_values) {
    while (count > 0) {
        size_t part = contiguous(position, count);
        if (real == NULL)
            memset(out_values, 0, part * sizeof *out_values);
        else
            memcpy(out_values, real + position->at, part * sizeof *out_values);
        skip(position, part);
        out_values += part;
        count -= part;
    }
}

/* Values by formula, before rounding, of `count` <= PIECE elements; moves the run on. */
static void make_values(
    const sy_data_block *block, const data_view *view, run *position, size_t count, double *out_values) {
    draw(block->real[view->stream], position, count, out_values);
    if (view->kind == VIEW_WHOLE)
        for (size_t i = 0; i < count; i++)
            out_values[i] = whole_of(view, out_values[i]);
    else
        for (size_t i = 0; i < count; i++)
            out_values[i] = view->gain * out_values[i] + view->shift;
}

static void fill_typed(
    const sy_data_block *block, const data_view *view, run position, uint64_t count, char *out_bytes) {
    size_t size = sy_dtype_size(view->dtype);
    const char *typed = data_block_typed(block, view->stream, view->dtype);
    while (count > 0) {
        size_t part = contiguous(&position, count);
        if (typed != NULL)
            memcpy(out_bytes, typed + position.at * size, part * size);
        else
            data_block_round(block, view->stream, view->dtype, position.at, part, out_bytes);
        skip(&position, part);
        out_bytes += part * size;
        count -= part;
    }
}

void sy_data_fill(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, uint64_t first, uint64_t count, void *out_bytes) {
    data_view view;
    data_view_make(block, storage, key, tensor_index, set, &view);
    run position = start_run(&view, first, 1);
    size_t size = sy_dtype_size(view.dtype);
    double values[PIECE];
    if (count == 0)
        return;
    if (view.kind == VIEW_ZERO) {
        memset(out_bytes, 0, count * size);
        return;
    }
    if (view.kind == VIEW_TYPED) {
        fill_typed(block, &view, position, count, out_bytes);
        return;
    }
    for (uint64_t done = 0; done < count; done += PIECE) {
        size_t part = count - done < PIECE ? (size_t)(count - done) : PIECE;
        make_values(block, &view, &position, part, values);
        sy_convert_from_f64(view.dtype, values, part, (char *)out_bytes + done * size);
    }
}

/* Elements of the rounded block with a stride, gathered one by one into a small buffer of the same type. */
static void gather_typed(const char *typed, size_t size, run *position, size_t count, char *out_bytes) {
    for (size_t i = 0; i < count; i++) {
        const char *from = typed + position->at * size;
        switch (size) { /* a constant size each: a move, not a call */
        case 1: out_bytes[i] = *from; break;
        case 2: memcpy(out_bytes + 2 * i, from, 2); break;
        case 4: memcpy(out_bytes + 4 * i, from, 4); break;
        default: memcpy(out_bytes + 8 * i, from, 8); break;
        }
        advance(position);
    }
}

/* What read_typed() gives, without memory for the whole stream. */
static void read_rounded(
    const sy_data_block *block, const data_view *view, run position, uint64_t count, double *out_values) {
    char codes[PIECE * sizeof(double)];
    while (count > 0) {
        size_t part = contiguous(&position, count);
        part = part < PIECE ? part : PIECE;
        data_block_round(block, view->stream, view->dtype, position.at, part, codes);
        sy_convert_to_f64(view->dtype, codes, part, out_values);
        skip(&position, part);
        out_values += part;
        count -= part;
    }
}

static void read_typed(
    const sy_data_block *block, const data_view *view, run position, uint64_t count, double *out_values) {
    size_t size = sy_dtype_size(view->dtype);
    const char *typed = data_block_typed(block, view->stream, view->dtype);
    char codes[PIECE * sizeof(double)];
    if (typed == NULL) {
        read_rounded(block, view, position, count, out_values);
        return;
    }
    while (count > 0) {
        size_t part = contiguous(&position, count);
        if (position.step == 1) {
            sy_convert_to_f64(view->dtype, typed + position.at * size, part, out_values);
            skip(&position, part);
        } else {
            part = count < PIECE ? (size_t)count : PIECE;
            gather_typed(typed, size, &position, part, codes);
            sy_convert_to_f64(view->dtype, codes, part, out_values);
        }
        out_values += part;
        count -= part;
    }
}

void sy_data_gather_f64(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, uint64_t first, uint64_t stride, uint64_t count,
    double *out_values) {
    data_view view;
    data_view_make(block, storage, key, tensor_index, set, &view);
    run position = start_run(&view, first, stride);
    if (view.kind == VIEW_TYPED) {
        read_typed(block, &view, position, count, out_values);
        return;
    }
    if (view.kind == VIEW_ZERO) {
        for (uint64_t i = 0; i < count; i++)
            out_values[i] = 0.0;
        return;
    }
    char codes[PIECE * sizeof(double)];
    for (uint64_t done = 0; done < count; done += PIECE) {
        size_t part = count - done < PIECE ? (size_t)(count - done) : PIECE;
        make_values(block, &view, &position, part, out_values + done);
        sy_convert_from_f64(view.dtype, out_values + done, part, codes);
        sy_convert_to_f64(view.dtype, codes, part, out_values + done);
    }
}

void sy_data_fill_f64(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, uint64_t first, uint64_t count, double *out_values) {
    sy_data_gather_f64(block, storage, key, tensor_index, set, first, 1, count, out_values);
}
