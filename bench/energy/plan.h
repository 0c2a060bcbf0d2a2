/* How long a window has to be for a meter. Pure. */
#ifndef STEELYARD_ENERGY_PLAN_H
#define STEELYARD_ENERGY_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/energy/source.h"

/**
 * A window for one meter.
 *
 * window_ns  length to measure.
 * needed_ns  length that would do; longer than window_ns where is_cut; UINT64_MAX: none would.
 * before_ns, after_ns  how long the same load has to run before and after the window for its edges to be
 *            known: past what the sensor still averages in, and two updates.
 * text       why it is cut, one line ("would need 1200 s"); "" if it is not.
 */
typedef struct sy_energy_plan {
    uint64_t window_ns, needed_ns, before_ns, after_ns;
    bool is_cut;
    char text[200];
} sy_energy_plan;

/**
 * What is known and what is wanted.
 *
 * update_period_ns  measured; 0: it was not, and what the meter declares is taken, or else a second.
 * watt              a guess of the power; NaN or not positive: 1 W, the least that a load draws.
 * precision         relative; 0: any.
 * longest_ns        cut there; 0: not at all.
 */
typedef struct sy_energy_need {
    uint64_t update_period_ns, longest_ns;
    double watt, precision;
} sy_energy_need;

/**
 * Plan a window.
 *
 * Method   edges: an update period tau moves each edge by up to P tau, 0.41 P tau together (one sigma), so
 *          T >= 0.41 tau / precision; a counter's step q: T >= q / (precision P); both: the root of the sum
 * of their squares; never under a second, five updates, or twice what the sensor averages over. A power's
 *          step does not average out: where q / sqrt 12 alone is over precision x P, no length will do, and
 * the window is as long as the rest asks for.
 */
void sy_energy_plan_window(
    const sy_energy_facts *facts, const sy_energy_need *need, sy_energy_plan *out_plan);

#endif
