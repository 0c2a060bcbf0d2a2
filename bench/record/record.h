/*
 * Writing the result record (schema steelyard.record/1): JSON Lines, append-only, one program a file.
 * Whatever fails, what is in the file before is a valid record.
 */
#ifndef STEELYARD_BENCH_RECORD_RECORD_H
#define STEELYARD_BENCH_RECORD_RECORD_H

#include "bench/record/reader.h"
#include "bench/record/row.h"
#include "bench/record/total.h"

/** A run's id with its NUL: UTC time and 8 random hex digits, "20261122T043519Z-0badcafe". */
#define SY_RUN_ID_MAX 32u

/** A file being written. */
typedef struct sy_record sy_record;

/**
 * Where and what to write.
 *
 * path     "-" is standard output: not locked, not synced.
 * resume   the file must exist and be of this schema: a torn last line is cut off, and its run_id is kept.
 *          Otherwise a file that exists and is not empty is refused.
 * node     name of the node (NULL: absent); rank SY_NO_COUNT: absent.
 */
typedef struct sy_record_target {
    const char *path;
    bool resume;
    const char *node;
    uint64_t rank;
} sy_record_target;

/**
 * Open and lock it. On resume also reads it: sy_record_done() then tells which rows are there.
 *
 * Owns     *out_record belongs to the caller: sy_record_close(); NULL on error.
 * Errors   SY_REFUSED: another program writes to it; SY_INVALID_ARGUMENT: it exists (or, on resume, does
 * not); SY_INCOMPATIBLE: not a record, or of another schema (exit status 2 for all of these); SY_IO;
 * SY_OUT_OF_MEMORY.
 */
sy_status sy_record_open(const sy_record_target *target, sy_record **out_record, sy_error *err);

/**
 * The environment line, first of all (on resume once more: the facts of this sitting). plan: the ids of all
 * rows in order; SY_OK also if plan_count is 0.
 */
sy_status sy_record_begin(sy_record *record, const sy_environment *environment, const char *const *plan,
    size_t plan_count, sy_error *err);

/**
 * Append one row and bring it to the disk.
 *
 * Errors   SY_IO: full disk and the like, with errno's words; the line is taken back, earlier ones are
 * intact, and the record may be written to again. SY_INVALID_ARGUMENT: the row lacks id, key or status.
 */
sy_status sy_record_row(sy_record *record, const sy_row *row, sy_error *err);

/** Append a total, a ceiling. Errors as sy_record_row(). */
sy_status sy_record_total(sy_record *record, const sy_total *total, sy_error *err);
sy_status sy_record_peak(sy_record *record, const sy_peak *peak, sy_error *err);

/** The last line: rows of the file by status, duration, and whether the run was cut short. */
sy_status sy_record_end(sy_record *record, double duration_ns, bool interrupted, sy_error *err);

/** Whether the file had a row with this id and a final status when it was opened (false unless resumed).
 * Final is every status but skipped: a skipped row is measured again, and the later line counts. */
bool sy_record_done(const sy_record *record, const char *id);

/** Rows written and found so far. */
uint64_t sy_record_count(const sy_record *record);

/** The run's id. Borrowed. */
const char *sy_record_run_id(const sy_record *record);

/** Unlock, close, free; NULL is fine. What was not ended stays as it is: a valid record without an end. */
void sy_record_close(sy_record *record);

#endif
