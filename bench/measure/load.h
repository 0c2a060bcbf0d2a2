/* Keeping a device busy for a while, untimed, so that its clocks are where a loaded device's are. */
#ifndef STEELYARD_MEASURE_LOAD_H
#define STEELYARD_MEASURE_LOAD_H

#include "bench/measure/clock.h"
#include "bench/measure/work.h"

/** What was done: launches, and the time it took (ends with the first sync after duration_ns). */
typedef struct sy_load_result {
    uint64_t launches, elapsed_ns;
    bool is_cancelled;
} sy_load_result;

/**
 * Launch `work` again and again for duration_ns, in batches of about 10 ms, prepare before the first only.
 * Launch indices start at first_index.
 * Errors   as sy_sampler_run(), with "load" before the text.
 */
sy_status sy_measure_load(const sy_work *work, const sy_clock *clock, uint64_t first_index,
    uint64_t duration_ns, sy_load_result *out_result, sy_error *err);

#endif
