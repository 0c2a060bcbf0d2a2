/*
 * Loads in step with a sensor. A sensor that looks at a periodic power sees some of its phases; the mean over
 * those is the mean power only as far as they are spread evenly. Internal to this folder.
 */
#ifndef STEELYARD_ENERGY_ALIAS_H
#define STEELYARD_ENERGY_ALIAS_H

#include "bench/energy/span.h"

/**
 * What the phases say.
 *
 * spread     standard deviation of the mean power over the window, in units of the swing between two levels,
 *            for a square wave of the load's period and any duty and phase; 0 if the period is not known or
 *            does not matter (under 1 ms: supplies smooth it; averaged over by the sensor).
 * is_fast    two or fewer updates fall into a period of the load: its levels are not seen one after another.
 * is_alias   the phases are so few that the readings cannot be trusted.
 */
typedef struct sy_energy_phases {
    double spread;
    bool is_fast, is_alias;
} sy_energy_phases;

/**
 * Judge the phases at which the updates in the window see the load.
 *
 * Method   Watson's U^2 / N, that is the centred L2 discrepancy of the phases, summed over their harmonics m:
 *          sum |c_m|^2 / (2 pi^2 m^2), c_m the mean of exp(2 pi i m phase); a sensor that averages over w
 * damps each by sinc(m w / period). A level of duty d has two edges, each off by that: spread = sqrt(2 sum).
 *          A load slower than two updates is seen level by level, and what is off is where in an update its
 *          edges lie: the same sum over these, times update / period.
 *          In step: spread over 0.1 (five phases or fewer, or less than about a whole beat), and 1.5 times
 * what as many phases at random would give (0.41 / sqrt N). Source   G. S. Watson, Biometrika 48, 1961 (U^2).
 */
sy_energy_phases sy_energy_phases_of(const sy_energy_span *span);

#endif
