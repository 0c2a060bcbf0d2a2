/* Values in the order in which they were measured: dependence between neighbours, trend, change of level. */
#include "bench/stats/series.h"

#include "bench/stats/law.h"
#include <math.h>

static double mean_of(const double *values, size_t count) {
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / (double)count : 0.0;
}

/* Sum of squared deviations from the mean. */
static double squares_of(const double *values, size_t count) {
    double mean = mean_of(values, count), sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum;
}

double sy_lag1(const double *values, size_t count) {
    double squares = squares_of(values, count);
    if (count < 3 || !(squares > 0.0))
        return 0.0;
    double mean = mean_of(values, count), products = 0.0;
    for (size_t i = 1; i < count; i++)
        products += (values[i - 1] - mean) * (values[i] - mean);
    return products / squares;
}

size_t sy_combine(double *values, size_t count, size_t step) {
    size_t groups = count / step, start = count % step;
    for (size_t group = 0; group < groups; group++)
        values[group] = mean_of(values + start + group * step, step);
    return groups;
}

double sy_slope(const double *values, size_t count) {
    double middle = 0.5 * ((double)count - 1.0), products = 0.0, squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        double x = (double)i - middle;
        products += x * values[i];
        squares += x * x;
    }
    return squares > 0.0 ? products / squares : 0.0;
}

sy_grouping sy_group(double *values, size_t count) {
    sy_grouping result = {.step = 1, .groups = count, .lag1 = sy_lag1(values, count)};
    while (result.lag1 >= SY_SERIES_LAG1_LIMIT && result.groups / 2 >= SY_SERIES_MIN_GROUPS) {
        result.groups = sy_combine(values, result.groups, 2);
        result.step *= 2;
        result.lag1 = sy_lag1(values, result.groups);
    }
    result.is_resolved = result.lag1 < SY_SERIES_LAG1_LIMIT;
    return result;
}

double sy_long_run_variance(double *values, size_t count, size_t step) {
    size_t groups = sy_combine(values, count, step);
    if (groups < 2)
        return 0.0;
    double variance = squares_of(values, groups) / ((double)groups - 1.0) * (double)step;
    double lag1 = sy_lag1(values, groups) + 1.0 / (double)groups;
    if (step == 1 && lag1 < 2.0 / sqrt((double)groups))
        return variance; /* not told apart from independence */
    lag1 = fmin(fmax(lag1, 0.0), 0.95);
    return variance * (1.0 + lag1) / (1.0 - lag1);
}

/* Index of the cut that parts the values into the two most different levels. */
static size_t find_cut(const double *values, size_t count) {
    size_t margin = count / 10, best = 0;
    double mean = mean_of(values, count), sum = 0.0, most = 0.0, n = (double)count;
    for (size_t at = 1; at < count; at++) {
        sum += values[at - 1] - mean;
        if (at < margin || count - at < margin)
            continue;
        double score = sum * sum / ((double)at * (n - (double)at));
        if (score > most) {
            most = score;
            best = at;
        }
    }
    return best;
}

/* What is left of the values when a step at `at`, or a ramp if that explains more, is taken out. */
static void take_out_change(const double *values, size_t count, size_t at, double *out_rest) {
    double first = mean_of(values, at), second = mean_of(values + at, count - at);
    for (size_t i = 0; i < count; i++)
        out_rest[i] = values[i] - (i < at ? first : second);
    double slope = sy_slope(values, count), middle = 0.5 * ((double)count - 1.0), n = (double)count;
    double ramp_squares = squares_of(values, count) - slope * slope * n * (n * n - 1.0) / 12.0;
    if (ramp_squares >= squares_of(out_rest, count))
        return;
    double mean = mean_of(values, count);
    for (size_t i = 0; i < count; i++)
        out_rest[i] = values[i] - mean - slope * ((double)i - middle);
}

sy_level_change sy_level_change_find(const double *values, size_t count, double *scratch) {
    sy_level_change result = {.at = 0, .p_value = 1.0};
    if (count < 2 * SY_SERIES_MIN_GROUPS)
        return result;
    result.at = find_cut(values, count);
    if (result.at == 0)
        return result;
    double before = mean_of(values, result.at), after = mean_of(values + result.at, count - result.at);
    take_out_change(values, count, result.at, scratch);
    sy_grouping grouping = sy_group(scratch, count);
    double variance = sy_long_run_variance(scratch, grouping.groups, 1) * (double)grouping.step;
    double parts = 1.0 / (double)result.at + 1.0 / (double)(count - result.at);
    double score = fabs(after - before) / sqrt(variance * parts);
    if (!(variance > 0.0))
        score = INFINITY;
    /* The cut was the best of many: each group may be one. */
    double tail = isinf(score) ? 0.0 : 2.0 * sy_student_cdf(-score, (double)grouping.groups - 2.0);
    result.p_value = fmin(1.0, tail * (double)grouping.groups);
    return result;
}
