/* A window in seconds from its beginning, and what is known of the meter in it: what the two integrators, of
 * counters and of powers, share. Internal to this folder. */
#ifndef STEELYARD_ENERGY_SPAN_H
#define STEELYARD_ENERGY_SPAN_H

#include "bench/energy/integrate.h"
#include "bench/energy/period.h"
#include "bench/energy/points.h"

/**
 * length_s           of the window, > 0. load_from_s <= 0, load_to_s >= length_s: the load.
 * load_period_s      0: unknown. update_s: measured, else declared, else 0.
 * update_sigma_s     its standard uncertainty; 0 where a declared period agrees with the measured one.
 * lag_s              a power's mean ends that long after its beginning: window_ns of an averaging sensor.
 * important          share of the window, or of its energy, below which a defect is let pass.
 */
typedef struct sy_energy_span {
    const sy_energy_trace *trace;
    const sy_energy_facts *facts;
    uint64_t origin_ns;
    double length_s, load_from_s, load_to_s, load_period_s, update_s, update_sigma_s, lag_s, important;
    sy_energy_period period;
} sy_energy_span;

/** A walk through the updates, with origin and period as in `span`. */
sy_energy_walk sy_energy_span_walk(const sy_energy_span *span);

/** What one reading after another shows: bits of RESET, GONE, STUCK and GAP (for a power: within the window).
 */
uint32_t sy_energy_span_survey(const sy_energy_span *span);

/** Part of the window lies before the first and after the last update that may be used: GAP, or UNSTEADY
 * where the load itself begins or ends there; 0 if it is of no importance. */
uint32_t sy_energy_span_ends(const sy_energy_span *span, double head_s, double tail_s);

/** Fill joule, watt_peak, u_edge_j, u_quantum_j, u_sampling_j and add reasons. `out` is NaN before. */
void sy_energy_counter_integrate(const sy_energy_span *span, sy_energy_result *out);
void sy_energy_power_integrate(const sy_energy_span *span, sy_energy_result *out);

/** The load repeats itself within two updates: its levels are not seen one after another. */
bool sy_energy_span_is_fast(const sy_energy_span *span);

/**
 * Standard deviation of the energy by which the window's edges cut into a period of a load that is too fast
 * for the sensor, for a swing of `swing_w` between two levels; 0 for an unknown period.
 *
 * Method   the running integral of such a load less its mean is a triangle of height swing x period / 4, its
 *          standard deviation over a random phase is swing x period / (8 sqrt 3); two edges.
 */
double sy_energy_span_cut_j(const sy_energy_span *span, double swing_w);

#endif
