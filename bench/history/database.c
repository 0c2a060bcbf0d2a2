/* Opening a database file. */
#include "bench/history/database.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* To become a write-ahead log takes the whole file, and SQLite does not always wait for that by itself. */
enum { LOG_TRIES = 600 };
static const long LOG_PAUSE_NS = 20000000;

sy_status sy_database_fail(const sy_database *database, int result, sy_error *err) {
    const char *said = database->handle != NULL ? database->sqlite.errmsg(database->handle) : "no memory";
    switch (result & 0xff) {
    case SY_SQLITE_BUSY:
    case SY_SQLITE_LOCKED:
        return sy_error_set(err, SY_TIMEOUT, "%s: another program has been writing to it for %d s",
            database->path, SY_DATABASE_PATIENCE_MS / 1000);
    case SY_SQLITE_NOMEM: return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no memory", database->path);
    case SY_SQLITE_CORRUPT:
    case SY_SQLITE_NOTADB:
        return sy_error_set(err, SY_INCOMPATIBLE,
            "%s: damaged, or no history (%s); move it away and add the records again", database->path, said);
    default: return sy_error_set(err, SY_IO, "%s: %s", database->path, said);
    }
}

sy_status sy_database_run(const sy_database *database, const char *sql, sy_error *err) {
    int result = database->sqlite.exec(database->handle, sql, NULL, NULL, NULL);
    return result == SY_SQLITE_OK ? SY_OK : sy_database_fail(database, result, err);
}

static int open_handle(sy_database *database, const char *name, int flags) {
    int result = database->sqlite.open_v2(name, &database->handle, flags | SY_SQLITE_OPEN_NOMUTEX, NULL);
    if (result == SY_SQLITE_OK)
        result = database->sqlite.busy_timeout(database->handle, SY_DATABASE_PATIENCE_MS);
    return result;
}

/* The name as a URI, with what is not plain in it escaped. */
static bool write_uri(sy_text *out, const char *path) {
    sy_text_printf(out, "file:");
    for (const char *next = path; *next != '\0'; next++) {
        unsigned char byte = (unsigned char)*next;
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') || strchr("/._-", byte) != NULL;
        sy_text_printf(out, is_plain ? "%c" : "%%%02X", byte);
    }
    return sy_text_printf(out, "?immutable=1");
}

static bool has_log(const char *path) {
    sy_text name = {0};
    bool is_there = !sy_text_printf(&name, "%s-wal", path) || access(name.data, F_OK) == 0;
    sy_text_release(&name);
    return is_there;
}

/* A log and its index cannot be made in a folder that is read-only. */
static int open_still(sy_database *database) {
    sy_text uri = {0};
    database->sqlite.close_v2(database->handle);
    database->handle = NULL;
    int result = write_uri(&uri, database->path)
                     ? open_handle(database, uri.data, SY_SQLITE_OPEN_READONLY | SY_SQLITE_OPEN_URI)
                     : SY_SQLITE_NOMEM;
    sy_text_release(&uri);
    return result;
}

static int try_to_read(const sy_database *database) {
    return database->sqlite.exec(database->handle, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
}

static sy_status open_to_read(sy_database *database, sy_error *err) {
    if (access(database->path, F_OK) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: no history yet (%s); make one with: steelyard history add FILE", database->path,
            strerror(errno));
    int result = open_handle(database, database->path, SY_SQLITE_OPEN_READONLY);
    if (result == SY_SQLITE_OK)
        result = try_to_read(database);
    bool is_stuck = (result & 0xff) == SY_SQLITE_CANTOPEN || (result & 0xff) == SY_SQLITE_READONLY;
    if (is_stuck && !has_log(database->path))
        result = open_still(database);
    if (result == SY_SQLITE_OK)
        result = try_to_read(database);
    return result == SY_SQLITE_OK ? SY_OK : sy_database_fail(database, result, err);
}

sy_status sy_database_keep_log(const sy_database *database, sy_error *err) {
    int result = SY_SQLITE_BUSY;
    for (int i = 0; i < LOG_TRIES && (result & 0xff) == SY_SQLITE_BUSY; i++) {
        if (i > 0)
            nanosleep(&(struct timespec){.tv_nsec = LOG_PAUSE_NS}, NULL);
        result = database->sqlite.exec(database->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
    return result == SY_SQLITE_OK ? SY_OK : sy_database_fail(database, result, err);
}

static sy_status open_to_write(sy_database *database, sy_error *err) {
    int result = open_handle(database, database->path, SY_SQLITE_OPEN_READWRITE | SY_SQLITE_OPEN_CREATE);
    return result == SY_SQLITE_OK ? SY_OK : sy_database_fail(database, result, err);
}

sy_status sy_database_open(
    const char *path, const char *library, bool is_readonly, sy_database *out_database, sy_error *err) {
    *out_database = (sy_database){.is_readonly = is_readonly};
    sy_status status = sy_sqlite_open(library, &out_database->sqlite, err);
    if (status != SY_OK)
        return status;
    out_database->path = sy_mem_strdup(path);
    if (out_database->path == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the history");
    else
        status = is_readonly ? open_to_read(out_database, err) : open_to_write(out_database, err);
    if (status == SY_OK)
        status = sy_database_run(out_database,
            "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
            /* KiB: a run goes to as many places as it has rows. */
            " PRAGMA cache_size = -65536",
            err);
    if (status != SY_OK)
        sy_database_close(out_database);
    return status;
}

void sy_database_close(sy_database *database) {
    if (database->handle != NULL)
        database->sqlite.close_v2(database->handle);
    sy_mem_free(database->path);
    sy_sqlite_close(&database->sqlite);
    *database = (sy_database){0};
}
