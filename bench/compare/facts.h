/* What of an environment may explain that two runs differ, as names and values. */
#ifndef STEELYARD_BENCH_COMPARE_FACTS_H
#define STEELYARD_BENCH_COMPARE_FACTS_H

#include "bench/compare/intake.h"

/**
 * Set a run's facts from its environment; what is not known is left out. Names: those of conditions.c.
 *
 * Owns     texts in `texts`, the list in its arena. False without memory.
 */
bool sy_facts_of(const sy_environment *environment, sy_intern *texts, sy_intake_run_facts *out_run);

#endif
