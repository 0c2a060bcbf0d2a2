/*
 * How far an honest result may lie from the reference: the standard deviation of the rounding error of one
 * output element for the declared types and math, and the bound a check compares with. Pure functions of
 * plain values; no state; any thread.
 *
 * Source   The variance of an inner product of zero-mean data, and the sum over a row:
 *              sigma_ij^2 = (u_acc |a_i|_2 |b_j|_2)^2 + (u_out C_ij)^2 / 3
 *          from a random walk of roundings (Higham & Mary, SIAM J. Sci. Comput. 41(5), 2019, and 42(5),
 *          2020). For summation in index order the first term is about 2.4 times the true deviation, for
 *          blocked sums more. Widened for what the plain form leaves out:
 *          - lowering of f32 inputs (math): each product errs on its own, so the term is
 *            u_in |a||b| sqrt(2/3) / sqrt(K), sqrt(K) below what a lowered u_acc would give;
 *          - truncating sums (matrix units; Fasi, Higham, Mikaitis & Pranesh, PeerJ CS 7:e330, 2021): u_acc
 * is doubled, and truncation, which always goes towards zero, drifts with the partial sums: u |a||b| sqrt(K /
 * 12) for groups of 4 products;
 *          - alpha, beta, posts and the reference's own rounding.
 *          Hard limit: |error| <= gamma_n |A||B|, gamma_n = n u / (1 - n u) (Higham, Accuracy and Stability
 * of Numerical Algorithms, 2002, ch. 3). It is smaller than 8 sigma for short sums only.
 */
#ifndef STEELYARD_OP_ERROR_MODEL_H
#define STEELYARD_OP_ERROR_MODEL_H

#include "steelyard/spec.h"

/** An element passes within this many standard deviations. */
#define SY_ERROR_SIGMAS 8.0

/**
 * The constants of one problem, from sy_error_model_init().
 *
 * u_input    relative rounding of one input by the math (tf32 2^-11, hf32 2^-12, bf16x3 2^-17, any and
 *            unknown as tf32; 0 unless the inputs are f32 and the math is not strict).
 * u_sum      unit roundoff of the sums (s32: 0, they are exact).
 * u_post     of what follows the sum: f32, or f64 for f64 sums; 0 if the result is integer.
 * u_output   of the output type; 0 for s32.
 * quantum    distance of the output type's smallest values (f64, f32, bf16: flushing to zero is allowed for).
 * length     products in one sum: k, or (c / groups) r s.
 * widening   factor >= 1 on the error of the sums for an algorithm with a larger documented bound.
 * truncates  the sums may be truncated rather than rounded: narrow inputs summed in f32, any math but strict
 *            on f32 (both are what matrix units do), and math unknown.
 */
typedef struct sy_error_model {
    double u_input, u_sum, u_post, u_output, quantum;
    double length, widening, alpha, beta;
    bool truncates;
    uint32_t dtype_c, dtype_acc;
} sy_error_model;

/**
 * One output element, or many at once: sigma is a root of a sum of squares, each linear in these fields, so
 * for the root-sum-square of sigma over a row put in 2-norms over the row (b_norm: Frobenius norm of B;
 * product, accumulate, post_magnitude, result: 2-norms of those vectors) and `count` elements. Only sigma is
 * meaningful then.
 *
 * a_norm, b_norm   2-norms of the row and the column (of the window and the filter).
 * absolute         sum of |products|, if known; negative: a_norm b_norm stands for it.
 * product          the sum of products, before alpha.
 * accumulate       the element of C, if beta != 0.
 * gain             largest derivative of the posts; post_magnitude: size of the values they handle, times
 *                  how many roundings they make. sy_error_point_epilogue() sets both.
 * result           the reference value after the posts, before it is rounded to the output type.
 */
typedef struct sy_error_point {
    double a_norm, b_norm, absolute, product, accumulate;
    double gain, post_magnitude, result, count;
} sy_error_point;

/** A point with nothing in it: gain 1, count 1, absolute unknown. */
#define SY_ERROR_POINT_INIT ((sy_error_point){.absolute = -1.0, .gain = 1.0, .count = 1.0})

/**
 * The constants for a valid gemm or conv2d spec when the work was done with `math` (SY_MATH_*, what was
 * delivered, not what was allowed). `widening`: 1, or an algorithm's documented factor.
 * Errors: SY_UNSUPPORTED an op that has nothing to round (copy, stream, peak); SY_INVALID_ARGUMENT math or
 * widening out of range, or an invalid spec.
 */
sy_status sy_error_model_init(
    const sy_spec *spec, uint32_t math, double widening, sy_error_model *out_model, sy_error *err);

/**
 * Set gain and post_magnitude for the epilogue of `spec`. `sum`: the value before the posts (alpha and beta
 * applied); `first`, `second`: its operands in order (bias or residual; row scale, column scale), 0 where
 * there is none.
 */
void sy_error_point_epilogue(
    const sy_spec *spec, double sum, double first, double second, sy_error_point *point);

/** Standard deviation of the error of an honest result; 0 if it must be exact. */
double sy_error_sigma(const sy_error_model *model, const sy_error_point *point);

/** Largest error an honest result of one element can have, INFINITY where the analysis gives no limit (sums
 * in f16 of 2048 products and more). */
double sy_error_limit(const sy_error_model *model, const sy_error_point *point);

/** What a check compares |result - reference| of one element with: the smaller of 8 sigma and the limit. 0:
 * must be exact. */
double sy_error_bound(const sy_error_model *model, const sy_error_point *point);

/** Whether a result can be judged at all. */
enum {
    SY_OVERFLOW_NONE = 0,
    SY_OVERFLOW_POSSIBLE =
        1,                  /* a partial sum or a rounding may exceed the range: infinity or NaN is honest */
    SY_OVERFLOW_CERTAIN = 2 /* the true sum or result does not fit: nothing can be said */
};

/**
 * Overflow of the sums' type or of the output type at a point. Integer sums may wrap on their way (wrapping
 * twice is exact), so for them only the sum itself counts.
 */
uint32_t sy_error_overflow(const sy_error_model *model, const sy_error_point *point);

#endif
