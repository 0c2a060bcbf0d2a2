/* Versions of the tables: older ones are brought up, newer and foreign ones are refused and stay as they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "bench/history/schema.h"
#include "tests/unit/bench/history/past.h"

static const char *const made_up[] = {"CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)",
    "ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 5", "CREATE TABLE u (a INTEGER)"};

static void open_it(const past *where, bool is_readonly, sy_database *out_database) {
    char path[160];
    sy_error err = SY_ERROR_INIT;
    snprintf(path, sizeof path, "%s/s.db", where->folder);
    if (sy_database_open(path, NULL, is_readonly, out_database, &err) != SY_OK)
        fail_msg("%s", err.text);
}

static int64_t ask(const sy_database *database, const char *sql) {
    sy_query query;
    int64_t value = -1;
    assert_int_equal(sy_query_open(database, sql, &query, NULL), SY_OK);
    assert_int_equal(sy_query_find(&query, &value, NULL), SY_OK);
    sy_query_close(&query);
    return value;
}

static sy_status migrate(const sy_database *database, size_t count, sy_error *err) {
    const sy_schema schema = {.step = made_up, .count = count};
    *err = SY_ERROR_INIT;
    return sy_schema_migrate(database, &schema, err);
}

static void an_older_one_is_brought_up_and_keeps_its_rows(void **state) {
    sy_database database;
    sy_error err;
    open_it(*state, false, &database);
    assert_int_equal(migrate(&database, 1, &err), SY_OK);
    assert_int_equal(ask(&database, "PRAGMA user_version"), 1);
    assert_int_equal(ask(&database, "PRAGMA application_id"), SY_SCHEMA_APPLICATION);
    assert_int_equal(migrate(&database, 3, &err), SY_OK);
    assert_int_equal(ask(&database, "PRAGMA user_version"), 3);
    assert_int_equal(ask(&database, "SELECT a * 10 + b FROM t"), 15);
    assert_int_equal(migrate(&database, 3, &err), SY_OK);
    assert_int_equal(ask(&database, "SELECT count(*) FROM t"), 1);
    sy_database_close(&database);
}

static void a_newer_one_is_refused(void **state) {
    sy_database database;
    sy_error err;
    open_it(*state, false, &database);
    assert_int_equal(migrate(&database, 3, &err), SY_OK);
    assert_int_equal(migrate(&database, 2, &err), SY_INCOMPATIBLE);
    assert_non_null(strstr(err.text, "version 3, made by a newer steelyard; this one knows 2"));
    assert_int_equal(ask(&database, "PRAGMA user_version"), 3);
    sy_database_close(&database);
}

static void an_older_one_that_is_only_read_stays(void **state) {
    sy_database database;
    sy_error err;
    open_it(*state, false, &database);
    assert_int_equal(migrate(&database, 1, &err), SY_OK);
    sy_database_close(&database);
    open_it(*state, true, &database);
    assert_int_equal(migrate(&database, 2, &err), SY_INCOMPATIBLE);
    assert_non_null(strstr(err.text, "makes it 2"));
    assert_int_equal(migrate(&database, 1, &err), SY_OK);
    sy_database_close(&database);
}

static void a_step_that_fails_leaves_the_version_before(void **state) {
    static const char *const steps[] = {
        "CREATE TABLE t (a INTEGER)", "CREATE TABLE u (a); INSERT INTO nothing"};
    const sy_schema schema = {.step = steps, .count = 2};
    sy_database database;
    sy_error err;
    open_it(*state, false, &database);
    assert_int_equal(migrate(&database, 1, &err), SY_OK);
    assert_int_equal(sy_schema_migrate(&database, &schema, &err), SY_IO);
    assert_int_equal(ask(&database, "PRAGMA user_version"), 1);
    assert_int_equal(ask(&database, "SELECT count(*) FROM sqlite_master"), 1);
    sy_database_close(&database);
}

static void a_database_of_another_program_is_left_alone(void **state) {
    sy_database database;
    sy_error err;
    open_it(*state, false, &database);
    assert_int_equal(sy_database_run(&database, "CREATE TABLE theirs (a)", &err), SY_OK);
    assert_int_equal(migrate(&database, 2, &err), SY_INCOMPATIBLE);
    assert_non_null(strstr(err.text, "another program"));
    assert_int_equal(
        sy_database_run(&database, "PRAGMA application_id = 5; PRAGMA user_version = 1", &err), SY_OK);
    assert_int_equal(migrate(&database, 2, &err), SY_INCOMPATIBLE);
    assert_int_equal(ask(&database, "SELECT count(*) FROM sqlite_master"), 1);
    sy_database_close(&database);
}

static void ours_makes_what_the_rest_needs(void **state) {
    sy_database database;
    open_it(*state, false, &database);
    assert_int_equal(sy_schema_migrate(&database, &sy_history_schema, NULL), SY_OK);
    assert_int_equal(ask(&database, "PRAGMA user_version"), (int64_t)sy_history_schema.count);
    assert_int_equal(ask(&database, "PRAGMA foreign_keys"), 1);
    assert_int_equal(sy_database_keep_log(&database, NULL), SY_OK);
    assert_int_equal(
        ask(&database, "SELECT count(*) FROM sqlite_master WHERE name IN ('run', 'result', 'point')"), 3);
    sy_database_close(&database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_older_one_is_brought_up_and_keeps_its_rows, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_newer_one_is_refused, past_begin, past_end),
        cmocka_unit_test_setup_teardown(an_older_one_that_is_only_read_stays, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_step_that_fails_leaves_the_version_before, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_database_of_another_program_is_left_alone, past_begin, past_end),
        cmocka_unit_test_setup_teardown(ours_makes_what_the_rest_needs, past_begin, past_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
