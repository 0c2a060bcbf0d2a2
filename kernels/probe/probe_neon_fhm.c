/* The f16 multiply that adds to f32 (FHM). */
#include <arm_neon.h>

#include "kernels/probe/probe_rows.h"

enum { CHAINS = 24 };

/* Each lane adds a product of 2^-5 by 2^-6 a round. */
double sy_probe_f16_neon(int64_t rounds, double start) {
    float32x4_t x[CHAINS];
    float16x8_t a = vreinterpretq_f16_u16(vdupq_n_u16(0x2800)),
                b = vreinterpretq_f16_u16(vdupq_n_u16(0x2400));
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        x[j] = vdupq_n_f32((float)start);
    for (int64_t i = 0; i < rounds; i++) {
        __asm__ volatile("" : "+w"(a), "+w"(b));
#pragma GCC unroll 24
        for (int j = 0; j < CHAINS; j++)
            x[j] = vfmlalq_low_f16(x[j], a, b);
    }
    double all = 0.0;
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        all += (double)vaddvq_f32(x[j]);
    return all;
}
