/* SQLite opened at run time: what is told where it is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "bench/history/sqlite.h"
#include "runtime/base/seam.h"

static void the_systems_is_found(void **state) {
    (void)state;
    sy_sqlite sqlite;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_sqlite_open(NULL, &sqlite, &err), SY_OK);
    assert_true(sqlite.libversion_number() >= SY_SQLITE_OLDEST);
    assert_non_null(strstr(sqlite.library.path, "libsqlite3"));
    sy_sqlite_close(&sqlite);
    assert_null(sqlite.library.handle);
    sy_sqlite_close(&sqlite);
}

static void where_there_is_none_the_package_is_named(void **state) {
    (void)state;
    sy_sqlite sqlite;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_sqlite_open("/nowhere/libsqlite3.so.0", &sqlite, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "Debian: libsqlite3-0"));
    assert_non_null(strstr(err.text, "STEELYARD_SQLITE="));
    assert_null(sqlite.library.handle);
}

static void a_library_that_is_another_is_refused(void **state) {
    (void)state;
    sy_sqlite sqlite;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_sqlite_open("libm.so.6", &sqlite, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "sqlite3_step"));
    assert_null(sqlite.library.handle);
}

static void calls_of_the_loader_that_fail(void **state) {
    (void)state;
    unsigned failures = 0;
    for (uint64_t k = 1; k < 40; k++) {
        sy_sqlite sqlite;
        sy_error err = SY_ERROR_INIT;
        sy_seam_arm(SY_SEAM_DYNLIB, k);
        sy_status status = sy_sqlite_open(NULL, &sqlite, &err);
        bool is_seen = sy_seam_disarm() >= k;
        assert_int_equal(status, is_seen ? SY_UNSUPPORTED : SY_OK);
        assert_true(!is_seen || err.text[0] != '\0');
        failures += is_seen;
        sy_sqlite_close(&sqlite);
    }
    assert_true(failures > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_is_found),
        cmocka_unit_test(where_there_is_none_the_package_is_named),
        cmocka_unit_test(a_library_that_is_another_is_refused),
        cmocka_unit_test(calls_of_the_loader_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
