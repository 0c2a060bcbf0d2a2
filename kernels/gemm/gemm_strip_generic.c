/* Strips, any CPU: the constants of each tile height over the bodies of gemm_strip_vector.h. */
#include "kernels/gemm/gemm_strip_vector.h"

enum { ROWS = 4, COLS = 8 };

GEMM_INLINE void tiles(int rows, const int vectors, const strip_job *job, int64_t index, int64_t count) {
    switch (rows) {
    case 1: strip_tiles_f32(1, vectors, COLS, job, index, count); break;
    case 2: strip_tiles_f32(2, vectors, COLS, job, index, count); break;
    case 3: strip_tiles_f32(3, vectors, COLS, job, index, count); break;
    default: strip_tiles_f32(4, vectors, COLS, job, index, count); break;
    }
}

static void half(int rows, const strip_job *job, int64_t index, int64_t count) {
    tiles(rows, 1, job, index, count);
}

static void whole(int rows, const strip_job *job, int64_t index, int64_t count) {
    tiles(rows, 2, job, index, count);
}

void gemm_strip_f32_4x8_generic(const gemm_strip *strip, int cols, const void *b, bool accumulate) {
    run_strip(ROWS, 2 * cols <= COLS ? half : whole, cols, strip, b, accumulate);
}
