/* Opening libraries: order of the search, identity of what was found, reasons when nothing was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/dynlib.h"
#include "runtime/base/seam.h"

static const char *const stubs[] = {"/no/such/folder", STUB_FOLDER, NULL};

static void first_that_loads_wins(void **state) {
    static const char *const names[] = {"absent.so", "good.so", "declines.so", NULL};
    const sy_dynlib_search search = {.names = names, .folders = stubs};
    sy_dynlib library;
    (void)state;
    assert_int_equal(sy_dynlib_open(&search, &library, NULL), SY_OK);
    assert_non_null(library.handle);
    assert_non_null(strstr(library.path, "/good.so"));
    assert_int_equal(library.path[0], '/');
    sy_dynlib_close(&library);
    assert_null(library.handle);
    sy_dynlib_close(&library);
}

static void loaders_own_search(void **state) {
    static const char *const names[] = {"libm.so.6", NULL};
    sy_dynlib library;
    (void)state;
    assert_int_equal(sy_dynlib_open(&(sy_dynlib_search){.names = names}, &library, NULL), SY_OK);
    assert_int_equal(library.path[0], '/');
    assert_non_null(strstr(library.path, "libm"));
    sy_dynlib_close(&library);
}

static void users_choice_is_the_only_one(void **state) {
    static const char *const names[] = {"good.so", NULL};
    sy_dynlib_search search = {.names = names, .folders = stubs, .chosen = "/no/such/library.so"};
    sy_dynlib library;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_dynlib_open(&search, &library, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "/no/such/library.so"));
    assert_null(library.handle);
    search.chosen = "";
    assert_int_equal(sy_dynlib_open(&search, &library, &err), SY_OK);
    sy_dynlib_close(&library);
    search.chosen = STUB_FOLDER "/declines.so";
    assert_int_equal(sy_dynlib_open(&search, &library, &err), SY_OK);
    assert_non_null(strstr(library.path, "/declines.so"));
    sy_dynlib_close(&library);
}

static void absent_ones_are_counted(void **state) {
    static const char *const names[] = {"libnone.so.2", "libnone.so.1", NULL};
    static const char *const folders[] = {"/no/a", "/no/b", "", NULL};
    sy_dynlib library;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_dynlib_open(&(sy_dynlib_search){.names = names, .folders = folders}, &library, &err),
        SY_UNAVAILABLE);
    assert_string_equal(err.text, "libnone.so.2, libnone.so.1 not found in 3 folders");
}

/* A file that is there but broken tells more than that others are not. */
static void broken_ones_tell_why(void **state) {
    static const char *const names[] = {"CMakeLists.txt", NULL};
    static const char *const folders[] = {"/no/a", "runtime", NULL};
    sy_dynlib library;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_dynlib_open(&(sy_dynlib_search){.names = names, .folders = folders}, &library, &err),
        SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "not usable"));
    assert_non_null(strstr(err.text, "runtime/CMakeLists.txt"));
}

/* Functions of the C library, as a backend would list a vendor's. */
typedef struct functions {
    int (*abs)(int value);
    void (*absent)(void);
    long (*labs)(long value);
} functions;

static void symbols_are_bound(void **state) {
    static const sy_dynlib_symbol rows[] = {{"abs", offsetof(functions, abs), false},
        {"no_such_function", offsetof(functions, absent), true}, {"labs", offsetof(functions, labs), false}};
    static const sy_dynlib_symbol missing[] = {{"abs", offsetof(functions, abs), false},
        {"no_such_function", offsetof(functions, absent), false},
        {"nor_this", offsetof(functions, labs), false}};
    static const char *const names[] = {"libc.so.6", NULL};
    functions table;
    sy_dynlib library;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_dynlib_open(&(sy_dynlib_search){.names = names}, &library, NULL), SY_OK);
    memset(&table, 0x5a, sizeof table);
    assert_int_equal(sy_dynlib_bind(&library, rows, 3, &table, &err), SY_OK);
    assert_int_equal(table.abs(-3), 3);
    assert_null(table.absent);
    assert_int_equal(table.labs(-4), 4);
    assert_int_equal(sy_dynlib_bind(&library, missing, 3, &table, &err), SY_INCOMPATIBLE);
    assert_non_null(strstr(err.text, "lacks no_such_function, nor_this"));
    assert_null(table.labs);
    sy_dynlib_close(&library);
}

static void faults_are_statuses(void **state) {
    static const char *const names[] = {"good.so", NULL};
    sy_dynlib library;
    sy_error err = SY_ERROR_INIT;
    char path[8] = "x";
    (void)state;
    sy_seam_arm(SY_SEAM_DYNLIB, 2);
    sy_status status = sy_dynlib_open(&(sy_dynlib_search){.names = names, .folders = stubs}, &library, &err);
    sy_seam_disarm();
    assert_int_equal(status, SY_UNAVAILABLE);
    assert_true(err.text[0] != '\0');
    sy_dynlib_path(NULL, path, sizeof path);
    assert_string_equal(path, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_that_loads_wins),
        cmocka_unit_test(loaders_own_search),
        cmocka_unit_test(users_choice_is_the_only_one),
        cmocka_unit_test(absent_ones_are_counted),
        cmocka_unit_test(broken_ones_tell_why),
        cmocka_unit_test(symbols_are_bound),
        cmocka_unit_test(faults_are_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
