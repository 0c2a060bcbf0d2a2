/*
 * Samples over time, in a file beside the record (schema steelyard.series/1): JSON Lines, one line the
 * readings of one meter, or the launches, while one row was running. For FILE.jsonl it is FILE.series.jsonl.
 * Written like the record: whole lines, on the disk before the next, a failed write is taken back.
 */
#ifndef STEELYARD_BENCH_RECORD_SERIES_H
#define STEELYARD_BENCH_RECORD_SERIES_H

#include "bench/fields/fields.h"
#include "steelyard/status.h"

/* Kinds of lines. */
enum {
    SY_SERIES_SAMPLES = 1, /* "samples": value[i] was read at t_s[i] */
    SY_SERIES_WORK = 2     /* "work": value[i] launches were done by t_s[i]; written as "runs" */
};

/**
 * One line.
 *
 * row        id of the row. run_id: of its record; filled in by the writer.
 * part       of what: "window", "idle", "sustain".
 * begin_utc  when t = 0 was, sy_utc_text(); NULL: not known.
 * source, unit  samples: the meter and the unit of its readings ("J", "W", "C", "Hz", "bits").
 * t_s, value of equal length, finite; t_s never falls and may be negative (before the load began).
 */
typedef struct sy_series {
    uint32_t kind;
    const char *run_id, *row, *part, *begin_utc, *source, *unit;
    sy_f64_list t_s, value;
} sy_series;

/** Path of the series of a record: true if it has one, false for "-" and where `capacity` does not do. */
bool sy_series_path(const char *record_path, char *out_path, size_t capacity);

/** The last part of a path, as a row names it (sy_row_sustain.series). Borrowed from `path`. */
const char *sy_series_name(const char *path);

/** A file being written. */
typedef struct sy_series_file sy_series_file;

/**
 * Open `path` for appending and lock it. resume: what is there is kept, a torn last line cut off; otherwise a
 * file that is not empty is refused. A file that gets no line is removed again.
 *
 * Owns     *out_file: sy_series_close(); NULL on error. run_id is copied.
 * Errors   as sy_record_open().
 */
sy_status sy_series_open(
    const char *path, const char *run_id, bool resume, sy_series_file **out_file, sy_error *err);

/**
 * Append one line and bring it to the disk. Numbers are written so that they read back equal.
 *
 * Errors   SY_INVALID_ARGUMENT: no row or kind, a list that is empty, not finite, out of order, or of another
 *          length than the other: nothing is written. SY_IO: taken back. SY_OUT_OF_MEMORY.
 */
sy_status sy_series_append(sy_series_file *file, const sy_series *series, sy_error *err);

/** Unlock, close, free; NULL is fine. */
void sy_series_close(sy_series_file *file);

/** A file being read. */
typedef struct sy_series_reader sy_series_reader;

/** Open `path`. *out_reader: sy_series_reader_close(); NULL on error. SY_IO, SY_OUT_OF_MEMORY. */
sy_status sy_series_reader_open(const char *path, sy_series_reader **out_reader, sy_error *err);

/**
 * The next line, into *out_series; all pointers are valid until the next call. Unknown fields are ignored.
 *
 * Errors   SY_UNAVAILABLE: the end (a torn last line is left out); SY_INCOMPATIBLE: another schema;
 *          SY_INVALID_ARGUMENT: malformed, or what sy_series_append() would refuse: with file:line; SY_IO;
 *          SY_OUT_OF_MEMORY; SY_OVERFLOW: a line that is too long.
 */
sy_status sy_series_reader_next(sy_series_reader *reader, sy_series *out_series, sy_error *err);

/** Close and free; NULL is fine. */
void sy_series_reader_close(sy_series_reader *reader);

#endif
