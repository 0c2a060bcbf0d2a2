/* A clock handed in by the caller, and what reading it costs. The real one is runtime/base/seam.h's. */
#ifndef STEELYARD_MEASURE_CLOCK_H
#define STEELYARD_MEASURE_CLOCK_H

#include "steelyard/status.h"

/** A monotonic clock. now_ns: ns since any origin; never goes back; 0 means that reading it failed. */
typedef struct sy_clock {
    void *ctx;
    uint64_t (*now_ns)(void *ctx);
} sy_clock;

/** The machine's own clock, CLOCK_MONOTONIC_RAW through the seam. */
sy_clock sy_clock_host(void);

/** What a clock can do: deltas of SY_CLOCK_READS reads back to back. resolution: least delta above 0. */
typedef struct sy_clock_quality {
    double overhead_ns;     /* median delta; of a clock too coarse to see it: total over reads */
    uint64_t resolution_ns; /* 0: every delta was 0 */
} sy_clock_quality;

enum { SY_CLOCK_READS = 1000 };

/** Read the clock. Errors: SY_INTERNAL: it failed (0). *out_ns is 0 then. */
sy_status sy_clock_read(const sy_clock *clock, uint64_t *out_ns, sy_error *err);

/** Time since `start_ns`. Errors: SY_INTERNAL: it failed, or went backwards. *out_ns is 0 then. */
sy_status sy_clock_elapsed(const sy_clock *clock, uint64_t start_ns, uint64_t *out_ns, sy_error *err);

/** Measure the clock. Errors: SY_INTERNAL: it failed or went backwards. */
sy_status sy_clock_measure(const sy_clock *clock, sy_clock_quality *out_quality, sy_error *err);

#endif
