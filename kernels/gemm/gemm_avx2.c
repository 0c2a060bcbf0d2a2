/* Register tiles, AVX2 with FMA: the constants of each tile height over the bodies of gemm_vector.h. */
#include "kernels/gemm/gemm_tiles.h"
#include "kernels/gemm/gemm_vector.h"

void gemm_tile_f32_6x16_avx2(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_few_f32(1, 4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_few_f32(2, 3, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_few_f32(3, 2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_f32(4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_f32(5, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f32(6, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_f64_6x8_avx2(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_f64(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_f64(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_f64(3, cols, k, a, b, next, c, ldc, accumulate); break;
    case 4: tile_f64(4, cols, k, a, b, next, c, ldc, accumulate); break;
    case 5: tile_f64(5, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f64(6, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_s32_4x16_avx2(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_s32(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_s32(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_s32(3, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_s32(4, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}
