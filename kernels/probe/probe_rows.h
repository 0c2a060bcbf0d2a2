/* The functions behind the probes' tables, one file an instruction set. */
#ifndef KERNELS_PROBE_PROBE_ROWS_H
#define KERNELS_PROBE_PROBE_ROWS_H

#include "kernels/probe/probe.h"

/* As in sy_probe_stream. */
float sy_probe_read_generic(const float *x, size_t count);
void sy_probe_triad_generic(float *a, const float *b, const float *c, float scale, size_t count);
void sy_probe_fill_generic(float *a, float value, size_t count);
float sy_probe_read_avx2(const float *x, size_t count);
void sy_probe_triad_avx2(float *a, const float *b, const float *c, float scale, size_t count);
void sy_probe_fill_avx2(float *a, float value, size_t count);
float sy_probe_read_avx512(const float *x, size_t count);
void sy_probe_triad_avx512(float *a, const float *b, const float *c, float scale, size_t count);
void sy_probe_fill_avx512(float *a, float value, size_t count);
float sy_probe_read_neon(const float *x, size_t count);
void sy_probe_triad_neon(float *a, const float *b, const float *c, float scale, size_t count);
void sy_probe_fill_neon(float *a, float value, size_t count);

/* As in sy_probe_peak.run. Chains and lanes stand in the table. */
double sy_probe_f32_generic(int64_t rounds, double start);
double sy_probe_f64_generic(int64_t rounds, double start);
double sy_probe_s8_generic(int64_t rounds, double start);
double sy_probe_f32_avx2(int64_t rounds, double start);
double sy_probe_f64_avx2(int64_t rounds, double start);
double sy_probe_s8_avx2(int64_t rounds, double start);
double sy_probe_f32_avx512(int64_t rounds, double start);
double sy_probe_f64_avx512(int64_t rounds, double start);
double sy_probe_bf16_avx512(int64_t rounds, double start);
double sy_probe_s8_avx512(int64_t rounds, double start);
double sy_probe_f32_neon(int64_t rounds, double start);
double sy_probe_f64_neon(int64_t rounds, double start);
double sy_probe_s8_neon(int64_t rounds, double start);
double sy_probe_s8_neon_dotprod(int64_t rounds, double start);
double sy_probe_s8_neon_i8mm(int64_t rounds, double start);
double sy_probe_bf16_neon(int64_t rounds, double start);
double sy_probe_f16_neon(int64_t rounds, double start);

#endif
