/* Is the device warm? */
#include "bench/measure/warmup.h"

#include "bench/stats/order.h"
#include <math.h>

enum { HALF = SY_WARM_UP_WINDOWS / 2 };
static const uint64_t least_window_ns = 5000000;

sy_warm_up sy_warm_up_start(double flat_limit) {
    return (sy_warm_up){.flat_limit = flat_limit};
}

void sy_warm_up_add(sy_warm_up *watch, uint64_t elapsed_ns, uint64_t launches, double clock_mhz) {
    watch->window_ns += elapsed_ns;
    watch->window_launches += launches;
    if (watch->window_ns < least_window_ns)
        return;
    size_t slot = watch->windows % SY_WARM_UP_WINDOWS;
    watch->launch_ns[slot] = (double)watch->window_ns / (double)watch->window_launches;
    watch->clock_mhz[slot] = clock_mhz;
    watch->windows++;
    watch->window_ns = watch->window_launches = 0;
}

/* Median over HALF windows, the oldest of which is window number `first`. */
static double half_median(const sy_warm_up *watch, size_t first) {
    double values[HALF];
    for (size_t i = 0; i < HALF; i++)
        values[i] = watch->launch_ns[(first + i) % SY_WARM_UP_WINDOWS];
    sy_sort_f64(values, HALF);
    return sy_quantile(values, HALF, 0.5);
}

static bool is_clock_flat(const sy_warm_up *watch) {
    double least = INFINITY, most = 0.0;
    for (size_t i = 0; i < SY_WARM_UP_WINDOWS; i++) {
        double clock_mhz = watch->clock_mhz[i];
        if (!(clock_mhz > 0.0))
            return false;
        least = fmin(least, clock_mhz);
        most = fmax(most, clock_mhz);
    }
    return most - least <= watch->flat_limit * most;
}

bool sy_warm_up_is_flat(const sy_warm_up *watch) {
    if (watch->windows < SY_WARM_UP_WINDOWS)
        return false;
    double older = half_median(watch, watch->windows), newer = half_median(watch, watch->windows + HALF);
    return fabs(newer - older) <= watch->flat_limit * newer || is_clock_flat(watch);
}

double sy_warm_up_launch_ns(const sy_warm_up *watch) {
    if (watch->windows >= SY_WARM_UP_WINDOWS)
        return half_median(watch, watch->windows + HALF);
    if (watch->windows > 0)
        return watch->launch_ns[watch->windows - 1];
    return watch->window_launches > 0 ? (double)watch->window_ns / (double)watch->window_launches : 0.0;
}
