/* SQLite, opened at run time: what this folder calls of it, by prototypes of its own. */
#ifndef STEELYARD_BENCH_HISTORY_SQLITE_H
#define STEELYARD_BENCH_HISTORY_SQLITE_H

#include <stdint.h>

#include "runtime/base/dynlib.h"

/* Results and flags that are looked at (https://sqlite.org/rescode.html,
 * https://sqlite.org/c3ref/c_open_autoproxy.html). */
enum {
    SY_SQLITE_OK = 0,
    SY_SQLITE_BUSY = 5,
    SY_SQLITE_LOCKED = 6,
    SY_SQLITE_NOMEM = 7,
    SY_SQLITE_READONLY = 8,
    SY_SQLITE_IOERR = 10,
    SY_SQLITE_CORRUPT = 11,
    SY_SQLITE_FULL = 13,
    SY_SQLITE_CANTOPEN = 14,
    SY_SQLITE_NOTADB = 26,
    SY_SQLITE_ROW = 100,
    SY_SQLITE_DONE = 101,
    SY_SQLITE_NULL_COLUMN = 5,
    SY_SQLITE_OPEN_READONLY = 0x1,
    SY_SQLITE_OPEN_READWRITE = 0x2,
    SY_SQLITE_OPEN_CREATE = 0x4,
    SY_SQLITE_OPEN_URI = 0x40,
    SY_SQLITE_OPEN_NOMUTEX = 0x8000
};

/** Oldest version that knows all that is asked of it: 3.8.3. */
#define SY_SQLITE_OLDEST 3008003

/** The library; the functions are SQLite's of the same name after sqlite3_. */
typedef struct sy_sqlite {
    sy_dynlib library;
    int (*libversion_number)(void);
    int (*open_v2)(const char *path, void **out_handle, int flags, const char *vfs);
    int (*close_v2)(void *handle);
    int (*busy_timeout)(void *handle, int ms);
    int (*exec)(void *handle, const char *sql, void *callback, void *ctx, char **out_text);
    const char *(*errmsg)(void *handle);
    int (*prepare_v2)(void *handle, const char *sql, int bytes, void **out_statement, const char **out_tail);
    int (*step)(void *statement);
    int (*reset)(void *statement);
    int (*finalize)(void *statement);
    int (*bind_text)(void *statement, int place, const char *text, int bytes, void (*free_text)(void *));
    int (*bind_int64)(void *statement, int place, int64_t value);
    int (*bind_double)(void *statement, int place, double value);
    int (*bind_null)(void *statement, int place);
    int (*column_type)(void *statement, int column);
    int64_t (*column_int64)(void *statement, int column);
    double (*column_double)(void *statement, int column);
    const unsigned char *(*column_text)(void *statement, int column);
} sy_sqlite;

/**
 * Open the library: `chosen` if the user gave a path (NULL or "": none), else libsqlite3.so.0.
 *
 * Errors   SY_UNSUPPORTED: there is none, or it is too old; the text names the package.
 */
sy_status sy_sqlite_open(const char *chosen, sy_sqlite *out_sqlite, sy_error *err);

/** Close it; a zeroed one is fine. */
void sy_sqlite_close(sy_sqlite *sqlite);

#endif
