/*
 * What the readings say about the sensor: the moments at which it was updated, and its values then. Pure,
 * allocates nothing.
 */
#ifndef STEELYARD_ENERGY_POINTS_H
#define STEELYARD_ENERGY_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/energy/trace.h"

/** Seconds from `origin_ns` to `at_ns`, negative if it is before. Exact to a double for any two times. */
double sy_energy_seconds(uint64_t at_ns, uint64_t origin_ns);

/** An update: seconds from the origin, the width of the interval (around at_s) in which it lies, the value.
 */
typedef struct sy_energy_point {
    double at_s, width_s, value;
} sy_energy_point;

/**
 * A walk through the updates of a sensor. Set trace, origin_ns, period_s and is_counter, leave the rest 0.
 *
 * period_s    update period, > 0; where it is not known, the polling interval.
 * is_counter  a value that stays says nothing new. Of a power it does: once a period has passed, it is an
 *             update to the same value.
 *
 * held_s: the last reading that has shown the value of `last`.
 *
 * Left out are readings that are no number, whose end lies before their beginning, or that are not later than
 * the one before them.
 */
typedef struct sy_energy_walk {
    const sy_energy_trace *trace;
    uint64_t origin_ns;
    double period_s;
    bool is_counter;
    size_t next, seen;
    double reading_s, gap_s, point_s, held_s;
    sy_energy_point last;
} sy_energy_walk;

/**
 * The next update; false at the end.
 *
 * Method   a value that is new at reading i and was not there at i - 1 was published in between, and no
 * longer than a period ago: the middle of that interval, which is as wide as the smaller of the two.
 */
bool sy_energy_walk_next(sy_energy_walk *walk, sy_energy_point *out_point);

/**
 * The next reading that is in order: its midpoint, how long it took and its value; false at the end. `seen`
 * counts them, `gap_s` is how long after the one before it this one is (0 for the first).
 */
bool sy_energy_walk_reading(sy_energy_walk *walk, sy_energy_point *out_reading);

#endif
