/* Lanes, AVX2 with FMA: the constants of each tile over the bodies of gemm_lanes_vector.h. */
#include "kernels/gemm/gemm_lanes_vector.h"

#include <immintrin.h>

enum { COLS = 4, VECTORS = 3, PANEL = 16 };

GEMM_INLINE int64_t tiles_by(const int cols, int vectors, const gemm_lanes *lanes, int64_t first,
    int64_t count, const float *b, float *c) {
    switch (vectors) {
    case 1: return lanes_tiles_f32(cols, 1, PANEL, lanes, first, count, b, c);
    case 2: return lanes_tiles_f32(cols, 2, PANEL, lanes, first, count, b, c);
    default: return lanes_tiles_f32(cols, 3, PANEL, lanes, first, count, b, c);
    }
}

static int64_t tiles(
    int cols, int vectors, const gemm_lanes *lanes, int64_t first, int64_t count, const float *b, float *c) {
    switch (cols) {
    case 1: return tiles_by(1, vectors, lanes, first, count, b, c);
    case 2: return tiles_by(2, vectors, lanes, first, count, b, c);
    case 3: return tiles_by(3, vectors, lanes, first, count, b, c);
    default: return tiles_by(4, vectors, lanes, first, count, b, c);
    }
}

void gemm_lanes_f32_4x24_avx2(const gemm_lanes *lanes, int cols, const float *b) {
    run_lanes(COLS, VECTORS, tiles, lanes, cols, b);
}

/* Even and odd elements: quarters that lie eight apart share a register, so that one shuffle puts them in
 * order. */
static void part_pairs(const float *in, int64_t count, float *even, float *odd) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8, in += 16) {
        __builtin_prefetch(
            in + GEMM_PREFETCH / 4); /* the next rows lie there, and their begins are not foreseen */
        const __m256 low =
            _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(in)), _mm_loadu_ps(in + 8), 1);
        const __m256 high =
            _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(in + 4)), _mm_loadu_ps(in + 12), 1);
        _mm256_storeu_ps(even + i, _mm256_shuffle_ps(low, high, 0x88));
        _mm256_storeu_ps(odd + i, _mm256_shuffle_ps(low, high, 0xdd));
    }
    for (; i < count; i++, in += 2) {
        even[i] = in[0];
        odd[i] = in[1];
    }
}

void gemm_part_f32_avx2(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step) {
    if (step == 2 && phases == 2)
        part_pairs(in, count, out, out + out_step);
    else
        part_f32(in, step, phases, count, out, out_step);
}
