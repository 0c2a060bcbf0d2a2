/* What changed with a program, a driver or a library between two runs. */
#ifndef STEELYARD_BENCH_HISTORY_VIEW_DIFFERENCE_H
#define STEELYARD_BENCH_HISTORY_VIEW_DIFFERENCE_H

#include "runtime/base/text.h"

/**
 * Append what differs between two setups (lines "name=value", as sy_history_setup() gives them; NULL is
 * none): "driver 535.1 -> 550.54; libcublas 12.3 -> none". Nothing if nothing differs.
 */
void sy_setup_difference(sy_text *out, const char *before, const char *after);

/** Append "name before -> after", set off by "; " from what is there, if the two texts differ; NULL is
 * "none". */
void sy_fact_difference(sy_text *out, const char *name, const char *before, const char *after);

#endif
