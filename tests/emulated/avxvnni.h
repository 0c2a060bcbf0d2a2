/* The intrinsic of AVX-VNNI that kernels use, in plain C for a processor without it; see avx512.h. */
#ifndef TESTS_EMULATED_AVXVNNI_H
#define TESTS_EMULATED_AVXVNNI_H

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define __AVXVNNI__ 1
#define EMULATED static inline __attribute__((always_inline, unused))
/* What is called, not inlined: tiles unrolled over such loops would take minutes to compile. */
#define EMULATED_CALL static __attribute__((noinline, unused))

/* Each 32-bit lane gains four products of an unsigned byte of a and a signed one of b; wraps around. */
EMULATED void emulated_dpbusd(void *sum, const void *a, const void *b, size_t lanes) {
    for (size_t i = 0; i < lanes; i++) {
        uint32_t lane;
        memcpy(&lane, (char *)sum + 4 * i, sizeof lane);
        for (size_t j = 4 * i; j < 4 * i + 4; j++)
            lane += (uint32_t)(((const uint8_t *)a)[j] * ((const int8_t *)b)[j]);
        memcpy((char *)sum + 4 * i, &lane, sizeof lane);
    }
}

EMULATED_CALL __m256i emulated_dpbusd_256(__m256i sum, __m256i a, __m256i b) {
    emulated_dpbusd(&sum, &a, &b, 8);
    return sum;
}

#undef _mm256_dpbusd_avx_epi32
#define _mm256_dpbusd_avx_epi32 emulated_dpbusd_256

#endif
