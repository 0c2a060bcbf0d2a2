/*
 * Body of the register tiles in which one instruction multiplies and adds a whole group along the depth (bf16
 * pairs, byte quads, s16 pairs), or in which B is widened as it is loaded. Units of A are four bytes, sums
 * f32 or s32. What differs is a handful of constants, the op; the including file has them, and the
 * instruction set.
 */
#ifndef KERNELS_GEMM_GEMM_GROUPS_VECTOR_H
#define KERNELS_GEMM_GEMM_GROUPS_VECTOR_H

#include "kernels/gemm/gemm_vector.h"

typedef int32_t gemm_s32v_at __attribute__((vector_size(GEMM_VECTOR_BYTES), aligned(4), may_alias));

/*
 * What makes an integer tile.
 *
 * dot         sum + the products of one unit, lane by lane; a is one unit of A in all lanes. Wraps around.
 * load        one vector of units of B, widened if they are narrower than four bytes.
 * b_unit      bytes of a unit of B.
 * has_header  panels begin with the s32 that sums start from.
 */
typedef struct gemm_s32_op {
    gemm_s32v (*dot)(gemm_s32v sum, gemm_s32v a, gemm_s32v b);
    gemm_s32v (*load)(const unsigned char *b);
    int b_unit;
    bool has_header;
} gemm_s32_op;

/* What makes a tile of f32 sums: the same. Vectors of f32 throughout, even where they hold pairs of bf16: a
 * sum that changed its type would be kept twice. */
typedef struct gemm_f32_op {
    gemm_f32v (*dot)(gemm_f32v sum, gemm_f32v a, gemm_f32v b);
    gemm_f32v (*load)(const unsigned char *b);
    int b_unit;
} gemm_f32_op;

GEMM_INLINE gemm_s32v load_s32v(const void *p) {
    return *(const gemm_s32v_at *)p;
}

GEMM_INLINE void store_s32v(void *p, gemm_s32v v) {
    *(gemm_s32v_at *)p = v;
}

/* The unit at `at` in all lanes. */
GEMM_INLINE gemm_s32v spread_s32(const unsigned char *at) {
    int32_t unit;
    memcpy(&unit, at, sizeof(unit));
    return unit + (gemm_s32v){0};
}

GEMM_INLINE gemm_s32v load_s32_units(const unsigned char *b) {
    return load_s32v(b);
}

GEMM_INLINE gemm_f32v load_f32_units(const unsigned char *b) {
    return *(const gemm_f32v_at *)(const void *)b;
}

/* The narrow last tile, element by element out of memory. */
GEMM_INLINE void put_narrow_s32(
    const int rows, int cols, const int32_t *flat, int32_t *c, int64_t ldc, bool accumulate) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const uint32_t before = accumulate ? (uint32_t)c[i * ldc + j] : 0;
            c[i * ldc + j] = (int32_t)(before + (uint32_t)flat[i * GEMM_F32_COLS + j]);
        }
}

typedef uint32_t gemm_u32v __attribute__((vector_size(GEMM_VECTOR_BYTES)));

/* Sums of integers wrap around, as the instructions do. */
GEMM_INLINE gemm_s32v wrap_add(gemm_s32v a, gemm_s32v b) {
    return (gemm_s32v)((gemm_u32v)a + (gemm_u32v)b);
}

/* Write the sums of a tile into rows x cols of C. */
GEMM_INLINE void put_tile_s32(
    const int rows, int cols, gemm_s32v sum[][2], int32_t *c, int64_t ldc, bool accumulate) {
    if (cols < GEMM_F32_COLS) {
        int32_t flat[GEMM_MAX_ROWS * GEMM_F32_COLS];
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            store_s32v(flat + i * GEMM_F32_COLS, sum[i][0]);
            store_s32v(flat + i * GEMM_F32_COLS + GEMM_F32_LANES, sum[i][1]);
        }
        put_narrow_s32(rows, cols, flat, c, ldc, accumulate);
        return;
    }
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int j = 0; j < 2; j++) {
            int32_t *at = c + i * ldc + j * GEMM_F32_LANES;
            store_s32v(at, accumulate ? wrap_add(sum[i][j], load_s32v(at)) : sum[i][j]);
        }
}

