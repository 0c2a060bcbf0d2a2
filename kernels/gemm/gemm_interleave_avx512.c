/* Interleaving of lanes into panels with AVX-512: squares of 16 x 16 units of 4 bytes or 8 x 8 of 8 turned in
 * registers. */
#include "kernels/gemm/gemm_form.h"

#if defined(__AVX512F__)
#include <immintrin.h>

static inline __m512 pair_low(__m512 a, __m512 b) {
    return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
}

static inline __m512 pair_high(__m512 a, __m512 b) {
    return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
}

/* Elements first by pairs and fours within 128-bit quarters, then the quarters themselves. */
static inline void turn_16x16(__m512 r[16]) {
    __m512 t[16];
    for (int i = 0; i < 16; i += 4) {
        const __m512 a = _mm512_unpacklo_ps(r[i], r[i + 1]), b = _mm512_unpackhi_ps(r[i], r[i + 1]);
        const __m512 c = _mm512_unpacklo_ps(r[i + 2], r[i + 3]), d = _mm512_unpackhi_ps(r[i + 2], r[i + 3]);
        t[i] = pair_low(a, c);
        t[i + 1] = pair_high(a, c);
        t[i + 2] = pair_low(b, d);
        t[i + 3] = pair_high(b, d);
    }
    for (int i = 0; i < 4; i++) {
        const __m512 a = _mm512_shuffle_f32x4(t[i], t[4 + i], 0x44);
        const __m512 b = _mm512_shuffle_f32x4(t[i], t[4 + i], 0xee);
        const __m512 c = _mm512_shuffle_f32x4(t[8 + i], t[12 + i], 0x44);
        const __m512 d = _mm512_shuffle_f32x4(t[8 + i], t[12 + i], 0xee);
        r[i] = _mm512_shuffle_f32x4(a, c, 0x88);
        r[4 + i] = _mm512_shuffle_f32x4(a, c, 0xdd);
        r[8 + i] = _mm512_shuffle_f32x4(b, d, 0x88);
        r[12 + i] = _mm512_shuffle_f32x4(b, d, 0xdd);
    }
}

static inline void turn_8x8(__m512d r[8]) {
    __m512d t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_pd(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_pd(r[i], r[i + 1]);
    }
    for (int i = 0; i < 2; i++) {
        const __m512d a = _mm512_shuffle_f64x2(t[i], t[2 + i], 0x44);
        const __m512d b = _mm512_shuffle_f64x2(t[i], t[2 + i], 0xee);
        const __m512d c = _mm512_shuffle_f64x2(t[4 + i], t[6 + i], 0x44);
        const __m512d d = _mm512_shuffle_f64x2(t[4 + i], t[6 + i], 0xee);
        r[i] = _mm512_shuffle_f64x2(a, c, 0x88);
        r[2 + i] = _mm512_shuffle_f64x2(a, c, 0xdd);
        r[4 + i] = _mm512_shuffle_f64x2(b, d, 0x88);
        r[6 + i] = _mm512_shuffle_f64x2(b, d, 0xdd);
    }
}

/* The lowest min(count, 16) bits. */
static inline __mmask16 first_16(int64_t count) {
    return (__mmask16)(count >= 16 ? 0xffffu : (1u << (unsigned)count) - 1u);
}

static inline __mmask8 first_8(int64_t count) {
    return (__mmask8)(count >= 8 ? 0xffu : (1u << (unsigned)count) - 1u);
}

void gemm_interleave_4_avx512(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    for (int64_t p = 0; p < count; p += 16) {
        const __mmask16 have = first_16(count - p);
        const int depth = count - p < 16 ? (int)(count - p) : 16;
        for (int i = 0; i < width; i += 16) {
            __m512 square[16];
            const __mmask16 keep = first_16(width - i);
            for (int j = 0; j < 16; j++)
                square[j] = i + j < lanes ? _mm512_maskz_loadu_ps(have, (const float *)lane[i + j] + p)
                                          : _mm512_setzero_ps();
            turn_16x16(square);
            float *to = (float *)out + p * width + i;
            for (int q = 0; q < depth; q++, to += width)
                _mm512_mask_storeu_ps(to, keep, square[q]);
        }
    }
}

void gemm_interleave_8_avx512(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    for (int64_t p = 0; p < count; p += 8) {
        const __mmask8 have = first_8(count - p);
        const int depth = count - p < 8 ? (int)(count - p) : 8;
        for (int i = 0; i < width; i += 8) {
            __m512d square[8];
            const __mmask8 keep = first_8(width - i);
            for (int j = 0; j < 8; j++)
                square[j] = i + j < lanes ? _mm512_maskz_loadu_pd(have, (const double *)lane[i + j] + p)
                                          : _mm512_setzero_pd();
            turn_8x8(square);
            double *to = (double *)out + p * width + i;
            for (int q = 0; q < depth; q++, to += width)
                _mm512_mask_storeu_pd(to, keep, square[q]);
        }
    }
}

#endif
