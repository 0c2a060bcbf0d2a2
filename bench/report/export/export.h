/*
 * Rows of records in the formats of other programs. Everything is read and written line by line. Whatever the
 * format: rows of simulated devices are marked, a row without a time says why where the format has a place
 * for it, numbers are in the C locale and read back as the same double, energy has its scope in its name, and
 * names from devices and files cannot break out of their place.
 */
#ifndef STEELYARD_BENCH_REPORT_EXPORT_EXPORT_H
#define STEELYARD_BENCH_REPORT_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/** Most endings of a format. */
#define SY_EXPORT_ENDINGS 3u

/** How rows become text; see writer.h. */
typedef struct sy_export_writer sy_export_writer;

/**
 * One format.
 *
 * name     as --format takes it. ending: of file names that mean it, NULL ends them.
 * what     one line for people.
 * summary  whether it is fit for a page of a CI job (GitHub's step summary).
 */
typedef struct sy_export_format {
    const char *name;
    const char *ending[SY_EXPORT_ENDINGS];
    const char *what;
    const sy_export_writer *writer;
    bool summary;
} sy_export_format;

/** The formats; static storage. */
const sy_export_format *sy_export_formats(size_t *out_count);

/** By name; NULL if there is none. */
const sy_export_format *sy_export_by_name(const char *name);

/**
 * By the end of a file's name; the longest ending counts ("x.junit.xml").
 *
 * Errors   SY_INVALID_ARGUMENT: no format ends so; the text lists the endings there are.
 */
sy_status sy_export_by_ending(const char *path, const sy_export_format **out_format, sy_error *err);

/**
 * What to write.
 *
 * path, count   the records, "-" is standard input, or data of github-action-benchmark (github_read.h); their
 * rows are one list, by the rules of sy_record_merge(): of a row that is there several times (same run, same
 * id) the first counts, unless it was skipped and a later one was not. Skipped rows come last. output see
 * sy_out_open(). summary: a file to append the same to, at most 1 MB of it; NULL: none.
 */
typedef struct sy_export_request {
    const sy_export_format *format;
    const char *const *path;
    size_t count;
    const char *output, *summary;
} sy_export_request;

/** What was written. rows: of these, simulated ones, and ones without a time; repeated: rows that were there
 * already; torn: files with a torn last line; foreign: values of other programs in units that no row has. */
typedef struct sy_export_result {
    uint64_t rows, simulated, timeless, repeated, torn, foreign;
} sy_export_result;

/**
 * Write an export.
 *
 * Errors   those of sy_reader_next() and sy_out_open(); SY_INVALID_ARGUMENT: the output is one of the inputs.
 *          Nothing is at `output` then that was not there before.
 */
sy_status sy_export_write(const sy_export_request *request, sy_export_result *out_result, sy_error *err);

#endif
