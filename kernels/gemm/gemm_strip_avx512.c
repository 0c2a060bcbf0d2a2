/* Strips, AVX-512: the constants of each tile height over the bodies of gemm_strip_vector.h. */
#include "kernels/gemm/gemm_strip_vector.h"

enum { ROWS = 12, COLS = 32 };

GEMM_INLINE int64_t tiles(int rows, const int vectors, int wanted, const gemm_strip *strip, int64_t first,
    int64_t count, const float *b, bool accumulate) {
    switch (rows) {
    case 1: return strip_tiles_f32(1, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 2: return strip_tiles_f32(2, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 3: return strip_tiles_f32(3, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 4: return strip_tiles_f32(4, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 5: return strip_tiles_f32(5, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 6: return strip_tiles_f32(6, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 7: return strip_tiles_f32(7, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 8: return strip_tiles_f32(8, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 9: return strip_tiles_f32(9, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 10: return strip_tiles_f32(10, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 11: return strip_tiles_f32(11, vectors, COLS, wanted, strip, first, count, b, accumulate);
    default: return strip_tiles_f32(12, vectors, COLS, wanted, strip, first, count, b, accumulate);
    }
}

static int64_t half(int rows, int wanted, const gemm_strip *strip, int64_t first, int64_t count,
    const float *b, bool accumulate) {
    return tiles(rows, 1, wanted, strip, first, count, b, accumulate);
}

static int64_t whole(int rows, int wanted, const gemm_strip *strip, int64_t first, int64_t count,
    const float *b, bool accumulate) {
    return tiles(rows, 2, wanted, strip, first, count, b, accumulate);
}

void gemm_strip_f32_12x32_avx512(const gemm_strip *strip, int cols, const void *b, bool accumulate) {
    run_strip(ROWS, 2 * cols <= COLS ? half : whole, cols, strip, b, accumulate);
}
