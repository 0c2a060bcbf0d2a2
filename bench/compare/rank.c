/* Tests that do not look at one row's law: ranks of two samples, and many rows at once. */
#include <math.h>
#include <stdlib.h>

#include "bench/compare/ratio.h"

enum { EXACT_MAX = 8 };

/* U of the first sample: pairs in which it is larger, ties counted half. */
static double u_of(const double *a, size_t n_a, const double *b, size_t n_b, bool *out_has_ties) {
    double u = 0.0;
    *out_has_ties = false;
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b; j++) {
            u += a[i] > b[j] ? 1.0 : a[i] == b[j] ? 0.5 : 0.0;
            *out_has_ties = *out_has_ties || a[i] == b[j];
        }
    return u;
}

/* Sum of t^3 - t over groups of t equal values in both samples. */
static double ties_of(const double *a, size_t n_a, const double *b, size_t n_b) {
    double sum = 0.0;
    for (size_t i = 0; i < n_a + n_b; i++) {
        double value = i < n_a ? a[i] : b[i - n_a];
        size_t equal = 0;
        for (size_t j = 0; j < n_a + n_b; j++)
            equal += (j < n_a ? a[j] : b[j - n_a]) == value;
        sum += (double)equal * (double)equal - 1.0; /* a group of t gives t times t^2 - 1 */
    }
    return sum;
}

/* P(U <= u) exactly: ways to place the first sample among both, counted by U one value after the other. */
static double exact_tail(size_t n_a, size_t n_b, size_t u) {
    double ways[EXACT_MAX + 1][EXACT_MAX * EXACT_MAX + 1] = {{0}};
    ways[0][0] = 1.0;
    for (size_t value = 0; value < n_a + n_b; value++)
        for (size_t taken = value < n_a ? value + 1 : n_a; taken > 0; taken--) {
            size_t below = value - (taken - 1); /* of the second sample, below the one that is taken now */
            for (size_t sum = below; below <= n_b && sum <= n_a * n_b; sum++)
                ways[taken][sum] += ways[taken - 1][sum - below];
        }
    double part = 0.0, all = 0.0;
    for (size_t sum = 0; sum <= n_a * n_b; sum++) {
        part += sum <= u ? ways[n_a][sum] : 0.0;
        all += ways[n_a][sum];
    }
    return part / all;
}

double sy_rank_sum_p(const double *a, size_t n_a, const double *b, size_t n_b) {
    bool has_ties;
    if (n_a < 2 || n_b < 2)
        return NAN;
    double pairs = (double)n_a * (double)n_b, n = (double)(n_a + n_b);
    double u = u_of(a, n_a, b, n_b, &has_ties);
    u = fmin(u, pairs - u);
    if (!has_ties && n_a <= EXACT_MAX && n_b <= EXACT_MAX)
        return fmin(1.0, 2.0 * exact_tail(n_a, n_b, (size_t)u));
    double variance = pairs / 12.0 * (n + 1.0 - ties_of(a, n_a, b, n_b) / (n * (n - 1.0)));
    if (!(variance > 0.0))
        return 1.0;
    double z = fmax(0.0, 0.5 * pairs - u - 0.5) / sqrt(variance);
    return erfc(z * 0.70710678118654752440);
}

static int compare_ranked(const void *left, const void *right) {
    const sy_ranked_p *a = left, *b = right;
    return a->p < b->p ? -1 : a->p > b->p ? 1 : a->place < b->place ? -1 : a->place > b->place;
}

void sy_false_discovery(const double *p, size_t count, sy_ranked_p *scratch, double *out_q) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        out_q[i] = NAN;
        if (!isnan(p[i]))
            scratch[n++] = (sy_ranked_p){.p = p[i], .place = i};
    }
    qsort(scratch, n, sizeof *scratch, compare_ranked);
    double least = 1.0;
    for (size_t i = n; i-- > 0;) {
        least = fmin(least, scratch[i].p * (double)n / (double)(i + 1));
        out_q[scratch[i].place] = least;
    }
}
