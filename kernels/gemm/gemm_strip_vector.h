/* Bodies of the strips of gemm_strip.h, over the vectors of gemm_vector.h; the instances are in
 * gemm_strip_<isa>.c. */
#ifndef KERNELS_GEMM_GEMM_STRIP_VECTOR_H
#define KERNELS_GEMM_GEMM_STRIP_VECTOR_H

#include "kernels/gemm/gemm_ending_vector.h"
#include "kernels/gemm/gemm_strip.h"

/* Vectors across the columns of a panel at most, rows of a tile at most. */
enum { STRIP_VECTORS = 4, STRIP_ROWS = 12 };

/* A strip over one panel of B. tiles: of all heights; wanted: columns. */
typedef struct strip_job {
    const gemm_strip *strip;
    const float *b;
    int wanted;
    int64_t tiles;
    bool accumulate;
} strip_job;

GEMM_INLINE float strip_factor(const unsigned char *at) {
    float factor;
    memcpy(&factor, at, sizeof(factor));
    return factor;
}

/* One unit of depth, `offset` bytes on. Three rows an address: beside the step and twice the step all
 * addresses of a tile stay in registers. */
GEMM_INLINE void strip_unit_f32(const int rows, const int vectors, const unsigned char *const a[],
    int64_t step, const int offset, const float *b, gemm_f32v sum[][STRIP_VECTORS]) {
    gemm_f32v line[STRIP_VECTORS];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++)
        line[v] = load_f32v(b + v * GEMM_F32_LANES);
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++) {
        const gemm_f32v factor = strip_factor(a[i / 3] + i % 3 * step + offset) - (gemm_f32v){0};
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            sum[i][v] = add_product_f32(sum[i][v], factor, line[v]);
    }
}

/* The sums of one tile, whose row 0 begins at a. Constants: rows, vectors, columns of a panel. */
GEMM_INLINE void strip_sum_f32(const int rows, const int vectors, const int cols, const gemm_strip *strip,
    const unsigned char *a, const float *b, gemm_f32v sum[][STRIP_VECTORS]) {
    const int64_t step = strip->a_step;
    for (const gemm_strip_run *run = strip->run, *end = run + strip->runs; run < end; run++) {
        const unsigned char *at[(STRIP_ROWS + 2) / 3];
        const float *line = b + run->b * cols;
        int64_t p = 0;
#pragma GCC unroll 4
        for (int i = 0; i < (rows + 2) / 3; i++)
            at[i] = a + run->offset + 3 * i * step;
        for (; p + 4 <= run->count; p += 4, line += 4 * cols) {
#pragma GCC unroll 4
            for (int u = 0; u < 4; u++)
                strip_unit_f32(rows, vectors, at, step, u * (int)sizeof(float), line + u * cols, sum);
#pragma GCC unroll 4
            for (int i = 0; i < (rows + 2) / 3; i++)
                at[i] += 4 * sizeof(float);
        }
        for (; p < run->count; p++, line += cols) {
            strip_unit_f32(rows, vectors, at, step, 0, line, sum);
#pragma GCC unroll 4
            for (int i = 0; i < (rows + 2) / 3; i++)
                at[i] += sizeof(float);
        }
    }
}

/* The sums of a tile whose row 0 is `first`, with their end. */
GEMM_INLINE void strip_end_f32(
    const int rows, const int vectors, const strip_job *job, int64_t first, gemm_f32v sum[][STRIP_VECTORS]) {
    const gemm_strip *strip = job->strip;
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        const int left = job->wanted - v * GEMM_F32_LANES;
        if (left <= 0)
            return;
        const ending_lane lane =
            ending_lane_f32(strip->end, v * GEMM_F32_LANES, left < GEMM_F32_LANES ? left : GEMM_F32_LANES);
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++)
            end_f32v(&lane, sum[i][v], (first + i) * strip->end_step);
    }
}

/* Fetch what a tile will be added to and written over, or else what the tile after the next will be. */
GEMM_INLINE void strip_fetch_rows(const int rows, const int vectors, const strip_job *job, int64_t first) {
    const gemm_strip *strip = job->strip;
    const size_t bytes = (size_t)vectors * GEMM_VECTOR_BYTES;
    const float *c = (const float *)strip->c + first * strip->c_step;
    if (strip->end)
        prefetch_tile(
            rows, bytes, strip->end->out + first * strip->end_step, (size_t)strip->end_step * sizeof(float));
    else
        prefetch_tile(rows, bytes, c + 2 * rows * strip->c_step, (size_t)strip->c_step * sizeof(float));
}

/* One tile: `rows` rows from row `first` on, `vectors` vectors of panels of `cols` columns, constants. */
GEMM_INLINE void strip_tile_f32(
    const int rows, const int vectors, const int cols, const strip_job *job, int64_t first) {
    const gemm_strip *strip = job->strip;
    const int64_t c_step = strip->c_step;
    float *c = (float *)strip->c + first * c_step;
    gemm_f32v sum[STRIP_ROWS][STRIP_VECTORS] = {0};
    strip_fetch_rows(rows, vectors, job, first);
    strip_sum_f32(rows, vectors, cols, strip, strip->a + first * strip->a_step, job->b, sum);
    if (job->accumulate)
#pragma GCC unroll 12
        for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++)
                sum[i][v] += load_f32v(c + i * c_step + v * GEMM_F32_LANES);
    if (strip->end) {
        strip_end_f32(rows, vectors, job, first, sum);
        return;
    }
#pragma GCC unroll 12
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            store_f32v(c + i * c_step + v * GEMM_F32_LANES, sum[i][v]);
}

/* Tile `index`'s part of what comes next. */
GEMM_INLINE void strip_fetch_next(const strip_job *job, int64_t index) {
    const int64_t lines = (job->strip->next_bytes + 63) / 64, each = lines / job->tiles + 1;
    for (int64_t line = index * each; line < lines && line < (index + 1) * each; line++)
        gemm_fetch(job->strip->next + line * 64, 0);
}

/* `count` tiles of one height: the first ones of the strip, or its last ones, which begin with tile `index`.
 */
GEMM_INLINE void strip_tiles_f32(
    const int rows, const int vectors, const int cols, const strip_job *job, int64_t index, int64_t count) {
    int64_t first = index == 0 ? 0 : job->strip->count - count * rows;
    for (; count > 0; count--, index++, first += rows) {
        strip_fetch_next(job, index);
        strip_tile_f32(rows, vectors, cols, job, first);
    }
}

/* As above; the constants are the including file's. */
typedef void (*strip_tiles_fn)(int rows, const strip_job *job, int64_t index, int64_t count);

/* As few tiles as there can be; heights differ by at most one, the taller ones come first. */
GEMM_INLINE void run_strip(const int rows, strip_tiles_fn run, int wanted, const gemm_strip *strip,
    const float *b, bool accumulate) {
    const int64_t tiles = (strip->count + rows - 1) / rows, taller = strip->count % tiles;
    const int height = (int)(strip->count / tiles);
    const strip_job job = {strip, b, wanted, tiles, accumulate};
    run(height + 1, &job, 0, taller);
    run(height, &job, taller, tiles - taller);
}

#endif
