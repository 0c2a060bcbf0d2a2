/* A world with a known truth: a power over time whose integral is known in closed form, a sensor that looks
 * at it, and a sampler that reads the sensor. All random numbers come from a seed. */
#ifndef STEELYARD_TESTS_ENERGY_WORLD_H
#define STEELYARD_TESTS_ENERGY_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/energy/integrate.h"

/** Random numbers: uniform in [low, high), and normal with deviation 1. */
typedef struct random_state {
    uint64_t state;
} random_state;
double random_uniform(random_state *random, double low, double high);
double random_normal(random_state *random);

/**
 * Power at t seconds: idle_w outside [load_from_s, load_to_s]; inside low_w + slope_w (W/s) t, and for `duty`
 * of every period_s (0: never) swing_w more, at phase_s.
 */
typedef struct world_load {
    double idle_w, low_w, slope_w, swing_w, period_s, duty, phase_s, load_from_s, load_to_s;
} world_load;

double load_power_w(const world_load *load, double at_s);

/** Energy from load_from_s to at_s >= load_from_s (idle from load_to_s on). Before: negative, at idle. */
double load_energy_j(const world_load *load, double at_s);

/**
 * The sensor: what facts say of kind, resolution, window; real_update_s, first_update_s as it really is;
 * noise_w of each update; gain: what it reads of 1.
 */
typedef struct world_sensor {
    sy_energy_facts facts;
    double real_update_s, first_update_s, noise_w, gain;
    uint64_t seed;
} world_sensor;

/** What the sensor says at at_s. */
double sensor_value(const world_sensor *sensor, const world_load *load, double at_s);

/** Read it from from_s to to_s at poll_s, each time later by up to `jitter` of that; 0 s is zero_ns. */
void sample(const world_sensor *sensor, const world_load *load, double from_s, double to_s, double poll_s,
    double jitter, uint64_t zero_ns, random_state *random, sy_energy_trace *trace);

/** A window from 0 s to length_s in the load. */
sy_energy_window window_of(const world_load *load, double length_s, uint64_t zero_ns);

#endif
