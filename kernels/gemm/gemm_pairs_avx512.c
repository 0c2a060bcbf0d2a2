/* Register tiles, AVX-512 without VNNI, for bytes: pairs along the depth as 16-bit integers, multiplied and
 * added by vpmaddwd without loss. A is s16; B is s16, or s8 or u8 widened in the loop, which has half the
 * memory to read. Twelve rows: the product needs a register of its own beside the sums. */
#include "kernels/gemm/gemm_tiles.h"

#if defined(__AVX512BW__)
#include "kernels/gemm/gemm_groups_vector.h"

#include <immintrin.h>

enum { ROWS = 12 };
typedef int16_t s16_lanes __attribute__((vector_size(GEMM_VECTOR_BYTES)));
typedef int8_t s8_at __attribute__((vector_size(GEMM_VECTOR_BYTES / 2), aligned(1), may_alias));
typedef uint8_t u8_at __attribute__((vector_size(GEMM_VECTOR_BYTES / 2), aligned(1), may_alias));

GEMM_INLINE gemm_s32v dot_pairs(gemm_s32v sum, gemm_s32v a, gemm_s32v b) {
    return sum + (gemm_s32v)_mm512_madd_epi16((__m512i)a, (__m512i)b);
}

GEMM_INLINE gemm_s32v load_s8(const unsigned char *b) {
    return (gemm_s32v) __builtin_convertvector(*(const s8_at *)b, s16_lanes);
}

GEMM_INLINE gemm_s32v load_u8(const unsigned char *b) {
    return (gemm_s32v) __builtin_convertvector(*(const u8_at *)b, s16_lanes);
}

static const gemm_s32_op from_s16 = {.dot = dot_pairs, .load = load_s32_units, .b_unit = 4};
static const gemm_s32_op from_s8 = {.dot = dot_pairs, .load = load_s8, .b_unit = 2};
static const gemm_s32_op from_u8 = {.dot = dot_pairs, .load = load_u8, .b_unit = 2};

void gemm_tile_s32_pairs_12x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_s32_rows(rows, ROWS, &from_s16, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_s32_pairs_s8_12x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_s32_rows(rows, ROWS, &from_s8, cols, units, a, b, next, c, ldc, accumulate);
}

void gemm_tile_s32_pairs_u8_12x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate) {
    tile_s32_rows(rows, ROWS, &from_u8, cols, units, a, b, next, c, ldc, accumulate);
}

#endif
