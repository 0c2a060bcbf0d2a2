/* Probes in 256-bit vectors. Twelve chains: four cycles of latency times two units, and some to spare. */
#include <immintrin.h>

#include "kernels/probe/probe_rows.h"

#define CHAINS 12
#define WIDTH 8

static float sum_lanes(__m256 v) {
    float lane[WIDTH], all = 0.0f;
    _mm256_storeu_ps(lane, v);
    for (int i = 0; i < WIDTH; i++)
        all += lane[i];
    return all;
}

float sy_probe_read_avx2(const float *x, size_t count) {
    __m256 sum[8];
    for (int j = 0; j < 8; j++)
        sum[j] = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + 8 * WIDTH <= count; i += 8 * WIDTH)
        for (size_t j = 0; j < 8; j++)
            sum[j] = _mm256_add_ps(sum[j], _mm256_loadu_ps(x + i + j * WIDTH));
    float all = 0.0f;
    for (int j = 0; j < 8; j++)
        all += sum_lanes(sum[j]);
    for (; i < count; i++)
        all += x[i];
    return all;
}

void sy_probe_triad_avx2(float *a, const float *b, const float *c, float scale, size_t count) {
    __m256 s = _mm256_set1_ps(scale);
    size_t i = 0;
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH)
        for (size_t j = i; j < i + 4 * WIDTH; j += WIDTH)
            _mm256_storeu_ps(a + j, _mm256_fmadd_ps(s, _mm256_loadu_ps(c + j), _mm256_loadu_ps(b + j)));
    for (; i < count; i++)
        a[i] = b[i] + scale * c[i];
}

void sy_probe_fill_avx2(float *a, float value, size_t count) {
    __m256 v = _mm256_set1_ps(value);
    size_t i = 0;
    for (; i + 4 * WIDTH <= count; i += 4 * WIDTH)
        for (size_t j = i; j < i + 4 * WIDTH; j += WIDTH)
            _mm256_storeu_ps(a + j, v);
    for (; i < count; i++)
        a[i] = value;
}

double sy_probe_f32_avx2(int64_t rounds, double start) {
    __m256 x[CHAINS], a = _mm256_set1_ps(0.75f), b = _mm256_set1_ps(0.25f);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm256_set1_ps((float)start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = _mm256_fmadd_ps(x[j], a, b);
    double all = 0.0;
    for (int j = 0; j < CHAINS; j++)
        all += (double)sum_lanes(x[j]);
    return all;
}

double sy_probe_f64_avx2(int64_t rounds, double start) {
    __m256d x[CHAINS], a = _mm256_set1_pd(0.75), b = _mm256_set1_pd(0.25);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm256_set1_pd(start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++)
            x[j] = _mm256_fmadd_pd(x[j], a, b);
    double all = 0.0, lane[4];
    for (int j = 0; j < CHAINS; j++) {
        _mm256_storeu_pd(lane, x[j]);
        all += lane[0] + lane[1] + lane[2] + lane[3];
    }
    return all;
}

/* Without a dot-product instruction: bytes to 16-bit pair sums, to 32-bit pair sums, added. The factors pass
 * through an empty statement each round, or the products would be taken out of the loop. */
double sy_probe_s8_avx2(int64_t rounds, double start) {
    __m256i x[CHAINS], a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(1), ones = _mm256_set1_epi16(1);
    for (int j = 0; j < CHAINS; j++)
        x[j] = _mm256_set1_epi32((int32_t)start);
    for (int64_t i = 0; i < rounds; i++)
        for (int j = 0; j < CHAINS; j++) {
            __asm__ volatile("" : "+x"(a));
            __m256i pairs = _mm256_maddubs_epi16(a, b);
            x[j] = _mm256_add_epi32(x[j], _mm256_madd_epi16(pairs, ones));
        }
    uint32_t all = 0, lane[WIDTH];
    for (int j = 0; j < CHAINS; j++) {
        _mm256_storeu_si256((__m256i *)(void *)lane, x[j]);
        for (int k = 0; k < WIDTH; k++)
            all += lane[k];
    }
    return (double)(int32_t)all;
}
