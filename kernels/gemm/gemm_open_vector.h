/* Bodies of the open tiles of gemm_open.h, over the vectors of gemm_vector.h; the instances are in
 * gemm_open_<isa>.c. */
#ifndef KERNELS_GEMM_GEMM_OPEN_VECTOR_H
#define KERNELS_GEMM_GEMM_OPEN_VECTOR_H

#include "kernels/gemm/gemm_ending_vector.h"
#include "kernels/gemm/gemm_open.h"

GEMM_INLINE const gemm_open_run *open_next(const gemm_open_run *run, const int rows) {
    return (const gemm_open_run *)(const void *)((const char *)run + gemm_open_run_bytes(rows));
}

/* Fetch where the sums will go, and what will be added to them, while the products run. */
GEMM_INLINE void open_fetch_rows(
    const int rows, const float *c, const int64_t *row, const gemm_open_end *end) {
    const float *to = end ? end->ending.out : c, *add = end ? end->ending.add : NULL;
    const int64_t *at = end ? end->row : row;
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        __builtin_prefetch(to + at[i], 1);
        if (GEMM_VECTOR_BYTES > 32)
            __builtin_prefetch(to + at[i] + GEMM_F32_LANES, 1);
    }
    if (add)
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++) {
            __builtin_prefetch(add + at[i]);
            if (GEMM_VECTOR_BYTES > 32)
                __builtin_prefetch(add + at[i] + GEMM_F32_LANES);
        }
}

/* The sums of a tile of one or two vectors with their end. vectors: as sums have them; cols: wanted. */
GEMM_INLINE void open_end_f32(
    const int rows, const int vectors, int cols, gemm_f32v sum[][2], const gemm_open_end *end) {
    const int first = cols < GEMM_F32_LANES ? cols : GEMM_F32_LANES;
    const ending_lane low = ending_lane_f32(&end->ending, 0, first);
    ending_lane high = low;
    if (vectors == 2)
        high = ending_lane_f32(&end->ending, GEMM_F32_LANES, cols - GEMM_F32_LANES);
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        end_f32v(&low, sum[i][0], end->row[i]);
        if (vectors == 2)
            end_f32v(&high, sum[i][1], end->row[i]);
    }
}

/* Where sums of a tile go. vectors: 1 (half the columns; the others of `sum` are not used) or 2. */
GEMM_INLINE void open_put_f32(const int rows, const int vectors, int cols, gemm_f32v sum[][2], float *c,
    const int64_t *row, bool accumulate, const gemm_open_end *end) {
    if (accumulate) {
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++) {
            sum[i][0] += load_f32v(c + row[i]);
            if (vectors == 2)
                sum[i][1] += load_f32v(c + row[i] + GEMM_F32_LANES);
        }
    }
    if (end) {
        open_end_f32(rows, vectors, cols, sum, end);
        return;
    }
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        store_f32v(c + row[i], sum[i][0]);
        if (vectors == 2)
            store_f32v(c + row[i] + GEMM_F32_LANES, sum[i][1]);
    }
}

/* One step of depth: two vectors of B against one element of each row. */
GEMM_INLINE void open_step_f32(
    const int rows, const float *const *a, int64_t p, const float *b, gemm_f32v sum[][2]) {
    const gemm_f32v lo = load_f32v(b), hi = load_f32v(b + GEMM_F32_LANES);
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        const gemm_f32v factor = a[i][p] - (gemm_f32v){0};
        sum[i][0] = add_product_f32(sum[i][0], factor, lo);
        sum[i][1] = add_product_f32(sum[i][1], factor, hi);
    }
}

