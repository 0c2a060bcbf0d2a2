/* The product of bf16 matrices of the BF16 extension. */
#include <arm_neon.h>

#include "kernels/probe/probe_rows.h"

enum { CHAINS = 24 };

/* Each lane adds four products of 2^-6 by 2^-7 a round. */
double sy_probe_bf16_neon(int64_t rounds, double start) {
    float32x4_t x[CHAINS];
    bfloat16x8_t a = vreinterpretq_bf16_u16(vdupq_n_u16(0x3c80)),
                 b = vreinterpretq_bf16_u16(vdupq_n_u16(0x3c00));
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        x[j] = vdupq_n_f32((float)start);
    for (int64_t i = 0; i < rounds; i++) {
        __asm__ volatile("" : "+w"(a), "+w"(b));
#pragma GCC unroll 24
        for (int j = 0; j < CHAINS; j++)
            x[j] = vbfmmlaq_f32(x[j], a, b);
    }
    double all = 0.0;
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        all += (double)vaddvq_f32(x[j]);
    return all;
}
