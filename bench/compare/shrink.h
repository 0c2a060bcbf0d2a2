/* Variances of many rows with few rounds each, shrunk towards what the rows have in common. Pure. */
#ifndef STEELYARD_BENCH_COMPARE_SHRINK_H
#define STEELYARD_BENCH_COMPARE_SHRINK_H

#include <stddef.h>

/** Least variance that counts, as a fraction of the rows' mean: values that repeat to the last digit are no
 * proof of having no noise. */
#define SY_SHRINK_FLOOR 1e-5

/**
 * How much of the prior's degrees of freedom is believed. The estimate supposes that rows differ by an
 * inverse chi-squared law; where they do not (noise uniform in 0.5 to 3 %, lognormal, two kinds of rows), all
 * of it would give intervals of 95 % that cover 92 to 94 %, half of it 94 to 96 %, at 2 to 6 rounds a side,
 * for intervals that are 2 to 10 % wider. See tests/unit/bench/compare/test_coverage.c.
 */
#define SY_SHRINK_TRUST 0.5

/** One sample variance and its degrees of freedom; freedom 0: not known. */
typedef struct sy_variance {
    double value, freedom;
} sy_variance;

/**
 * The rows' common variance, a scaled inverse chi-squared prior: value with `freedom` degrees of freedom.
 *
 * freedom  0: nothing known (fewer than 2 rows have a variance); INFINITY: the rows do not differ.
 * total    degrees of freedom of all rows together: no row may have more.
 */
typedef struct sy_prior {
    double value, freedom, total;
} sy_prior;

/**
 * Estimate the prior from the rows' variances, by the mean and variance of their logs; then its freedom, at
 * most one a row, is cut by SY_SHRINK_TRUST.
 *
 * Source   Smyth, Statistical Applications in Genetics and Molecular Biology 3(1), 2004, section 6.2.
 */
sy_prior sy_prior_of(const sy_variance *variance, size_t count);

/** The variance of a row given the prior; a row without one has the prior's. freedom 0, value NaN: neither is
 * known. */
sy_variance sy_shrink(sy_variance row, sy_prior prior);

#endif
