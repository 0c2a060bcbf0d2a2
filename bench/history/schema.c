/* Versions of the tables, and the way from one to the next. */
#include "bench/history/schema.h"

#include <inttypes.h>
#include <stdio.h>

#include "runtime/base/error.h"

/*
 * A row of a record is a line of `result`; what it says of one quantity (time by a clock, energy by a meter)
 * is a line of `point`, which lies beside the others of its series: one key, one subject, one card in one
 * host.
 */
static const char *const first_step =
    "CREATE TABLE run (run INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, time_utc TEXT NOT NULL, host "
    "TEXT,"
    " os TEXT, version TEXT, commit_id TEXT, command TEXT);"
    "CREATE INDEX run_time ON run (time_utc, run_id);"
    "CREATE TABLE key (key INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, problem TEXT NOT NULL, data TEXT,"
    " cache TEXT, launch TEXT);"
    "CREATE TABLE subject (subject INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, backend TEXT, algorithm "
    "TEXT,"
    " device_name TEXT, vendor TEXT, scope TEXT, threads INTEGER, simulated INTEGER NOT NULL);"
    "CREATE TABLE place (place INTEGER PRIMARY KEY, host TEXT NOT NULL, card TEXT NOT NULL, UNIQUE (host, "
    "card));"
    "CREATE TABLE setup (setup INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE series (series INTEGER PRIMARY KEY, key INTEGER NOT NULL REFERENCES key,"
    " subject INTEGER NOT NULL REFERENCES subject, place INTEGER NOT NULL REFERENCES place,"
    " quantity TEXT NOT NULL, source TEXT NOT NULL, UNIQUE (key, subject, place, quantity, source));"
    "CREATE TABLE name (name TEXT NOT NULL, key INTEGER NOT NULL REFERENCES key, PRIMARY KEY (name, key))"
    " WITHOUT ROWID;"
    "CREATE TABLE result (run INTEGER NOT NULL REFERENCES run, row_id TEXT NOT NULL, content INTEGER NOT "
    "NULL,"
    " seq INTEGER, key INTEGER NOT NULL REFERENCES key, subject INTEGER NOT NULL REFERENCES subject,"
    " setup INTEGER NOT NULL REFERENCES setup, time_utc TEXT, name TEXT, device TEXT, algorithm TEXT,"
    " status INTEGER NOT NULL, reason TEXT, time_ns REAL, low_ns REAL, high_ns REAL, flop_per_s REAL,"
    " byte_per_s REAL, PRIMARY KEY (run, row_id)) WITHOUT ROWID;"
    "CREATE INDEX result_row ON result (row_id);"
    "CREATE TABLE point (series INTEGER NOT NULL REFERENCES series, run INTEGER NOT NULL, row_id TEXT NOT "
    "NULL,"
    " setup INTEGER NOT NULL REFERENCES setup, value REAL NOT NULL, low REAL, high REAL,"
    " PRIMARY KEY (series, run, row_id),"
    " FOREIGN KEY (run, row_id) REFERENCES result (run, row_id) ON DELETE CASCADE) WITHOUT ROWID;"
    "CREATE INDEX point_result ON point (run, row_id);";

static const char *const steps[] = {first_step};
const sy_schema sy_history_schema = {.step = steps, .count = sizeof steps / sizeof steps[0]};

/* What the file says of itself. */
typedef struct facts {
    int64_t version, application, tables;
} facts;

static sy_status ask(const sy_database *database, const char *sql, int64_t *out_value, sy_error *err) {
    sy_query query = {0};
    sy_status status = sy_query_open(database, sql, &query, err);
    if (status == SY_OK)
        status = sy_query_find(&query, out_value, err);
    sy_query_close(&query);
    return status;
}

static sy_status read_facts(const sy_database *database, facts *out, sy_error *err) {
    *out = (facts){0};
    sy_status status = ask(database, "PRAGMA user_version", &out->version, err);
    if (status == SY_OK)
        status = ask(database, "PRAGMA application_id", &out->application, err);
    if (status == SY_OK)
        status = ask(database, "SELECT count(*) FROM sqlite_master", &out->tables, err);
    return status;
}

static sy_status check_facts(
    const sy_database *database, const facts *found, const sy_schema *schema, sy_error *err) {
    bool is_new = found->application == 0 && found->version == 0 && found->tables == 0;
    int64_t known = (int64_t)schema->count;
    if (!is_new && (found->application != SY_SCHEMA_APPLICATION || found->version < 1))
        return sy_error_set(
            err, SY_INCOMPATIBLE, "%s: a database of another program, no history", database->path);
    if (found->version > known)
        return sy_error_set(err, SY_INCOMPATIBLE,
            "%s: a history of version %" PRId64 ", made by a newer steelyard; this one knows %" PRId64,
            database->path, found->version, known);
    if (database->is_readonly && found->version < known)
        return sy_error_set(err, SY_INCOMPATIBLE,
            "%s: a history of version %" PRId64 "; 'steelyard history add FILE' makes it %" PRId64,
            database->path, found->version, known);
    return SY_OK;
}

static sy_status take_steps(
    const sy_database *database, const sy_schema *schema, int64_t from, sy_error *err) {
    char text[128];
    sy_status status = SY_OK;
    for (size_t i = (size_t)from; i < schema->count && status == SY_OK; i++)
        status = sy_database_run(database, schema->step[i], err);
    snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
        SY_SCHEMA_APPLICATION, schema->count);
    return status == SY_OK ? sy_database_run(database, text, err) : status;
}

/* All of one moment: another program may be making the tables. */
static sy_status read_facts_at_once(const sy_database *database, facts *out, sy_error *err) {
    *out = (facts){0};
    sy_status status = sy_database_run(database, "BEGIN", err);
    if (status != SY_OK)
        return status;
    status = read_facts(database, out, err);
    if (status == SY_OK)
        status = sy_database_run(database, "COMMIT", err);
    if (status != SY_OK)
        (void)sy_database_run(database, "ROLLBACK", NULL);
    return status;
}

/* Once more under the lock: another program may just have done it. */
static sy_status migrate_locked(const sy_database *database, const sy_schema *schema, sy_error *err) {
    facts found;
    sy_status status = read_facts(database, &found, err);
    if (status == SY_OK)
        status = check_facts(database, &found, schema, err);
    if (status == SY_OK && found.version < (int64_t)schema->count)
        status = take_steps(database, schema, found.version, err);
    return status;
}

sy_status sy_schema_migrate(const sy_database *database, const sy_schema *schema, sy_error *err) {
    facts found;
    sy_status status = read_facts_at_once(database, &found, err);
    if (status == SY_OK)
        status = check_facts(database, &found, schema, err);
    if (status != SY_OK || found.version == (int64_t)schema->count)
        return status;
    status = sy_database_run(database, "BEGIN IMMEDIATE", err);
    if (status != SY_OK)
        return status;
    status = migrate_locked(database, schema, err);
    if (status == SY_OK)
        status = sy_database_run(database, "COMMIT", err);
    if (status != SY_OK)
        (void)sy_database_run(database, "ROLLBACK", NULL);
    return status;
}
