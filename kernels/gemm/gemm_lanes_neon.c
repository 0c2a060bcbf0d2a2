/* Lanes, NEON: the constants of each tile over the bodies of gemm_lanes_vector.h. */
#include "kernels/gemm/gemm_lanes_vector.h"

enum { COLS = 4, VECTORS = 6, PANEL = 16 };

GEMM_INLINE int64_t tiles_by(const int cols, int vectors, const gemm_lanes *lanes, int64_t first,
    int64_t count, const float *b, float *c) {
    switch (vectors) {
    case 1: return lanes_tiles_f32(cols, 1, PANEL, lanes, first, count, b, c);
    case 2: return lanes_tiles_f32(cols, 2, PANEL, lanes, first, count, b, c);
    case 3: return lanes_tiles_f32(cols, 3, PANEL, lanes, first, count, b, c);
    case 4: return lanes_tiles_f32(cols, 4, PANEL, lanes, first, count, b, c);
    case 5: return lanes_tiles_f32(cols, 5, PANEL, lanes, first, count, b, c);
    default: return lanes_tiles_f32(cols, 6, PANEL, lanes, first, count, b, c);
    }
}

static int64_t tiles(
    int cols, int vectors, const gemm_lanes *lanes, int64_t first, int64_t count, const float *b, float *c) {
    switch (cols) {
    case 1: return tiles_by(1, vectors, lanes, first, count, b, c);
    case 2: return tiles_by(2, vectors, lanes, first, count, b, c);
    case 3: return tiles_by(3, vectors, lanes, first, count, b, c);
    default: return tiles_by(4, vectors, lanes, first, count, b, c);
    }
}

void gemm_lanes_f32_4x24_neon(const gemm_lanes *lanes, int cols, const float *b) {
    run_lanes(COLS, VECTORS, tiles, lanes, cols, b);
}

void gemm_part_f32_neon(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step) {
    part_f32(in, step, phases, count, out, out_step);
}
