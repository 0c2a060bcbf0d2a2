/* What a finished check would have seen: faults that it must not miss, and the smallest one. */
#ifndef STEELYARD_CHECK_POWER_H
#define STEELYARD_CHECK_POWER_H

#include "bench/check/plan.h"
#include "bench/check/tally.h"

/** SY_CHECK_SEES_* that hold, from bounds and the values met. */
uint32_t check_power_sees(
    const check_product *product, const check_noise *noise, const check_plan *plan, const check_tally *tally);

/** Smallest error of one element that is found wherever it is looked for; *out_one_in: of how many elements
 * one is looked at (1: all). */
double check_power_smallest(
    const check_noise *noise, const check_plan *plan, const check_tally *tally, double *out_one_in);

/** Whether a common fault was found in the values: 0 none, or SY_CHECK_SEES_TAIL or SY_CHECK_SEES_GAIN. */
uint32_t check_power_found(const check_noise *noise, const check_tally *tally, double *out_estimate);

#endif
