/* Lanes, AVX2 with FMA: the constants of each tile over the bodies of gemm_lanes_vector.h. */
#include "kernels/gemm/gemm_lanes_vector.h"

enum { COLS = 4, VECTORS = 3, PANEL = 16 };

GEMM_INLINE void tile_cols(const int cols, int vectors, const gemm_lanes *lanes, const float *x,
    const float *b, float *c, int64_t left) {
    switch (vectors) {
    case 1: lanes_tile_f32(cols, 1, PANEL, lanes, x, b, c, left); break;
    case 2: lanes_tile_f32(cols, 2, PANEL, lanes, x, b, c, left); break;
    default: lanes_tile_f32(cols, 3, PANEL, lanes, x, b, c, left); break;
    }
}

static void tile(
    int cols, int vectors, const gemm_lanes *lanes, const float *x, const float *b, float *c, int64_t left) {
    switch (cols) {
    case 1: tile_cols(1, vectors, lanes, x, b, c, left); break;
    case 2: tile_cols(2, vectors, lanes, x, b, c, left); break;
    case 3: tile_cols(3, vectors, lanes, x, b, c, left); break;
    default: tile_cols(COLS, vectors, lanes, x, b, c, left); break;
    }
}

void gemm_lanes_f32_4x24_avx2(const gemm_lanes *lanes, int cols, const float *b) {
    run_lanes(COLS, VECTORS, tile, lanes, cols, b);
}

void gemm_part_f32_avx2(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step) {
    part_f32(in, step, phases, count, out, out_step);
}
