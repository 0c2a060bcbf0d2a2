/* Opening SQLite and its functions. */
#include "bench/history/sqlite.h"

#include <stddef.h>

#include "runtime/base/error.h"

#define FUNCTION(name)                                                                                       \
    { "sqlite3_" #name, offsetof(sy_sqlite, name), false }

static const sy_dynlib_symbol symbols[] = {FUNCTION(libversion_number), FUNCTION(open_v2), FUNCTION(close_v2),
    FUNCTION(busy_timeout), FUNCTION(exec), FUNCTION(errmsg), FUNCTION(prepare_v2), FUNCTION(step),
    FUNCTION(reset), FUNCTION(finalize), FUNCTION(bind_text), FUNCTION(bind_int64), FUNCTION(bind_double),
    FUNCTION(bind_null), FUNCTION(column_type), FUNCTION(column_int64), FUNCTION(column_double),
    FUNCTION(column_text)};

static sy_status check_version(const sy_sqlite *sqlite, sy_error *err) {
    int version = sqlite->libversion_number();
    if (version >= SY_SQLITE_OLDEST)
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED, "%s is SQLite %d.%d.%d; history needs 3.8.3 or newer",
        sqlite->library.path, version / 1000000, version / 1000 % 1000, version % 1000);
}

sy_status sy_sqlite_open(const char *chosen, sy_sqlite *out_sqlite, sy_error *err) {
    static const char *const names[] = {"libsqlite3.so.0", NULL};
    sy_dynlib_search search = {.chosen = chosen, .names = names};
    *out_sqlite = (sy_sqlite){0};
    sy_status status = sy_dynlib_open(&search, &out_sqlite->library, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status == SY_UNAVAILABLE ? SY_UNSUPPORTED : status,
            "history needs SQLite (Debian: libsqlite3-0; openEuler, Fedora: sqlite-libs; or "
            "STEELYARD_SQLITE=/path/libsqlite3.so.0)");
    status =
        sy_dynlib_bind(&out_sqlite->library, symbols, sizeof symbols / sizeof symbols[0], out_sqlite, err);
    status = status == SY_OK ? check_version(out_sqlite, err) : SY_UNSUPPORTED;
    if (status != SY_OK)
        sy_sqlite_close(out_sqlite);
    return status;
}

void sy_sqlite_close(sy_sqlite *sqlite) {
    sy_dynlib_close(&sqlite->library);
    *sqlite = (sy_sqlite){0};
}
