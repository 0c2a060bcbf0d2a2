/*
 * Meters in a worker: opened as the parent chose them, read while the device works, told in a reply. The
 * fields of a request and a reply that they are in stand in protocol.h.
 */
#ifndef STEELYARD_WORKER_READINGS_H
#define STEELYARD_WORKER_READINGS_H

#include <jansson.h>

#include "bench/energy/sampler.h"
#include "bench/worker/job.h"

/** Open meters. Zero-initialise; sy_readings_release() is legal in any state. */
typedef struct sy_readings {
    const sy_job_device *on;
    sy_energy_list list;
    sy_energy_channel *channel;
    size_t count;
    sy_energy_places places;
    sy_energy_sampler *sampler;
    uint64_t cost_ns;
} sy_readings;

/**
 * Open the meters of `request`. One that does not open is none of the others' business: its trace carries the
 * reason; so does that of one which does not go by the clock of a simulated world. Errors: SY_OUT_OF_MEMORY.
 */
sy_status sy_readings_open(
    sy_readings *meters, const sy_job_device *on, const json_t *request, sy_error *err);

/** Begin to read: threads, or on a simulated clock by sy_readings_poll(). Errors as
 * sy_energy_sampler_start().
 */
sy_status sy_readings_start(sy_readings *meters, const json_t *request, sy_error *err);

/** For sy_window_config: ctx is the meters. */
void sy_readings_poll(void *meters, uint64_t now_ns);
void sy_readings_edge(void *meters, uint64_t now_ns);

/** How often sy_readings_poll() wants to be called, ns; UINT64_MAX: never. */
uint64_t sy_readings_poll_ns(const sy_readings *meters);

/** Stop reading, ask logs what they have from begin_ns to end_ns, and put everything into `reply`. */
void sy_readings_finish(sy_readings *meters, uint64_t begin_ns, uint64_t end_ns, json_t *reply);

/** Stop and close everything. */
void sy_readings_release(sy_readings *meters);

#endif
