/* Bodies of the open tiles of gemm_open.h, over the vectors of gemm_vector.h; the instances are in
 * gemm_open_<isa>.c. */
#ifndef KERNELS_GEMM_GEMM_OPEN_VECTOR_H
#define KERNELS_GEMM_GEMM_OPEN_VECTOR_H

#include "kernels/gemm/gemm_open.h"
#include "kernels/gemm/gemm_vector.h"

GEMM_INLINE const gemm_open_run *open_next(const gemm_open_run *run, const int rows) {
    return (const gemm_open_run *)(const void *)((const char *)run + gemm_open_run_bytes(rows));
}

/* Fetch where the sums will go, while the products run. */
GEMM_INLINE void open_fetch_rows(const int rows, const float *c, const int64_t *row) {
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        __builtin_prefetch(c + row[i], 1);
        if (GEMM_VECTOR_BYTES > 32)
            __builtin_prefetch(c + row[i] + GEMM_F32_LANES, 1);
    }
}

GEMM_INLINE void open_put_f32(
    const int rows, gemm_f32v sum[][2], float *c, const int64_t *row, bool accumulate) {
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        float *to = c + row[i];
        if (accumulate) {
            sum[i][0] += load_f32v(to);
            sum[i][1] += load_f32v(to + GEMM_F32_LANES);
        }
        store_f32v(to, sum[i][0]);
        store_f32v(to + GEMM_F32_LANES, sum[i][1]);
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
GEMM_INLINE void open_f32(const int rows, int64_t runs, const gemm_open_run *run, const float *b, float *c,
    const int64_t *row, bool accumulate) {
    gemm_f32v sum[GEMM_OPEN_MAX_ROWS][2] = {0};
    open_fetch_rows(rows, c, row);
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
    open_put_f32(rows, sum, c, row, accumulate);
}

/* One to three rows, where one chain of multiply-adds a vector would wait for its own latency: `chains` (2 or
 * 4) of them. */
GEMM_INLINE void open_few_f32(const int rows, const int chains, int64_t runs, const gemm_open_run *run,
    const float *b, float *c, const int64_t *row, bool accumulate) {
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
    open_put_f32(rows, sum[0], c, row, accumulate);
}

GEMM_INLINE void open_half_step_f32(
    const int rows, const float *const *a, int64_t p, const float *b, gemm_f32v sum[]) {
    const gemm_f32v line = load_f32v(b);
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++)
        sum[i] = add_product_f32(sum[i], a[i][p] - (gemm_f32v){0}, line);
}

/* The lower half of the columns: one vector. `chains` as whole tiles of so many rows have: columns of the
 * same numbers have the same sums. */
GEMM_INLINE void open_half_f32(const int rows, const int chains, int64_t runs, const gemm_open_run *run,
    const float *b, float *c, const int64_t *row, bool accumulate) {
    gemm_f32v sum[4][GEMM_OPEN_MAX_ROWS] = {0};
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
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        float *to = c + row[i];
#pragma GCC unroll 4
        for (int u = 1; u < chains; u++)
            sum[0][i] += sum[u][i];
        store_f32v(to, accumulate ? sum[0][i] + load_f32v(to) : sum[0][i]);
    }
}

#endif
