/* One call of a build: `PROGRAM run FILE ...` with words that are checked, never through a shell. */
#ifndef STEELYARD_VERBS_EXTENSION_CALL_H
#define STEELYARD_VERBS_EXTENSION_CALL_H

#include "bench/compare/extension.h"
#include "bench/verbs/program.h"

/**
 * What is run.
 *
 * build        absolute path of the program. ask: as it is asked for. problems: file with a problem a line;
 *              output: of the record, not there yet. rows: in it.
 * with_energy  joules too. wake_fd: as in sy_program_call.
 */
typedef struct sy_extension_call {
    const sy_program *program;
    const char *build, *problems, *output;
    const sy_extension_ask *ask;
    size_t rows;
    bool with_energy;
    int wake_fd;
} sy_extension_call;

/** Absolute path of a build that can be run; NULL, "": this very program. Errors: SY_INVALID_ARGUMENT: no
 * such file, or none that can be run; `option` is named. */
sy_status sy_extension_find_build(
    const char *option, const char *path, char *out_path, size_t capacity, sy_error *err);

/**
 * Run it and wait. A record with rows that are wrong or failed is one.
 *
 * Errors   those of sy_program_call_run(), with what the program said last.
 */
sy_status sy_extension_call_run(const sy_extension_call *call, sy_error *err);

#endif
