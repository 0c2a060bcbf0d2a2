/* Geometric means of ratios over rows that belong together, each with how many of how many rows it has. */
#ifndef STEELYARD_BENCH_COMPARE_MEANS_H
#define STEELYARD_BENCH_COMPARE_MEANS_H

#include "bench/compare/comparison.h"

/**
 * Geometric mean of one set of rows in one column.
 *
 * suite, dtype, phase   of the set; NULL: all. quantity SY_QUANTITY_*.
 * ratio, low, high      with its 95 % interval: the rows are the set that was chosen, not a sample of
 *                       others, so only their own variances are in it; NaN without rows.
 * log_cost, error, freedom  as in sy_ratio, of the mean.
 * rows, of              rows that are in it, of how many that the base has in this set.
 * common                rows of the set that every column has; common_ratio .. : the mean over those alone.
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
 * Means of a quantity (not precision): for each column from 1 on, over everything first, then a suite and
 * type, then a suite, type and phase, in the order of the rows. A row in several suites is in each of them
 * once.
 *
 * Interval  error^2 = sum of the rows' / n^2, freedom after Satterthwaite. Where the units are rounds of
 * single runs, what all rows of a run have in common is not in it. Errors    SY_OUT_OF_MEMORY.
 */
sy_status sy_means_compute(
    const sy_comparison *comparison, int quantity, sy_arena *arena, sy_mean_list *out_means, sy_error *err);

/**
 * Place of a column in the ranking, on the rows that all columns have.
 *
 * speed     geometric mean of base time / column's time on the common set, 1 for the base; NaN: no common
 * row. common    rows in it; rows: that this column has a time for, of `of` that any column has. tied with
 * the place before: their interval holds 1.
 */
typedef struct sy_rank {
    size_t column, common, rows, of;
    double speed, low, high;
    bool is_tied;
} sy_rank;

/** Rank all columns by time, fastest first; *out_ranks has join->columns places in `arena`. */
sy_status sy_rank_columns(
    const sy_comparison *comparison, sy_arena *arena, const sy_rank **out_ranks, sy_error *err);

#endif
