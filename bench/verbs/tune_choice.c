/* Halving and the final comparison. */
#include "bench/verbs/tune_choice.h"

#include <math.h>

/* Most rounds of a final comparison; more are not looked at. */
enum { ROUNDS_MAX = 64 };

static void sort_by_time(size_t *order, size_t count, const double *time_ns) {
    for (size_t i = 1; i < count; i++) {
        size_t number = order[i], at = i;
        for (; at > 0 && time_ns[order[at - 1]] > time_ns[number]; at--)
            order[at] = order[at - 1];
        order[at] = number;
    }
}

/* Those with a time to the front, in their order; how many there are. */
static size_t drop_failed(size_t *order, size_t count, const double *time_ns) {
    size_t alive = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(time_ns[order[i]]))
            order[alive++] = order[i];
    return alive;
}

size_t sy_tune_halve(size_t *order, size_t count, const double *time_ns, size_t incumbent) {
    size_t alive = drop_failed(order, count, time_ns);
    sort_by_time(order, alive, time_ns);
    size_t kept = (alive + 1) / 2;
    if (kept < 2)
        kept = alive < 2 ? alive : 2;
    for (size_t i = kept; i < alive; i++)
        if (order[i] == incumbent)
            order[kept++] = incumbent;
    return kept;
}

size_t sy_tune_trim(size_t *order, size_t count, const double *time_ns, size_t incumbent) {
    double least = INFINITY;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        least = fmin(least, time_ns[order[i]]);
    for (size_t i = 0; i < count; i++)
        if (order[i] == incumbent || time_ns[order[i]] <= SY_TUNE_CLOSE * least)
            order[kept++] = order[i];
    return kept;
}

static void sort(double *values, size_t count) {
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

bool sy_tune_beats(const double *incumbent_ns, const double *challenger_ns, size_t rounds, double *out_gain) {
    double ratio[ROUNDS_MAX], best_own = INFINITY, best_other = INFINITY;
    *out_gain = NAN;
    rounds = rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX;
    if (rounds == 0)
        return false;
    for (size_t i = 0; i < rounds; i++) {
        if (!(incumbent_ns[i] > 0.0) || !(challenger_ns[i] > 0.0))
            return false;
        ratio[i] = incumbent_ns[i] / challenger_ns[i];
        best_own = fmin(best_own, incumbent_ns[i]);
        best_other = fmin(best_other, challenger_ns[i]);
    }
    sort(ratio, rounds);
    *out_gain = fmin(0.5 * (ratio[(rounds - 1) / 2] + ratio[rounds / 2]), best_own / best_other);
    return *out_gain >= SY_TUNE_LEAST_GAIN && ratio[rounds / 4] > 1.0;
}
