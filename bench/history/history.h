/*
 * Results over time: records put into one SQLite file, and what the file knows of a key. Rows of simulated
 * devices have subjects of their own and meet no real ones.
 */
#ifndef STEELYARD_BENCH_HISTORY_HISTORY_H
#define STEELYARD_BENCH_HISTORY_HISTORY_H

#include "bench/record/row.h"

/** Room for the path of a history with its NUL. */
#define SY_HISTORY_PATH_MAX 4096u

/** Value of an environment variable, NULL if it is not set. */
typedef const char *sy_history_variable(void *ctx, const char *name);

/**
 * Where the history is by default: $XDG_DATA_HOME/steelyard/history.db, or $HOME/.local/share/steelyard/...;
 * relative folders do not count. "" and false if there is no such place.
 * Source   XDG Base Directory Specification 0.8.
 */
bool sy_history_default_path(sy_history_variable *variable, void *ctx, char out_path[SY_HISTORY_PATH_MAX]);

/** An open history; one thread at a time. */
typedef struct sy_history sy_history;

/**
 * What to open.
 *
 * path         the file. library: SQLite's path as the user gave it (STEELYARD_SQLITE); NULL or "": the
 *              system's.
 * is_readonly  nothing is written, and the file must be there; else it is made, with the folder it is in and
 *              those above (mode 0700).
 */
typedef struct sy_history_place {
    const char *path, *library;
    bool is_readonly;
} sy_history_place;

/**
 * Open a history. An older one is brought to this program's version, unless it is only to be read.
 *
 * Owns     *out_history belongs to the caller: sy_history_close(); NULL on error.
 * Errors   SY_UNSUPPORTED: no SQLite on this machine; SY_INVALID_ARGUMENT: to be read, and there is none;
 *          SY_INCOMPATIBLE: damaged, of a newer version, or no history; SY_TIMEOUT: another program writes
 * for more than a minute; SY_IO; SY_OUT_OF_MEMORY.
 */
sy_status sy_history_open(const sy_history_place *place, sy_history **out_history, sy_error *err);

/** Close; NULL is fine. */
void sy_history_close(sy_history *history);

/**
 * What a file brought.
 *
 * rows      that are new; known: they were there already; replaced: they had been skipped and now are not.
 * differing rows of the same run and id that are there with another content: those are kept as they are.
 * runs      that are new. torn_byte: of a torn last line, which was left out.
 */
typedef struct sy_history_added {
    uint64_t rows, known, replaced, differing, runs, torn_byte;
} sy_history_added;

/**
 * Add the rows of a record ("-": standard input), all of them or none.
 *
 * Errors   those of sy_reader_next() but the end; SY_REFUSED: the history is open for reading only; and those
 * of sy_history_open().
 */
sy_status sy_history_add(sy_history *history, const char *file, sy_history_added *out_added, sy_error *err);

/* What a series is of. */
#define SY_HISTORY_TIME "time"
#define SY_HISTORY_ENERGY "energy"

/**
 * Whose noise is wanted.
 *
 * row     its key and subject count, or its key_hash and subject_hash if it has no problem; quantity:
 *         SY_HISTORY_*.
 * last    runs that count, those of each card and host that were added last.
 * except  ids of runs that do not count (those that are being judged).
 */
typedef struct sy_history_wish {
    const sy_row *row;
    const char *quantity;
    uint64_t last;
    const char *const *except;
    size_t n_except;
} sy_history_wish;

/**
 * Noise between runs of one key and subject.
 *
 * relative  standard deviation of one run over the mean; NaN if there are no two runs of one card and host.
 * runs      that it is made from. freedom: differences in it; under 4 it says little.
 */
typedef struct sy_history_noise {
    double relative;
    uint64_t runs, freedom;
} sy_history_noise;

/**
 * The noise of a row from its past: from differences of the logarithm between runs that follow each other on
 * one card in one host, by one clock or meter, so that a change of level counts as one difference and not in
 * every run; and as one of three robust deviations at most. A run's value is the geometric mean of its rows
 * with that key and subject.
 *
 * Errors   SY_OUT_OF_MEMORY, SY_IO, SY_TIMEOUT, SY_INCOMPATIBLE as sy_history_open(). Nothing known is no
 * error. Source   mean square successive difference: von Neumann, Annals of Mathematical Statistics 12(4),
 * 1941.
 */
sy_status sy_history_noise_of(
    sy_history *history, const sy_history_wish *wish, sy_history_noise *out_noise, sy_error *err);

#endif
