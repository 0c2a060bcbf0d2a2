/* Values in the order in which they were measured: dependence between neighbours, trend, change of level. */
#ifndef STEELYARD_STATS_SERIES_H
#define STEELYARD_STATS_SERIES_H

#include <stdbool.h>
#include <stddef.h>

/** Samples are taken for independent below this lag-1 autocorrelation, if at least so many are left. */
#define SY_SERIES_LAG1_LIMIT 0.2
enum { SY_SERIES_MIN_GROUPS = 10 };

/** Lag-1 autocorrelation, in [-1, 1]; 0 for fewer than 3 values or for constant ones. Biased down by about
 * 1 / count. */
double sy_lag1(const double *values, size_t count);

/** Replace each `step` >= 1 neighbours by their mean, in place; a shorter rest at the start is dropped.
 * Returns the new count. */
size_t sy_combine(double *values, size_t count, size_t step);

/** Least-squares slope per position; 0 for fewer than 2 values. */
double sy_slope(const double *values, size_t count);

/**
 * How many neighbours make one sample.
 *
 * step         neighbours in a group, a power of two.
 * groups       groups of that size.
 * lag1         autocorrelation of the groups' means.
 * is_resolved  lag1 < SY_SERIES_LAG1_LIMIT; else `step` is the largest that leaves SY_SERIES_MIN_GROUPS.
 */
typedef struct sy_grouping {
    size_t step, groups;
    double lag1;
    bool is_resolved;
} sy_grouping;

/** Double the groups until they are independent; `values` is replaced by the groups' means. */
sy_grouping sy_group(double *values, size_t count);

/**
 * Variance of the mean of `count` values, times count ("long-run variance"), from groups of `step`, with the
 * dependence that is left between neighbouring groups taken for that of a first-order autoregression.
 * `values` is replaced by the groups' means. 0 for fewer than 2 groups.
 * Source   batch means: Law & Carson, Operations Research 27(5), 1979.
 */
double sy_long_run_variance(double *values, size_t count, size_t step);

/**
 * The place where the level changed most; finds steps and ramps alike.
 *
 * at        the change lies between at - 1 and at, at least a tenth of the values on either side; 0: too few
 *           values (under 20) or constant ones.
 * p_value   probability of so large a change somewhere, if the level were constant (upper bound, <= 1).
 */
typedef struct sy_level_change {
    size_t at;
    double p_value;
} sy_level_change;

/**
 * Look for a change of level. Dependence that remains when the change (as a step or as a ramp, whichever
 * explains more) is taken out counts against its certainty.
 * scratch   `count` doubles.
 * Limit     80 values of a pure autoregression of 0.9 look certain (p < 0.001) in 7 % of cases, of 0.6
 *           in 2 %.
 */
sy_level_change sy_level_change_find(const double *values, size_t count, double *scratch);

#endif
