/* Probes in plain C, for any processor. */
#include "kernels/probe/probe_rows.h"

#define CHAINS 16

float sy_probe_read_generic(const float *x, size_t count) {
    float sum[CHAINS] = {0};
    size_t i = 0;
    for (; i + CHAINS <= count; i += CHAINS)
        for (size_t j = 0; j < CHAINS; j++)
            sum[j] += x[i + j];
    for (; i < count; i++)
        sum[0] += x[i];
    float all = 0.0f;
    for (size_t j = 0; j < CHAINS; j++)
        all += sum[j];
    return all;
}

void sy_probe_triad_generic(float *a, const float *b, const float *c, float scale, size_t count) {
    for (size_t i = 0; i < count; i++)
        a[i] = b[i] + scale * c[i];
}

/* Volatile would forbid vectors, so a compiler may make this memset-like; that is still a fill. */
void sy_probe_fill_generic(float *a, float value, size_t count) {
    for (size_t i = 0; i < count; i++)
        a[i] = value;
}

double sy_probe_f32_generic(int64_t rounds, double start) {
    float x[CHAINS], all = 0.0f;
    for (int j = 0; j < CHAINS; j++)
        x[j] = (float)start;
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = x[j] * 0.75f + 0.25f;
    for (int j = 0; j < CHAINS; j++)
        all += x[j];
    return (double)all;
}

double sy_probe_f64_generic(int64_t rounds, double start) {
    double x[CHAINS], all = 0.0;
    for (int j = 0; j < CHAINS; j++)
        x[j] = start;
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = x[j] * 0.75 + 0.25;
    for (int j = 0; j < CHAINS; j++)
        all += x[j];
    return all;
}

/* The factors are read through volatile once, so that the compiler cannot fold the loop into one product. */
double sy_probe_s8_generic(int64_t rounds, double start) {
    volatile int8_t factor = 1;
    uint32_t x[CHAINS], all = 0;
    int8_t a[4], b[4];
    for (int k = 0; k < 4; k++) {
        a[k] = factor;
        b[k] = factor;
    }
    for (int j = 0; j < CHAINS; j++)
        x[j] = (uint32_t)(int32_t)start;
    for (int64_t i = 0; i < rounds; i++) {
        for (int j = 0; j < CHAINS; j++)
            for (int k = 0; k < 4; k++)
                x[j] += (uint32_t)((int32_t)a[k] * b[k]);
        __asm__ volatile("" : "+m"(a), "+m"(b));
    }
    for (int j = 0; j < CHAINS; j++)
        all += x[j];
    return (double)(int32_t)all;
}
