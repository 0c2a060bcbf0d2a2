/* How long a window has to be for a meter. Pure. */
#ifndef STEELYARD_ENERGY_PLAN_H
#define STEELYARD_ENERGY_PLAN_H

#include "bench/energy/source.h"

/**
 * Length, ns, at which a window's edge and quantum are below `precision` (relative, one sigma): for an update
 * period tau, T >= tau / (sqrt(6) precision); for a step q of a counter, T >= q / (sqrt(12) precision watt);
 * at least a second and eight updates.
 *
 * period_ns  as measured or declared; 0: unknown, taken as 100 ms. watt: expected power; NaN or 0: 10 W is
 *            assumed. Returns UINT64_MAX if no length would do.
 */
uint64_t sy_energy_plan_ns(const sy_energy_facts *facts, uint64_t period_ns, double watt, double precision);

#endif
