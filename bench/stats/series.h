/* Values in the order in which they were measured: dependence between neighbours, trend, change of level. */
#ifndef STEELYARD_STATS_SERIES_H
#define STEELYARD_STATS_SERIES_H

#include <stdbool.h>
#include <stddef.h>

/** Lag-1 autocorrelation, in [-1, 1]; 0 for fewer than 3 values or for constant ones. Biased down by about
 * 1/count. */
double sy_lag1(const double *values, size_t count);

/** Replace each `step` neighbours by their mean, in place; a shorter rest at the start is dropped. Returns
 * the new count. step >= 1. */
size_t sy_combine(double *values, size_t count, size_t step);

/** Least-squares slope per position; 0 for fewer than 2 values. */
double sy_slope(const double *values, size_t count);

/**
 * The place where the level changed most, if it changed at all; finds steps and ramps alike.
 *
 * at         the change lies between at - 1 and at; 0 if there is none.
 * before, after   medians of the two parts.
 * p_value    probability of so large a change among independent values of one law (upper bound 1).
 */
typedef struct sy_level_change {
    size_t at;
    double before, after, p_value;
} sy_level_change;

/**
 * Look for a change of level among independent values (combine neighbours first if they are not).
 * scratch    2 * count doubles.
 * Source     Pettitt, Applied Statistics 28(2), 1979.
 */
sy_level_change sy_level_change_find(const double *values, size_t count, double *scratch);

#endif
