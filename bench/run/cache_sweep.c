/* Where a curve of read rates falls to that of memory. */
#include "bench/run/cache_sweep.h"

#include <math.h>

/* How much faster than memory a cache must be to count. */
static const double FASTER = 1.4;

/* Rate of memory: the lower one of the two largest arrays that were measured. */
static double memory_rate(const double *rate, size_t count) {
    double found = NAN;
    size_t seen = 0;
    for (size_t i = count; i > 0 && seen < 2; i--) {
        if (isnan(rate[i - 1]))
            continue;
        found = fmin(found, rate[i - 1]);
        seen++;
    }
    return seen == 2 ? found : NAN;
}

uint64_t sy_cache_sweep_knee(const uint64_t *bytes, const double *rate, size_t count) {
    double memory = memory_rate(rate, count);
    uint64_t knee = 0;
    for (size_t i = 0; i < count; i++)
        if (rate[i] >= FASTER * memory)
            knee = bytes[i];
    return knee;
}
