/* Records into a history: once, again, grown, torn, damaged; and when calls fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/history/inside.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/history/past.h"

static FILE *begin(const past *where) {
    FILE *file = fopen(where->record, "w");
    assert_non_null(file);
    return file;
}

static sy_history_added add(sy_history *history, const past *where) {
    sy_error err = SY_ERROR_INIT;
    sy_history_added added;
    if (sy_history_add(history, where->record, &added, &err) != SY_OK)
        fail_msg("%s", err.text);
    return added;
}

static int64_t ask(sy_history *history, const char *sql) {
    sy_query query;
    int64_t value = -1;
    assert_int_equal(sy_query_open(&history->database, sql, &query, NULL), SY_OK);
    assert_int_equal(sy_query_find(&query, &value, NULL), SY_OK);
    sy_query_close(&query);
    return value;
}

static void write_run(const past *where, int rows) {
    FILE *file = begin(where);
    past_write_environment(file, 3, "lab", "550", "abc");
    for (int i = 0; i < rows; i++)
        past_write_row(file, &(past_row){.run = 3, .problem = i, .joule = 2});
    fclose(file);
}

static void the_same_file_again_changes_nothing_and_a_grown_one_adds_the_rest(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    write_run(where, 2);
    sy_history_added added = add(history, where);
    assert_int_equal(added.rows, 2);
    assert_int_equal(added.runs, 1);
    int64_t changes = ask(history, "SELECT total_changes()");
    added = add(history, where);
    assert_int_equal(added.rows, 0);
    assert_int_equal(added.known, 2);
    assert_int_equal(added.runs, 0);
    assert_int_equal(ask(history, "SELECT total_changes()"), changes);
    write_run(where, 3);
    added = add(history, where);
    assert_int_equal(added.rows, 1);
    assert_int_equal(added.known, 2);
    assert_int_equal(ask(history, "SELECT count(*) FROM result"), 3);
    /* Time and the one valid meter of each. */
    assert_int_equal(ask(history, "SELECT count(*) FROM point"), 6);
    assert_int_equal(ask(history, "SELECT count(*) FROM run"), 1);
    assert_int_equal(ask(history, "SELECT count(*) FROM setup WHERE text ="
                                  " 'driver=550' || char(10) || 'kernel=6.1' || char(10) || 'libblas=12.0' ||"
                                  " char(10)"),
        1);
    sy_history_close(history);
}

static void a_skipped_row_is_replaced_and_others_are_kept(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    FILE *file = begin(where);
    past_write_row(file, &(past_row){.problem = 0, .status = "skipped"});
    past_write_row(file, &(past_row){.problem = 0});
    past_write_row(file, &(past_row){.problem = 1, .status = "unsupported"});
    fclose(file);
    sy_history_added added = add(history, where);
    assert_int_equal(added.rows, 2);
    assert_int_equal(added.replaced, 1);
    added = add(history, where);
    assert_int_equal(added.known, 3);
    assert_int_equal(added.rows + added.replaced + added.differing, 0);
    file = begin(where);
    past_write_row(file, &(past_row){.problem = 0, .median_ns = 77});
    fclose(file);
    added = add(history, where);
    assert_int_equal(added.differing, 1);
    assert_int_equal(ask(history, "SELECT count(*) FROM point WHERE value = 1000"), 1);
    assert_int_equal(ask(history, "SELECT count(*) FROM point"), 1);
    sy_history_close(history);
}

static void a_torn_line_is_left_out_and_damage_refuses_the_file(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    sy_error err = SY_ERROR_INIT;
    sy_history_added added;
    FILE *file = begin(where);
    past_write_row(file, &(past_row){.problem = 0});
    fputs("{\"schema\":\"steelyard.record/1\",\"kin", file);
    fclose(file);
    added = add(history, where);
    assert_int_equal(added.rows, 1);
    assert_true(added.torn_byte > 0);
    file = begin(where);
    past_write_row(file, &(past_row){.problem = 5});
    fputs("{\"schema\":\"steelyard.record/1\",\"kind\":\"op\",\"run_id\":\"r\",\"status\":5}\n", file);
    fclose(file);
    assert_int_equal(sy_history_add(history, where->record, &added, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, ":2:"));
    assert_int_equal(added.rows, 0);
    assert_int_equal(ask(history, "SELECT count(*) FROM result"), 1);
    assert_int_equal(sy_history_add(history, "/nowhere/r.jsonl", &added, &err), SY_IO);
    /* Nothing is left open by what was refused. */
    write_run(where, 1);
    added = add(history, where);
    assert_int_equal(added.rows, 1);
    sy_history_close(history);
}

static void simulated_and_real_are_two_subjects(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    FILE *file = begin(where);
    past_write_row(file, &(past_row){.run = 1, .is_simulated = true});
    past_write_row(file, &(past_row){.run = 2});
    fclose(file);
    add(history, where);
    assert_int_equal(ask(history, "SELECT count(*) FROM key"), 1);
    assert_int_equal(ask(history, "SELECT count(*) FROM series"), 2);
    assert_int_equal(ask(history, "SELECT sum(simulated) FROM subject"), 1);
    sy_history_close(history);
}

