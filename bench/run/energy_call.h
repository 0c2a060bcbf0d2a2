/* The parent's side of meters under way: asks a worker for a window of energy, or for idling, and takes what
 * it tells. */
#ifndef STEELYARD_RUN_ENERGY_CALL_H
#define STEELYARD_RUN_ENERGY_CALL_H

#include "bench/energy/integrate.h"
#include "bench/measure/window.h"
#include "bench/run/target.h"

/**
 * What was told. Zero-initialise; sy_energy_told_release().
 *
 * window    of an idle: the load is the window itself.
 * trace     one each meter that was asked for, in their order.
 * mark      how the work went on. reply: for sy_verify_outputs().
 */
typedef struct sy_energy_told {
    sy_energy_window window;
    uint64_t launches, sampler_cost_ns, checked;
    sy_energy_trace *trace;
    size_t trace_count;
    sy_window_mark *mark;
    size_t mark_count;
    json_t *reply;
} sy_energy_told;

/** What all calls of a run share. phase_seed: where against the sensors' phase it begins. Borrowed. */
typedef struct sy_energy_call {
    const sy_target_places *places;
    sy_target *target;
    const sy_energy_list *meters;
    uint64_t phase_seed;
} sy_energy_call;

/** Idle: wait, then read for a time. Errors as sy_worker_call(); SY_INTERNAL: the reply contradicts itself.
 * Readings and marks that are none are left out. */
sy_status sy_energy_ask_idle(const sy_energy_call *call, uint64_t settle_ns, uint64_t duration_ns,
    sy_energy_told *out_told, sy_error *err);

/** Lengths of a window, ns. */
typedef struct sy_energy_lengths {
    uint64_t load_ns, window_ns, tail_ns;
} sy_energy_lengths;

/**
 * A window. jobs: an array of `measure` requests with `launches`; stolen. limit_ms: beyond the lengths, for
 * everything else. Errors as above; SY_INTERNAL also: nothing was launched. *out_told may be released
 * whatever comes.
 */
sy_status sy_energy_ask_window(const sy_energy_call *call, json_t *jobs, const sy_energy_lengths *lengths,
    int64_t limit_ms, sy_energy_told *out_told, sy_error *err);

/** Free; zeroes. */
void sy_energy_told_release(sy_energy_told *told);

#endif