/* B fetched ahead: every line of one unit row. */
GEMM_INLINE void fetch_ahead(const int b_unit, const unsigned char *b) {
    __builtin_prefetch(b + GEMM_PREFETCH);
    if (GEMM_F32_COLS * b_unit > 64)
        __builtin_prefetch(b + GEMM_PREFETCH + 64);
}

/* One unit of depth onto rows x 2 vectors of sums. */
GEMM_INLINE void add_s32_unit(const int rows, const gemm_s32_op *op, const unsigned char *a,
    const unsigned char *b, gemm_s32v sum[][2]) {
    const gemm_s32v low = op->load(b), high = op->load(b + GEMM_F32_LANES * op->b_unit);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        const gemm_s32v unit = spread_s32(a + i * 4);
        sum[i][0] = op->dot(sum[i][0], unit, low);
        sum[i][1] = op->dot(sum[i][1], unit, high);
    }
}

GEMM_INLINE void add_f32_unit(const int rows, const gemm_f32_op *op, const unsigned char *a,
    const unsigned char *b, gemm_f32v sum[][2]) {
    const gemm_f32v low = op->load(b), high = op->load(b + GEMM_F32_LANES * op->b_unit);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        float unit;
        memcpy(&unit, a + i * 4, sizeof(unit));
        sum[i][0] = op->dot(sum[i][0], unit - (gemm_f32v){0}, low);
        sum[i][1] = op->dot(sum[i][1], unit - (gemm_f32v){0}, high);
    }
}

/* What integer sums start from. */
GEMM_INLINE void start_s32(const int rows, const int chains, const bool has_header, const unsigned char *a,
    const unsigned char *b, gemm_s32v sum[][2]) {
#pragma GCC unroll 14
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = (gemm_s32v){0};
    if (!has_header)
        return;
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        sum[i][0] = wrap_add(spread_s32(a + i * 4), load_s32v(b));
        sum[i][1] = wrap_add(spread_s32(a + i * 4), load_s32v(b + GEMM_VECTOR_BYTES));
    }
}

/*
 * rows x 2 vectors of C (+)= A B. `chains` sums of each element, so that few rows do not wait for the latency
 * of their additions; such products run at the speed of memory, so B is fetched ahead. rows * chains <= 14;
 * rows, chains and *op are constants.
 */
GEMM_INLINE void tile_s32_groups(const int rows, const int chains, const gemm_s32_op *op, int cols,
    int64_t units, const unsigned char *a, const unsigned char *b, const void *next, int32_t *c, int64_t ldc,
    bool accumulate) {
    gemm_s32v sum[GEMM_MAX_ROWS][2];
    const int a_step = rows * 4, b_step = GEMM_F32_COLS * op->b_unit;
    const bool has_header = op->has_header && units > 0;
    start_s32(rows, chains, has_header, a, b, sum);
    if (has_header)
        units--, a += a_step, b += b_step;
    for (; units >= chains; units -= chains)
#pragma GCC unroll 4
        for (int u = 0; u < chains; u++, a += a_step, b += b_step) {
            if (chains > 1)
                fetch_ahead(op->b_unit, b);
            else
                next = gemm_fetch(next, b_step / GEMM_FETCH_TURNS);
            add_s32_unit(rows, op, a, b, sum + u * rows);
        }
    for (; chains > 1 && units > 0; units--, a += a_step, b += b_step)
        add_s32_unit(rows, op, a, b, sum);
#pragma GCC unroll 14
    for (int i = rows; i < rows * chains; i++) {
        sum[i % rows][0] = wrap_add(sum[i % rows][0], sum[i][0]);
        sum[i % rows][1] = wrap_add(sum[i % rows][1], sum[i][1]);
    }
    put_tile_s32(rows, cols, sum, c, ldc, accumulate);
}

