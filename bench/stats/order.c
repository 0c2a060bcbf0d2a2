/* Order statistics: sorting, quantiles, MAD, and the interval of a median. */
#include "bench/stats/order.h"

#include "bench/stats/law.h"
#include <math.h>

static void sift_down(double *heap, size_t root, size_t count) {
    double moving = heap[root];
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count)
            break;
        if (child + 1 < count && heap[child + 1] > heap[child])
            child++;
        if (heap[child] <= moving)
            break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = moving;
}

/* Heapsort: the C library's qsort() may allocate. */
void sy_sort_f64(double *values, size_t count) {
    for (size_t root = count / 2; root-- > 0;)
        sift_down(values, root, count);
    for (size_t last = count; last-- > 1;) {
        double largest = values[0];
        values[0] = values[last];
        values[last] = largest;
        sift_down(values, 0, last);
    }
}

/* Value at a fractional position, 0 .. count - 1. */
static double value_at(const double *sorted, size_t count, double position) {
    double whole = floor(position);
    size_t index = (size_t)whole;
    if (index + 1 >= count)
        return sorted[count - 1];
    double part = position - whole;
    return sorted[index] + part * (sorted[index + 1] - sorted[index]);
}

double sy_quantile(const double *sorted, size_t count, double p) {
    if (count == 0 || !(p >= 0.0 && p <= 1.0))
        return NAN;
    return value_at(sorted, count, p * (double)(count - 1));
}

/* Walks outwards from the median, always taking the nearer neighbour: deviations come in order. */
double sy_mad(const double *sorted, size_t count) {
    if (count == 0)
        return NAN;
    double median = sy_quantile(sorted, count, 0.5), previous = 0.0, deviation = 0.0;
    size_t right = count / 2, left = right; /* next candidates: left - 1 and right */
    for (size_t taken = 0; taken <= count / 2; taken++) {
        previous = deviation;
        bool take_left = right >= count || (left > 0 && median - sorted[left - 1] < sorted[right] - median);
        deviation = take_left ? median - sorted[--left] : sorted[right++] - median;
    }
    return count % 2 == 1 ? deviation : 0.5 * (previous + deviation);
}

/* P(X = k) for X binomial(n, 1/2). */
static double half_binomial(size_t n, size_t k) {
    double count = (double)n, at = (double)k;
    return exp(lgamma(count + 1.0) - lgamma(at + 1.0) - lgamma(count - at + 1.0) - count * log(2.0));
}

/*
 * Fractional rank d (from 1) such that [x_d, x_(n+1-d)] covers: between the whole rank whose coverage is too
 * large and the next one, whose coverage is too small. 0 if even rank 1 covers too little.
 */
static double exact_rank(size_t count, double coverage) {
    double spread = 4.0 * sqrt((double)count) + 1.0, middle = 0.5 * (double)count;
    size_t rank = middle > spread ? (size_t)(middle - spread) : 0; /* all below has less than 1e-14 */
    double below = half_binomial(count, rank);                     /* P(X <= rank) */
    double outer = 1.0 - 2.0 * below;
    if (outer < coverage)
        return 0.0;
    for (rank++; rank < count / 2; rank++) { /* outer: coverage with whole rank `rank` */
        below += half_binomial(count, rank);
        double inner = 1.0 - 2.0 * below;
        if (inner < coverage) {
            double part = (outer - coverage) / (outer - inner), n = (double)count, d = (double)rank;
            return d + (n - d) * part / (d + (n - 2.0 * d) * part);
        }
        outer = inner;
    }
    return (double)rank;
}

bool sy_median_interval(const double *sorted, size_t count, double coverage, double inflation,
    double *out_low, double *out_high) {
    *out_low = *out_high = NAN;
    if (count < 2 || !(coverage > 0.0 && coverage < 1.0) || !(inflation >= 1.0))
        return false;
    double rank = exact_rank(count, coverage);
    if (rank >= 1.0 && inflation > 1.0) {
        double deviation = 0.5 * sqrt((double)count * inflation);
        rank = 0.5 * ((double)count + 1.0) - sy_normal_quantile(0.5 + 0.5 * coverage) * deviation;
    }
    if (!(rank >= 1.0))
        return false;
    *out_low = value_at(sorted, count, rank - 1.0);
    *out_high = value_at(sorted, count, (double)count - rank);
    return true;
}
