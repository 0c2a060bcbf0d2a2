/* `steelyard tune --export`: the tuning cache's findings as data files, see tuned.h. */
#ifndef STEELYARD_VERBS_TUNE_EXPORT_H
#define STEELYARD_VERBS_TUNE_EXPORT_H

#include "bench/verbs/program.h"

/**
 * Write what the cache in `folder` holds of the devices of --device (all: whatever device there ever was) and
 * of the problems named on the command line (none named: all). One device's findings go to the file or, as
 * "-", to stdout; those of several devices or versions to files of their own in a folder that is there.
 * Returns the exit status; SY_EXIT_SKIPPED if there are no such findings.
 */
int sy_tune_export(const sy_program *program, const char *folder);

#endif
