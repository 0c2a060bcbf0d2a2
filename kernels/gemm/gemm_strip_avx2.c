/* Strips, AVX2 with FMA: the constants of each tile height over the bodies of gemm_strip_vector.h. */
#include "kernels/gemm/gemm_strip_vector.h"

enum { ROWS = 6, COLS = 16 };

GEMM_INLINE int64_t tiles(int rows, const int vectors, int wanted, const gemm_strip *strip, int64_t first,
    int64_t count, const float *b, bool accumulate) {
    switch (rows) {
    case 1: return strip_tiles_f32(1, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 2: return strip_tiles_f32(2, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 3: return strip_tiles_f32(3, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 4: return strip_tiles_f32(4, vectors, COLS, wanted, strip, first, count, b, accumulate);
    case 5: return strip_tiles_f32(5, vectors, COLS, wanted, strip, first, count, b, accumulate);
    default: return strip_tiles_f32(6, vectors, COLS, wanted, strip, first, count, b, accumulate);
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

void gemm_strip_f32_6x16_avx2(const gemm_strip *strip, int cols, const void *b, bool accumulate) {
    run_strip(ROWS, 2 * cols <= COLS ? half : whole, cols, strip, b, accumulate);
}
