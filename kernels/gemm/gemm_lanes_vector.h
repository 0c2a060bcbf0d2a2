/* Bodies of the lanes of gemm_lanes.h, over the vectors of gemm_vector.h; the instances are in
 * gemm_lanes_<isa>.c. */
#ifndef KERNELS_GEMM_GEMM_LANES_VECTOR_H
#define KERNELS_GEMM_GEMM_LANES_VECTOR_H

#include "kernels/gemm/gemm_lanes.h"
#include "kernels/gemm/gemm_vector.h"

/* Columns of a tile, vectors of lanes, and lanes at most. */
enum { LANES_COLS = 8, LANES_VECTORS = 6, LANES_MOST = 48 };

/* `cols` columns from b on by `vectors` vectors of lanes from x on; b: of a panel of `panel`. All constants
 * but `left`: fewer lanes than that go out of memory. */
GEMM_INLINE void lanes_tile_f32(const int cols, const int vectors, const int panel, const gemm_lanes *lanes,
    const float *x, const float *b, float *c, int64_t left) {
    gemm_f32v sum[LANES_COLS][LANES_VECTORS] = {0};
    const int64_t *offset = lanes->offset, c_step = lanes->c_step;
    for (const int64_t *end = offset + lanes->units; offset < end; offset++, b += panel) {
        const float *line = x + *offset;
        gemm_f32v pixels[LANES_VECTORS];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            pixels[v] = load_f32v(line + v * GEMM_F32_LANES);
#pragma GCC unroll 12
        for (int j = 0; j < cols; j++)
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++)
                sum[j][v] += b[j] * pixels[v];
    }
    if (left < vectors * GEMM_F32_LANES) {
        float flat[LANES_COLS * LANES_MOST];
#pragma GCC unroll 12
        for (int j = 0; j < cols; j++)
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++)
                store_f32v(flat + (j * vectors + v) * GEMM_F32_LANES, sum[j][v]);
        for (int j = 0; j < cols; j++)
            memcpy(c + j * c_step, flat + j * vectors * GEMM_F32_LANES, (size_t)left * sizeof(float));
        return;
    }
#pragma GCC unroll 12
    for (int j = 0; j < cols; j++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++)
            store_f32v(c + j * c_step + v * GEMM_F32_LANES, sum[j][v]);
}

/* One tile: `cols` columns by `vectors` vectors; the constants are the including file's. */
typedef void (*lanes_tile_fn)(
    int cols, int vectors, const gemm_lanes *lanes, const float *x, const float *b, float *c, int64_t left);

/* Tiles of at most `most_cols` columns by `most_vectors` vectors, as few as there can be, of about one size.
 */
GEMM_INLINE void run_lanes(const int most_cols, const int most_vectors, lanes_tile_fn run,
    const gemm_lanes *lanes, int cols, const float *b) {
    const int64_t vectors = (lanes->count + GEMM_F32_LANES - 1) / GEMM_F32_LANES;
    const int64_t across = (vectors + most_vectors - 1) / most_vectors;
    const int down = (cols + most_cols - 1) / most_cols;
    for (int t = 0, j = 0; t < down; t++) {
        const int high = t < cols % down ? cols / down + 1 : cols / down;
        for (int64_t i = 0, v = 0; i < across; i++) {
            const int wide = (int)(i < vectors % across ? vectors / across + 1 : vectors / across);
            const int64_t first = v * GEMM_F32_LANES;
            run(high, wide, lanes, lanes->x + first, b + j, lanes->c + j * lanes->c_step + first,
                lanes->count - first);
            v += wide;
        }
        j += high;
    }
}

/* out[f * out_step + i] = in[i * step + f]. */
GEMM_INLINE void part_f32(const float *restrict in, int64_t step, int64_t phases, int64_t count,
    float *restrict out, int64_t out_step) {
    if (step == 1) {
        memcpy(out, in, (size_t)count * sizeof(float));
        return;
    }
    if (step == 2 && phases == 2) {
        float *restrict odd = out + out_step;
        for (int64_t i = 0; i < count; i++) {
            out[i] = in[2 * i];
            odd[i] = in[2 * i + 1];
        }
        return;
    }
    for (int64_t f = 0; f < phases; f++)
        for (int64_t i = 0; i < count; i++)
            out[f * out_step + i] = in[step * i + f];
}

#endif
