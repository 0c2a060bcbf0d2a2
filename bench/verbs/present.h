/* Showing what is in a record, in the form the user asked for. */
#ifndef STEELYARD_VERBS_PRESENT_H
#define STEELYARD_VERBS_PRESENT_H

#include "bench/verbs/program.h"

/**
 * Print the record at `path` on stdout as --format says (auto: the first screen for suites, a table when few
 * rows were asked for or with -v). `is_kept`: the file stays, and may be named. Returns an exit status.
 */
int sy_present_file(const sy_program *program, const char *path, bool is_kept);

#endif
