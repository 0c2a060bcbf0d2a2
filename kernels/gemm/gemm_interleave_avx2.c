/* Interleaving of lanes into panels with AVX2: squares of 8 x 8 units of 4 bytes or 4 x 4 of 8 turned in
 * registers. */
#include "kernels/gemm/gemm_form.h"

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

/*
 * Store the first `depth` rows of a square, `keep` elements each (4 bytes), `width` apart. A panel narrower
 * than the square is stored row over row, each overwriting what the one before left behind it, as long as
 * `room` elements are left from here to the panel's end: masked stores take many times as long on some CPUs.
 */
static inline void store_square_4(
    const __m256 square[8], int depth, int keep, int width, int64_t room, float *to) {
    for (int q = 0; q < depth; q++, to += width, room -= width) {
        if (keep >= 8 || (keep == width && room >= 8)) {
            _mm256_storeu_ps(to, square[q]);
            continue;
        }
        float row[8];
        _mm256_storeu_ps(row, square[q]);
        for (int j = 0; j < keep; j++)
            to[j] = row[j];
    }
}

static inline void store_square_8(
    const __m256d square[4], int depth, int keep, int width, int64_t room, double *to) {
    for (int q = 0; q < depth; q++, to += width, room -= width) {
        if (keep >= 4 || (keep == width && room >= 4)) {
            _mm256_storeu_pd(to, square[q]);
            continue;
        }
        double row[4];
        _mm256_storeu_pd(row, square[q]);
        for (int j = 0; j < keep; j++)
            to[j] = row[j];
    }
}

void gemm_interleave_4_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    for (int64_t p = 0; p < count; p += 8) {
        const __m256i have = first_f32(count - p);
        const int depth = count - p < 8 ? (int)(count - p) : 8;
        for (int i = 0; i < width; i += 8) {
            __m256 square[8];
            for (int j = 0; j < 8; j++) {
                const float *from = i + j < lanes ? (const float *)lane[i + j] + p : NULL;
                square[j] = !from        ? _mm256_setzero_ps()
                            : depth == 8 ? _mm256_loadu_ps(from)
                                         : _mm256_maskload_ps(from, have);
            }
            turn_8x8(square);
            store_square_4(
                square, depth, width - i, width, (count - p) * width, (float *)out + p * width + i);
        }
    }
}

void gemm_interleave_8_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    for (int64_t p = 0; p < count; p += 4) {
        const __m256i have = first_f64(count - p);
        const int depth = count - p < 4 ? (int)(count - p) : 4;
        for (int i = 0; i < width; i += 4) {
            __m256d square[4];
            for (int j = 0; j < 4; j++) {
                const double *from = i + j < lanes ? (const double *)lane[i + j] + p : NULL;
                square[j] = !from        ? _mm256_setzero_pd()
                            : depth == 4 ? _mm256_loadu_pd(from)
                                         : _mm256_maskload_pd(from, have);
            }
            turn_4x4(square);
            store_square_8(
                square, depth, width - i, width, (count - p) * width, (double *)out + p * width + i);
        }
    }
}

#endif
