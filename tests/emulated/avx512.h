/*
 * AVX-512 intrinsics for a processor without them: SIMDe's, and in plain C those that SIMDe 0.7 has not.
 * Included before all else in the copies of kernels that tests execute (CMakeLists.txt); never in what is
 * installed.
 */
#ifndef TESTS_EMULATED_AVX512_H
#define TESTS_EMULATED_AVX512_H

#define SIMDE_ENABLE_NATIVE_ALIASES 1
#include <simde/x86/avx512.h>

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "tests/emulated/avxvnni.h"

/* What kernels ask before they use the intrinsics. No header that looks at these is included later. */
#define __AVX512F__ 1
#define GEMM_EMULATED 1
#define __AVX512BW__ 1
#define __AVX512DQ__ 1
#define __AVX512VL__ 1
#define __AVX512BF16__ 1
#define __AVX512VNNI__ 1

/* Masked loads and stores touch the lanes of the mask alone: element by element, so that a sanitizer sees it.
 */
EMULATED void emulated_load(void *to, const void *from, uint64_t mask, size_t lanes, size_t bytes) {
    memset(to, 0, lanes * bytes);
    for (size_t i = 0; i < lanes; i++)
        if ((mask >> i & 1) != 0)
            memcpy((char *)to + i * bytes, (const char *)from + i * bytes, bytes);
}

EMULATED void emulated_store(void *to, const void *from, uint64_t mask, size_t lanes, size_t bytes) {
    for (size_t i = 0; i < lanes; i++)
        if ((mask >> i & 1) != 0)
            memcpy((char *)to + i * bytes, (const char *)from + i * bytes, bytes);
}

EMULATED __m512 emulated_maskz_loadu_ps(__mmask16 mask, const void *from) {
    __m512 v;
    emulated_load(&v, from, mask, 16, 4);
    return v;
}

EMULATED __m512d emulated_maskz_loadu_pd(__mmask8 mask, const void *from) {
    __m512d v;
    emulated_load(&v, from, mask, 8, 8);
    return v;
}

EMULATED __m512i emulated_maskz_loadu(uint64_t mask, const void *from, size_t bytes) {
    __m512i v;
    emulated_load(&v, from, mask, 64 / bytes, bytes);
    return v;
}

EMULATED __m256i emulated_maskz_loadu_256(uint64_t mask, const void *from, size_t bytes) {
    __m256i v;
    emulated_load(&v, from, mask, 32 / bytes, bytes);
    return v;
}

EMULATED void emulated_mask_storeu_ps(void *to, __mmask16 mask, __m512 v) {
    emulated_store(to, &v, mask, 16, 4);
}

EMULATED void emulated_mask_storeu_pd(void *to, __mmask8 mask, __m512d v) {
    emulated_store(to, &v, mask, 8, 8);
}

EMULATED void emulated_mask_storeu(void *to, uint64_t mask, __m512i v, size_t bytes) {
    emulated_store(to, &v, mask, 64 / bytes, bytes);
}

EMULATED void emulated_mask_storeu_256(void *to, uint64_t mask, __m256i v, size_t bytes) {
    emulated_store(to, &v, mask, 32 / bytes, bytes);
}

/* The instruction sums halves first, then quarters. */
EMULATED float emulated_reduce_add_ps(__m512 v) {
    float lane[16];
    memcpy(lane, &v, sizeof lane);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            lane[i] += lane[i + half];
    return lane[0];
}

