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

void sy_arc_ranks(const double *values, size_t count, double *scratch, int32_t *out_ranks) {
    memcpy(scratch, values, count * sizeof *values);
    sy_sort_f64(scratch, count);
    for (size_t i = 0; i < count; i++) {
        size_t below = count_below(scratch, count, values[i], 0);
        size_t up_to = count_below(scratch, count, values[i], 1);
        /* Ranks below + 1 ... up_to, twice their mean, less twice the mean of all. */
        out_ranks[i] = (int32_t)(below + up_to) - (int32_t)count;
    }
}

/* The largest sum of `length` neighbours that begin in [first, last]: whole numbers, which compilers take
 * several at a time. */
static int32_t largest_sum(const int32_t *prefix, size_t length, size_t first, size_t last) {
    int32_t most = 0;
    for (size_t begin = first; begin <= last; begin++) {
        int32_t sum = prefix[begin + length] - prefix[begin];
        sum = sum < 0 ? -sum : sum;
        most = sum > most ? sum : most;
    }
    return most;
}

/* The largest sum of all arcs of a length: inner ones, and those at either end. */
static int32_t largest_of_length(const int32_t *prefix, size_t count, size_t length) {
    int32_t most = largest_sum(prefix, length, 0, 0);
    int32_t other = largest_sum(prefix, length, count - length, count - length);
    most = other > most ? other : most;
    if (count < length + 2 * SY_ARC_LEAST)
        return most;
    other = largest_sum(prefix, length, SY_ARC_LEAST, count - length - SY_ARC_LEAST);
    return other > most ? other : most;
}

/* The first place of an arc of that length and sum. */
static size_t place_of(const int32_t *prefix, size_t count, size_t length, int32_t wanted) {
    size_t begin = 0;
    while (begin + length < count) {
        bool is_allowed = begin == 0 || (begin >= SY_ARC_LEAST && begin + length + SY_ARC_LEAST <= count);
        int32_t sum = prefix[begin + length] - prefix[begin];
        if (is_allowed && (sum == wanted || sum == -wanted))
            return begin;
        begin++;
    }
    return begin;
}

sy_arc sy_arc_find(const int32_t *ranks, size_t count, int32_t *scratch) {
    const double n = (double)count;
    double square = 0, best = 0;
    size_t length = 0;
    int32_t best_sum = 0;
    if (count < SY_ARC_SHORTEST)
        return (sy_arc){0};
    scratch[0] = 0;
    for (size_t i = 0; i < count; i++) {
        scratch[i + 1] = scratch[i] + ranks[i];
        square += (double)ranks[i] * ranks[i];
    }
    for (size_t k = SY_ARC_LEAST; square > 0 && k + SY_ARC_LEAST <= count; k++) {
        int32_t sum = largest_of_length(scratch, count, k);
        /* Variance of the sum of k of n ranks, drawn without putting back. */
        double variance = square / (n - 1) * (double)k * (n - (double)k) / n;
        double value = (double)sum * sum / variance;
        if (value > best) {
            best = value;
            best_sum = sum;
            length = k;
        }
    }
    if (length == 0)
        return (sy_arc){0};
    size_t begin = place_of(scratch, count, length, best_sum);
    return (sy_arc){.begin = begin, .end = begin + length, .z = sqrt(best)};
}

static void shuffle(int32_t *values, size_t count, sy_random *random) {
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)sy_random_below(random, i);
        int32_t value = values[i - 1];
        values[i - 1] = values[j];
        values[j] = value;
    }
}

double sy_arc_p(int32_t *ranks, size_t count, double z, uint64_t seed, int32_t *scratch) {
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
