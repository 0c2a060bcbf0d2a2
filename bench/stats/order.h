/* Order statistics: quantiles, median, MAD, and the interval of a median. Pure, no allocation. */
#ifndef STEELYARD_STATS_ORDER_H
#define STEELYARD_STATS_ORDER_H

#include <stdbool.h>
#include <stddef.h>

/** Sort ascending, in place. NaN is not allowed. n log n, no recursion, no memory. */
void sy_sort_f64(double *values, size_t count);

/**
 * Quantile p in [0, 1] of `sorted` (ascending), linear between neighbours: position p (count - 1).
 * count = 0 gives NaN.
 * Source   Hyndman & Fan, The American Statistician 50(4), 1996, definition 7.
 */
double sy_quantile(const double *sorted, size_t count, double p);

/** Median absolute deviation of `sorted` from its median (not scaled). count = 0 gives NaN. No memory. */
double sy_mad(const double *sorted, size_t count);

/**
 * Two-sided interval of the median of the law that `sorted` was drawn from, free of any assumption on that
 * law but that it has a density.
 *
 * coverage   wanted, in (0, 1), e.g. 0.95.
 * inflation  >= 1: variance of the number of values below the median relative to independent draws (for
 *            dependent draws; 1 = independent).
 * Result     false and both outputs NaN if even [min, max] does not reach the coverage (count < 6 at 0.95).
 * Method     exact binomial ranks, neighbours interpolated, so that coverage is the wanted one and not the
 *            next larger one that whole ranks can give; with inflation > 1 the normal approximation of the
 *            ranks with its variance inflated.
 * Source     Hettmansperger & Sheather, Statistics & Probability Letters 4, 1986.
 */
bool sy_median_interval(
    const double *sorted, size_t count, double coverage, double inflation, double *out_low, double *out_high);

#endif
