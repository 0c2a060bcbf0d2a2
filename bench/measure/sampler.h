/* One visit: first launch, batch size, warm-up, then timed batches until the stopping rule says so. */
#ifndef STEELYARD_MEASURE_SAMPLER_H
#define STEELYARD_MEASURE_SAMPLER_H

#include "bench/measure/clock.h"
#include "bench/measure/work.h"
#include "bench/stats/visit.h"
#include <stddef.h>

/**
 * How to measure. sy_sampler_defaults() gives every field a sensible value.
 *
 * batch_ns           least time of a batch (1 ms); never less than 100 x clock_overhead_ns.
 * clock_overhead_ns  from sy_clock_measure().
 * max_launches       most launches a batch may have (beta != 0: the slots of C). 0: no limit.
 * unit               launches that go together: all batches but the first launch have a multiple of it, and
 *                    begin at an index that is one; at most max_launches (1).
 * precision          stop when sy_visit_precision() of host time is at most this (0.01). 0: never.
 * is_alone           the only round of its row: the precision counts only with SY_SAMPLER_ALONE batches and
 *                    when their dependence is resolved (sy_visit_stats.is_resolved), for nothing else tells
 *                    whether the interval is right (false).
 * min_batches        least number of batches before the precision is looked at (10).
 * max_batches        most batches (2560); at most the capacity of the sample buffers.
 * min_timed_ns       least total of timed batches before precision counts (50 ms).
 * limit_ns           limit of the whole visit, all stages and untimed parts included (10 s). It ends a stage
 *                    at the next batch; one batch is always measured. 0: no limit.
 * warm_up_min_ns, warm_up_limit_ns   the warm-up lasts at least the one (0) and at most the other (2 s).
 * flat_limit         warm-up ends when the last windows' level differs by at most this (0.01).
 */
typedef struct sy_sampler_config {
    uint64_t batch_ns;
    double clock_overhead_ns;
    uint64_t max_launches, unit;
    double precision;
    bool is_alone;
    size_t min_batches, max_batches;
    uint64_t min_timed_ns, limit_ns, warm_up_min_ns, warm_up_limit_ns;
    double flat_limit;
} sy_sampler_config;

enum { SY_SAMPLER_ALONE = 40 };

/** Defaults as stated above, with a clock overhead of 50 ns. */
sy_sampler_config sy_sampler_defaults(void);

/* Where a visit is, or was when an error ended it. */
enum {
    SY_STAGE_FIRST_RUN = 0,
    SY_STAGE_CALIBRATE = 1,
    SY_STAGE_WARM_UP = 2,
    SY_STAGE_TIMED = 3,
    SY_STAGE_DONE = 4
};

/* Why the timed part ended. */
enum {
    SY_STOP_NONE = 0,
    SY_STOP_PRECISION = 1,
    SY_STOP_BATCHES = 2,
    SY_STOP_TIME = 3,
    SY_STOP_CANCELLED = 4
};

/** Names: "first run", "calibration", ...; "precision", "batches", "time limit", "cancelled". Static. */
const char *sy_stage_name(int stage);
const char *sy_stop_name(int stop);

/**
 * Room for samples, the caller's; values are ns per launch (batch time / launches), in order of measuring.
 *
 * capacity   of both arrays, in batches.
 * device_ns  may be NULL; else NaN where the device gave no time.
 * scratch    sy_visit_scratch(capacity) doubles.
 */
typedef struct sy_sample_buffer {
    size_t capacity;
    double *host_ns, *device_ns, *scratch;
} sy_sample_buffer;

/**
 * What happened. Valid up to the stage that was reached, also after an error.
 *
 * first_run_ns    the very first launch, prepare not included.
 * launches        launches per timed batch (r).
 * launches_total  the next index: launches done in the whole visit, warm-up included, and what was left out
 *                 for a batch to begin at its unit.
 * is_short        true if a batch stayed shorter than wanted because of max_launches.
 * warm_up_ns, warm_up_flat  its length, and whether the level was flat at its end. batches timed batches in
 *                 the buffers; timed_ns: their sum (host).
 * stop            SY_STOP_*. host, device summaries; device.count is 0 if any batch lacks device time.
 */
typedef struct sy_visit {
    int stage, stop;
    uint64_t first_run_ns, launches, launches_total;
    uint64_t warm_up_ns, timed_ns;
    size_t batches;
    bool warm_up_flat, is_short;
    sy_visit_stats host, device;
} sy_visit;

/**
 * Measure one visit.
 *
 * Owns     nothing is kept; buffers are the caller's.
 * Errors   whatever `work` returns, with the stage put before its text; SY_INVALID_ARGUMENT: no launch or
 *          sync, no room, a negative precision, a unit that is 0 or above max_launches; SY_INTERNAL: the
 * clock failed or went backwards; SY_WRONG_RESULT: a timed batch took 0 ns. Cancellation is no error: stop =
 * SY_STOP_CANCELLED. Source   stopping only at 10, 20, 40, ... batches: so that few looks are taken, and each
 * at fresh data of the size of all before; group-sequential looks (Pocock, Biometrika 64(2), 1977).
 */
sy_status sy_sampler_run(const sy_work *work, const sy_clock *clock, const sy_sampler_config *config,
    const sy_sample_buffer *buffer, sy_visit *out_visit, sy_error *err);

/**
 * Choose at most `capacity` of `count` samples for publication, evenly spaced in time, first and last
 * included (capacity 1: the first), in order. Returns how many were written. All of them if they fit.
 */
size_t sy_samples_thin(const double *samples, size_t count, double *out_samples, size_t capacity);

#endif
