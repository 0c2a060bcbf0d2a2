/* The problems whose rates are the ceilings of a device. */
#ifndef STEELYARD_VERBS_PEAK_PROBLEMS_H
#define STEELYARD_VERBS_PEAK_PROBLEMS_H

#include "bench/suites/suite.h"
#include "bench/verbs/program.h"

/**
 * The suite of `peak`: multiply-add chains of each type, memory, and streams within each cache that the
 * machine's description knows (half of what all cores have together). --dtype limits the types. Owns
 * *out_suite is the caller's: sy_suite_destroy().
 */
sy_status sy_peak_suite(const sy_program *program, sy_suite **out_suite, sy_error *err);

/** How a ceiling of that name was found, in words; static. */
const char *sy_peak_method(const char *name);

#endif
