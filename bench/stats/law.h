/* Tails and quantiles of the few laws that the intervals need. Pure. */
#ifndef STEELYARD_STATS_LAW_H
#define STEELYARD_STATS_LAW_H

#include <stddef.h>

/** Quantile of the standard normal law, p in (0, 1); infinite at 0 and 1; NaN elsewhere. Error < 1e-12. */
double sy_normal_quantile(double p);

/** P(T <= t) for Student's law with `freedom` > 0 degrees of freedom (need not be whole). */
double sy_student_cdf(double t, double freedom);

/** Quantile of Student's law, p in (0, 1), freedom >= 1. Relative error < 1e-9. NaN for other arguments. */
double sy_student_quantile(double p, double freedom);

/** P(X <= k) for X binomial(n, p); 0 for k < 0. */
double sy_binomial_cdf(long k, size_t n, double p);

#endif
