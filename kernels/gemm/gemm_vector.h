/*
 * Bodies of the register kernels, written once over the compiler's vectors: the width is that of the
 * including file's instruction set, the tile is a constant of the one-line wrappers there. No table, no
 * packing.
 */
#ifndef KERNELS_GEMM_GEMM_VECTOR_H
#define KERNELS_GEMM_GEMM_VECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "kernels/gemm/gemm_form.h"

#if defined(GEMM_HALF_VECTORS) /* a file's wish: half the registers of AVX-512 */
#define GEMM_VECTOR_BYTES 32
#elif defined(__AVX512F__)
#define GEMM_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define GEMM_VECTOR_BYTES 32
#else
#define GEMM_VECTOR_BYTES 16
#endif

#define GEMM_INLINE static inline __attribute__((always_inline))

/* Vectors in registers; the _at forms are how they lie in memory: at any address. */
typedef float gemm_f32v __attribute__((vector_size(GEMM_VECTOR_BYTES)));
typedef double gemm_f64v __attribute__((vector_size(GEMM_VECTOR_BYTES)));
typedef float gemm_f32v_at __attribute__((vector_size(GEMM_VECTOR_BYTES), aligned(4), may_alias));
typedef double gemm_f64v_at __attribute__((vector_size(GEMM_VECTOR_BYTES), aligned(8), may_alias));
typedef int32_t gemm_s32v __attribute__((vector_size(GEMM_VECTOR_BYTES)));
typedef int16_t gemm_s16v_at __attribute__((vector_size(GEMM_VECTOR_BYTES / 2), aligned(2), may_alias));

enum {
    GEMM_F32_LANES = GEMM_VECTOR_BYTES / 4,
    GEMM_F64_LANES = GEMM_VECTOR_BYTES / 8,
    GEMM_F32_COLS = 2 * GEMM_F32_LANES, /* columns of a tile */
    GEMM_F64_COLS = 2 * GEMM_F64_LANES,
    GEMM_MAX_ROWS = 14, /* of any tile */
    GEMM_WHOLE_ROWS = GEMM_VECTOR_BYTES == 64   ? 14
                      : GEMM_VECTOR_BYTES == 32 ? 6
                                                : 4,             /* of those of f32 here */
    GEMM_FETCH_BYTES = 2 * GEMM_VECTOR_BYTES / GEMM_FETCH_TURNS, /* of what comes next, with a row of B */
    GEMM_PREFETCH = 4096 /* bytes ahead, in the few-row kernels that run at the speed of memory */
};

GEMM_INLINE gemm_f32v load_f32v(const float *p) {
    return *(const gemm_f32v_at *)p;
}

GEMM_INLINE gemm_f64v load_f64v(const double *p) {
    return *(const gemm_f64v_at *)p;
}

GEMM_INLINE void store_f32v(float *p, gemm_f32v v) {
    *(gemm_f32v_at *)p = v;
}

GEMM_INLINE void store_f64v(double *p, gemm_f64v v) {
    *(gemm_f64v_at *)p = v;
}

/* Fetch what a tile will be added to or written over, `bytes` a row, while the products run: rows of C lie
 * far apart, and no hardware foresees them. */
GEMM_INLINE void prefetch_tile(const int rows, const size_t bytes, const void *c, size_t row_bytes) {
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        const char *line = (const char *)c + (size_t)i * row_bytes;
        __builtin_prefetch(line, 1);
        __builtin_prefetch(line + bytes - 1, 1);
    }
}

/* The narrow last tile goes element by element, out of memory: sums must not be indexed by variables, or they
 * would not stay in registers. */
GEMM_INLINE void put_narrow_f32(
    const int rows, int cols, const float *flat, float *c, int64_t ldc, bool accumulate) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const float value = flat[i * GEMM_F32_COLS + j];
            c[i * ldc + j] = accumulate ? c[i * ldc + j] + value : value;
        }
}

GEMM_INLINE void put_narrow_f64(
    const int rows, int cols, const double *flat, double *c, int64_t ldc, bool accumulate) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const double value = flat[i * GEMM_F64_COLS + j];
            c[i * ldc + j] = accumulate ? c[i * ldc + j] + value : value;
        }
}

/* Write the sums of a tile into rows x cols of C. */
GEMM_INLINE void put_tile_f32(
    const int rows, int cols, gemm_f32v sum[][2], float *c, int64_t ldc, bool accumulate) {
    if (cols < GEMM_F32_COLS) {
        float flat[GEMM_MAX_ROWS * GEMM_F32_COLS];
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            store_f32v(flat + i * GEMM_F32_COLS, sum[i][0]);
            store_f32v(flat + i * GEMM_F32_COLS + GEMM_F32_LANES, sum[i][1]);
        }
        put_narrow_f32(rows, cols, flat, c, ldc, accumulate);
        return;
    }
    if (accumulate) {
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            sum[i][0] += load_f32v(c + i * ldc);
            sum[i][1] += load_f32v(c + i * ldc + GEMM_F32_LANES);
        }
    }
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        store_f32v(c + i * ldc, sum[i][0]);
        store_f32v(c + i * ldc + GEMM_F32_LANES, sum[i][1]);
    }
}

