/* A matrix times a vector, rows side by side along the depth, in f32: the products of recurrent layers. */
#ifndef KERNELS_NN_NN_DOT_H
#define KERNELS_NN_NN_DOT_H

#include <stdint.h>

/** out[j] = sum over i < depth of matrix[j * depth + i] x[i], j < rows. Sums of an element do not depend on
 * `rows`; lanes are added last. No state, any thread. */
typedef void (*nn_dot_fn)(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out);

/** That of SY_ISA_* of kernels/gemm/gemm_types.h: of its level, generic where it is not built. */
nn_dot_fn nn_dot_find(uint32_t isa);

/* By file: nn_dot_<isa>.c. */
void nn_dot_f32_generic(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out);
void nn_dot_f32_avx2(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out);
void nn_dot_f32_avx512(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out);
void nn_dot_f32_neon(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out);

#endif
