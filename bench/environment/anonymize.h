/* Texts without the names of host and user. */
#ifndef STEELYARD_BENCH_ENVIRONMENT_ANONYMIZE_H
#define STEELYARD_BENCH_ENVIRONMENT_ANONYMIZE_H

#include "bench/fields/arena.h"

/** What is left out; NULL or "" for nothing. Texts are borrowed. */
typedef struct sy_names {
    const char *host, *user, *home;
} sy_names;

/**
 * A copy with the home folder as "~" and, where they stand as words of their own, the host's name as "host"
 * and the user's as "user". "root" and "localhost" tell nobody anything and stay. NULL without memory.
 */
char *sy_names_leave_out(const sy_names *names, sy_arena *arena, const char *text);

#endif
