/* Bodies of the strips of gemm_strip.h, over the vectors of gemm_vector.h; the instances are in
 * gemm_strip_<isa>.c. */
#ifndef KERNELS_GEMM_GEMM_STRIP_VECTOR_H
#define KERNELS_GEMM_GEMM_STRIP_VECTOR_H

#include "kernels/gemm/gemm_strip.h"
#include "kernels/gemm/gemm_vector.h"

/* Vectors across the columns of a panel at most, rows of a tile at most. */
enum { STRIP_VECTORS = 4, STRIP_ROWS = 12 };

GEMM_INLINE float strip_factor(const unsigned char *at) {
    float factor;
    memcpy(&factor, at, sizeof(factor));
    return factor;
}

/* One unit of depth. */
GEMM_INLINE void strip_unit_f32(const int rows, const int vectors, const unsigned char *a, int64_t step,
    const float *b, gemm_f32v sum[][STRIP_VECTORS]) {
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            sum[i][v] += strip_factor(a + i * step) * load_f32v(b + v * GEMM_F32_LANES);
}

/* One tile: `rows` rows from address a, `vectors` vectors of panels of `cols` columns; all constants. */
GEMM_INLINE void strip_tile_f32(const int rows, const int vectors, const int cols, const gemm_strip *strip,
    const unsigned char *a, const float *b, float *c, bool accumulate) {
    const int64_t step = strip->a_step, c_step = strip->c_step;
    gemm_f32v sum[STRIP_ROWS][STRIP_VECTORS] = {0};
    prefetch_tile(
        rows, (size_t)vectors * GEMM_VECTOR_BYTES, c + 2 * rows * c_step, (size_t)c_step * sizeof(float));
    for (const gemm_strip_run *run = strip->run, *end = run + strip->runs; run < end; run++) {
        const unsigned char *at = a + run->offset;
        const float *line = b + run->b * cols;
        int64_t p = 0;
        for (; p + 3 <= run->count; p += 3, at += 3 * sizeof(float), line += 3 * cols)
#pragma GCC unroll 3
            for (int u = 0; u < 3; u++)
                strip_unit_f32(rows, vectors, at + u * (int)sizeof(float), step, line + u * cols, sum);
        for (; p < run->count; p++, at += sizeof(float), line += cols)
            strip_unit_f32(rows, vectors, at, step, line, sum);
    }
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            float *to = c + i * c_step + v * GEMM_F32_LANES;
            store_f32v(to, accumulate ? sum[i][v] + load_f32v(to) : sum[i][v]);
        }
}

/* Tiles of one height over the rows from `first` on; returns the row after the last. */
GEMM_INLINE int64_t strip_tiles_f32(const int rows, const int vectors, const int cols,
    const gemm_strip *strip, int64_t first, int64_t tiles, const float *b, bool accumulate) {
    for (; tiles > 0; tiles--, first += rows)
        strip_tile_f32(rows, vectors, cols, strip, strip->a + first * strip->a_step, b,
            (float *)strip->c + first * strip->c_step, accumulate);
    return first;
}

/* `tiles` tiles of a height, as above; the constants are the including file's. */
typedef int64_t (*strip_tiles_fn)(
    int rows, const gemm_strip *strip, int64_t first, int64_t tiles, const float *b, bool accumulate);

/* As few tiles as there can be; heights differ by at most one. */
GEMM_INLINE void run_strip(
    const int rows, strip_tiles_fn run, const gemm_strip *strip, const float *b, bool accumulate) {
    const int64_t tiles = (strip->count + rows - 1) / rows;
    const int64_t taller = strip->count % tiles;
    const int height = (int)(strip->count / tiles);
    const int64_t next = run(height + 1, strip, 0, taller, b, accumulate);
    run(height, strip, next, tiles - taller, b, accumulate);
}

#endif
