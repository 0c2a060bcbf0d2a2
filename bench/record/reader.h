/*
 * Reading the result record, one line at a time: strict about schema, types and ranges, silent about fields
 * it does not know, and tolerant of a torn last line.
 */
#ifndef STEELYARD_BENCH_RECORD_READER_H
#define STEELYARD_BENCH_RECORD_READER_H

#include "bench/record/lines.h"
#include "bench/record/row.h"
#include "bench/record/total.h"

/* Kinds of lines. OP and MODEL are rows (sy_line_is_row()). AUDIT is recognised and given as text only. */
enum {
    SY_LINE_ENVIRONMENT = 1,
    SY_LINE_OP = 2,
    SY_LINE_MODEL = 3,
    SY_LINE_TOTAL = 4,
    SY_LINE_PEAK = 5,
    SY_LINE_AUDIT = 6,
    SY_LINE_END = 7
};

/** What an end line says: rows by status (index SY_ROW_*). */
typedef struct sy_record_ending {
    uint64_t rows[SY_ROW_STATUS_COUNT];
    double duration_ns;
    sy_tri interrupted;
} sy_record_ending;

/** The plan of an environment line. */
typedef struct sy_record_plan {
    sy_text_list ids;
    const char *hash;
} sy_record_plan;

/**
 * One line. Only the struct of its kind is filled; all pointers are valid until the next line is read.
 *
 * number   of the line in its file, from 1. text, bytes: the line as it is, without its newline.
 */
typedef struct sy_record_line {
    uint32_t kind;
    uint64_t number, rank;
    const char *run_id, *time_utc, *node;
    const char *text;
    size_t bytes;
    sy_row row;
    sy_environment environment;
    sy_record_plan plan;
    sy_total total;
    sy_peak peak;
    sy_record_ending ending;
} sy_record_line;

typedef struct sy_reader sy_reader;

/** Open `path` ("-": standard input). *out_reader: sy_reader_close(); NULL on error. SY_IO,
 * SY_OUT_OF_MEMORY. */
sy_status sy_reader_open(const char *path, sy_reader **out_reader, sy_error *err);

/**
 * The next line, into *out_line (borrowed from the reader until the next call).
 *
 * Errors   SY_UNAVAILABLE: the end (not an error; a torn last line is left out, see sy_reader_torn());
 *          SY_INCOMPATIBLE: another schema, or not a record; SY_INVALID_ARGUMENT: malformed, a wrong type,
 *          out of range: each with file:line; SY_IO; SY_OUT_OF_MEMORY; SY_OVERFLOW: beyond SY_LINE_MAX.
 */
sy_status sy_reader_next(sy_reader *reader, const sy_record_line **out_line, sy_error *err);

/** Bytes of the torn last line after the end was reached; 0 if there is none. */
uint64_t sy_reader_torn(const sy_reader *reader);

/** Bytes of all whole lines read so far: where a torn file is cut. */
uint64_t sy_reader_offset(const sy_reader *reader);

/** Close and free; NULL is fine. */
void sy_reader_close(sy_reader *reader);

#endif
