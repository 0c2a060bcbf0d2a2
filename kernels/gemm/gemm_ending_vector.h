/* How register kernels follow a gemm_ending, over the vectors of gemm_vector.h. */
#ifndef KERNELS_GEMM_GEMM_ENDING_VECTOR_H
#define KERNELS_GEMM_GEMM_ENDING_VECTOR_H

#include "kernels/gemm/gemm_ending.h"
#include "kernels/gemm/gemm_vector.h"

#if defined(__AVX2__) && !defined(GEMM_EMULATED)
#include <immintrin.h>
#endif

/* Columns that an ending may have are multiples of this: any, where stores can be masked. */
#if GEMM_VECTOR_BYTES == 64 || defined(GEMM_HALF_VECTORS)
enum { GEMM_ENDING_COLS = 1 };
#else
enum { GEMM_ENDING_COLS = GEMM_F32_LANES };
#endif

/* A bound; NaN stays, as a comparison with it is false. */
GEMM_INLINE gemm_f32v at_least_f32(gemm_f32v value, gemm_f32v bound) {
#if GEMM_VECTOR_BYTES == 64 && !defined(GEMM_EMULATED)
    return (gemm_f32v)_mm512_max_ps((__m512)bound, (__m512)value);
#elif GEMM_VECTOR_BYTES == 32 && !defined(GEMM_EMULATED)
    return (gemm_f32v)_mm256_max_ps((__m256)bound, (__m256)value);
#else
    const gemm_s32v is_below = value < bound;
    return (gemm_f32v)((is_below & (gemm_s32v)bound) | (~is_below & (gemm_s32v)value));
#endif
}

GEMM_INLINE gemm_f32v at_most_f32(gemm_f32v value, gemm_f32v bound) {
#if GEMM_VECTOR_BYTES == 64 && !defined(GEMM_EMULATED)
    return (gemm_f32v)_mm512_min_ps((__m512)bound, (__m512)value);
#elif GEMM_VECTOR_BYTES == 32 && !defined(GEMM_EMULATED)
    return (gemm_f32v)_mm256_min_ps((__m256)bound, (__m256)value);
#else
    const gemm_s32v is_above = value > bound;
    return (gemm_f32v)((is_above & (gemm_s32v)bound) | (~is_above & (gemm_s32v)value));
#endif
}

/* The first `count` (1 .. all) elements of a vector; the others are zeros, and not read. */
GEMM_INLINE gemm_f32v load_first_f32v(const float *p, int count) {
#if GEMM_VECTOR_BYTES == 64 && !defined(GEMM_EMULATED)
    return (gemm_f32v)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1u), p);
#else
    if (GEMM_ENDING_COLS > 1 || count == GEMM_F32_LANES)
        return load_f32v(p);
    gemm_f32v value = {0};
    memcpy(&value, p, (size_t)count * sizeof(float));
    return value;
#endif
}

GEMM_INLINE void store_first_f32v(float *p, gemm_f32v v, int count) {
#if GEMM_VECTOR_BYTES == 64 && !defined(GEMM_EMULATED)
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1u), (__m512)v);
#elif defined(GEMM_HALF_VECTORS) && !defined(GEMM_EMULATED)
    _mm256_mask_storeu_ps(p, (__mmask8)((1u << count) - 1u), (__m256)v);
#else
    if (GEMM_ENDING_COLS > 1 || count == GEMM_F32_LANES)
        store_f32v(p, v);
    else
        memcpy(p, &v, (size_t)count * sizeof(float));
#endif
}

/* What an ending has for one vector of columns: those from `col` on, `count` of them. */
typedef struct ending_lane {
    gemm_f32v bias, low, high;
    const float *add;
    float *out;
    int count;
} ending_lane;

GEMM_INLINE ending_lane ending_lane_f32(const gemm_ending *ending, int64_t col, int count) {
    ending_lane lane = {.low = ending->low - (gemm_f32v){0},
        .high = ending->high - (gemm_f32v){0},
        .out = ending->out + col,
        .count = count};
    /* A sum that is -0 stays so: adding -0 is adding nothing. */
    lane.bias = ending->bias ? load_first_f32v(ending->bias + col, count) : -0.0f - (gemm_f32v){0};
    lane.add = ending->add ? ending->add + col : NULL;
    return lane;
}

GEMM_INLINE gemm_f32v bound_f32v(const ending_lane *lane, gemm_f32v value) {
    return at_most_f32(at_least_f32(value, lane->low), lane->high);
}

/* One vector of sums to its place, `at` elements after the lane's. */
GEMM_INLINE void end_f32v(const ending_lane *lane, gemm_f32v sum, int64_t at) {
    gemm_f32v value = sum + lane->bias;
    if (lane->add)
        value += load_first_f32v(lane->add + at, lane->count);
    store_first_f32v(lane->out + at, bound_f32v(lane, value), lane->count);
}

#endif
