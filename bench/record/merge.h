/* Several records joined into one. */
#ifndef STEELYARD_BENCH_RECORD_MERGE_H
#define STEELYARD_BENCH_RECORD_MERGE_H

#include "steelyard/status.h"

#include <stddef.h>

/** What a merge did. rows, left_out: rows written, and such as were there already. torn: files with a torn
 * last line, which was left out. */
typedef struct sy_merge_result {
    uint64_t rows, left_out, torn;
} sy_merge_result;

/**
 * Write the lines of `paths` to the new file `out_path` ("-": standard output), in order, as they are: fields
 * that this program does not know are kept. A row that was there (same run, same id) is left out, unless the
 * one before was skipped and this one was not. Of other lines each is kept once.
 *
 * Errors   as sy_reader_next(), with file and line, and sy_record_open(). What was written stays.
 */
sy_status sy_record_merge(
    const char *const *paths, size_t count, const char *out_path, sy_merge_result *out_result, sy_error *err);

#endif
