/* The edge between two levels. */
#include "bench/history/split.h"

#include <math.h>
#include <string.h>

#include "bench/history/arc.h"
#include "bench/stats/order.h"

enum { TURNS = 4 };

static double median_of(const double *values, size_t count, double *scratch) {
    memcpy(scratch, values, count * sizeof *values);
    sy_sort_f64(scratch, count);
    return sy_quantile(scratch, count, 0.5);
}

/* The best place for two levels that are given; the cost of a place less that of the first one. */
static size_t best_place(const double *values, size_t count, double before, double after) {
    size_t best = SY_ARC_LEAST;
    double cost = 0, least = 0;
    for (size_t at = SY_ARC_LEAST + 1; at + SY_ARC_LEAST <= count; at++) {
        double value = values[at - 1];
        cost += fabs(value - before) - fabs(value - after);
        if (cost < least) {
            least = cost;
            best = at;
        }
    }
    return best;
}

size_t sy_split_find(const double *values, size_t count, size_t near, double *scratch) {
    size_t at = near;
    if (count < SY_ARC_SHORTEST || near == 0 || near >= count)
        return near;
    for (int turn = 0; turn < TURNS; turn++) {
        double before = median_of(values, at, scratch);
        double after = median_of(values + at, count - at, scratch);
        size_t better = best_place(values, count, before, after);
        if (better == at)
            break;
        at = better;
    }
    return at;
}
