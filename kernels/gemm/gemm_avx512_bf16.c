/* Register tile, AVX-512 BF16: pairs of bf16 multiplied and added in f32 by vdpbf16ps, which takes denormal
 * bf16 for zero and makes denormal sums zero. */
#include "kernels/gemm/gemm_tiles.h"

#if defined(__AVX512BF16__)
#include "kernels/gemm/gemm_groups_vector.h"

#include <immintrin.h>

GEMM_INLINE gemm_f32v dot_pairs(gemm_f32v sum, gemm_f32v a, gemm_f32v b) {
    return (gemm_f32v)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}

static const gemm_f32_op pairs = {.dot = dot_pairs, .load = load_f32_units, .b_unit = 4};

void gemm_tile_bf16_pairs_14x32_avx512_bf16(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_f32_rows(rows, 14, &pairs, cols, units, a, b, next, c, ldc, accumulate);
}

#endif