GEMM_INLINE void tile_f32_groups(const int rows, const int chains, const gemm_f32_op *op, int cols,
    int64_t units, const unsigned char *a, const unsigned char *b, const void *next, float *c, int64_t ldc,
    bool accumulate) {
    gemm_f32v sum[GEMM_MAX_ROWS][2];
    const int a_step = rows * 4, b_step = GEMM_F32_COLS * op->b_unit;
#pragma GCC unroll 14
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    for (; units >= chains; units -= chains)
#pragma GCC unroll 4
        for (int u = 0; u < chains; u++, a += a_step, b += b_step) {
            if (chains > 1)
                fetch_ahead(op->b_unit, b);
            else
                next = gemm_fetch(next, b_step / GEMM_FETCH_TURNS);
            add_f32_unit(rows, op, a, b, sum + u * rows);
        }
    for (; chains > 1 && units > 0; units--, a += a_step, b += b_step)
        add_f32_unit(rows, op, a, b, sum);
#pragma GCC unroll 14
    for (int i = rows; i < rows * chains; i++) {
        sum[i % rows][0] += sum[i][0];
        sum[i % rows][1] += sum[i][1];
    }
    put_tile_f32(rows, cols, sum, c, ldc, accumulate);
}

/* The tile of `rows` <= most; most, 6 to 14, is a constant. */
GEMM_INLINE void tile_s32_rows(int rows, const int most, const gemm_s32_op *op, int cols, int64_t units,
    const void *a, const void *b, const void *next, void *c, int64_t ldc, bool accumulate) {
    if (rows >= most) {
        tile_s32_groups(most, 1, op, cols, units, a, b, next, c, ldc, accumulate);
        return;
    }
    switch (rows) {
    case 1: tile_s32_groups(1, 4, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 2: tile_s32_groups(2, 3, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 3: tile_s32_groups(3, 2, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 4: tile_s32_groups(4, 1, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 5: tile_s32_groups(5, 1, op, cols, units, a, b, next, c, ldc, accumulate); return;
    default: break;
    }
    if (most == 6)
        return;
    switch (rows) {
    case 6: tile_s32_groups(6, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 7: tile_s32_groups(7, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 8: tile_s32_groups(8, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 9: tile_s32_groups(9, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 10: tile_s32_groups(10, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 11: tile_s32_groups(11, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 12: tile_s32_groups(12, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_s32_groups(13, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}

/* The tile of `rows` <= most; most, 6 to 14, is a constant. */
GEMM_INLINE void tile_f32_rows(int rows, const int most, const gemm_f32_op *op, int cols, int64_t units,
    const void *a, const void *b, const void *next, void *c, int64_t ldc, bool accumulate) {
    if (rows >= most) {
        tile_f32_groups(most, 1, op, cols, units, a, b, next, c, ldc, accumulate);
        return;
    }
    switch (rows) {
    case 1: tile_f32_groups(1, 4, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 2: tile_f32_groups(2, 3, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 3: tile_f32_groups(3, 2, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 4: tile_f32_groups(4, 1, op, cols, units, a, b, next, c, ldc, accumulate); return;
    case 5: tile_f32_groups(5, 1, op, cols, units, a, b, next, c, ldc, accumulate); return;
    default: break;
    }
    if (most == 6)
        return;
    switch (rows) {
    case 6: tile_f32_groups(6, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 7: tile_f32_groups(7, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 8: tile_f32_groups(8, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 9: tile_f32_groups(9, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 10: tile_f32_groups(10, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 11: tile_f32_groups(11, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    case 12: tile_f32_groups(12, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    default: tile_f32_groups(13, 1, op, cols, units, a, b, next, c, ldc, accumulate); break;
    }
}

#endif
