/* One case by one algorithm, compared with the definition: what the program's check of plugins and the test
 * kit of this tree share. */
#ifndef STEELYARD_CONFORM_SOLVE_H
#define STEELYARD_CONFORM_SOLVE_H

#include "bench/worker/job.h"

/**
 * The candidates of a problem string, usable or with a reason each.
 * Errors  those of the spec and of sy_dispatch_candidates().
 */
sy_status sy_solve_candidates(
    const sy_job_device *on, const char *text, sy_candidates *out_candidates, sy_error *err);

/**
 * Solve `text` by the algorithm of that name: inputs from `block`, one launch on poisoned memory, every
 * element against the reference.
 * Errors  SY_WRONG_RESULT: where and how far; else what the backend answered.
 */
sy_status sy_solve_case(const sy_job_device *on, const sy_data_block *block, const char *text,
    const char *algorithm, sy_error *err);

/**
 * Whether that outcome is a known one of another library: without VNNI, oneDNN adds pairs of 8-bit products
 * in 16 bits with saturation, and halves weights of convolutions: wrong for the whole range of values, and
 * nothing that could be mended here.
 */
bool sy_solve_is_known(const char *text, const char *algorithm, sy_status status);

#endif
