/* Queries and their values; errors of SQLite in one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/history/database.h"
#include "tests/unit/bench/history/past.h"

static void open_it(const past *where, const char *name, sy_database *out_database, char path[160]) {
    sy_error err = SY_ERROR_INIT;
    snprintf(path, 160, "%s/%s", where->folder, name);
    sy_status status = sy_database_open(path, NULL, false, out_database, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
}

static void run(const sy_database *database, const char *sql) {
    sy_error err = SY_ERROR_INIT;
    if (sy_database_run(database, sql, &err) != SY_OK)
        fail_msg("%s: %s", sql, err.text);
}

static void values_come_back_as_they_were(void **state) {
    static const char hostile[] = "'); DROP TABLE t; --\x1b[31m\" \xe4\xb8\xad";
    sy_database database;
    sy_query query;
    char path[160];
    bool has_row = false;
    open_it(*state, "a b?c%20#.db", &database, path);
    run(&database, "CREATE TABLE t (a TEXT, b INTEGER, c REAL, d REAL, e TEXT)");
    assert_int_equal(sy_query_open(&database, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", &query, NULL), SY_OK);
    sy_query_text(&query, hostile);
    sy_query_integer(&query, INT64_MIN);
    sy_query_number(&query, 0.1);
    sy_query_number(&query, NAN);
    sy_query_text(&query, NULL);
    assert_int_equal(sy_query_run(&query, NULL), SY_OK);
    sy_query_close(&query);
    assert_int_equal(sy_query_open(&database, "SELECT a, b, c, d, e FROM t", &query, NULL), SY_OK);
    assert_int_equal(sy_query_next(&query, &has_row, NULL), SY_OK);
    assert_true(has_row);
    assert_string_equal(sy_query_get_text(&query, 0), hostile);
    assert_true(sy_query_get_integer(&query, 1) == INT64_MIN);
    assert_true(sy_query_get_number(&query, 2) == 0.1);
    assert_true(isnan(sy_query_get_number(&query, 3)));
    assert_null(sy_query_get_text(&query, 4));
    assert_int_equal(sy_query_next(&query, &has_row, NULL), SY_OK);
    assert_false(has_row);
    sy_query_close(&query);
    sy_database_close(&database);
}

static void a_value_without_a_place_is_told_by_the_step(void **state) {
    sy_database database;
    sy_query query;
    sy_error err = SY_ERROR_INIT;
    int64_t value = 7;
    char path[160];
    open_it(*state, "a.db", &database, path);
    assert_int_equal(sy_query_open(&database, "SELECT 1 WHERE ? = 2", &query, &err), SY_OK);
    sy_query_integer(&query, 1);
    sy_query_integer(&query, 2);
    assert_int_equal(sy_query_find(&query, &value, &err), SY_IO);
    assert_non_null(strstr(err.text, path));
    sy_query_integer(&query, 1);
    assert_int_equal(sy_query_find(&query, &value, &err), SY_OK);
    assert_int_equal(value, 7);
    sy_query_integer(&query, 2);
    assert_int_equal(sy_query_find(&query, &value, &err), SY_OK);
    assert_int_equal(value, 1);
    sy_query_close(&query);
    assert_int_equal(sy_query_open(&database, "SELEC 1", &query, &err), SY_IO);
    assert_non_null(strstr(err.text, "syntax error"));
    sy_query_close(&query);
    sy_database_close(&database);
}

static void a_full_disk_is_told_and_costs_nothing(void **state) {
    sy_database database;
    sy_error err = SY_ERROR_INIT;
    sy_query query;
    int64_t rows = -1;
    char path[160];
    open_it(*state, "a.db", &database, path);
    run(&database, "CREATE TABLE t (a BLOB); INSERT INTO t VALUES (1); PRAGMA max_page_count = 3");
    assert_int_equal(sy_database_run(&database, "INSERT INTO t VALUES (zeroblob(100000))", &err), SY_IO);
    assert_non_null(strstr(err.text, "full"));
    assert_int_equal(sy_query_open(&database, "SELECT count(*) FROM t", &query, NULL), SY_OK);
    assert_int_equal(sy_query_find(&query, &rows, NULL), SY_OK);
    assert_int_equal(rows, 1);
    sy_query_close(&query);
    sy_database_close(&database);
}

static void another_writer_is_told(void **state) {
    sy_database first, second;
    sy_error err = SY_ERROR_INIT;
    char path[160];
    open_it(*state, "a.db", &first, path);
    open_it(*state, "a.db", &second, path);
    run(&first, "CREATE TABLE t (a INTEGER); BEGIN IMMEDIATE");
    run(&second, "PRAGMA busy_timeout = 0");
    assert_int_equal(sy_database_run(&second, "BEGIN IMMEDIATE", &err), SY_TIMEOUT);
    assert_non_null(strstr(err.text, "another program has been writing"));
    run(&first, "COMMIT");
    run(&second, "BEGIN IMMEDIATE; COMMIT");
    sy_database_close(&first);
    sy_database_close(&second);
}

static void what_is_no_database_is_told(void **state) {
    const past *where = *state;
    sy_database database;
    sy_error err = SY_ERROR_INIT;
    FILE *file = fopen(where->record, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++)
        fputs("this is a text, not a database\n", file);
    fclose(file);
    assert_int_equal(sy_database_open(where->record, NULL, true, &database, &err), SY_INCOMPATIBLE);
    assert_non_null(strstr(err.text, "file is not a database"));
    assert_null(database.handle);
    assert_int_equal(sy_database_open("/nowhere/h.db", NULL, true, &database, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "history add"));
    assert_int_equal(sy_database_open("/nowhere/h.db", NULL, false, &database, &err), SY_IO);
    assert_int_equal(sy_database_open("/", NULL, true, &database, &err), SY_IO);
    assert_int_equal(sy_database_open(where->record, "/nowhere.so", true, &database, &err), SY_UNSUPPORTED);
    sy_database_close(&database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_come_back_as_they_were, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_value_without_a_place_is_told_by_the_step, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_full_disk_is_told_and_costs_nothing, past_begin, past_end),
        cmocka_unit_test_setup_teardown(another_writer_is_told, past_begin, past_end),
        cmocka_unit_test_setup_teardown(what_is_no_database_is_told, past_begin, past_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
