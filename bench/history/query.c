/* Statements with bound values. */
#include "bench/history/database.h"

#include <math.h>

/* SQLite copies the text before the call returns (SQLITE_TRANSIENT). */
static void (*copy_text(void))(void *) {
    return (void (*)(void *))(intptr_t)-1;
}

sy_status sy_query_open(const sy_database *database, const char *sql, sy_query *out_query, sy_error *err) {
    *out_query = (sy_query){.database = database};
    int result = database->sqlite.prepare_v2(database->handle, sql, -1, &out_query->statement, NULL);
    return result == SY_SQLITE_OK ? SY_OK : sy_database_fail(database, result, err);
}

void sy_query_close(sy_query *query) {
    if (query->statement != NULL)
        query->database->sqlite.finalize(query->statement);
    *query = (sy_query){0};
}

static void note(sy_query *query, int result) {
    if (query->failure == SY_SQLITE_OK)
        query->failure = result;
}

void sy_query_text(sy_query *query, const char *text) {
    const sy_sqlite *sqlite = &query->database->sqlite;
    int place = ++query->bound;
    note(query, text != NULL ? sqlite->bind_text(query->statement, place, text, -1, copy_text())
                             : sqlite->bind_null(query->statement, place));
}

void sy_query_integer(sy_query *query, int64_t value) {
    note(query, query->database->sqlite.bind_int64(query->statement, ++query->bound, value));
}

void sy_query_number(sy_query *query, double value) {
    const sy_sqlite *sqlite = &query->database->sqlite;
    int place = ++query->bound;
    note(query, isnan(value) ? sqlite->bind_null(query->statement, place)
                             : sqlite->bind_double(query->statement, place, value));
}

void sy_query_reset(sy_query *query) {
    query->database->sqlite.reset(query->statement);
    query->bound = 0;
    query->failure = SY_SQLITE_OK;
}

sy_status sy_query_next(sy_query *query, bool *out_row, sy_error *err) {
    int result = query->failure;
    *out_row = false;
    if (result == SY_SQLITE_OK)
        result = query->database->sqlite.step(query->statement);
    if (result == SY_SQLITE_ROW) {
        *out_row = true;
        return SY_OK;
    }
    sy_status status = result == SY_SQLITE_DONE ? SY_OK : sy_database_fail(query->database, result, err);
    sy_query_reset(query);
    return status;
}

sy_status sy_query_run(sy_query *query, sy_error *err) {
    bool has_row = false;
    sy_status status = sy_query_next(query, &has_row, err);
    if (has_row)
        sy_query_reset(query);
    return status;
}

sy_status sy_query_find(sy_query *query, int64_t *out_value, sy_error *err) {
    bool has_row = false;
    sy_status status = sy_query_next(query, &has_row, err);
    if (!has_row)
        return status;
    *out_value = sy_query_get_integer(query, 0);
    sy_query_reset(query);
    return SY_OK;
}

const char *sy_query_get_text(const sy_query *query, int column) {
    return (const char *)query->database->sqlite.column_text(query->statement, column);
}

int64_t sy_query_get_integer(const sy_query *query, int column) {
    return query->database->sqlite.column_int64(query->statement, column);
}

double sy_query_get_number(const sy_query *query, int column) {
    const sy_sqlite *sqlite = &query->database->sqlite;
    bool is_null = sqlite->column_type(query->statement, column) == SY_SQLITE_NULL_COLUMN;
    return is_null ? NAN : sqlite->column_double(query->statement, column);
}
