/* One meter that watches one load, for the tests of the integrator. */
#ifndef STEELYARD_TESTS_ENERGY_SCENE_H
#define STEELYARD_TESTS_ENERGY_SCENE_H

#include "tests/unit/bench/energy/world.h"

/* Where the window begins. */
#define ZERO_NS UINT64_C(5000000000)

/* 200 W from 2 s before the window of 5 s to 1 s after it, 50 W elsewhere; read from -2.5 s to 6.5 s. */
typedef struct scene {
    world_load load;
    world_sensor sensor;
    double length_s, poll_s, from_s, to_s, precision;
    uint64_t zero_ns;
    sy_energy_trace trace;
    sy_energy_window window;
} scene;

/** The scene for a kind and an update period, polled at half of it, without noise. */
scene scene_make(uint32_t kind, double update_s);

/** Make the readings anew, and the window. The trace is the caller's to release. */
void scene_read(scene *one);

/** Take away the readings from from_s to to_s. */
void scene_cut(scene *one, double from_s, double to_s);

/** Integrate what was read. */
sy_energy_result scene_integrate(const scene *one);

/** Read, integrate and release. */
sy_energy_result scene_measure(scene *one);

/** Fail unless nothing is said but these reasons, or more. */
void check_nothing(const sy_energy_result *result, uint32_t reasons);

#endif