/* rows: a constant from 4 to 12. */
GEMM_INLINE void open_f32(const int rows, int cols, int64_t runs, const gemm_open_run *run, const float *b,
    float *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    gemm_f32v sum[GEMM_OPEN_MAX_ROWS][2] = {0};
    open_fetch_rows(rows, c, row, end);
    for (; runs > 0; runs--, run = open_next(run, rows)) {
        const float *a[GEMM_OPEN_MAX_ROWS], *at = b + run->b * GEMM_F32_COLS;
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++)
            a[i] = run->a[i];
        int64_t p = 0;
        for (; p + 4 <= run->count; p += 4, at += 4 * GEMM_F32_COLS)
#pragma GCC unroll 4
            for (int u = 0; u < 4; u++)
                open_step_f32(rows, a, p + u, at + u * GEMM_F32_COLS, sum);
        for (; p < run->count; p++, at += GEMM_F32_COLS)
            open_step_f32(rows, a, p, at, sum);
    }
    open_put_f32(rows, 2, cols, sum, c, row, accumulate, end);
}

/* One to three rows, where one chain of multiply-adds a vector would wait for its own latency: `chains` (2 or
 * 4) of them. */
GEMM_INLINE void open_few_f32(const int rows, const int chains, int cols, int64_t runs,
    const gemm_open_run *run, const float *b, float *c, const int64_t *row, bool accumulate,
    const gemm_open_end *end) {
    gemm_f32v sum[4][3][2] = {0};
    for (; runs > 0; runs--, run = open_next(run, rows)) {
        const float *a[3], *at = b + run->b * GEMM_F32_COLS;
#pragma GCC unroll 3
        for (int i = 0; i < rows; i++)
            a[i] = run->a[i];
        int64_t p = 0;
        for (const int64_t whole = run->count - 3; p < whole; p += 4, at += 4 * GEMM_F32_COLS)
#pragma GCC unroll 4
            for (int u = 0; u < 4; u++)
                open_step_f32(rows, a, p + u, at + u * GEMM_F32_COLS, sum[u % chains]);
        for (; p < run->count; p++, at += GEMM_F32_COLS)
            open_step_f32(rows, a, p, at, sum[0]);
    }
#pragma GCC unroll 4
    for (int u = 1; u < chains; u++)
#pragma GCC unroll 3
        for (int i = 0; i < rows; i++) {
            sum[0][i][0] += sum[u][i][0];
            sum[0][i][1] += sum[u][i][1];
        }
    open_put_f32(rows, 2, cols, sum[0], c, row, accumulate, end);
}

GEMM_INLINE void open_half_step_f32(
    const int rows, const float *const *a, int64_t p, const float *b, gemm_f32v sum[][2]) {
    const gemm_f32v line = load_f32v(b);
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++)
        sum[i][0] = add_product_f32(sum[i][0], a[i][p] - (gemm_f32v){0}, line);
}

/* The lower half of the columns: one vector. `chains` as whole tiles of so many rows have: columns of the
 * same numbers have the same sums. */
GEMM_INLINE void open_half_f32(const int rows, const int chains, int cols, int64_t runs,
    const gemm_open_run *run, const float *b, float *c, const int64_t *row, bool accumulate,
    const gemm_open_end *end) {
    gemm_f32v sum[4][GEMM_OPEN_MAX_ROWS][2] = {0};
    open_fetch_rows(rows, c, row, end);
    for (; runs > 0; runs--, run = open_next(run, rows)) {
        const float *a[GEMM_OPEN_MAX_ROWS], *at = b + run->b * GEMM_F32_COLS;
        int64_t p = 0;
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++)
            a[i] = run->a[i];
        for (const int64_t whole = run->count - 3; p < whole; p += 4, at += 4 * GEMM_F32_COLS)
#pragma GCC unroll 4
            for (int u = 0; u < 4; u++)
                open_half_step_f32(rows, a, p + u, at + u * GEMM_F32_COLS, sum[u % chains]);
        for (; p < run->count; p++, at += GEMM_F32_COLS)
            open_half_step_f32(rows, a, p, at, sum[0]);
    }
#pragma GCC unroll 4
    for (int u = 1; u < chains; u++)
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++)
            sum[0][i][0] += sum[u][i][0];
    open_put_f32(rows, 1, cols, sum[0], c, row, accumulate, end);
}

#endif
