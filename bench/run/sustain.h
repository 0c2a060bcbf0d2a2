/* How a rate holds over minutes: from the marks and readings of one long window. Pure. */
#ifndef STEELYARD_RUN_SUSTAIN_H
#define STEELYARD_RUN_SUSTAIN_H

#include "bench/energy/source.h"
#include "bench/record/energy_row.h"
#include "bench/run/energy_call.h"

/**
 * Summarise.
 *
 * Burst      the median rate between marks in the first twentieth of the time, one to five seconds of it.
 * Sustained  the mean rate of the last fifth.
 * Steady     from when on the rate stays within 2 %, or three times its scatter, of the sustained one; single
 *            intervals that do not are noise.
 * Throttled  when the rate fell by more than 3 % below the burst for good (half of what follows in a quarter
 *            second, in two seconds, and of all that follows, is below), or the clock under load by as much
 *            below its median in the burst, or a flag was first raised: the earliest of these, and how it was
 *            seen.
 *
 * With fewer than five marks of a load, or without memory, there are no figures but `seconds`. Marks and
 * readings that go back in time are passed over.
 *
 * meters      in the order of told->trace; the first of energy gives the watts, the first
 *              of temperature the temperature.
 * out_sustain  texts are static or the meters'; `series` is left absent.
 */
void sy_sustain_summarise(
    const sy_energy_list *meters, const sy_energy_told *told, sy_row_sustain *out_sustain);

#endif
