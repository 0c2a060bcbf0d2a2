/* The bf16 dot product of AVX-512 BF16. */
#include <immintrin.h>

#include "kernels/probe/probe_rows.h"

#define CHAINS 16

/* Each lane adds two products of 2^-6 by 2^-6 a round. */
double sy_probe_bf16_avx512(int64_t rounds, double start) {
    __m512 x[CHAINS];
    __m512 factor = _mm512_set1_ps(0x1p-6f);
    __m512bh a = _mm512_cvtne2ps_pbh(factor, factor);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm512_set1_ps((float)start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = _mm512_dpbf16_ps(x[j], a, a);
    double all = 0.0;
    for (int j = 0; j < CHAINS; j++)
        all += (double)_mm512_reduce_add_ps(x[j]);
    return all;
}
