/* Register tiles, AVX-512: the constants of each tile height over the bodies of gemm_vector.h. */
#include "kernels/gemm/gemm_tiles.h"
#include "kernels/gemm/gemm_vector.h"

void gemm_tile_f32_14x32_avx512(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_few_f32(1, 4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_few_f32(2, 3, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_few_f32(3, 2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_f32(4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_f32(5, cols, k, a, b, next, c, ldc, accumulate); break;
    case 6: tile_f32(6, cols, k, a, b, next, c, ldc, accumulate); break;
    case 7: tile_f32(7, cols, k, a, b, next, c, ldc, accumulate); break;
    case 8: tile_f32(8, cols, k, a, b, next, c, ldc, accumulate); break;
    case 9: tile_f32(9, cols, k, a, b, next, c, ldc, accumulate); break;
    case 10: tile_f32(10, cols, k, a, b, next, c, ldc, accumulate); break;
    case 11: tile_f32(11, cols, k, a, b, next, c, ldc, accumulate); break;
    case 12: tile_f32(12, cols, k, a, b, next, c, ldc, accumulate); break;
    case 13: tile_f32(13, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f32(14, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_f64_14x16_avx512(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_f64(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_f64(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_f64(3, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_f64(4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_f64(5, cols, k, a, b, next, c, ldc, accumulate); break;
    case 6: tile_f64(6, cols, k, a, b, next, c, ldc, accumulate); break;
    case 7: tile_f64(7, cols, k, a, b, next, c, ldc, accumulate); break;
    case 8: tile_f64(8, cols, k, a, b, next, c, ldc, accumulate); break;
    case 9: tile_f64(9, cols, k, a, b, next, c, ldc, accumulate); break;
    case 10: tile_f64(10, cols, k, a, b, next, c, ldc, accumulate); break;
    case 11: tile_f64(11, cols, k, a, b, next, c, ldc, accumulate); break;
    case 12: tile_f64(12, cols, k, a, b, next, c, ldc, accumulate); break;
    case 13: tile_f64(13, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f64(14, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_s32_8x32_avx512(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_s32(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_s32(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_s32(3, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_s32(4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_s32(5, cols, k, a, b, next, c, ldc, accumulate); break;
    case 6: tile_s32(6, cols, k, a, b, next, c, ldc, accumulate); break;
    case 7: tile_s32(7, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_s32(8, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}
