/* Register tiles, any CPU: the constants of each tile height over the bodies of gemm_vector.h. */
#include "kernels/gemm/gemm_tiles.h"
#include "kernels/gemm/gemm_vector.h"

void gemm_tile_f32_4x8_generic(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_f32(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_f32(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_f32(3, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f32(4, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_f64_4x4_generic(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_f64(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_f64(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_f64(3, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_f64(4, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}

void gemm_tile_s32_4x8_generic(int rows, int cols, int64_t k, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: tile_s32(1, cols, k, a, b, next, c, ldc, accumulate); break;
    case 2: tile_s32(2, cols, k, a, b, next, c, ldc, accumulate); break;
    case 3: tile_s32(3, cols, k, a, b, next, c, ldc, accumulate); break;
    default: tile_s32(4, cols, k, a, b, next, c, ldc, accumulate); break;
    }
}
