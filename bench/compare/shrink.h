/* Variances of many rows with few rounds each, shrunk towards what the rows have in common. Pure. */
#ifndef STEELYARD_BENCH_COMPARE_SHRINK_H
#define STEELYARD_BENCH_COMPARE_SHRINK_H

#include <stddef.h>

/** One sample variance and its degrees of freedom; freedom 0: not known. */
typedef struct sy_variance {
    double value, freedom;
} sy_variance;

/**
 * The rows' common variance, a scaled inverse chi-squared prior: value with `freedom` degrees of freedom.
 *
 * freedom 0: nothing known (fewer than 2 rows have a variance); INFINITY: the rows do not differ.
 * total    degrees of freedom of all rows together: no row may have more.
 */
typedef struct sy_prior {
    double value, freedom, total;
} sy_prior;

/**
 * Estimate the prior from the rows' variances. Zero variances count as the least resolvable one, 1e-6 of the
 * median (values that repeat exactly are no proof of no noise).
 * Source   Smyth, Statistical Applications in Genetics and Molecular Biology 3(1), 2004, section 6.2.
 */
sy_prior sy_prior_of(const sy_variance *variance, size_t count);

/** The variance of a row given the prior; freedom 0 if neither is known. */
sy_variance sy_shrink(sy_variance row, sy_prior prior);

#endif
