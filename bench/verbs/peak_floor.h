/* Devices whose libraries have no microkernel to measure a ceiling with: the best product is a floor of it.
 */
#ifndef STEELYARD_VERBS_PEAK_FLOOR_H
#define STEELYARD_VERBS_PEAK_FLOOR_H

#include "bench/verbs/run_job.h"

/**
 * Of the rows of `peak` keep those that a device can answer: on one with microkernels no products, on one
 * without the products and the copy in their place. Call between planning and measuring.
 * Errors: those of asking a device for its candidates.
 */
sy_status sy_peak_floor_sort(sy_run_job *job, sy_error *err);

/** Whether a row of `peak` is a product or copy that stands for a microkernel. */
bool sy_peak_floor_is(const char *name);

#endif
