/* Is the device warm? Watches the time of a launch, and the clock where one can be read, until flat. */
#ifndef STEELYARD_MEASURE_WARMUP_H
#define STEELYARD_MEASURE_WARMUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SY_WARM_UP_WINDOWS = 8 };

/**
 * A watch over the warm-up. Batches are gathered into windows of at least 5 ms, of which the last
 * SY_WARM_UP_WINDOWS are kept (per launch, ns; and the device's clock at their end, MHz, NaN if unknown).
 */
typedef struct sy_warm_up {
    double flat_limit;
    double launch_ns[SY_WARM_UP_WINDOWS], clock_mhz[SY_WARM_UP_WINDOWS];
    uint64_t window_ns, window_launches;
    size_t windows; /* closed so far */
} sy_warm_up;

/** A new watch. flat_limit: relative difference that still counts as flat, e.g. 0.01. */
sy_warm_up sy_warm_up_start(double flat_limit);

/** Add a batch. clock_mhz: NaN if unknown. */
void sy_warm_up_add(sy_warm_up *watch, uint64_t elapsed_ns, uint64_t launches, double clock_mhz);

/**
 * Flat: with SY_WARM_UP_WINDOWS windows closed, either the median launch time of the older half and that of
 * the newer half differ by at most flat_limit, or all clocks of the windows do.
 */
bool sy_warm_up_is_flat(const sy_warm_up *watch);

/** Median time of a launch in the newer half of the windows, in ns; of what there is; 0 if nothing. */
double sy_warm_up_launch_ns(const sy_warm_up *watch);

#endif