GEMM_INLINE void put_tile_f64(
    const int rows, int cols, gemm_f64v sum[][2], double *c, int64_t ldc, bool accumulate) {
    if (cols < GEMM_F64_COLS) {
        double flat[GEMM_MAX_ROWS * GEMM_F64_COLS];
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            store_f64v(flat + i * GEMM_F64_COLS, sum[i][0]);
            store_f64v(flat + i * GEMM_F64_COLS + GEMM_F64_LANES, sum[i][1]);
        }
        put_narrow_f64(rows, cols, flat, c, ldc, accumulate);
        return;
    }
    if (accumulate) {
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            sum[i][0] += load_f64v(c + i * ldc);
            sum[i][1] += load_f64v(c + i * ldc + GEMM_F64_LANES);
        }
    }
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        store_f64v(c + i * ldc, sum[i][0]);
        store_f64v(c + i * ldc + GEMM_F64_LANES, sum[i][1]);
    }
}

/*
 * sum + factor * b, in the register of the sum. Left to itself GCC puts results into the registers of factors
 * when steps of depth are unrolled, and then moves and spills sums to make up for it.
 */
GEMM_INLINE gemm_f32v add_product_f32(gemm_f32v sum, gemm_f32v factor, gemm_f32v b) {
#if defined(__FMA__) && !defined(GEMM_EMULATED) /* emulated vectors are wider than registers */
    __asm__("vfmadd231ps %2, %1, %0" : "+v"(sum) : "v"(factor), "v"(b));
    return sum;
#else
    return sum + factor * b;
#endif
}

/* One step of depth: two vectors of B against one element of each row, a_step elements apart. */
GEMM_INLINE void step_f32(
    const int rows, const float *a, int64_t a_step, const float *b, gemm_f32v sum[][2]) {
    const gemm_f32v lo = load_f32v(b), hi = load_f32v(b + GEMM_F32_LANES);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++) {
        const gemm_f32v factor = a[i * a_step] - (gemm_f32v){0};
        sum[i][0] = add_product_f32(sum[i][0], factor, lo);
        sum[i][1] = add_product_f32(sum[i][1], factor, hi);
    }
}

/* Four steps, with what is to be fetched of what comes next: twice as much by tiles that are not whole, since
 * there are few of them. */
GEMM_INLINE const void *four_steps_f32(const int rows, const float *a, int64_t a_step, int64_t a_depth,
    const float *b, int64_t ldb, const void *next, gemm_f32v sum[][2]) {
    const int bytes = (rows < GEMM_WHOLE_ROWS ? 8 : 4) * GEMM_FETCH_BYTES;
#pragma GCC unroll 4
    for (int line = 0; line < bytes; line += 64)
        next = gemm_fetch(next, 64);
#pragma GCC unroll 4
    for (int u = 0; u < 4; u++)
        step_f32(rows, a + u * a_depth, a_step, b + u * ldb, sum);
    return next;
}

/* One step of depth of one vector. */
GEMM_INLINE void half_step_f32(
    const int rows, const float *a, int64_t a_step, const float *b, gemm_f32v sum[]) {
    const gemm_f32v line = load_f32v(b);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i] = add_product_f32(sum[i], a[i * a_step] - (gemm_f32v){0}, line);
}

/* rows x 1 vector of C (+)= A B where no more columns are wanted: half the work. One sum an element, as in
 * whole tiles: columns of the same numbers have the same sums. rows: a constant. */
GEMM_INLINE void half_tile_f32(const int rows, int cols, int64_t k, const float *a, int64_t a_step,
    int64_t a_depth, const float *b, int64_t ldb, float *c, int64_t ldc, bool accumulate) {
    gemm_f32v sum[GEMM_MAX_ROWS];
    float flat[GEMM_MAX_ROWS * GEMM_F32_COLS];
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i] = (gemm_f32v){0};
    for (int64_t p = 0; p < k; p++, a += a_depth, b += ldb)
        half_step_f32(rows, a, a_step, b, sum);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        store_f32v(flat + i * GEMM_F32_COLS, sum[i]);
    put_narrow_f32(rows, cols, flat, c, ldc, accumulate);
}

/* rows x 2 vectors of C (+)= A B; a holds k columns of `rows` elements, b k rows of two vectors. rows <= 14,
 * constant. Four steps at a time: fewer instructions, which counts where another thread shares the core. */
