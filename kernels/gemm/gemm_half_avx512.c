/* Register tiles, AVX-512, for a B that is kept as 16-bit floats and widened in the loop: half the memory to
 * read, which is what products of few rows wait for. A is f32. */
#include "kernels/gemm/gemm_tiles.h"

#if defined(__AVX512F__)
#include "kernels/gemm/gemm_groups_vector.h"

#include <immintrin.h>

typedef uint16_t half_at __attribute__((vector_size(GEMM_VECTOR_BYTES / 2), aligned(2), may_alias));

GEMM_INLINE gemm_f32v add_product(gemm_f32v sum, gemm_f32v a, gemm_f32v b) {
    return (gemm_f32v)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)sum);
}

GEMM_INLINE gemm_f32v load_bf16(const unsigned char *b) {
    return (gemm_f32v)(__builtin_convertvector(*(const half_at *)(const void *)b, gemm_s32v) << 16);
}

GEMM_INLINE gemm_f32v load_f16(const unsigned char *b) {
    return (gemm_f32v)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)b));
}

static const gemm_f32_op from_bf16 = {.dot = add_product, .load = load_bf16, .b_unit = 2};
static const gemm_f32_op from_f16 = {.dot = add_product, .load = load_f16, .b_unit = 2};

void gemm_tile_f32_bf16_14x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_f32_rows(rows, 14, &from_bf16, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_f32_f16_14x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_f32_rows(rows, 14, &from_f16, cols, units, a, b, next, c, ldc, accumulate);
}

#endif
