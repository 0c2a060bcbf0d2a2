/*
 * Strips, AVX-512, for the last few columns: vectors of half the length, which take half the time where units
 * are 256 bits wide (Zen 4). Over the bodies of gemm_strip_vector.h.
 */
#define GEMM_HALF_VECTORS
#include "kernels/gemm/gemm_strip_vector.h"

enum { ROWS = 12, COLS = 32 };

static void narrow(int rows, const strip_job *job, int64_t index, int64_t count) {
    switch (rows) {
    case 1: strip_tiles_f32(1, 1, COLS, job, index, count); break;
    case 2: strip_tiles_f32(2, 1, COLS, job, index, count); break;
    case 3: strip_tiles_f32(3, 1, COLS, job, index, count); break;
    case 4: strip_tiles_f32(4, 1, COLS, job, index, count); break;
    case 5: strip_tiles_f32(5, 1, COLS, job, index, count); break;
    case 6: strip_tiles_f32(6, 1, COLS, job, index, count); break;
    case 7: strip_tiles_f32(7, 1, COLS, job, index, count); break;
    case 8: strip_tiles_f32(8, 1, COLS, job, index, count); break;
    case 9: strip_tiles_f32(9, 1, COLS, job, index, count); break;
    case 10: strip_tiles_f32(10, 1, COLS, job, index, count); break;
    case 11: strip_tiles_f32(11, 1, COLS, job, index, count); break;
    default: strip_tiles_f32(12, 1, COLS, job, index, count); break;
    }
}

void gemm_strip_f32_12x8_avx512(const gemm_strip *strip, int cols, const void *b, bool accumulate) {
    run_strip(ROWS, narrow, cols, strip, b, accumulate);
}
