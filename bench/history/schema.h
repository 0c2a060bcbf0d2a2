/* The tables of a history, by numbered steps. */
#ifndef STEELYARD_BENCH_HISTORY_SCHEMA_H
#define STEELYARD_BENCH_HISTORY_SCHEMA_H

#include "bench/history/database.h"

/** Marks a file as ours ("Stee", PRAGMA application_id). */
#define SY_SCHEMA_APPLICATION 0x53746565

/** The steps, oldest first: the n-th makes version n of version n - 1 (PRAGMA user_version). */
typedef struct sy_schema {
    const char *const *step;
    size_t count;
} sy_schema;

/** The steps to what this program knows. */
extern const sy_schema sy_history_schema;

/**
 * Bring a database to the last step, all steps in one transaction.
 *
 * Errors   SY_INCOMPATIBLE: it is of another program, or of a newer version of this one; older, and opened
 * only to be read; and as sy_database_fail(). The file is as it was then.
 */
sy_status sy_schema_migrate(const sy_database *database, const sy_schema *schema, sy_error *err);

#endif
