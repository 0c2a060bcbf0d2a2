/* What a load takes beyond idling. Pure. */
#ifndef STEELYARD_ENERGY_NET_H
#define STEELYARD_ENERGY_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/energy/integrate.h"

/**
 * Idle power of one meter, from windows before and after.
 *
 * watt        mean of the two; NaN: neither can be used. u_random_w: its standard uncertainty, the drift
 *             included. drift_w: after less before; NaN where there is only one. u_drift_w: of that.
 * reasons     SY_ENERGY_* of the windows that were used.
 */
typedef struct sy_energy_idle {
    double watt, u_random_w, drift_w, u_drift_w;
    uint32_t reasons;
} sy_energy_idle;

/** An idle window: what was measured in length_s seconds. result NULL, or its joule NaN: there is none. */
typedef struct sy_energy_idle_window {
    const sy_energy_result *result;
    double length_s;
} sy_energy_idle_window;

/** Join the windows before and after a load; either may be missing. */
void sy_energy_idle_join(sy_energy_idle_window before, sy_energy_idle_window after, sy_energy_idle *out_idle);

/**
 * Net energy of a window.
 *
 * joule            gross - idle power x T. u_random_j, u_systematic_j: standard ones; NaN as for gross.
 * is_low_confidence  net is under 20 % of gross: the small difference of two large numbers.
 * reasons          of gross and idle, and SY_ENERGY_IDLE_DRIFT: idle drifts by more than its uncertainty, and
 *                  half of that moves net by more than 5 %.
 */
typedef struct sy_energy_net {
    double joule, watt, u_random_j, u_systematic_j;
    bool is_low_confidence;
    uint32_t reasons;
} sy_energy_net;

/**
 * Take idle off. length_s: of the window of `gross`, > 0. gain: as in the meter's facts.
 *
 * Method   u_random^2 = u_gross^2 + T^2 u_idle^2. One meter made both: a wrong gain stretches their
 * difference, so the systematic part is gain x |net|, and an offset cancels.
 */
void sy_energy_net_of(const sy_energy_result *gross, const sy_energy_idle *idle, double length_s, double gain,
    sy_energy_net *out_net);

#endif