static void hostile_texts_are_values(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    FILE *file = begin(where);
    past_write_environment(file, 0, "'; DROP TABLE run; --", "5\\n=\\u001b[31m", "x");
    past_write_row(file, &(past_row){.name = "'); DELETE FROM result; --"});
    fclose(file);
    add(history, where);
    assert_int_equal(ask(history, "SELECT count(*) FROM run WHERE host = '''; DROP TABLE run; --'"), 1);
    assert_int_equal(ask(history, "SELECT count(*) FROM name WHERE name LIKE '%DELETE%'"), 1);
    /* A line of a setup is one line. */
    assert_int_equal(ask(history, "SELECT count(*) FROM setup WHERE text LIKE 'driver=5?=?[31m%'"), 1);
    sy_history_close(history);
}

static void the_folder_is_for_its_owner_alone(void **state) {
    const past *where = *state;
    char folder[160];
    struct stat facts;
    sy_history_close(past_open(where));
    snprintf(folder, sizeof folder, "%s/new/folder", where->folder);
    assert_int_equal(stat(folder, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
}

static void only_to_be_read_is_not_written(void **state) {
    const past *where = *state;
    sy_history *history = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_history_added added;
    sy_history_place place = {.path = where->database, .is_readonly = true};
    assert_int_equal(sy_history_open(&place, &history, &err), SY_INVALID_ARGUMENT);
    assert_null(history);
    assert_int_not_equal(access(where->database, F_OK), 0);
    sy_history_close(past_open(where));
    assert_int_equal(sy_history_open(&place, &history, &err), SY_OK);
    write_run(where, 1);
    assert_int_equal(sy_history_add(history, where->record, &added, &err), SY_REFUSED);
    sy_history_close(history);
    place = (sy_history_place){.path = "", .is_readonly = true};
    assert_int_equal(sy_history_open(&place, &history, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "--db"));
}

/* An environment of two variables. */
static const char *find_variable(void *ctx, const char *name) {
    const char *const *pair = ctx;
    return strcmp(name, "XDG_DATA_HOME") == 0 ? pair[0] : strcmp(name, "HOME") == 0 ? pair[1] : NULL;
}

static void the_usual_place(void **state) {
    (void)state;
    char path[SY_HISTORY_PATH_MAX], *longest = malloc(SY_HISTORY_PATH_MAX + 1);
    assert_non_null(longest);
    memset(longest, '/', SY_HISTORY_PATH_MAX);
    longest[SY_HISTORY_PATH_MAX] = '\0';
    const char *both[] = {"/data", "/home/x"}, *home[] = {"relative", "/home/x"}, *none[] = {NULL, ""},
               *beyond[] = {longest, NULL};
    assert_true(sy_history_default_path(find_variable, both, path));
    assert_string_equal(path, "/data/steelyard/history.db");
    assert_true(sy_history_default_path(find_variable, home, path));
    assert_string_equal(path, "/home/x/.local/share/steelyard/history.db");
    assert_false(sy_history_default_path(find_variable, none, path));
    assert_string_equal(path, "");
    assert_false(sy_history_default_path(find_variable, beyond, path));
    free(longest);
}

/* The k-th call fails: an error, and the history holds all rows or none. */
static bool survives(const past *where, uint64_t k) {
    sy_history *history = NULL;
    sy_history_added added = {0};
    sy_error err = SY_ERROR_INIT;
    sy_history_place place = {.path = where->database};
    sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
    sy_status status = sy_history_open(&place, &history, &err);
    if (status == SY_OK)
        status = sy_history_add(history, where->record, &added, &err);
    bool is_seen = sy_seam_disarm() >= k;
    sy_history_close(history);
    assert_true(status == SY_OK || err.text[0] != '\0');
    history = past_open(where);
    assert_int_equal(ask(history, "SELECT count(*) FROM result"), status == SY_OK ? 3 : 0);
    assert_int_equal(sy_database_run(&history->database,
                         "DELETE FROM result; DELETE FROM run; DELETE FROM series; DELETE FROM setup", NULL),
        SY_OK);
    sy_history_close(history);
    return is_seen && status != SY_OK;
}

static void calls_that_fail(void **state) {
    const past *where = *state;
    unsigned failures = 0;
    write_run(where, 3);
    for (uint64_t k = 1; k < 60; k++)
        failures += survives(where, k);
    assert_true(failures > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_same_file_again_changes_nothing_and_a_grown_one_adds_the_rest, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_skipped_row_is_replaced_and_others_are_kept, past_begin, past_end),
        cmocka_unit_test_setup_teardown(
            a_torn_line_is_left_out_and_damage_refuses_the_file, past_begin, past_end),
        cmocka_unit_test_setup_teardown(simulated_and_real_are_two_subjects, past_begin, past_end),
        cmocka_unit_test_setup_teardown(hostile_texts_are_values, past_begin, past_end),
        cmocka_unit_test_setup_teardown(the_folder_is_for_its_owner_alone, past_begin, past_end),
        cmocka_unit_test_setup_teardown(only_to_be_read_is_not_written, past_begin, past_end),
        cmocka_unit_test(the_usual_place),
        cmocka_unit_test_setup_teardown(calls_that_fail, past_begin, past_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
