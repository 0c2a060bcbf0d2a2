/* Summary of one visit: what a series of batch times, measured in one go, says about the typical batch. */
#include "bench/stats/visit.h"

#include "bench/stats/law.h"
#include "bench/stats/modality.h"
#include "bench/stats/order.h"
#include "bench/stats/series.h"
#include <math.h>
#include <string.h>

static const double wanted_coverage = 0.95;
static const double certain = 0.001;
/* Variance left within two modes that are plainly apart, whatever the dependence. */
static const double plainly_apart = 0.08;
static const double least_minority = 0.05;
static const double deviation_per_mad = 1.4826; /* of a normal law */

double sy_visit_precision(const sy_visit_stats *visit) {
    if (!visit->has_interval || !(visit->median_ns > 0.0))
        return INFINITY;
    return 0.5 * (visit->high_ns - visit->low_ns) / visit->median_ns;
}

size_t sy_visit_scratch(size_t count) {
    return 3 * count;
}

static bool are_valid(const double *batch_ns, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!(batch_ns[i] > 0.0 && isfinite(batch_ns[i])))
            return false;
    return true;
}

static double sign_of(double value) {
    return (double)((value > 0.0) - (value < 0.0));
}

/* Distance from the median in robust deviations, clipped, so that an interruption counts, but not for more
 * than it says; signs where more than half of all values are equal. */
static void standardise(const double *batch_ns, const sy_visit_stats *visit, double *out_values) {
    double deviation = visit->mad_ns * deviation_per_mad;
    for (size_t i = 0; i < visit->count; i++) {
        double distance = batch_ns[i] - visit->median_ns;
        out_values[i] = deviation > 0.0 ? fmax(-3.0, fmin(3.0, distance / deviation)) : sign_of(distance);
    }
}

static void describe_sorted(const double *batch_ns, double *sorted, sy_visit_stats *visit) {
    size_t count = visit->count;
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += batch_ns[i];
    memcpy(sorted, batch_ns, count * sizeof *sorted);
    sy_sort_f64(sorted, count);
    visit->median_ns = sy_quantile(sorted, count, 0.5);
    visit->mad_ns = sy_mad(sorted, count);
    visit->min_ns = sorted[0];
    visit->mean_ns = sum / (double)count;
    visit->p90_ns = sy_quantile(sorted, count, 0.9);
    visit->p99_ns = sy_quantile(sorted, count, 0.99);
}

/*
 * What the inflation would be if the batches were a first-order autoregression with the lag-1 that was seen:
 * few groups under-estimate strong dependence, and an early stop would pick those that do most.
 * Sources   bias of lag-1: Marriott & Pope, Biometrika 41, 1954; signs of normal pairs: Sheppard, 1899.
 */
static double autoregressive_inflation(double lag1, size_t count) {
    double phi = fmin(lag1 + (1.0 + 3.0 * lag1) / (double)count, 0.98), power = phi, sum = 0.0;
    for (; power > 1e-4; power *= phi)
        sum += 2.0 * asin(power) * M_2_PI;
    return 1.0 + sum;
}

/* How much the count of batches below the median varies more than independent ones would make it vary. */
static double find_inflation(const double *batch_ns, const sy_visit_stats *visit, double *signs) {
    double equal = 0.0, count = (double)visit->count;
    if (visit->combined == 1 && visit->lag1 < 2.0 / sqrt(count))
        return 1.0; /* not told apart from independence */
    for (size_t i = 0; i < visit->count; i++) {
        signs[i] = sign_of(batch_ns[i] - visit->median_ns);
        equal += signs[i] == 0.0;
    }
    if (equal >= count)
        return 1.0;
    double variance = sy_long_run_variance(signs, visit->count, visit->combined) / (1.0 - equal / count);
    double inflation = fmax(fmax(1.0, variance), autoregressive_inflation(visit->lag1, visit->count));
    /* The signs are about the median of this very window, which follows its slow swings: one of the
     * count / inflation independent values is used up. */
    return inflation < 0.5 * count ? inflation * count / (count - inflation) : 2.0 * inflation;
}

static void find_interval(const double *sorted, sy_visit_stats *visit) {
    double inflation = visit->inflation, normal = sy_normal_quantile(0.5 + 0.5 * wanted_coverage);
    double quantile = normal;
    if (inflation > 1.0 && visit->samples >= 2) /* it is an estimate itself */
        quantile = sy_student_quantile(0.5 + 0.5 * wanted_coverage, (double)visit->samples - 1.0);
    inflation *= quantile * quantile / (normal * normal);
    visit->has_interval =
        sy_median_interval(sorted, visit->count, wanted_coverage, inflation, &visit->low_ns, &visit->high_ns);
    visit->error_ns = 0.5 * (visit->high_ns - visit->low_ns) / quantile;
}

static void find_change(
    const double *batch_ns, const double *standard, double *scratch, sy_visit_stats *visit) {
    size_t count = visit->count;
    visit->slope_per_batch = sy_slope(standard, count) * visit->mad_ns * deviation_per_mad / visit->median_ns;
    sy_level_change change = sy_level_change_find(standard, count, scratch);
    if (change.at == 0)
        return;
    memcpy(scratch, batch_ns, count * sizeof *scratch);
    sy_sort_f64(scratch, change.at);
    sy_sort_f64(scratch + change.at, count - change.at);
    double before = sy_quantile(scratch, change.at, 0.5);
    double after = sy_quantile(scratch + change.at, count - change.at, 0.5);
    visit->change = after / before - 1.0;
    visit->is_drifting = change.p_value < certain && fabs(visit->change) > SY_VISIT_DRIFT_LIMIT;
}

static void find_modes(const double *sorted, sy_visit_stats *visit) {
    sy_modality modes = sy_modality_find(sorted, visit->count, (double)visit->count / visit->inflation);
    bool are_apart = modes.p_value < certain || modes.within < plainly_apart;
    visit->is_bimodal = are_apart && modes.minority >= least_minority;
    if (!visit->is_bimodal)
        return;
    visit->mode_low_ns = modes.low;
    visit->mode_high_ns = modes.high;
    visit->minority = modes.minority;
}

bool sy_visit_summarise(const double *batch_ns, size_t count, double *scratch, sy_visit_stats *out) {
    memset(out, 0, sizeof *out);
    if (!are_valid(batch_ns, count))
        return false;
    if (count == 0)
        return true;
    double *sorted = scratch, *standard = scratch + count, *work = scratch + 2 * count;
    out->count = count;
    describe_sorted(batch_ns, sorted, out);
    standardise(batch_ns, out, standard);
    out->lag1 = sy_lag1(standard, count);
    memcpy(work, standard, count * sizeof *work);
    sy_grouping grouping = sy_group(work, count);
    out->combined = grouping.step;
    out->samples = grouping.groups;
    out->lag1_samples = grouping.lag1;
    out->is_resolved = grouping.is_resolved && grouping.groups >= SY_SERIES_MIN_GROUPS;
    out->inflation = find_inflation(batch_ns, out, work);
    find_interval(sorted, out);
    find_change(batch_ns, standard, work, out);
    find_modes(sorted, out);
    return true;
}
