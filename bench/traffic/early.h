/*
 * How many queries a percentile needs before it may be told: MLPerf's early stopping. Pure.
 *
 * With `over` of n queries above a bound it is certain at the confidence c that at most the fraction 1 - p of
 * all queries would be above it if P(Bin(n, 1 - p) <= over) <= 1 - c. Source: MLPerf Inference, LoadGen's
 * early stopping (tolerance 0), where the same condition stands as a regularised incomplete beta function.
 */
#ifndef STEELYARD_TRAFFIC_EARLY_H
#define STEELYARD_TRAFFIC_EARLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The confidence that MLPerf asks for. */
#define SY_EARLY_CONFIDENCE 0.99

/** Least number of queries of which `over` may be above the bound; percentile and confidence in (0, 1). 0:
 * not so many queries are ever measured (2^40). */
uint64_t sy_early_queries(uint64_t over, double percentile, double confidence);

/** The largest `over` that `queries` allow; false: not even none. */
bool sy_early_allowance(uint64_t queries, double percentile, double confidence, uint64_t *out_over);

/**
 * A percentile as it may be told.
 *
 * plain_ns     value at place floor(n p) of the sorted ones; NaN unless is_earned.
 * estimate_ns  upper bound of it at the confidence: the allowance less one are discarded, the next is it; NaN
 *              unless is_earned.
 * needs, has   queries. is_earned: has >= needs, which is one query over the bound allowed.
 */
typedef struct sy_percentile {
    double percentile, plain_ns, estimate_ns;
    uint64_t needs, has, discarded;
    bool is_earned;
} sy_percentile;

/** Percentile of `sorted_ns` (ascending). */
sy_percentile sy_percentile_of(const double *sorted_ns, size_t count, double percentile, double confidence);

/** "p99 12.3 ms"-like texts need a name: "p50", "p99", "p99.9". */
#define SY_PERCENTILE_NAME_MAX 16u
void sy_percentile_name(double percentile, char out_name[SY_PERCENTILE_NAME_MAX]);

/** Why there is none: "p99 not supported: needs 662 queries, have 40". */
#define SY_PERCENTILE_TEXT_MAX 96u
void sy_percentile_why(const sy_percentile *percentile, char out_text[SY_PERCENTILE_TEXT_MAX]);

#endif
