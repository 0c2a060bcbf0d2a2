/* A run within another verb: measured as `run` does it, with its record in memory. */
#ifndef STEELYARD_VERBS_REPEAT_H
#define STEELYARD_VERBS_REPEAT_H

#include "bench/verbs/program.h"

/** Gets the path of a record that exists as long as the call. */
typedef sy_status sy_run_take(void *ctx, const char *record, sy_error *err);

/**
 * One run of what the command line names, without ceilings and energy, in `rounds` rounds; then `take`.
 *
 * *out_interrupted  a signal came: nothing was taken.
 * Errors            those of the steps of run_job.h and of `take`.
 */
sy_status sy_run_once(const sy_program *program, uint64_t rounds, sy_run_take *take, void *ctx,
    bool *out_interrupted, sy_error *err);

#endif
