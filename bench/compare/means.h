/* Geometric means of ratios over rows that belong together, each with how many of how many rows it has. */
#ifndef STEELYARD_BENCH_COMPARE_MEANS_H
#define STEELYARD_BENCH_COMPARE_MEANS_H

#include "bench/compare/comparison.h"

/**
 * Geometric mean of one set of rows in one column. NaN without rows, or where a row has no interval.
 *
 * suite, dtype, phase  of the set; NULL: all of them. "" is a row's that has none.
 * column, quantity     column from 1 on; SY_QUANTITY_*.
 * rows, of             rows that are in the mean, of how many that the base has a result of in this set.
 * ratio, low, high     with its 95 % interval.
 * log_cost, error, freedom  as in sy_ratio, of the mean.
 * common               rows of the set that all columns have; common_ratio, common_low, common_high: over
 * those.
 */
typedef struct sy_mean {
    const char *suite, *dtype, *phase;
    size_t column, rows, of, common;
    int quantity;
    double ratio, low, high, log_cost, error, freedom;
    double common_ratio, common_low, common_high;
} sy_mean;

/** A list of means. */
typedef struct sy_mean_list {
    const sy_mean *item;
    size_t count;
} sy_mean_list;

/**
 * Means of a quantity (not of precision): over all rows first, then each suite and type, then each suite,
 * type and phase, in the order of the rows; for each set all columns from 1 on. A row that is in several
 * suites is in each of them once; what is not gateable is in none.
 *
 * Interval  the rows are the set that was chosen, not a sample of others, so that only their own variances
 *           are in it: error^2 = sum of the rows' / n^2, freedom after Satterthwaite. What the rows share
 *           does not average out: sy_ratio.common_error counts in full. Between runs that holds what a whole
 *           run has in common (its temperature, its clock), as far as these runs show it. Where one run
 * stands on each side, it is not known and not in it, but for what the noise of the machine says. Owns the
 * list lives in `arena`, texts in the intake. Errors    SY_INVALID_ARGUMENT: no such quantity, or precision;
 * SY_OUT_OF_MEMORY.
 */
sy_status sy_means_compute(
    const sy_comparison *comparison, int quantity, sy_arena *arena, sy_mean_list *out_means, sy_error *err);

/**
 * Place of a column in the ranking, on the rows that all columns have.
 *
 * speed    geometric mean of base time / its time on the common set, with its 95 % interval; the base has 1.
 *          NaN without a common row.
 * common   rows of that set; rows: that this column has a time of, of `of` that any column has.
 * is_tied  with the place before: the interval of their ratio has 1 in it, or there is none. (The base's
 * error is in both, and counted twice: two may be called tied that are not, never the other way round.)
 */
typedef struct sy_rank {
    size_t column, common, rows, of;
    double speed, low, high;
    bool is_tied;
} sy_rank;

/** Rank all columns by time, fastest first. *out_ranks has as many items as there are columns and lives in
 * `arena`. Errors: SY_OUT_OF_MEMORY. */
sy_status sy_rank_columns(
    const sy_comparison *comparison, sy_arena *arena, const sy_rank **out_ranks, sy_error *err);

#endif
