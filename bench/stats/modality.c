/* Does a sample have two modes? */
#include "bench/stats/modality.h"

#include "bench/stats/law.h"
#include "bench/stats/order.h"
#include <math.h>

enum { LEAST_VALUES = 10, LEAST_FOR_TEST = 20 };

/* Modes nearer to each other than this, relative to the lower one, are no two states of a machine: the steps
 * of a clock look like that, too. */
static const double LEAST_GAP = 0.002;

/* Index that parts the values so that the variance within the parts is least (Otsu). */
static size_t find_cut(const double *sorted, size_t count) {
    double total = 0.0, sum = 0.0, most = -1.0;
    for (size_t i = 0; i < count; i++)
        total += sorted[i] - sorted[0];
    size_t best = 1;
    for (size_t at = 1; at < count; at++) {
        sum += sorted[at - 1] - sorted[0];
        double first = (double)at, second = (double)(count - at);
        double gap = (total - sum) / second - sum / first;
        double between = first * second * gap * gap;
        if (between > most) {
            most = between;
            best = at;
        }
    }
    return best;
}

static double squares_of(const double *values, size_t count) {
    double mean = 0.0, sum = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum;
}

/* How many of the values lie in the open interval. */
static size_t count_between(const double *sorted, size_t count, double low, double high) {
    size_t inside = 0;
    for (size_t i = 0; i < count; i++)
        inside += sorted[i] > low && sorted[i] < high;
    return inside;
}

sy_modality sy_modality_find(const double *sorted, size_t count, double effective) {
    sy_modality result = {.low = NAN, .high = NAN, .within = 1.0, .p_value = 1.0};
    if (count < LEAST_VALUES || !(effective > 0.0))
        return result;
    const double *inner = sorted + count / 20;
    size_t n = count - 2 * (count / 20);
    if (!(inner[n - 1] > inner[0]))
        return result;
    size_t cut = find_cut(inner, n);
    result.low = sy_quantile(inner, cut, 0.5);
    result.high = sy_quantile(inner + cut, n - cut, 0.5);
    size_t smaller = cut < n - cut ? cut : n - cut;
    result.minority = (double)smaller / (double)n;
    result.within = (squares_of(inner, cut) + squares_of(inner + cut, n - cut)) / squares_of(inner, n);
    if (result.high - result.low < LEAST_GAP * fabs(result.low)) {
        result.within = 1.0;
        return result;
    }
    if (count < LEAST_FOR_TEST)
        return result;
    double third = (result.high - result.low) / 3.0;
    double share = fmin(1.0, effective / (double)count);
    /* Half of each part lies between the two medians, ties with a median included. */
    double between = floor(0.5 * (double)n * share);
    double valley = ceil((double)count_between(inner, n, result.low + third, result.high - third) * share);
    result.p_value = sy_binomial_cdf((long)valley, (size_t)between, 1.0 / 3.0);
    return result;
}
