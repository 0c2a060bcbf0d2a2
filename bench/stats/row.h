/* The published estimate of a row: its rounds put together, with a 95 % interval and a verdict. */
#ifndef STEELYARD_STATS_ROW_H
#define STEELYARD_STATS_ROW_H

#include "bench/stats/visit.h"

/* What an interval covers. */
enum { SY_INTERVAL_NONE = 0, SY_INTERVAL_WITHIN_RUN = 1, SY_INTERVAL_BETWEEN_ROUNDS = 2 };

/** Name as in a record: "none", "within_run", "between_rounds". Static. */
const char *sy_interval_kind_name(int kind);

/**
 * A row's time.
 *
 * median_ns       one round: its median. More: the mean of the rounds' medians.
 * low_ns, high_ns 95 % interval; NaN with SY_INTERVAL_NONE.
 * interval_kind   SY_INTERVAL_WITHIN_RUN (one round): covers the median of the visit that was measured.
 *                 SY_INTERVAL_BETWEEN_ROUNDS (2 rounds or more): covers the mean over all rounds that this
 *                 process on this machine could have had.
 * is_stable       the interval means what it says; else `reason` tells why not. Never decided by the width
 *                 of the interval: to keep only narrow ones would be to keep those that are narrow by luck.
 * rounds, batches counted; min_ns the least of all.
 * spread          standard deviation of the round medians over their mean (0 for one round).
 */
typedef struct sy_row_stats {
    double median_ns, low_ns, high_ns, min_ns, spread;
    size_t rounds, batches;
    int interval_kind;
    bool is_stable;
    char reason[160];
} sy_row_stats;

/** Half of the interval's width over the median; infinite if there is no interval. */
double sy_row_precision(const sy_row_stats *row);

/**
 * Put the visits of a row together. Visits with count 0 are left out; none left: rounds = 0, not stable.
 * The order does not matter.
 */
void sy_row_summarise(const sy_visit_stats *visits, size_t count, sy_row_stats *out);

#endif
