/* How many rounds a run needs so that a later gate can decide, before it is measured. */
#ifndef STEELYARD_VERBS_PLAN_FOR_H
#define STEELYARD_VERBS_PLAN_FOR_H

#include "bench/verbs/program.h"

/**
 * Say on stderr how many rounds --plan-for needs: by the noise of --noise, else by a pilot of 2 runs of 2
 * rounds.
 *
 * *rounds  set to those that 95 of 100 rows need, unless --rounds was given.
 * *out_interrupted  a signal came during the pilot.
 * Errors   SY_INVALID_ARGUMENT: it is not "time:N%"; those of the pilot.
 */
sy_status sy_plan_for(const sy_program *program, uint64_t *rounds, bool *out_interrupted, sy_error *err);

#endif
