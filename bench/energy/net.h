/*
 * Energy without what the device takes when it does nothing. Pure. The meter of gross and idle is the same
 * one, so that its gain errs on both alike: net has the gain's share of itself, not of each.
 */
#ifndef STEELYARD_ENERGY_NET_H
#define STEELYARD_ENERGY_NET_H

#include <stdbool.h>

#include "bench/energy/integrate.h"

/** Idle power by one meter, W, and its standard uncertainty without the gain's; NaN: not known. */
typedef struct sy_energy_idle {
    double watt, u_watt;
} sy_energy_idle;

/** Of a result over an idle window of `seconds`. Readings that say nothing give NaN. */
sy_energy_idle sy_energy_idle_of(const sy_energy_result *result, double seconds);

/**
 * Net energy of a window. NaN: cannot be said.
 *
 * joule         gross - idle_w x seconds; idle_w: mean of before and after, or the one that is there.
 * u_random_j    of gross, of both idles, and of idle having been anything between the two.
 * u_systematic_j  of the gain and the offset; NaN: the gain is not known.
 * drift_w       after - before; NaN if one is missing.
 * is_low        net is below a fifth of gross: a small difference of large numbers.
 * has_drifted   the two idles differ by more than their uncertainties and 5 % allow.
 */
typedef struct sy_energy_net {
    double joule, idle_w, drift_w, u_random_j, u_systematic_j;
    bool is_low, has_drifted;
} sy_energy_net;

void sy_energy_net_compute(const sy_energy_facts *facts, const sy_energy_result *gross, double seconds,
    const sy_energy_idle *before, const sy_energy_idle *after, sy_energy_net *out_net);

#endif
