/* A counter that starts again at some value, made one that grows. Pure. */
#ifndef STEELYARD_ENERGY_UNWRAP_H
#define STEELYARD_ENERGY_UNWRAP_H

#include <stdbool.h>

#include "steelyard/status.h"

/**
 * State, in the unit of the counter; zero-initialise, then set `range`. A long double holds every count of 64
 * bits as it is.
 *
 * range  added when the counter starts again; 0: it never does. last: the count before. total: since the
 * first.
 */
typedef struct sy_energy_unwrap {
    long double range, last, total;
    bool is_started;
} sy_energy_unwrap;

/**
 * Take the next count, at least 0; the first sets the start.
 *
 * A count below the one before is a wrap if the way over the top is shorter than half the range: who reads
 * every few seconds never sees more. Everything else is a counter that was set back: SY_INTERNAL, from where
 * to where; it counts on from there, and what was lost stays out of the total.
 */
sy_status sy_energy_unwrap_next(sy_energy_unwrap *unwrap, long double count, sy_error *err);

#endif
