/* One row compared in one quantity: from two groups of rows to a ratio. */
#ifndef STEELYARD_BENCH_COMPARE_ROW_RATIO_H
#define STEELYARD_BENCH_COMPARE_ROW_RATIO_H

#include "bench/compare/comparison.h"
#include "bench/compare/units.h"

/** The common variances of one device, a level each. */
typedef struct sy_device_priors {
    const char *device_name;
    sy_prior level[SY_LEVEL_COUNT];
} sy_device_priors;

/**
 * Two groups and what is known beside them. base_priors, other_priors: of their devices. is_same_host: both
 * were measured on one host, as far as is known. between: variance of a run's mean that is known from
 * elsewhere.
 */
typedef struct sy_row_pair {
    const sy_group *base, *other;
    const sy_device_priors *base_priors, *other_priors;
    bool is_same_host;
    double between;
    const sy_comparison_options *options;
    sy_arena *arena;
} sy_row_pair;

/** Why there is no ratio at all (a side is missing or has no time), or NULL. */
const char *sy_row_no_ratio(const sy_row_pair *pair);

/** Each fills *out_ratio, which must be initialised; p is not corrected yet. Both sides must have a time. */
void sy_row_time_ratio(const sy_row_pair *pair, sy_ratio *out_ratio);
void sy_row_energy_ratio(const sy_row_pair *pair, sy_ratio *out_ratio);
void sy_row_precision_ratio(const sy_row_pair *pair, sy_ratio *out_ratio);

/**
 * Time of side b over side a: the geometric mean over the blocks of each pair, then over its processes and
 * runs; what varies is the highest of these that is repeated (its own variance alone). base and value stay
 * the sides' medians.
 */
void sy_row_paired_ratio(const sy_row_pair *pair, sy_ratio *out_ratio);

/** Add to a ratio's reason that an algorithm was tuned, the best of how many. */
void sy_row_say_selection(const sy_row_pair *pair, sy_ratio *out_ratio);

/* When a largest error has changed: by a factor, and by so many times what the rows of a column vary by.
 * Below the floor, a part of the bound, errors are equal: the bound is eight times the deviation that the
 * declared math may have (DESIGN 6.2), so that it is half of that deviation. */
#define SY_PRECISION_FACTOR 2.0
#define SY_PRECISION_SPREADS 4.0
#define SY_PRECISION_FLOOR 0.0625

/** The log of the factor from which on an error has changed; spread: in logs, NaN: not known. */
double sy_precision_limit(double spread);

/** The verdict of errors whose ratio has this log, both taken to be at least the floor. */
int sy_precision_judge(double log_cost, double spread);

/** Set what the rows of a column that became better vary by as typical_error of their precision, and judge
 * all anew. scratch: a place for each line. */
void sy_precision_widen(const sy_comparison *comparison, size_t column, double *scratch);

/**
 * Of time and throughput between runs: set what the rows of a run have in common as common_error, estimated
 * from how the mean over the rows moves from run to run, with the freedom of so few runs. From five rows on,
 * on both sides. It holds what is each row's own as well, so that a mean is rather too careful. False without
 * memory.
 */
bool sy_runs_widen(const sy_comparison *comparison, sy_arena *arena);

/** The same ratio as throughput: turned round. */
void sy_row_throughput_ratio(const sy_ratio *time, sy_ratio *out_ratio);

#endif
