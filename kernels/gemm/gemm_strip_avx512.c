/* Strips, AVX-512: the constants of each tile height over the bodies of gemm_strip_vector.h. */
#include "kernels/gemm/gemm_strip_vector.h"

enum { ROWS = 12, COLS = 32 };

GEMM_INLINE void tiles(int rows, const int vectors, const strip_job *job, int64_t index, int64_t count) {
    switch (rows) {
    case 1: strip_tiles_f32(1, vectors, COLS, job, index, count); break;
    case 2: strip_tiles_f32(2, vectors, COLS, job, index, count); break;
    case 3: strip_tiles_f32(3, vectors, COLS, job, index, count); break;
    case 4: strip_tiles_f32(4, vectors, COLS, job, index, count); break;
    case 5: strip_tiles_f32(5, vectors, COLS, job, index, count); break;
    case 6: strip_tiles_f32(6, vectors, COLS, job, index, count); break;
    case 7: strip_tiles_f32(7, vectors, COLS, job, index, count); break;
    case 8: strip_tiles_f32(8, vectors, COLS, job, index, count); break;
    case 9: strip_tiles_f32(9, vectors, COLS, job, index, count); break;
    case 10: strip_tiles_f32(10, vectors, COLS, job, index, count); break;
    case 11: strip_tiles_f32(11, vectors, COLS, job, index, count); break;
    default: strip_tiles_f32(12, vectors, COLS, job, index, count); break;
    }
}

static void half(int rows, const strip_job *job, int64_t index, int64_t count) {
    tiles(rows, 1, job, index, count);
}

static void whole(int rows, const strip_job *job, int64_t index, int64_t count) {
    tiles(rows, 2, job, index, count);
}

void gemm_strip_f32_12x32_avx512(const gemm_strip *strip, int cols, const void *b, bool accumulate) {
    if (strip->end && 4 * cols <= COLS) {
        gemm_strip_f32_12x8_avx512(strip, cols, b, accumulate);
        return;
    }
    run_strip(ROWS, 2 * cols <= COLS ? half : whole, cols, strip, b, accumulate);
}