EMULATED double emulated_reduce_add_pd(__m512d v) {
    double lane[8];
    memcpy(lane, &v, sizeof lane);
    for (int half = 4; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            lane[i] += lane[i + half];
    return lane[0];
}

/* Nearest, ties to even; a denormal becomes zero with its sign, a NaN stays one and is made quiet. */
EMULATED uint16_t emulated_bf16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7f800000u) == 0)
        return (uint16_t)(bits >> 16 & 0x8000u);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return (uint16_t)(bits >> 16 | 0x40u);
    return (uint16_t)((bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

EMULATED float emulated_from_bf16(uint16_t code) {
    const uint32_t bits = (uint32_t)code << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return fpclassify(value) == FP_SUBNORMAL ? copysignf(0, value) : value;
}

EMULATED __m256i emulated_cvtneps_pbh(__m512 v) {
    float lane[16];
    uint16_t code[16];
    __m256i result;
    memcpy(lane, &v, sizeof lane);
    for (int i = 0; i < 16; i++)
        code[i] = emulated_bf16(lane[i]);
    memcpy(&result, code, sizeof result);
    return result;
}

EMULATED __m512bh emulated_cvtne2ps_pbh(__m512 high, __m512 low) {
    const __m256i half[2] = {emulated_cvtneps_pbh(low), emulated_cvtneps_pbh(high)};
    __m512bh result;
    memcpy(&result, half, sizeof result);
    return result;
}

/* The odd products first, each step rounded once; denormals of the inputs and results are zeros. */
EMULATED_CALL __m512 emulated_dpbf16_ps(__m512 sum, const __m512bh a, const __m512bh b) {
    float lane[16];
    uint16_t x[32], y[32];
    memcpy(lane, &sum, sizeof lane);
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    for (int i = 0; i < 16; i++)
        for (int half = 1; half >= 0; half--) {
            const float next =
                fmaf(emulated_from_bf16(x[2 * i + half]), emulated_from_bf16(y[2 * i + half]), lane[i]);
            lane[i] = fpclassify(next) == FP_SUBNORMAL ? copysignf(0, next) : next;
        }
    memcpy(&sum, lane, sizeof sum);
    return sum;
}

EMULATED_CALL __m512i emulated_dpbusd_512(__m512i sum, __m512i a, __m512i b) {
    emulated_dpbusd(&sum, &a, &b, 16);
    return sum;
}

EMULATED_CALL __m512i emulated_madd_epi16(__m512i a, __m512i b) {
    __m256i x[2], y[2];
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    for (int i = 0; i < 2; i++)
        x[i] = _mm256_madd_epi16(x[i], y[i]);
    memcpy(&a, x, sizeof a);
    return a;
}

EMULATED __m512 emulated_cvtph_ps(__m256i v) {
    const __m256 half[2] = {
        _mm256_cvtph_ps(_mm256_castsi256_si128(v)), _mm256_cvtph_ps(_mm256_extracti128_si256(v, 1))};
    __m512 result;
    memcpy(&result, half, sizeof result);
    return result;
}

EMULATED __m512i emulated_cvtepu16_epi32(__m256i v) {
    const __m256i half[2] = {_mm256_cvtepu16_epi32(_mm256_castsi256_si128(v)),
        _mm256_cvtepu16_epi32(_mm256_extracti128_si256(v, 1))};
    __m512i result;
    memcpy(&result, half, sizeof result);
    return result;
}

#define _mm512_maskz_loadu_ps emulated_maskz_loadu_ps
#define _mm512_maskz_loadu_pd emulated_maskz_loadu_pd
#define _mm512_maskz_loadu_epi8(mask, from) emulated_maskz_loadu(mask, from, 1)
#define _mm512_maskz_loadu_epi16(mask, from) emulated_maskz_loadu(mask, from, 2)
#define _mm512_maskz_loadu_epi32(mask, from) emulated_maskz_loadu(mask, from, 4)
#define _mm512_maskz_loadu_epi64(mask, from) emulated_maskz_loadu(mask, from, 8)
#define _mm256_maskz_loadu_epi8(mask, from) emulated_maskz_loadu_256(mask, from, 1)
#define _mm256_maskz_loadu_epi16(mask, from) emulated_maskz_loadu_256(mask, from, 2)
#define _mm512_mask_storeu_ps emulated_mask_storeu_ps
#define _mm512_mask_storeu_pd emulated_mask_storeu_pd
#define _mm512_mask_storeu_epi8(to, mask, v) emulated_mask_storeu(to, mask, v, 1)
#define _mm512_mask_storeu_epi16(to, mask, v) emulated_mask_storeu(to, mask, v, 2)
#define _mm512_mask_storeu_epi32(to, mask, v) emulated_mask_storeu(to, mask, v, 4)
#define _mm256_mask_storeu_epi16(to, mask, v) emulated_mask_storeu_256(to, mask, v, 2)
#define _mm512_reduce_add_ps emulated_reduce_add_ps
#define _mm512_reduce_add_pd emulated_reduce_add_pd
#define _mm512_shuffle_f32x4 simde_mm512_shuffle_f32x4
#define _mm512_shuffle_f64x2 simde_mm512_shuffle_f64x2
#define _mm512_cvtneps_pbh emulated_cvtneps_pbh
#define _mm512_cvtne2ps_pbh emulated_cvtne2ps_pbh
#define _mm512_cvtph_ps emulated_cvtph_ps
#define _mm512_cvtepu16_epi32 emulated_cvtepu16_epi32
#undef _mm512_madd_epi16 /* with arguments too many in SIMDe 0.7.4 */
#define _mm512_madd_epi16 emulated_madd_epi16
#undef _mm512_dpbf16_ps
#define _mm512_dpbf16_ps emulated_dpbf16_ps
#undef _mm512_dpbusd_epi32
#define _mm512_dpbusd_epi32 emulated_dpbusd_512

#endif
