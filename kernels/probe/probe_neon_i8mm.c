/* The product of byte matrices of I8MM. */
#include <arm_neon.h>

#include "kernels/probe/probe_rows.h"

enum { CHAINS = 24 };

/* Each lane adds eight products a round, every other of 1 by 1, the rest of 1 by 0. */
double sy_probe_s8_neon_i8mm(int64_t rounds, double start) {
    int32x4_t x[CHAINS];
    int8x16_t a = vdupq_n_s8(1), b = vreinterpretq_s8_s16(vdupq_n_s16(1));
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        x[j] = vdupq_n_s32((int32_t)start);
    for (int64_t i = 0; i < rounds; i++) {
        __asm__ volatile("" : "+w"(a), "+w"(b));
#pragma GCC unroll 24
        for (int j = 0; j < CHAINS; j++)
            x[j] = vmmlaq_s32(x[j], a, b);
    }
    uint32_t all = 0;
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        all += vaddvq_u32(vreinterpretq_u32_s32(x[j]));
    return (double)(int32_t)all;
}
