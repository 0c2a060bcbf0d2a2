/* Probes with NEON of any 64-bit Arm. 24 chains: five cycles of latency times four units, and some to spare.
 * The factors pass through an empty statement each round, or the products would be taken out of the loop. */
#include <arm_neon.h>

#include "kernels/probe/probe_rows.h"

enum { CHAINS = 24, LANES = 4 };

float sy_probe_read_neon(const float *x, size_t count) {
    float32x4_t sum[8];
    for (int j = 0; j < 8; j++)
        sum[j] = vdupq_n_f32(0.0f);
    size_t i = 0;
    for (; i + 8 * LANES <= count; i += 8 * LANES)
        for (size_t j = 0; j < 8; j++)
            sum[j] = vaddq_f32(sum[j], vld1q_f32(x + i + j * LANES));
    float all = 0.0f;
    for (int j = 0; j < 8; j++)
        all += vaddvq_f32(sum[j]);
    for (; i < count; i++)
        all += x[i];
    return all;
}

void sy_probe_triad_neon(float *a, const float *b, const float *c, float scale, size_t count) {
    size_t i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES)
        for (size_t j = i; j < i + 4 * LANES; j += LANES)
            vst1q_f32(a + j, vfmaq_n_f32(vld1q_f32(b + j), vld1q_f32(c + j), scale));
    for (; i < count; i++)
        a[i] = b[i] + scale * c[i];
}

void sy_probe_fill_neon(float *a, float value, size_t count) {
    const float32x4_t v = vdupq_n_f32(value);
    size_t i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES)
        for (size_t j = i; j < i + 4 * LANES; j += LANES)
            vst1q_f32(a + j, v);
    for (; i < count; i++)
        a[i] = value;
}

double sy_probe_f32_neon(int64_t rounds, double start) {
    float32x4_t x[CHAINS], a = vdupq_n_f32(0x1p-5f), b = vdupq_n_f32(0x1p-6f);
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        x[j] = vdupq_n_f32((float)start);
    for (int64_t i = 0; i < rounds; i++) {
        __asm__ volatile("" : "+w"(a), "+w"(b));
#pragma GCC unroll 24
        for (int j = 0; j < CHAINS; j++)
            x[j] = vfmaq_f32(x[j], a, b);
    }
    double all = 0.0;
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        all += (double)vaddvq_f32(x[j]);
    return all;
}

double sy_probe_f64_neon(int64_t rounds, double start) {
    float64x2_t x[CHAINS], a = vdupq_n_f64(0x1p-5), b = vdupq_n_f64(0x1p-6);
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        x[j] = vdupq_n_f64(start);
    for (int64_t i = 0; i < rounds; i++) {
        __asm__ volatile("" : "+w"(a), "+w"(b));
#pragma GCC unroll 24
        for (int j = 0; j < CHAINS; j++)
            x[j] = vfmaq_f64(x[j], a, b);
    }
    double all = 0.0;
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        all += vaddvq_f64(x[j]);
    return all;
}

/* Without a dot-product instruction: bytes widened beforehand, 16-bit products added as 32 bits. */
double sy_probe_s8_neon(int64_t rounds, double start) {
    int32x4_t x[CHAINS];
    int16x4_t a = vdup_n_s16(2), b = vdup_n_s16(2);
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        x[j] = vdupq_n_s32((int32_t)start);
    for (int64_t i = 0; i < rounds; i++) {
        __asm__ volatile("" : "+w"(a), "+w"(b));
#pragma GCC unroll 24
        for (int j = 0; j < CHAINS; j++)
            x[j] = vmlal_s16(x[j], a, b);
    }
    uint32_t all = 0;
#pragma GCC unroll 24
    for (int j = 0; j < CHAINS; j++)
        all += vaddvq_u32(vreinterpretq_u32_s32(x[j]));
    return (double)(int32_t)all;
}
