/* Scans of ranks for a stretch of another level. */
#include "bench/history/arc.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "bench/stats/order.h"
#include "runtime/base/random.h"

enum { DRAWS_MOST = 9999, EXTREMES_MOST = 20 };
static const double SETTLED = 1e-4;

/* How many of `sorted` are less than the value, or not more than it. */
static size_t count_below(const double *sorted, size_t count, double value, int or_equal) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value || (or_equal && sorted[middle] == value))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void sy_arc_ranks(const double *values, size_t count, double *scratch, double *out_ranks) {
    memcpy(scratch, values, count * sizeof *values);
    sy_sort_f64(scratch, count);
    for (size_t i = 0; i < count; i++) {
        double below = (double)count_below(scratch, count, values[i], 0);
        double up_to = (double)count_below(scratch, count, values[i], 1);
        /* Ranks below + 1 ... up_to, their mean, less the mean of all. */
        out_ranks[i] = (below + up_to - (double)count) / 2;
    }
}

/* The best end for a beginning. scale: variance of one rank times count / (count - 1). */
static void try_ends(const double *prefix, size_t count, size_t begin, double scale, sy_arc *best) {
    const double n = (double)count;
    for (size_t end = begin + SY_ARC_LEAST; end <= count; end++) {
        if (end != count && end + SY_ARC_LEAST > count)
            continue;
        double k = (double)(end - begin);
        if (count - (end - begin) < SY_ARC_LEAST)
            continue;
        double sum = prefix[end] - prefix[begin];
        double square = sum * sum / (scale * k * (n - k) / n);
        if (square > best->z)
            *best = (sy_arc){.begin = begin, .end = end, .z = square};
    }
}

sy_arc sy_arc_find(const double *ranks, size_t count, double *scratch) {
    sy_arc best = {0};
    double square = 0;
    if (count < SY_ARC_SHORTEST)
        return best;
    scratch[0] = 0;
    for (size_t i = 0; i < count; i++) {
        scratch[i + 1] = scratch[i] + ranks[i];
        square += ranks[i] * ranks[i];
    }
    if (square <= 0)
        return best;
    double scale = square / (double)(count - 1);
    for (size_t begin = 0; begin + SY_ARC_LEAST <= count; begin++)
        if (begin == 0 || begin >= SY_ARC_LEAST)
            try_ends(scratch, count, begin, scale, &best);
    best.z = sqrt(best.z);
    return best;
}

static void shuffle(double *values, size_t count, sy_random *random) {
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)sy_random_below(random, i);
        double value = values[i - 1];
        values[i - 1] = values[j];
        values[j] = value;
    }
}

double sy_arc_p(double *ranks, size_t count, double z, uint64_t seed, double *scratch) {
    if (count < SY_ARC_SHORTEST || z <= 0)
        return 1;
    sy_random random;
    double arcs = (double)count * (double)count / 2;
    double bound = arcs * erfc(z / sqrt(2));
    /* A sum of ranks has lighter tails than the normal law. */
    if (bound < SETTLED)
        return bound;
    sy_random_seed(&random, seed, count);
    unsigned draws = 0, extremes = 0;
    while (draws < DRAWS_MOST && extremes < EXTREMES_MOST) {
        shuffle(ranks, count, &random);
        draws++;
        /* Rounding must not make an arrangement that is as extreme look less so. */
        extremes += sy_arc_find(ranks, count, scratch).z >= z * (1 - 1e-12);
    }
    bool is_stopped = extremes == EXTREMES_MOST;
    return is_stopped ? (double)extremes / draws : (double)(extremes + 1) / (draws + 1);
}
