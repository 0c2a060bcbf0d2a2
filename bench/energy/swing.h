/* Whether the readings of a power swing between levels, and how slowly. Internal to this folder. */
#ifndef STEELYARD_ENERGY_SWING_H
#define STEELYARD_ENERGY_SWING_H

#include "bench/energy/span.h"

/**
 * sigma_w      standard deviation of the updates in the window. within_w: about the two levels alone.
 * range_w      highest less lowest. upper: where the mean lies between them, 0 to 1; 0 if they are the same.
 * is_wave      they swing: between two levels (where the load is too fast to be followed), or slowly against
 *              the updates (where it is not).
 * beat         share of the swing by which a slow beat that does not end with the window moves the mean.
 * is_slow_beat the swing is slow, is not the load's own, and too few times in the window to be averaged.
 */
typedef struct sy_energy_swing {
    double sigma_w, within_w, range_w, upper, beat;
    bool is_wave, is_slow_beat;
} sy_energy_swing;

/**
 * Judge the updates in the window. noise_w2: variance about the line through neighbours; is_fast: the load's
 * period is known and too short to be followed.
 *
 * Method   two levels: the variance about the means of what lies above and below the middle, over that of all
 *          (0.36 for one normal mode, near 0 for two levels). Slow: `noise_w2` over that of all (von
 * Neumann's ratio: 1 for values that know nothing of each other). Beats: crossings of the middle by more than
 * 0.3 of the range. B beats of a square wave leave 0.10 / B of its swing (see alias.h).
 */
sy_energy_swing sy_energy_swing_of(const sy_energy_span *span, double noise_w2, bool is_fast);

/** The next update of a power that the load alone made, in the middle of what it is the mean of. */
bool sy_energy_span_power(const sy_energy_span *span, sy_energy_walk *walk, sy_energy_point *out_point);

#endif
