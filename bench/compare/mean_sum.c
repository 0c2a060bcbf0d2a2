/* Means in logs. */
#include "bench/compare/mean_sum.h"

#include <math.h>

bool sy_mean_takes(const sy_ratio *ratio) {
    return ratio->is_gateable && isfinite(ratio->log_cost);
}

void sy_mean_add(sy_mean_sum *sum, const sy_ratio *ratio) {
    double common = ratio->common_error * ratio->common_error;
    double variance = fmax(ratio->error * ratio->error - common, 0.0);
    sum->rows++;
    sum->log_cost += ratio->log_cost;
    sum->variance += isnan(ratio->error) ? NAN : variance;
    sum->over_freedom += variance * variance / ratio->freedom;
    if (ratio->common_error > sum->common_error) {
        sum->common_error = ratio->common_error;
        sum->common_freedom = ratio->common_freedom;
    }
}

sy_mean_log sy_mean_of(const sy_mean_sum *sum) {
    double n = (double)sum->rows;
    if (sum->rows == 0)
        return (sy_mean_log){.log_cost = NAN, .error = NAN, .freedom = NAN};
    double common = sum->common_error * sum->common_error;
    double variance = sum->variance / (n * n) + common;
    double over_freedom = sum->over_freedom / (n * n * n * n);
    if (common > 0.0)
        over_freedom += common * common / sum->common_freedom;
    return (sy_mean_log){.log_cost = sum->log_cost / n,
        .error = sqrt(variance),
        .freedom = isnan(variance)      ? NAN
                   : over_freedom > 0.0 ? variance * variance / over_freedom
                                        : INFINITY};
}
