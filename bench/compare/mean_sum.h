/* Ratios added up in logs, one after the other. Pure. */
#ifndef STEELYARD_BENCH_COMPARE_MEAN_SUM_H
#define STEELYARD_BENCH_COMPARE_MEAN_SUM_H

#include "bench/compare/ratio.h"

/** Sums over rows: of logs, of their own variances, of variance^2 / freedom; the largest common error with
 * its freedom. */
typedef struct sy_mean_sum {
    size_t rows;
    double log_cost, variance, over_freedom, common_error, common_freedom;
} sy_mean_sum;

/** A mean in logs. error and freedom are NaN if a row has none, all is NaN without rows. */
typedef struct sy_mean_log {
    double log_cost, error, freedom;
} sy_mean_log;

/** Whether a ratio may be in a mean. */
bool sy_mean_takes(const sy_ratio *ratio);

/** Add one that may. */
void sy_mean_add(sy_mean_sum *sum, const sy_ratio *ratio);

/** The mean of what was added. Source: Satterthwaite, Biometrics Bulletin 2, 1946. */
sy_mean_log sy_mean_of(const sy_mean_sum *sum);

#endif
