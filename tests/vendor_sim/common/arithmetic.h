/*
 * What the devices compute: in f64 over elements of any type (SY_F32 ... of steelyard/types.h), rounded once
 * to the output's type. Everything is told by strides in elements, so that every layout is one. Pointers are
 * views (memory.h). Called on streams' threads, without the lock; pure but for the settings `skip=1` (compute
 * nothing) and `nan=1` (results are NaN, or the largest integer), which all of them look at.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_ARITHMETIC_H
#define TESTS_VENDOR_SIM_COMMON_ARITHMETIC_H

#include <stdbool.h>
#include <stdint.h>

#include "steelyard/types.h"

#pragma GCC visibility push(default)

/** Elements at data[sum index * stride]. `scale`, if there is one, is a factor read when the work runs. */
typedef struct sim_tensor {
    void *data;
    uint32_t dtype;
    int64_t stride[4];
    const float *scale;
} sim_tensor;

/* Rounding of f32 inputs: none, to 10 stored bits (tf32), to 11 (hf32), or to bf16 or f16. */
enum { SIM_ROUND_NONE = 0, SIM_ROUND_TF32 = 1, SIM_ROUND_HF32 = 2, SIM_ROUND_BF16 = 3, SIM_ROUND_F16 = 4 };
enum {
    SIM_ACTIVATION_NONE = 0,
    SIM_ACTIVATION_RELU = 1,
    SIM_ACTIVATION_GELU = 2, /* by erf */
    SIM_ACTIVATION_SIGMOID = 3,
    SIM_ACTIVATION_TANH = 4,
    SIM_ACTIVATION_GELU_TANH = 5
};

/**
 * D = activation(alpha A B + beta C + bias). Strides of matrices: {batch, row, column, -}; a transpose is a
 * stride. bias: {batch, row, column}, data NULL: there is none. C is read only if beta != 0; it may be D.
 * wraps: s32 sums go around instead of saturating.
 */
typedef struct sim_gemm {
    int64_t batch, m, n, k;
    sim_tensor a, b, c, d, bias;
    double alpha, beta;
    uint32_t rounding, activation;
    bool wraps;
} sim_gemm;

/**
 * Y = activation(alpha conv(X, W) + beta Z + bias[k]), Z: the old Y or another. Strides: x {n, c, h, w},
 * w {k, c of a group, r, s}, y and z {n, k, p, q}; bias {k, -, -, -}.
 * flips: a true convolution instead of a cross-correlation.
 */
typedef struct sim_conv {
    int64_t n, c, h, w, k, r, s, p, q;
    int64_t stride[2], dilation[2], pad[2], groups; /* pad: top, left */
    sim_tensor x, filter, y, z, bias;
    double alpha, beta;
    uint32_t rounding, activation;
    bool flips;
} sim_conv;

/** dst[i] = src[i] over four dimensions, converted if the types differ. alpha src + beta dst in general. */
typedef struct sim_copy {
    int64_t dim[4];
    sim_tensor dst, src;
    double alpha, beta;
} sim_copy;

/** `count` times `bytes` (1 to 16) bytes. */
typedef struct sim_fill {
    void *data;
    uint64_t count;
    uint32_t bytes;
    char value[16];
} sim_fill;

/** The functions are sim_work.run()s: `args` is the struct. 0, or -1 if the host has no memory. */
int sim_gemm_run(void *args);
int sim_conv_run(void *args);
int sim_copy_run(void *args);
int sim_fill_run(void *args);

/** What they cost: flop of the first two; bytes that any of them moves. */
double sim_gemm_flop(const sim_gemm *gemm);
double sim_gemm_moved(const sim_gemm *gemm);
double sim_conv_flop(const sim_conv *conv);
double sim_conv_moved(const sim_conv *conv);

/** Bytes from the first to behind the last element that dims and strides (>= 0, elements) reach; 0 if a dim
 * is 0.
 */
uint64_t sim_extent(uint32_t dtype, uint32_t rank, const int64_t *dim, const int64_t *stride);

/** One element to f64, and back. */
double sim_element_get(uint32_t dtype, const void *element);
void sim_element_set(uint32_t dtype, void *element, double value);

#pragma GCC visibility pop
#endif
