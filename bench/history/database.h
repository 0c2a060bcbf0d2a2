/* One database file of SQLite: opening, whole statements, and queries with bound values. */
#ifndef STEELYARD_BENCH_HISTORY_DATABASE_H
#define STEELYARD_BENCH_HISTORY_DATABASE_H

#include "bench/history/sqlite.h"

/** A database; one thread at a time. Zero-initialise; sy_database_close(). */
typedef struct sy_database {
    sy_sqlite sqlite;
    void *handle;
    char *path;
    bool is_readonly;
} sy_database;

/** How long one program waits for another that writes. */
enum { SY_DATABASE_PATIENCE_MS = 60000 };

/**
 * Open a file; made if it is not there, unless it is only to be read. In a folder where nothing can be
 * written a file that nobody writes to (there is no log beside it) is read as it is.
 *
 * library  path of SQLite that the user gave; NULL or "": the system's.
 * Errors   SY_UNSUPPORTED: no SQLite; SY_INVALID_ARGUMENT: to be read, and not there; and as
 *          sy_database_fail(). *out_database is closed then.
 */
sy_status sy_database_open(
    const char *path, const char *library, bool is_readonly, sy_database *out_database, sy_error *err);

/** Let it have a write-ahead log: who reads is not stopped by who writes. A file system that cannot do it
 * keeps the ordinary journal. Not within a transaction. Errors as sy_database_fail(). */
sy_status sy_database_keep_log(const sy_database *database, sy_error *err);

/** Close; a zeroed one is fine. */
void sy_database_close(sy_database *database);

/**
 * The error of SQLite's last call in one line.
 *
 * Errors   SY_TIMEOUT: another program writes; SY_INCOMPATIBLE: damaged, or no database; SY_OUT_OF_MEMORY;
 *          SY_IO: the disk is full, read-only, and the like.
 */
sy_status sy_database_fail(const sy_database *database, int result, sy_error *err);

/** Run statements that are constant texts of ours. */
sy_status sy_database_run(const sy_database *database, const char *sql, sy_error *err);

/**
 * A statement. Values are bound in the order of their places; a failure to bind is told by the next
 * sy_query_next(). Columns count from 0; texts are borrowed until the next call on the query.
 */
typedef struct sy_query {
    const sy_database *database;
    void *statement;
    int bound, failure;
} sy_query;

/** Prepare `sql`, a constant text of ours: values from outside come in as bound ones alone. */
sy_status sy_query_open(const sy_database *database, const char *sql, sy_query *out_query, sy_error *err);

/** Finalize; a zeroed one is fine. */
void sy_query_close(sy_query *query);

/** Bind the next place; a text is copied, NULL and NaN are NULL. */
void sy_query_text(sy_query *query, const char *text);
void sy_query_integer(sy_query *query, int64_t value);
void sy_query_number(sy_query *query, double value);

/** Step: *out_row tells whether there is a row. After the last row the query is ready for new values. */
sy_status sy_query_next(sy_query *query, bool *out_row, sy_error *err);

/** Step a query that gives no rows. */
sy_status sy_query_run(sy_query *query, sy_error *err);

/** Step, take one integer, and be ready again; *out_value stays as it is if there is no row. */
sy_status sy_query_find(sy_query *query, int64_t *out_value, sy_error *err);

/** Ready for new values before the last row was seen. */
void sy_query_reset(sy_query *query);

/** Values of the row: NULL becomes NULL, 0, NaN. */
const char *sy_query_get_text(const sy_query *query, int column);
int64_t sy_query_get_integer(const sy_query *query, int column);
double sy_query_get_number(const sy_query *query, int column);

#endif
