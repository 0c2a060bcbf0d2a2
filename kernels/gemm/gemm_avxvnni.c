/* Register tile, AVX-VNNI: quads of unsigned bytes of A and signed ones of B, multiplied and added by
 * vpdpbusd on 256 bits without saturation. */
#include "kernels/gemm/gemm_tiles.h"

#if defined(__AVXVNNI__)
#include "kernels/gemm/gemm_groups_vector.h"

#include <immintrin.h>

GEMM_INLINE gemm_s32v dot_quads(gemm_s32v sum, gemm_s32v a, gemm_s32v b) {
    return (gemm_s32v)_mm256_dpbusd_avx_epi32((__m256i)sum, (__m256i)a, (__m256i)b);
}

static const gemm_s32_op quads = {.dot = dot_quads, .load = load_s32_units, .b_unit = 4, .has_header = true};

void gemm_tile_s32_quads_6x16_avxvnni(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_s32_rows(rows, 6, &quads, cols, units, a, b, next, c, ldc, accumulate);
}

#endif
