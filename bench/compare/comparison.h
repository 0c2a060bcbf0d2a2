/* A whole comparison: joined rows with their ratios in every quantity. */
#ifndef STEELYARD_BENCH_COMPARE_COMPARISON_H
#define STEELYARD_BENCH_COMPARE_COMPARISON_H

#include "bench/compare/join.h"
#include "bench/compare/ratio.h"

struct sy_noise;

/**
 * How to compare.
 *
 * delta    half width of "same", a fraction; 0 takes 0.02.
 * noise    of this machine, or NULL: not known (then what changes from run to run is not in an interval of
 *          single runs).
 * explored  candidates that a tuned row was the best of; 0: not known.
 */
typedef struct sy_comparison_options {
    double delta;
    const struct sy_noise *noise;
    uint64_t explored;
} sy_comparison_options;

/**
 * Ratios of line l, column c (c >= 1), quantity q: ratio[(l * (columns - 1) + c - 1) * SY_QUANTITY_COUNT +
 * q], see sy_comparison_ratio(). Lines that lack one of the two groups, or a time in it, are not comparable,
 * with a reason.
 */
typedef struct sy_comparison {
    const sy_join *join;
    sy_ratio *ratio;
    double delta;
} sy_comparison;

/**
 * Compare all lines of a join.
 *
 * Time       log ratio of the means of logs of round medians (headline). Units are runs (with each card)
 * where both sides have at least 2, else rounds; variances shrunk over all rows of one device (shrink.h). One
 * round alone: the device's common variance, and without one the interval within the run, which is
 * inconclusive. An unstable row has a ratio and is inconclusive. Host and device headlines never meet.
 * Throughput the same, turned round.
 * Energy     gross joules a launch of the first meter (source and scope) that both have. The same physical
 *            device and source: random uncertainty; otherwise all of it. Gain not known and devices differ:
 * not comparable. Net under 20 % of gross on a side: never gated. Precision  delivered math, verification and
 * error / bound; no interval. Owns       *out lives in `arena`, and borrows the join and its intake. Errors
 * SY_INVALID_ARGUMENT: delta out of [0, 1); SY_OUT_OF_MEMORY.
 */
sy_status sy_comparison_make(const sy_join *join, const sy_comparison_options *options, sy_arena *arena,
    sy_comparison *out, sy_error *err);

/** One ratio; column >= 1. */
const sy_ratio *sy_comparison_ratio(
    const sy_comparison *comparison, size_t line, size_t column, int quantity);

/** "3 runs, 2 cards", "1 run, 1 card" of a ratio's poorer side, into `out_text`. */
void sy_ratio_basis(const sy_ratio *ratio, char *out_text, size_t capacity);

#endif
