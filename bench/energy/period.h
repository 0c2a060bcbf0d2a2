/* How often a meter is updated, measured from its readings. Pure, allocates nothing. */
#ifndef STEELYARD_ENERGY_PERIOD_H
#define STEELYARD_ENERGY_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/energy/source.h"
#include "bench/energy/trace.h"

/**
 * What the moments of change say.
 *
 * poll_s       mean interval between readings; 0 for fewer than two.
 * period_s     update period; 0 where is_measured is false: the value never changed, or changed at nearly
 *              every reading (the period is then at most the polling interval), or on and on by one
 * resolution (a slow ramp, a counter whose step is larger than what it counts in a period), or at no regular
 *              distance.
 * sigma_s      standard uncertainty of period_s.
 * changes      how often the value changed.
 */
typedef struct sy_energy_period {
    double poll_s, period_s, sigma_s;
    size_t changes;
    bool is_measured;
} sy_energy_period;

/**
 * Measure it from the readings whose midpoints lie in [begin_ns, end_ns]; the first 512 changes are enough.
 *
 * Method   distances between changes are whole multiples of the period (more than one where two updates had
 *          the same value), blurred by polling: a first guess from a low quantile, then the sum of the
 *          distances over the sum of their multiples, until it stays.
 */
void sy_energy_period_measure(const sy_energy_trace *trace, const sy_energy_facts *facts, uint64_t begin_ns,
    uint64_t end_ns, sy_energy_period *out_period);

#endif
