/* Interleaving of lanes into panels with AVX2: squares of 8 x 8 f32 or 4 x 4 f64 turned in registers. */
#include "kernels/gemm/gemm_kernel.h"

#if defined(__AVX2__)
#include <immintrin.h>

static inline void turn_8x8(__m256 r[8]) {
    __m256 t[8];
    for (int i = 0; i < 8; i += 4) {
        const __m256 a = _mm256_unpacklo_ps(r[i], r[i + 1]), b = _mm256_unpackhi_ps(r[i], r[i + 1]);
        const __m256 c = _mm256_unpacklo_ps(r[i + 2], r[i + 3]), d = _mm256_unpackhi_ps(r[i + 2], r[i + 3]);
        t[i] = _mm256_shuffle_ps(a, c, 0x44);
        t[i + 1] = _mm256_shuffle_ps(a, c, 0xee);
        t[i + 2] = _mm256_shuffle_ps(b, d, 0x44);
        t[i + 3] = _mm256_shuffle_ps(b, d, 0xee);
    }
    for (int i = 0; i < 4; i++) {
        r[i] = _mm256_permute2f128_ps(t[i], t[4 + i], 0x20);
        r[4 + i] = _mm256_permute2f128_ps(t[i], t[4 + i], 0x31);
    }
}

static inline void turn_4x4(__m256d r[4]) {
    const __m256d a = _mm256_unpacklo_pd(r[0], r[1]), b = _mm256_unpackhi_pd(r[0], r[1]);
    const __m256d c = _mm256_unpacklo_pd(r[2], r[3]), d = _mm256_unpackhi_pd(r[2], r[3]);
    r[0] = _mm256_permute2f128_pd(a, c, 0x20);
    r[1] = _mm256_permute2f128_pd(b, d, 0x20);
    r[2] = _mm256_permute2f128_pd(a, c, 0x31);
    r[3] = _mm256_permute2f128_pd(b, d, 0x31);
}

/* Mask of the first `count` elements of 4 (8) bytes. */
static inline __m256i first_f32(int64_t count) {
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count > 8 ? 8 : (int)count), index);
}

static inline __m256i first_f64(int64_t count) {
    const __m256i index = _mm256_setr_epi64x(0, 1, 2, 3);
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), index);
}

void gemm_interleave_f32_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    for (int64_t p = 0; p < count; p += 8) {
        const __m256i have = first_f32(count - p);
        const int depth = count - p < 8 ? (int)(count - p) : 8;
        for (int i = 0; i < width; i += 8) {
            __m256 square[8];
            const __m256i keep = first_f32(width - i);
            for (int j = 0; j < 8; j++)
                square[j] = i + j < lanes ? _mm256_maskload_ps((const float *)lane[i + j] + p, have)
                                          : _mm256_setzero_ps();
            turn_8x8(square);
            float *to = (float *)out + p * width + i;
            for (int q = 0; q < depth; q++, to += width)
                _mm256_maskstore_ps(to, keep, square[q]);
        }
    }
}

void gemm_interleave_f64_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    for (int64_t p = 0; p < count; p += 4) {
        const __m256i have = first_f64(count - p);
        const int depth = count - p < 4 ? (int)(count - p) : 4;
        for (int i = 0; i < width; i += 4) {
            __m256d square[4];
            const __m256i keep = first_f64(width - i);
            for (int j = 0; j < 4; j++)
                square[j] = i + j < lanes ? _mm256_maskload_pd((const double *)lane[i + j] + p, have)
                                          : _mm256_setzero_pd();
            turn_4x4(square);
            double *to = (double *)out + p * width + i;
            for (int q = 0; q < depth; q++, to += width)
                _mm256_maskstore_pd(to, keep, square[q]);
        }
    }
}

#endif
