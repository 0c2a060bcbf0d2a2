/* The byte dot product of AVX-512 VNNI. */
#include <immintrin.h>

#include "kernels/probe/probe_rows.h"

#define CHAINS 16

/* Each lane adds four products of 1 by 1 a round. */
double sy_probe_s8_avx512(int64_t rounds, double start) {
    __m512i x[CHAINS], a = _mm512_set1_epi8(1);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm512_set1_epi32((int32_t)start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = _mm512_dpbusd_epi32(x[j], a, a);
    __m512i all = x[0];
    for (int j = 1; j < CHAINS; j++)
        all = _mm512_add_epi32(all, x[j]);
    uint32_t lane[16], sum = 0;
    _mm512_storeu_si512(lane, all);
    for (int j = 0; j < 16; j++)
        sum += lane[j];
    return (double)(int32_t)sum;
}
