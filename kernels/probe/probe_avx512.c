/* Probes in 512-bit vectors. Sixteen chains: up to six cycles of latency times two units. */
#include <immintrin.h>

#include "kernels/probe/probe_rows.h"

#define CHAINS 16
#define WIDTH 16

float sy_probe_read_avx512(const float *x, size_t count) {
    __m512 sum[8];
    for (int j = 0; j < 8; j++)
        sum[j] = _mm512_setzero_ps();
    size_t i = 0;
    for (; i + 8 * WIDTH <= count; i += 8 * WIDTH)
        for (size_t j = 0; j < 8; j++)
            sum[j] = _mm512_add_ps(sum[j], _mm512_loadu_ps(x + i + j * WIDTH));
    float all = 0.0f;
    for (int j = 0; j < 8; j++)
        all += _mm512_reduce_add_ps(sum[j]);
    for (; i < count; i++)
        all += x[i];
    return all;
}

void sy_probe_triad_avx512(float *a, const float *b, const float *c, float scale, size_t count) {
    __m512 s = _mm512_set1_ps(scale);
    size_t i = 0;
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH)
        for (size_t j = i; j < i + 4 * WIDTH; j += WIDTH)
            _mm512_storeu_ps(a + j, _mm512_fmadd_ps(s, _mm512_loadu_ps(c + j), _mm512_loadu_ps(b + j)));
    for (; i < count; i++)
        a[i] = b[i] + scale * c[i];
}

void sy_probe_fill_avx512(float *a, float value, size_t count) {
    __m512 v = _mm512_set1_ps(value);
    size_t i = 0;
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH)
        for (size_t j = i; j < i + 4 * WIDTH; j += WIDTH)
            _mm512_storeu_ps(a + j, v);
    for (; i < count; i++)
        a[i] = value;
}

double sy_probe_f32_avx512(int64_t rounds, double start) {
    __m512 x[CHAINS], a = _mm512_set1_ps(0.75f), b = _mm512_set1_ps(0.25f);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm512_set1_ps((float)start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = _mm512_fmadd_ps(x[j], a, b);
    double all = 0.0;
    for (int j = 0; j < CHAINS; j++)
        all += (double)_mm512_reduce_add_ps(x[j]);
    return all;
}

double sy_probe_f64_avx512(int64_t rounds, double start) {
    __m512d x[CHAINS], a = _mm512_set1_pd(0.75), b = _mm512_set1_pd(0.25);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm512_set1_pd(start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = _mm512_fmadd_pd(x[j], a, b);
    double all = 0.0;
    for (int j = 0; j < CHAINS; j++)
        all += _mm512_reduce_add_pd(x[j]);
    return all;
}
