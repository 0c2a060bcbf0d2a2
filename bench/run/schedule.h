/*
 * The order of a run: for every device and process repeat, blocks of rows; in each block, rounds of random
 * order; at the end of a block its rows are final and on disk. Under a budget there is one block: first every
 * row once in the order of the suites, then again those with the widest intervals, until the time is up.
 */
#ifndef STEELYARD_RUN_SCHEDULE_H
#define STEELYARD_RUN_SCHEDULE_H

#include "bench/plan/worklist.h"
#include "bench/record/record.h"
#include "bench/run/ceiling.h"
#include "bench/run/mix.h"
#include "bench/run/progress.h"
#include "bench/run/state.h"
#include "bench/run/target.h"
#include "bench/run/visit.h"
#include "bench/run/weigh.h"

/** Rows that go through their rounds together: what a kill of the program can cost at most. */
#define SY_SCHEDULE_BLOCK_ROWS 64u

/**
 * A run. Borrowed, except `rows`, which collects the final rows for the summary (the caller releases it).
 *
 * record    where rows go; NULL: nowhere. done(i): row i of the list is in the record already.
 * ceilings  one for each target, filled by sy_ceilings_measure() or sy_ceilings_init().
 * kits      what is read beside the work, one for each target; weighed, sustained: rows that get a window of
 *           energy, or are kept up for long, one for each of the list: sy_schedule_open_energy() makes them.
 * mixes     passes of models that were measured whole; names: every problem of the suites.
 * series    where samples of the latter go.
 * start_ns  host clock when the command began: budgets count from there.
 */
typedef struct sy_schedule {
    sy_visit_shared shared;
    sy_targets *targets;
    const sy_worklist *list;
    sy_record *record;
    sy_ceilings *ceilings;
    sy_progress *progress;
    sy_energy_kit *kits;
    bool *weighed, *sustained;
    sy_weigh_series series;
    sy_mixes mixes;
    const char *const *names;
    size_t n_names;
    uint64_t start_ns;
    sy_row_list rows;
} sy_schedule;

/** Seconds that the rows not yet in the record will take, roughly: a guess from bytes and FLOP for --dry-run.
 */
double sy_schedule_estimate_s(const sy_schedule *schedule, double flop_per_s, double byte_per_s);

/**
 * Find the meters that --energy wishes for, and pick the rows; sy_schedule_close_energy() frees. Errors:
 * SY_INVALID_ARGUMENT: a meter cannot be asked as it was named; SY_OUT_OF_MEMORY; SY_REFUSED: interrupted.
 */
sy_status sy_schedule_open_energy(sy_schedule *schedule, sy_error *err);
void sy_schedule_close_energy(sy_schedule *schedule);

/** Passes of models on a target, when its rows are measured, as far as the budget goes. Errors as
 * sy_schedule_run(). */
sy_status sy_schedule_mix(sy_schedule *schedule, size_t target, sy_error *err);

/** Seconds that energy will take on a target, in *out_rows rows; that keeping rows up will. */
double sy_schedule_energy_s(const sy_schedule *schedule, size_t target, size_t *out_rows);
double sy_schedule_sustain_s(const sy_schedule *schedule, size_t target, size_t *out_rows);

/**
 * Run it. Rows of devices that do not work become `unavailable`, rows beyond the budget `skipped`.
 *
 * Errors  SY_REFUSED: interrupted: what was finished is written. SY_IO: the record cannot be written any
 * more. SY_OUT_OF_MEMORY.
 */
sy_status sy_schedule_run(sy_schedule *schedule, sy_error *err);

/**
 * Measure a device's ceilings for the types of the list's rows; also appends them to the record as `peak`
 * lines. What the device cannot do stays NaN. Errors as sy_schedule_run().
 */
sy_status sy_ceilings_measure(sy_schedule *schedule, size_t target, sy_error *err);

/**
 * A row went faster than its ceiling: measure that ceiling again and keep the higher one. What still exceeds
 * it by more than 2 % is suspect (timing, FLOP count or elision), see sy_row_state_finish(). Errors as
 * sy_schedule_run().
 */
sy_status sy_ceiling_confirm(sy_schedule *schedule, size_t target, const sy_spec *spec, sy_error *err);

#endif
