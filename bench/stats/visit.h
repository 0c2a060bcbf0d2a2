/* Summary of one visit: one round of one row, a series of batch times measured in one go. */
#ifndef STEELYARD_STATS_VISIT_H
#define STEELYARD_STATS_VISIT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * What a visit says.
 *
 * A value is the time of one batch divided by its launches, in ns. The estimand is the median of the law of
 * these values while the visit lasts ("the typical batch of this process on this machine, now"): it is the
 * same whatever number of neighbours is combined to judge their dependence, and a few long interruptions do
 * not move it. What changes from visit to visit is not in this interval; see row.h.
 *
 * count              batches; 0: everything else is 0.
 * median_ns          of all batches.
 * low_ns, high_ns    95 % interval of the median, dependence included; NaN if has_interval is false.
 * error_ns           standard error of the median that goes with the interval; NaN likewise.
 * min_ns .. p99_ns   plain figures of all batches.
 * lag1               autocorrelation of the batches as measured (outliers clipped at 3 deviations).
 * combined, samples  how many neighbouring batches make one sample, and how many samples that gives: the
 *                    smallest power of two at which the lag-1 autocorrelation of the samples (lag1_samples)
 *                    is under 0.2; is_resolved: this was reached with at least 10 samples left.
 * inflation          variance of the median relative to that of independent batches, >= 1.
 * slope_per_batch    least-squares slope, relative to the median, per batch (outliers clipped).
 * change             relative change of level within the visit (after / before - 1); is_drifting: it is
 *                    certain (p < 0.001) and larger than SY_VISIT_DRIFT_LIMIT.
 * mode_low_ns, mode_high_ns, minority  the two modes and the smaller one's share; 0 unless is_bimodal.
 */
typedef struct sy_visit_stats {
    size_t count;
    double median_ns, low_ns, high_ns, error_ns;
    double min_ns, mean_ns, mad_ns, p90_ns, p99_ns;
    double lag1, lag1_samples, inflation;
    size_t combined, samples;
    double slope_per_batch, change;
    double mode_low_ns, mode_high_ns, minority;
    bool has_interval, is_resolved, is_drifting, is_bimodal;
} sy_visit_stats;

/** A change of level within a visit, relative to its median, that is small enough to live with. */
#define SY_VISIT_DRIFT_LIMIT 0.01

/** Half of the interval's width over the median; infinite if there is no interval. */
double sy_visit_precision(const sy_visit_stats *visit);

/** Doubles of scratch that sy_visit_summarise() needs for `count` values. */
size_t sy_visit_scratch(size_t count);

/**
 * Summarise `count` batch times in the order of measuring. Values must be finite and positive.
 *
 * scratch   sy_visit_scratch(count) doubles, the caller's.
 * Result    false, and *out all 0, if a value is not finite or not positive.
 * Source    groups and signs: batch means (Law & Carson, Operations Research 27(5), 1979) applied to the
 *           indicator "below the median"; interval: sy_median_interval().
 */
bool sy_visit_summarise(const double *batch_ns, size_t count, double *scratch, sy_visit_stats *out);

#endif