GEMM_INLINE void tile_f32(const int rows, int cols, int64_t k, const float *a, const float *b,
    const void *next, float *c, int64_t ldc, bool accumulate) {
    gemm_f32v sum[GEMM_MAX_ROWS][2];
    if (cols <= GEMM_F32_LANES) {
        half_tile_f32(rows, cols, k, a, 1, rows, b, GEMM_F32_COLS, c, ldc, accumulate);
        return;
    }
    prefetch_tile(rows, 2 * GEMM_VECTOR_BYTES, c, (size_t)ldc * 4);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    int64_t p = 0;
    for (; p + 4 <= k; p += 4, a += 4 * rows, b += 4 * GEMM_F32_COLS)
        next = four_steps_f32(rows, a, 1, rows, b, GEMM_F32_COLS, next, sum);
    for (; p < k; p++, a += rows, b += GEMM_F32_COLS)
        step_f32(rows, a, 1, b, sum);
    put_tile_f32(rows, cols, sum, c, ldc, accumulate);
}

GEMM_INLINE void tile_f64(const int rows, int cols, int64_t k, const double *a, const double *b,
    const void *next, double *c, int64_t ldc, bool accumulate) {
    gemm_f64v sum[GEMM_MAX_ROWS][2];
    prefetch_tile(rows, 2 * GEMM_VECTOR_BYTES, c, (size_t)ldc * 8);
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = (gemm_f64v){0};
    for (int64_t p = 0; p < k; p++, next = gemm_fetch(next, GEMM_FETCH_BYTES)) {
        const gemm_f64v lo = load_f64v(b), hi = load_f64v(b + GEMM_F64_LANES);
#pragma GCC unroll 14
        for (int i = 0; i < rows; i++) {
            sum[i][0] += a[i] * lo;
            sum[i][1] += a[i] * hi;
        }
        a += rows;
        b += GEMM_F64_COLS;
    }
    put_tile_f64(rows, cols, sum, c, ldc, accumulate);
}

/* The sums of `chains` chains in the first, rows x 2 vectors each. */
GEMM_INLINE void join_chains_f32(const int rows, const int chains, gemm_f32v sum[][2]) {
#pragma GCC unroll 18
    for (int i = rows; i < rows * chains; i++) {
        sum[i % rows][0] += sum[i][0];
        sum[i % rows][1] += sum[i][1];
    }
}

/*
 * The same for one to three rows, where one chain of multiply-adds a vector would wait for its own latency:
 * `chains` of them. rows * chains <= 6.
 */
GEMM_INLINE void tile_few_f32(const int rows, const int chains, int cols, int64_t k, const float *a,
    const float *b, const void *next, float *c, int64_t ldc, bool accumulate) {
    gemm_f32v sum[6][2];
#pragma GCC unroll 6
    for (int i = 0; i < rows * chains; i++)
        sum[i][0] = sum[i][1] = (gemm_f32v){0};
    int64_t p = 0;
    for (; p + chains <= k; p += chains)
#pragma GCC unroll 4
        for (int u = 0; u < chains; u++, a += rows, b += GEMM_F32_COLS) {
            const gemm_f32v lo = load_f32v(b), hi = load_f32v(b + GEMM_F32_LANES);
            next = gemm_fetch(next, GEMM_FETCH_TURNS * GEMM_FETCH_BYTES);
#pragma GCC unroll 3
            for (int i = 0; i < rows; i++) {
                sum[u * rows + i][0] += a[i] * lo;
                sum[u * rows + i][1] += a[i] * hi;
            }
        }
    for (; p < k; p++, a += rows, b += GEMM_F32_COLS) {
        const gemm_f32v lo = load_f32v(b), hi = load_f32v(b + GEMM_F32_LANES);
#pragma GCC unroll 3
        for (int i = 0; i < rows; i++) {
            sum[i][0] += a[i] * lo;
            sum[i][1] += a[i] * hi;
        }
    }
    join_chains_f32(rows, chains, sum);
    put_tile_f32(rows, cols, sum, c, ldc, accumulate);
}

/*
 * rows x 2 vectors of s32 C (+)= A B from 16-bit panels. Sums of one call cannot overflow (the caller keeps k
 * below 32768 with products up to 255 * 255); those between calls wrap around.
 */
GEMM_INLINE void tile_s32(const int rows, int cols, int64_t k, const int16_t *a, const int16_t *b,
    const void *next, int32_t *c, int64_t ldc, bool accumulate) {
    gemm_s32v sum[8][2] = {0};
    for (int64_t p = 0; p < k; p++, next = gemm_fetch(next, GEMM_FETCH_BYTES)) {
        const gemm_s32v lo = __builtin_convertvector(*(const gemm_s16v_at *)b, gemm_s32v);
        const gemm_s32v hi = __builtin_convertvector(*(const gemm_s16v_at *)(b + GEMM_F32_LANES), gemm_s32v);
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) {
            sum[i][0] += (int32_t)a[i] * lo;
            sum[i][1] += (int32_t)a[i] * hi;
        }
        a += rows;
        b += GEMM_F32_COLS;
    }
    int32_t flat[8][GEMM_F32_COLS];
    memcpy(flat, sum, sizeof(flat));
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            const uint32_t before = accumulate ? (uint32_t)c[i * ldc + j] : 0;
            c[i * ldc + j] = (int32_t)(before + (uint32_t)flat[i][j]);
        }
}

#endif
