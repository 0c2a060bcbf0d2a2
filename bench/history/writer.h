/* Rows into the tables: what is said of many rows (a key, a subject, a card) is kept once. */
#ifndef STEELYARD_BENCH_HISTORY_WRITER_H
#define STEELYARD_BENCH_HISTORY_WRITER_H

#include "bench/history/database.h"
#include "bench/history/sittings.h"

/* The statements of a writer; see writer.c. */
enum {
    SY_WRITE_RUN_FIND,
    SY_WRITE_RUN,
    SY_WRITE_KEY_FIND,
    SY_WRITE_KEY,
    SY_WRITE_SUBJECT_FIND,
    SY_WRITE_SUBJECT,
    SY_WRITE_PLACE_FIND,
    SY_WRITE_PLACE,
    SY_WRITE_SETUP_FIND,
    SY_WRITE_SETUP,
    SY_WRITE_SERIES_FIND,
    SY_WRITE_SERIES,
    SY_WRITE_NAME,
    SY_WRITE_RESULT_FIND,
    SY_WRITE_RESULT_FORGET,
    SY_WRITE_RESULT,
    SY_WRITE_POINT,
    SY_WRITE_COUNT
};

/** A database being written to, within a transaction. Zero-initialise; sy_writer_close(). */
typedef struct sy_writer {
    sy_query query[SY_WRITE_COUNT];
    sy_text setup, source;
} sy_writer;

/* What became of a row. */
enum { SY_WRITTEN_NEW, SY_WRITTEN_KNOWN, SY_WRITTEN_REPLACED, SY_WRITTEN_DIFFERING };

/** Prepare the statements. Errors as sy_database_fail(), for all below too. */
sy_status sy_writer_open(const sy_database *database, sy_writer *out_writer, sy_error *err);

/** The number of the line's run, kept if it is new (*out_is_new). */
sy_status sy_writer_run(sy_writer *writer, const sy_sitting *sitting, const sy_record_line *line,
    int64_t *out_run, bool *out_is_new, sy_error *err);

/** Keep a row of the run `sitting->run`; *out_written: SY_WRITTEN_*. */
sy_status sy_writer_row(sy_writer *writer, const sy_sitting *sitting, const sy_record_line *line,
    uint32_t *out_written, sy_error *err);

/** Finalize and free. */
void sy_writer_close(sy_writer *writer);

#endif
