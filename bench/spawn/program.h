/* A program run without a shell, for what it prints. */
#ifndef STEELYARD_SPAWN_PROGRAM_H
#define STEELYARD_SPAWN_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/text.h"
#include "steelyard/status.h"

/** A program may print no more than this, in bytes. */
#define SY_PROGRAM_OUTPUT_MAX 65536u

/** Most words of a command, argv[0] included. */
#define SY_PROGRAM_WORDS_MAX 63u

/**
 * Where a program lies: the first file of that name that can be run, in the folders of `folders`, separated
 * by
 * ':'. Empty and relative ones are passed over. False, and out_path "", if there is none.
 */
bool sy_program_find(const char *folders, const char *name, char *out_path, size_t capacity);

/**
 * Run it and wait until it has ended; with nothing to read, in the C locale, with `folders` as its PATH and
 * nothing else of our environment. What it prints, errors included, is appended to `out_text`.
 *
 * path       absolute. arguments: argv, argv[0] included, ended by NULL. Borrowed.
 * timeout_ns after which it and what it started are killed.
 *
 * Errors  SY_UNAVAILABLE: cannot be started; SY_TIMEOUT: killed; SY_OVERFLOW: printed too much, killed;
 * SY_IO: ended with another status than 0, by a signal, or could not be watched; SY_OUT_OF_MEMORY.
 */
sy_status sy_program_run(const char *path, const char *const *arguments, const char *folders,
    uint64_t timeout_ns, sy_text *out_text, sy_error *err);

/**
 * A program to be run, borrowed.
 *
 * path         absolute. arguments: argv, ended by NULL, at most SY_PROGRAM_WORDS_MAX.
 * environment  of it, ended by NULL; NULL: `folders` as its PATH, and the C locale.
 * timeout_ns   after which it and what it started are killed.
 * wake_fd      once readable it is asked to end (SIGTERM), and killed after ten seconds; -1: none.
 * drops_more   output beyond SY_PROGRAM_OUTPUT_MAX is passed over, no error.
 */
typedef struct sy_program_call {
    const char *path;
    const char *const *arguments;
    char *const *environment;
    const char *folders;
    uint64_t timeout_ns;
    int wake_fd;
    bool drops_more;
} sy_program_call;

/**
 * As sy_program_run(), for whoever has to say more. *out_exit: its exit status, -1 if it has none.
 *
 * Errors  SY_INVALID_ARGUMENT: too many words; SY_LOST: ended because of wake_fd; those of sy_program_run().
 */
sy_status sy_program_call_run(const sy_program_call *call, sy_text *out_text, int *out_exit, sy_error *err);

#endif
