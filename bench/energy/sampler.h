/*
 * Reading meters while the device works. On the host's clock every meter has a thread of its own, so that a
 * slow one never keeps another waiting; on the clock of a simulated world somebody calls
 * sy_energy_sampler_poll(). A meter is read about twice an update period, at intervals that vary by a quarter
 * so that it never runs in step with it, but not more often than it allows, and at both edges of a window.
 */
#ifndef STEELYARD_ENERGY_SAMPLER_H
#define STEELYARD_ENERGY_SAMPLER_H

#include "bench/energy/source.h"
#include "bench/energy/trace.h"
#include "bench/measure/clock.h"

/**
 * One meter under way.
 *
 * found, meter  borrowed; the meter is open, or NULL: it is left alone. interval_ns: between readings, by
 *               sy_energy_interval_ns().
 * trace         what was read; the sampler's until it is stopped.
 */
typedef struct sy_energy_channel {
    const sy_energy_found *found;
    sy_energy_meter *meter;
    uint64_t interval_ns;
    sy_energy_trace trace;
} sy_energy_channel;

/**
 * How to sample. Borrowed until sy_energy_sampler_stop().
 *
 * clock        stamps. is_inline: no threads; the caller polls.
 * ctx, enter, leave  (NULL: nothing) called in each thread first and last: it will use the device.
 * seed         of the variation of the intervals.
 */
typedef struct sy_energy_sampling {
    sy_energy_channel *channel;
    size_t count;
    const sy_clock *clock;
    bool is_inline;
    void *ctx;
    sy_status (*enter)(void *ctx, sy_error *err);
    void (*leave)(void *ctx);
    uint64_t seed;
} sy_energy_sampling;

typedef struct sy_energy_sampler sy_energy_sampler;

/** How often a meter with these facts is read: half its update period, or 25 ms where that is not known,
 * never less than least_poll_ns nor more than 1 s; what is no energy every 100 ms. */
uint64_t sy_energy_interval_ns(const sy_energy_facts *facts);

/** Begin; a first reading of each meter is taken at once (in threads: by them). Meters without `read` are
 * left alone. Errors: SY_OUT_OF_MEMORY; SY_INTERNAL: no thread. */
sy_status sy_energy_sampler_start(
    const sy_energy_sampling *sampling, sy_energy_sampler **out_sampler, sy_error *err);

/** Inline: read what is due at now_ns. With threads: nothing. */
void sy_energy_sampler_poll(sy_energy_sampler *sampler, uint64_t now_ns);

/** Read every meter now, or as soon as it may be read: an edge of the window has passed. Does not wait for
 * threads. */
void sy_energy_sampler_edge(sy_energy_sampler *sampler, uint64_t now_ns);

/** The next time at which sy_energy_sampler_poll() has something to do; UINT64_MAX with threads. */
uint64_t sy_energy_sampler_due_ns(const sy_energy_sampler *sampler);

/** End: a last reading of each, wait for threads, free. *out_cost_ns (may be NULL): processor time that the
 * threads took. NULL is fine. */
void sy_energy_sampler_stop(sy_energy_sampler *sampler, uint64_t *out_cost_ns);

#endif
