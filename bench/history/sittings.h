/* What the environment lines of a file say of its runs, kept while the file is read. */
#ifndef STEELYARD_BENCH_HISTORY_SITTINGS_H
#define STEELYARD_BENCH_HISTORY_SITTINGS_H

#include "bench/fields/arena.h"
#include "bench/record/reader.h"
#include "runtime/base/text.h"

/** One run on one node: its last environment line so far. Texts are the list's; NULL where not known. */
typedef struct sy_sitting {
    const char *run_id, *node, *host, *os, *kernel, *version, *commit, *command;
    struct {
        const char *id, *driver;
    } * device;
    size_t devices;
    int64_t run; /* in the database; 0: not looked up yet */
} sy_sitting;

/** All of a file. Zero-initialise; sy_sittings_release(). */
typedef struct sy_sittings {
    sy_sitting *item;
    size_t count, capacity, last;
    sy_arena arena;
} sy_sittings;

/** The sitting that a line belongs to; made if it is new. NULL without memory. */
sy_sitting *sy_sittings_of(sy_sittings *sittings, const sy_record_line *line);

/** Take the facts of an environment line; false without memory. */
bool sy_sittings_note(sy_sittings *sittings, const sy_record_line *line);

/**
 * What a row ran on that may change from run to run, a line each: "driver=550.54", "kernel=6.1",
 * "libcublas=12.3". Control characters of names become '?'.
 */
void sy_sitting_setup(const sy_sitting *sitting, const sy_row *row, sy_text *out);

/** Free and zero. */
void sy_sittings_release(sy_sittings *sittings);

#endif
