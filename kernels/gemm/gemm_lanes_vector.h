/* Bodies of the lanes of gemm_lanes.h, over the vectors of gemm_vector.h; the instances are in
 * gemm_lanes_<isa>.c. */
#ifndef KERNELS_GEMM_GEMM_LANES_VECTOR_H
#define KERNELS_GEMM_GEMM_LANES_VECTOR_H

#include "kernels/gemm/gemm_lanes.h"
#include "kernels/gemm/gemm_vector.h"

/* Columns of a tile and vectors of lanes at most. */
enum { LANES_COLS = 8, LANES_VECTORS = 6 };

/* What does not fill the only tile goes out of memory. */
GEMM_INLINE void lanes_put_narrow(
    const int cols, const int vectors, gemm_f32v sum[][LANES_VECTORS], const gemm_lanes *lanes, float *c) {
    float flat[LANES_COLS * LANES_VECTORS * GEMM_F32_LANES];
#pragma GCC unroll 8
    for (int j = 0; j < cols; j++)
#pragma GCC unroll 6
        for (int v = 0; v < vectors; v++)
            store_f32v(flat + (j * vectors + v) * GEMM_F32_LANES, sum[j][v]);
    for (int j = 0; j < cols; j++)
        memcpy(
            c + j * lanes->c_step, flat + j * vectors * GEMM_F32_LANES, (size_t)lanes->count * sizeof(float));
}

GEMM_INLINE void lanes_unit_f32(
    const int cols, const int vectors, const float *x, const float *b, gemm_f32v sum[][LANES_VECTORS]) {
    gemm_f32v pixels[LANES_VECTORS];
#pragma GCC unroll 6
    for (int v = 0; v < vectors; v++)
        pixels[v] = load_f32v(x + v * GEMM_F32_LANES);
#pragma GCC unroll 8
    for (int j = 0; j < cols; j++)
#pragma GCC unroll 6
        for (int v = 0; v < vectors; v++)
            sum[j][v] += b[j] * pixels[v];
}

/* `cols` columns from b on by `vectors` vectors of lanes from `first` on; b: of a panel of `panel`;
 * constants. */
GEMM_INLINE void lanes_tile_f32(const int cols, const int vectors, const int panel, const gemm_lanes *lanes,
    int64_t first, const float *b, float *c) {
    gemm_f32v sum[LANES_COLS][LANES_VECTORS] = {0};
    const float *x = lanes->x + first;
    const int64_t *offset = lanes->offset, c_step = lanes->c_step;
    if (lanes->ahead)
        prefetch_tile(cols, (size_t)vectors * GEMM_VECTOR_BYTES, c + first + lanes->ahead,
            (size_t)c_step * sizeof(float));
    const int64_t *end = offset + lanes->units;
    for (; offset + 3 <= end; offset += 3, b += 3 * panel)
#pragma GCC unroll 3
        for (int u = 0; u < 3; u++)
            lanes_unit_f32(cols, vectors, x + offset[u], b + u * panel, sum);
    for (; offset < end; offset++, b += panel)
        lanes_unit_f32(cols, vectors, x + *offset, b, sum);
    if (lanes->count < vectors * GEMM_F32_LANES) {
        lanes_put_narrow(cols, vectors, sum, lanes, c);
        return;
    }
#pragma GCC unroll 8
    for (int j = 0; j < cols; j++)
#pragma GCC unroll 6
        for (int v = 0; v < vectors; v++)
            store_f32v(c + first + j * c_step + v * GEMM_F32_LANES, sum[j][v]);
}

/* `tiles` tiles from lane `first` on; the last of all overlaps the one before instead of being narrow, which
 * writes some lanes twice. Returns the lane after them. */
GEMM_INLINE int64_t lanes_tiles_f32(const int cols, const int vectors, const int panel,
    const gemm_lanes *lanes, int64_t first, int64_t tiles, const float *b, float *c) {
    const int64_t width = vectors * GEMM_F32_LANES, last = lanes->count > width ? lanes->count - width : 0;
    for (; tiles > 0; tiles--, first += width)
        lanes_tile_f32(cols, vectors, panel, lanes, first < last ? first : last, b, c);
    return first;
}

/* As above; the constants are the including file's. */
typedef int64_t (*lanes_tiles_fn)(
    int cols, int vectors, const gemm_lanes *lanes, int64_t first, int64_t tiles, const float *b, float *c);

/* Tiles of at most `most_cols` columns by `most_vectors` vectors, as few as there can be, of about one size.
 */
GEMM_INLINE void run_lanes(const int most_cols, const int most_vectors, lanes_tiles_fn run,
    const gemm_lanes *lanes, int cols, const float *b) {
    const int64_t vectors = (lanes->count + GEMM_F32_LANES - 1) / GEMM_F32_LANES;
    const int64_t across = (vectors + most_vectors - 1) / most_vectors, wider = vectors % across;
    const int down = (cols + most_cols - 1) / most_cols, wide = (int)(vectors / across);
    for (int t = 0, j = 0; t < down; t++) {
        const int high = t < cols % down ? cols / down + 1 : cols / down;
        float *c = lanes->c + j * lanes->c_step;
        const int64_t next = run(high, wide + 1, lanes, 0, wider, b + j, c);
        run(high, wide, lanes, next, across - wider, b + j, c);
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
