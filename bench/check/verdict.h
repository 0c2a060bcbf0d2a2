/* From what was counted to a verdict in words. Internal to this folder. */
#ifndef STEELYARD_CHECK_VERDICT_H
#define STEELYARD_CHECK_VERDICT_H

#include "bench/check/plan.h"
#include "bench/check/tally.h"

/** One check in progress. `product` points into itself: never copy. */
typedef struct check_job {
    check_product product;
    check_noise noise;
    check_plan plan;
    check_tally tally;
    double *image_sign; /* NULL unless the plan joins images */
} check_job;

/** Compare single elements, rows x cols of a block. SY_OUT_OF_MEMORY. */
sy_status check_job_single(const check_job *job, int64_t block, check_index rows, check_index cols,
    check_tally *tally, sy_error *err);

/**
 * Fill *out_result from the tally. Looks for a value that is no number in the whole output, and closer at a
 * sum that is wrong, to name the element and to tell overflow from fault.
 */
sy_status check_verdict_make(check_job *job, sy_check_result *out_result, sy_error *err);

#endif
