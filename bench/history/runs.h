/* The runs that a history has, and the rows of one. */
#ifndef STEELYARD_BENCH_HISTORY_RUNS_H
#define STEELYARD_BENCH_HISTORY_RUNS_H

#include "bench/history/history.h"

/** A run; texts are borrowed for the visit, NULL where not known. rows: in the history; with_time: of those.
 */
typedef struct sy_history_run {
    int64_t number;
    const char *run_id, *time_utc, *host, *os, *version, *commit, *command;
    uint64_t rows, with_time;
    sy_tri simulated; /* YES: every row; UNKNOWN: some */
} sy_history_run;

/** A row of a run; as above. Times in ns, NaN where there is none. status: SY_ROW_*. */
typedef struct sy_history_row {
    const char *row_id, *key_hash, *problem, *name, *device, *device_name, *backend, *algorithm, *asked,
        *reason;
    double median_ns, ci95_ns[2], flop_per_s, byte_per_s;
    uint32_t status;
    bool is_simulated;
} sy_history_row;

/** Gets one; false ends the walk. */
typedef bool sy_history_run_visit(void *ctx, const sy_history_run *run);
typedef bool sy_history_row_visit(void *ctx, const sy_history_row *row);

/** The `last` runs, oldest first. Errors: SY_IO, SY_TIMEOUT, SY_INCOMPATIBLE, SY_OUT_OF_MEMORY, as for all
 * here. */
sy_status sy_history_runs(
    sy_history *history, uint64_t last, sy_history_run_visit *visit, void *ctx, sy_error *err);

/**
 * The number of the run that `what` names: its id or the beginning of it (4 characters or more).
 *
 * Errors   SY_INVALID_ARGUMENT: none, or more than one.
 */
sy_status sy_history_find_run(sy_history *history, const char *what, int64_t *out_number, sy_error *err);

/** One run by its number: visited once. */
sy_status sy_history_run_by_number(
    sy_history *history, int64_t number, sy_history_run_visit *visit, void *ctx, sy_error *err);

/** The rows of a run in the order of its plan. */
sy_status sy_history_rows(
    sy_history *history, int64_t number, sy_history_row_visit *visit, void *ctx, sy_error *err);

#endif
