/*
 * Energy of the rows of a run: for each device its kit, before the first window its idle, for each row that
 * was picked a window, after those of a block the idle again. What goes wrong with a window costs the row its
 * energy, not its time.
 */
#ifndef STEELYARD_RUN_WEIGH_H
#define STEELYARD_RUN_WEIGH_H

#include "bench/record/series.h"
#include "bench/run/energy_kit.h"
#include "bench/run/state.h"
#include "bench/run/visit.h"

/** What all of it needs. Borrowed. */
typedef struct sy_weigh {
    const sy_visit_shared *shared;
    sy_target *target;
    sy_energy_kit *kit;
} sy_weigh;

/**
 * Say of each row of a block whether it will be weighed, or why not. wanted: what sy_energy_pick() marked, by
 * the rows' places in `list`.
 */
void sy_weigh_mark(
    const sy_weigh *weigh, const sy_worklist *list, const bool *wanted, sy_row_state *states, size_t count);

/**
 * After the rounds: where a row that was picked has ended without a time, the heaviest of its kind that has
 * one takes its place, among those of the block that are not written yet.
 */
void sy_weigh_replace(sy_row_state *states, size_t count);

/** How many of them wait for a window. */
size_t sy_weigh_waiting(const sy_row_state *states, size_t count);

/** Read the idle device, if there is a meter of energy. Errors: SY_REFUSED, SY_UNAVAILABLE as
 * sy_visit_row(). */
sy_status sy_weigh_idle(const sy_weigh *weigh, sy_error *err);

/** The window of a row that waits for one; else nothing. Errors as sy_visit_row(). */
sy_status sy_weigh_row(const sy_weigh *weigh, sy_row_state *state, sy_error *err);

/** The idle after the windows of a block, into those of its rows that have one; if none has, nothing. Errors
 * as above. */
sy_status sy_weigh_end(const sy_weigh *weigh, sy_row_state *states, size_t count, sy_error *err);

/**
 * A load of the caller's own, that the worker has open already.
 *
 * make_jobs  what `energy` is asked for, anew for each window: the caller's array, stolen; ctx is passed
 *            back.
 * limit_ms   beyond the lengths of the window. runs_each: runs of the row that a launch of the load stands
 *            for.
 */
typedef struct sy_weigh_load {
    void *ctx;
    json_t *(*make_jobs)(void *ctx);
    int64_t limit_ms;
    uint64_t runs_each;
} sy_weigh_load;

/** Idle, a window of the load (a second one if the first was too short), idle again: into *weighed. Errors as
 * sy_energy_ask_window(); the caller says why there is no energy then. */
sy_status sy_weigh_load_run(
    const sy_weigh *weigh, const sy_weigh_load *load, sy_weighed *weighed, sy_error *err);

/** Where the samples of a row that is kept up go; file NULL: nowhere. name: as the row tells it. */
typedef struct sy_weigh_series {
    sy_series_file *file;
    const char *name;
} sy_weigh_series;

/**
 * Keep a row's load up for as long as --sustain says, in a worker of its own so that nothing has warmed a
 * simulated world: its summary into the row, its samples into the series. Errors as sy_visit_row(); SY_IO: of
 * the series.
 */
sy_status sy_weigh_sustain(
    const sy_weigh *weigh, sy_row_state *state, const sy_weigh_series *series, sy_error *err);

/** Lengths of a window that serves every meter it can. */
sy_energy_lengths sy_weigh_lengths(const sy_energy_kit *kit, const sy_config *config);

/** Seconds that the windows of `rows` rows will take, roughly. */
double sy_weigh_estimate_s(const sy_energy_kit *kit, const sy_config *config, size_t rows);

#endif
