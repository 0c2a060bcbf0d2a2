/*
 * Kernels of operators that are no products: functions of single elements, two rows, sums, softmax and
 * normalisation, over rows of f32. Pure functions; which instruction set is an argument (sy_nn_find). Rows
 * may lie at any address of a float; count 0 is fine. NaN stays NaN. Results do not depend on how rows are
 * split.
 *
 * Errors in units in the last place of the result, the largest found over a hundred thousand arguments each
 * (the bounds of tests/unit/kernels/nn/test_map.c): exp, log, elu 1.1; tanh 1.5; softplus, celu 2.1;
 * sigmoid 2.5; erf 3; mish 5; gelu 6 from -1 on, 13 down to -5, 70 down to -12, where it is 1e-29 (the
 * density's argument is rounded). swish and powers: a unit more for every 1 of |p0 x| and |p0 log x|.
 * Sources: own minimax fits (weighted least squares, iterated); range reductions as in Cody & Waite, 1980.
 */
#ifndef KERNELS_NN_NN_H
#define KERNELS_NN_NN_H

#include "kernels/gemm/gemm_types.h"

/** Functions of one element; p: parameters. */
enum {
    SY_NN_NONE,
    SY_NN_RELU,         /* max(x, 0) */
    SY_NN_LEAKY,        /* x < 0: p0 x */
    SY_NN_CLIP,         /* min(max(x, p0), p1) */
    SY_NN_AFFINE,       /* p0 x + p1 */
    SY_NN_ELU,          /* p1 x, x < 0: p1 p0 (e^x - 1) */
    SY_NN_CELU,         /* x, x < 0: p0 (e^(x / p0) - 1) */
    SY_NN_SIGMOID,      /* 1 / (1 + e^-x) */
    SY_NN_SWISH,        /* x sigmoid(p0 x) */
    SY_NN_HARD_SIGMOID, /* min(max(p0 x + p1, 0), 1) */
    SY_NN_HARD_SWISH,   /* x min(max(x / 6 + 1 / 2, 0), 1) */
    SY_NN_TANH,
    SY_NN_ERF,
    SY_NN_GELU_ERF,
    SY_NN_GELU_TANH,
    SY_NN_EXP,
    SY_NN_LOG,
    SY_NN_SOFTPLUS, /* log(1 + e^x) */
    SY_NN_MISH,     /* x tanh(softplus(x)) */
    SY_NN_SQRT,
    SY_NN_ABS,
    SY_NN_NEG,
    SY_NN_RECIPROCAL,
    SY_NN_SOFTSIGN, /* x / (1 + |x|) */
    SY_NN_FLOOR,
    SY_NN_CEIL,
    SY_NN_ROUND, /* ties to even */
    SY_NN_POWER  /* x^p0 for x > 0 */
};
#define SY_NN_PARAMS 2u

/** Functions of two elements. */
enum {
    SY_NN_ADD,
    SY_NN_SUB,
    SY_NN_MUL,
    SY_NN_DIV,
    SY_NN_MAX, /* NaN if either is */
    SY_NN_MIN,
    SY_NN_PRELU, /* a, a < 0: a b */
};

/** Sums over a row, of x - shift. */
enum { SY_NN_SUM, SY_NN_SUM_ABS, SY_NN_SUM_SQUARE, SY_NN_ROW_MAX, SY_NN_ROW_MIN };

/** Of a quantisation to bytes: what an element is divided by, what is added, and the bounds of the result. */
typedef struct sy_nn_range {
    float scale, zero, low, high;
} sy_nn_range;

/**
 * The functions of an instruction set.
 *
 * level    SY_ISA_*.
 * map      y[i] = f(y[i]).
 * pair     y[i] = f(a[i * a_step], b[i * b_step]), steps 0 or 1; y may be a or b.
 * reduce   a sum (of f32 parts, added in f64 every 2048 elements), or the largest or smallest, NaN if there
 *          is one (an empty row: 0, or the infinity that any element replaces).
 * softmax  y[i] = e^(x[i] - max) / sum; y may be x. is_log: its logarithm.
 * norm     y[i] = (x[i] - mean) * factor * scale[i] + bias[i]; scale or bias NULL: 1, 0. y may be x.
 * blend    y[i] = x[i] * scale[i] + bias[i]; y may be x.
 */
typedef struct sy_nn {
    uint32_t level;
    void (*map)(uint32_t kind, float *y, int64_t count, const float p[SY_NN_PARAMS]);
    void (*pair)(uint32_t kind, const float *a, int64_t a_step, const float *b, int64_t b_step, int64_t count,
        float *y);
    double (*reduce)(uint32_t kind, const float *x, int64_t count, float shift);
    void (*softmax)(const float *x, int64_t count, bool is_log, float *y);
    void (*norm)(const float *x, int64_t count, const float moment[2], const float *scale, const float *bias,
        float *y);
    void (*blend)(const float *x, const float *scale, const float *bias, int64_t count, float *y);
    void (*squares)(const float *x, int64_t step, int64_t rows, int64_t count, float *sum);
    void (*respond)(const float *x, const float *sum, int64_t count, const float p[3], float *y);
    void (*quantise)(const float *x, int64_t count, const sy_nn_range *range, uint8_t *y);
    void (*dequantise)(const uint8_t *x, bool is_signed, int64_t count, const float form[2], float *y);
} sy_nn;

/** The functions for `isa` (SY_ISA_* with or without bits). Of a level that this build has not: generic. */
const sy_nn *sy_nn_find(uint32_t isa);

#endif
