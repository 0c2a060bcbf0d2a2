/* Moderated variances: the prior by moments of the logs, the posterior by adding degrees of freedom. */
#include "bench/compare/shrink.h"

#include <math.h>
#include <stdbool.h>

/* psi(x), x > 0: recurrence up to 10, then the asymptotic series. */
static double digamma(double x) {
    double sum = 0.0;
    for (; x < 10.0; x += 1.0)
        sum -= 1.0 / x;
    double r = 1.0 / (x * x);
    return sum + log(x) - 0.5 / x - r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r / 240.0)));
}

/* psi'(x), x > 0, in the same way. */
static double trigamma(double x) {
    double sum = 0.0;
    for (; x < 10.0; x += 1.0)
        sum += 1.0 / (x * x);
    double r = 1.0 / (x * x);
    return sum + 1.0 / x + 0.5 * r + r / x * (1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r / 30.0)));
}

/* x with psi'(x) = y > 0; psi' falls, so bisection in the log of x. */
static double trigamma_inverse(double y) {
    double low = -20.0, high = 20.0;
    for (int step = 0; step < 60; step++) {
        double middle = 0.5 * (low + high);
        if (trigamma(exp(middle)) > y)
            low = middle;
        else
            high = middle;
    }
    return exp(0.5 * (low + high));
}

static bool is_known(sy_variance row) {
    return row.freedom > 0.0 && isfinite(row.value) && row.value >= 0.0;
}

/* Mean of the variances that are known, weighted by their freedom; how many and how much freedom in all. */
static double pooled(const sy_variance *variance, size_t count, size_t *out_known, double *out_freedom) {
    double sum = 0.0;
    *out_known = 0;
    *out_freedom = 0.0;
    for (size_t i = 0; i < count; i++)
        if (is_known(variance[i])) {
            sum += variance[i].value * variance[i].freedom;
            *out_freedom += variance[i].freedom;
            ++*out_known;
        }
    return *out_freedom > 0.0 ? sum / *out_freedom : NAN;
}

/* Log of a variance without the bias that its few degrees of freedom give to a log. */
static double unbiased_log(sy_variance row, double floor) {
    double half = 0.5 * row.freedom;
    return log(fmax(row.value, floor)) - digamma(half) + log(half);
}

sy_prior sy_prior_of(const sy_variance *variance, size_t count) {
    size_t known;
    double freedom, mean = pooled(variance, count, &known, &freedom);
    if (known < 2)
        return (sy_prior){.value = NAN};
    if (!(mean > 0.0))
        return (sy_prior){.value = 0.0, .freedom = INFINITY, .total = freedom};
    double floor = SY_SHRINK_FLOOR * mean, average = 0.0, excess = 0.0;
    for (size_t i = 0; i < count; i++)
        if (is_known(variance[i]))
            average += unbiased_log(variance[i], floor) / (double)known;
    for (size_t i = 0; i < count; i++)
        if (is_known(variance[i])) {
            double apart = unbiased_log(variance[i], floor) - average;
            excess +=
                apart * apart / (double)(known - 1) - trigamma(0.5 * variance[i].freedom) / (double)known;
        }
    if (!(excess > 1e-6)) /* they differ by no more than chance: as equal as so many rows can tell */
        return (sy_prior){.value = mean, .freedom = SY_SHRINK_TRUST * (double)known, .total = freedom};
    double half = trigamma_inverse(excess), believed = fmin(2.0 * half, (double)known);
    return (sy_prior){.value = exp(average + digamma(half) - log(half)),
        .freedom = SY_SHRINK_TRUST * believed,
        .total = freedom};
}

sy_variance sy_shrink(sy_variance row, sy_prior prior) {
    bool has_row = is_known(row);
    if (!(prior.freedom > 0.0))
        return has_row ? row : (sy_variance){.value = NAN};
    if (isinf(prior.freedom))
        return (sy_variance){.value = prior.value, .freedom = fmax(prior.total, 1.0)};
    double freedom = prior.freedom + (has_row ? row.freedom : 0.0);
    double sum = prior.freedom * prior.value + (has_row ? row.freedom * row.value : 0.0);
    return (sy_variance){.value = sum / freedom, .freedom = fmin(freedom, fmax(prior.total, 1.0))};
}
