/* Logs: what a window gets of them, lines that are bad, clocks that jump, logs that come late or not at all.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/csv_log.h"
#include "bench/energy/sources.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

#define S UINT64_C(1000000000)

static char path[128];
static sy_energy_csv_log *opened;
static sy_energy_trace trace;

/* What is written while somebody waits: at the first wait, at the second ... */
static const char *arrivals[4];
static int waits;

static void append(const char *text) {
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void sleep_and_write(uint64_t ns) {
    assert_true(ns == 100000000);
    if (waits < 4 && arrivals[waits] != NULL)
        append(arrivals[waits]);
    waits++;
}

static int make(void **state) {
    int status = tree_make(state);
    snprintf(path, sizeof path, "%s/meter.csv", tree_root());
    memset(arrivals, 0, sizeof arrivals);
    waits = 0;
    opened = NULL;
    return status;
}

static int drop(void **state) {
    if (opened != NULL)
        sy_energy_csv_log_close(opened);
    free(opened);
    sy_energy_trace_release(&trace);
    return tree_remove(state);
}

static void open_log(const char *text) {
    sy_error err = SY_ERROR_INIT;
    append(text);
    sy_energy_csv_log *log = calloc(1, sizeof *log);
    assert_non_null(log);
    if (sy_energy_csv_log_open(path, "", sleep_and_write, log, &err) != SY_OK)
        fail_msg("%s", err.text);
    opened = log;
}

/* A window in seconds; the clock began at 1000 s. */
static sy_status collect(uint64_t begin_s, uint64_t end_s, sy_error *err) {
    sy_energy_trace_release(&trace);
    return sy_energy_csv_log_collect(opened, begin_s * S, end_s * S, 1000 * (int64_t)S, &trace, err);
}

static void expect(size_t index, uint64_t clock_s, double value) {
    assert_true(index < trace.count);
    assert_int_equal(trace.reading[index].begin_ns, clock_s * S);
    assert_int_equal(trace.reading[index].end_ns, clock_s * S);
    assert_true(fabs(trace.reading[index].value - value) < 1e-9);
}

static void expect_failure(sy_status wanted, uint64_t begin_s, uint64_t end_s, const char *words) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(collect(begin_s, end_s, &err), wanted);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static const char seconds[] =
    "# made by a meter\n\nutc_s,power_w\n1010,10\n1011,11\n1012,12\n1013,13\n1014,14\n1015,15\n";

static void one_reading_on_either_side(void **state) {
    (void)state;
    open_log(seconds);
    assert_int_equal(collect(1012, 1014, NULL), SY_OK);
    assert_int_equal(trace.count, 4);
    expect(0, 11, 11);
    expect(3, 14, 14);
    sy_energy_trace_release(&trace);
    assert_int_equal(
        sy_energy_csv_log_collect(opened, 1011 * S + 1, 1012 * S + 1, 1000 * (int64_t)S, &trace, NULL),
        SY_OK);
    assert_int_equal(trace.count, 3);
    expect(0, 11, 11);
    expect(2, 13, 13);
    assert_int_equal(waits, 0);
}

static void windows_forwards_and_back(void **state) {
    (void)state;
    open_log(seconds);
    for (uint64_t turn = 0; turn < 2; turn++)
        for (uint64_t begin_s = 1011; begin_s < 1015; begin_s++) {
            assert_int_equal(collect(begin_s, begin_s + 1, NULL), SY_OK);
            assert_int_equal(trace.count, 3);
            expect(0, begin_s - 1001, (double)(begin_s - 1001));
        }
    assert_int_equal(collect(1005, 1010, NULL), SY_OK);
    assert_int_equal(trace.count, 1);
}

static void a_window_between_two_lines(void **state) {
    (void)state;
    open_log("utc,w\n1970-01-01T00:16:50Z,1\n1970-01-01T00:17:20Z,2\n");
    assert_int_equal(collect(1020, 1021, NULL), SY_OK);
    assert_int_equal(trace.count, 2);
    expect(0, 10, 1);
    expect(1, 40, 2);
}

static void what_came_before_the_clock_is_left_out(void **state) {
    (void)state;
    open_log("utc_s,w\n900,1\n1001,2\n1003,3\n");
    assert_int_equal(collect(1001, 1002, NULL), SY_OK);
    assert_int_equal(trace.count, 2);
    expect(0, 1, 2);
}

static void counters_start_at_the_first_that_is_given(void **state) {
    (void)state;
    open_log("utc_s,energy_wh\n1010,5\n1011,5.001\n1012,5.003\n1013,4\n1014,4.5\n");
    assert_int_equal(collect(1011, 1012, NULL), SY_OK);
    assert_int_equal(trace.count, 3);
    expect(0, 10, 0);
    expect(1, 11, 3.6);
    expect(2, 12, 10.8);
    expect_failure(SY_INTERNAL, 1012, 1014, "from 18010.800000 to 14400.000000 J");
}

static void a_log_that_comes_late(void **state) {
    (void)state;
    open_log("utc_s,power_w\n1010,10\n");
    arrivals[1] = "1011,11\n1012,1";
    arrivals[2] = "2\n";
    assert_int_equal(collect(1010, 1012, NULL), SY_OK);
    assert_int_equal(waits, 3);
    assert_int_equal(trace.count, 3);
    expect(2, 12, 12);
}

static void a_log_that_does_not_come(void **state) {
    (void)state;
    open_log("utc_s,power_w\n");
    expect_failure(SY_TIMEOUT, 1010, 1012, "has no reading yet");
    assert_int_equal(waits, SY_ENERGY_CSV_WAITS);
    append("1010,10\n1011,11\n1013,13");
    expect_failure(SY_TIMEOUT, 1010, 1012, "1.000 s before the window's end");
    assert_int_equal(trace.count, 2);
}

static void bad_lines_are_counted_in_the_window_alone(void **state) {
    (void)state;
    open_log("utc_s,power_w\nold,1\n1010,10\nx,11\n1011,\n1012,12\n1012,12\n1013,13\nlate,1\n");
    assert_int_equal(collect(1012, 1013, NULL), SY_OK);
    assert_int_equal(trace.count, 3);
    assert_int_equal(trace.failures, 3);
    assert_int_equal(trace.status, SY_INVALID_ARGUMENT);
    assert_non_null(strstr(trace.failure, "meter.csv:7: the same time"));
    assert_int_equal(collect(1011, 1012, NULL), SY_OK);
    assert_int_equal(trace.failures, 2);
    assert_non_null(strstr(trace.failure, "meter.csv:5: power_w is \"\""));
}

static void a_line_that_is_too_long(void **state) {
    (void)state;
    char *text = malloc(9000);
    assert_non_null(text);
    memset(text, '1', 9000);
    strcpy(text + 8990, "\n");
    open_log("utc_s,power_w\n1010,10\n");
    append(text);
    append("1011,11\n");
    assert_int_equal(collect(1011, 1011, NULL), SY_OK);
    assert_int_equal(trace.count, 2);
    assert_int_equal(trace.failures, 1);
    assert_non_null(strstr(trace.failure, "meter.csv:3: longer than"));
    free(text);
}

static void a_clock_that_jumps_back(void **state) {
    (void)state;
    open_log("utc_s,power_w\n1010,10\n1012,11\n1011.5,12\n1014,12\n");
    expect_failure(SY_INVALID_ARGUMENT, 1011, 1013, "meter.csv:4: time goes back by 0.500000 s");
    assert_int_equal(collect(1010, 1011, NULL), SY_OK);
}

static void a_log_that_became_shorter(void **state) {
    (void)state;
    open_log(seconds);
    assert_int_equal(collect(1012, 1014, NULL), SY_OK);
    tree_put("/meter.csv", "utc_s,power_w\n");
    expect_failure(SY_UNAVAILABLE, 1012, 1014, "became shorter");
}

static void a_large_log_is_read_on_from_where_it_was(void **state) {
    (void)state;
    open_log("utc_s,power_w\n");
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    for (int i = 1; i <= 200000; i++)
        fprintf(file, "%d,%d\n", 2000 + i, i % 1000);
    fclose(file);
    assert_int_equal(collect(201000, 201010, NULL), SY_OK);
    assert_int_equal(trace.count, 12);
    sy_seam_arm(SY_SEAM_FILE, 1000);
    assert_int_equal(collect(201500, 201510, NULL), SY_OK);
    assert_true(sy_seam_disarm() <= 3);
    expect(0, 200499, 499);
}

static void headers_with_marks_and_without_lines(void **state) {
    (void)state;
    open_log("\xef\xbb\xbfutc_s;power_w\r\n1010;1.5\r\n");
    assert_int_equal(collect(1010, 1010, NULL), SY_OK);
    expect(0, 10, 1.5);
}

static void bad_file(const char *text, sy_status status, const char *words) {
    sy_energy_csv_log *log = calloc(1, sizeof *log);
    sy_error err = SY_ERROR_INIT;
    assert_non_null(log);
    tree_put("/meter.csv", "%s", text);
    assert_int_equal(sy_energy_csv_log_open(path, "", sleep_and_write, log, &err), status);
    free(log);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void files_that_are_no_logs(void **state) {
    (void)state;
    bad_file("", SY_INVALID_ARGUMENT, "meter.csv: empty");
    bad_file("utc_s,power_w", SY_INVALID_ARGUMENT, "empty");
    bad_file("\n\na,b\n", SY_INVALID_ARGUMENT, "meter.csv:3: no column of time");
    tree_drop("/meter.csv");
    sy_energy_csv_log *log = calloc(1, sizeof *log);
    assert_int_equal(sy_energy_csv_log_open(path, "", sleep_and_write, log, NULL), SY_UNAVAILABLE);
    tree_folder("/meter.csv");
    assert_int_equal(sy_energy_csv_log_open(path, "", sleep_and_write, log, NULL), SY_INVALID_ARGUMENT);
    free(log);
}

static void rows(void **state) {
    (void)state;
    char spec[256];
    append("utc_s,power_w,energy_wh\n1010,10.25,1\n1011,10.5,1.125\n");
    snprintf(spec, sizeof spec, "%s;scope=wall;gain=0.02;window=1s", path);
    sy_energy_list list = tree_find(&sy_energy_csv, spec);
    assert_int_equal(list.count, 1);
    const sy_energy_found *row = tree_row(&list, "csv:meter.csv:power_w");
    assert_int_equal(row->state, SY_OK);
    assert_int_equal(row->facts.kind, SY_ENERGY_POWER_AVERAGE);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_WALL);
    assert_true(row->facts.gain == 0.02 && row->facts.window_ns == S);
    assert_true(fabs(row->facts.resolution - 0.01) < 1e-12);
    sy_energy_meter *meter = NULL;
    assert_int_equal(sy_energy_open(tree_places(), row, &meter, NULL), SY_OK);
    assert_null(meter->read);
    assert_int_equal(meter->collect(meter, 1010 * S, 1011 * S, 0, &trace, NULL), SY_OK);
    assert_int_equal(trace.count, 2);
    meter->close(meter);
    sy_energy_list_release(&list);

    snprintf(spec, sizeof spec, "%s;column=energy_wh", path);
    list = tree_find(&sy_energy_csv, spec);
    row = tree_row(&list, "csv:meter.csv:energy_wh");
    assert_int_equal(row->facts.kind, SY_ENERGY_COUNTER);
    assert_true(fabs(row->facts.resolution - 3.6) < 1e-9);
    assert_true(isnan(row->facts.gain));
    sy_energy_list_release(&list);
}

static void expect_row(sy_status state, const char *reason) {
    sy_energy_list list = tree_find(&sy_energy_csv, path);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.found[0].state, state);
    if (strstr(list.found[0].reason, reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", list.found[0].reason, reason);
    sy_energy_list_release(&list);
}

static void rows_that_cannot_be_used(void **state) {
    (void)state;
    expect_row(SY_UNAVAILABLE, "No such file");
    append("utc,power_w\n");
    expect_row(SY_OK, "");
    append("2026-11-26 12:00:00,10\n");
    expect_row(SY_IO, "meter.csv:2: \"2026-11-26 12:00:00\" is a local time");
    append("2026-11-26T12:00:00Z,10\n");
    expect_row(SY_OK, "");
    append("2026-11-26T11:00:00Z,10\n");
    expect_row(SY_IO, "meter.csv:4: time goes back by 3600");
    tree_put("/meter.csv", "a,b\n");
    expect_row(SY_IO, "no column of time");
    tree_deny("/meter.csv");
    expect_row(SY_REFUSED, "Permission denied");
    tree_allow("/meter.csv");
}

static void names_of_the_wrong_form(void **state) {
    (void)state;
    sy_energy_list list = {0};
    sy_energy_meter *meter;
    assert_int_equal(sy_energy_csv.find(tree_places(), NULL, &list, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_energy_csv.find(tree_places(), "a;b=c", &list, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(list.count, 0);
    sy_energy_found found = {.spec = "powercap:x"};
    assert_int_equal(sy_energy_csv.open(tree_places(), &found, &meter, NULL), SY_INVALID_ARGUMENT);
    assert_null(meter);
}

static void no_file_and_no_memory(void **state) {
    (void)state;
    append(seconds);
    for (uint64_t k = 1; k <= 8; k++) {
        sy_energy_list list = {0};
        sy_energy_found found = {0};
        sy_energy_meter *meter = NULL;
        snprintf(found.spec, sizeof found.spec, "csv:%s", path);
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        sy_energy_csv.find(tree_places(), path, &list, NULL);
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        if (sy_energy_csv.open(tree_places(), &found, &meter, NULL) == SY_OK) {
            meter->collect(meter, 1011 * S, 1012 * S, 0, &trace, NULL);
            sy_seam_disarm();
            meter->close(meter);
        } else {
            assert_null(meter);
        }
        sy_seam_disarm();
        sy_energy_list_release(&list);
        sy_energy_trace_release(&trace);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(one_reading_on_either_side),
        TEST(windows_forwards_and_back),
        TEST(a_window_between_two_lines),
        TEST(what_came_before_the_clock_is_left_out),
        TEST(counters_start_at_the_first_that_is_given),
        TEST(a_log_that_comes_late),
        TEST(a_log_that_does_not_come),
        TEST(bad_lines_are_counted_in_the_window_alone),
        TEST(a_line_that_is_too_long),
        TEST(a_clock_that_jumps_back),
        TEST(a_log_that_became_shorter),
        TEST(a_large_log_is_read_on_from_where_it_was),
        TEST(headers_with_marks_and_without_lines),
        TEST(files_that_are_no_logs),
        TEST(rows),
        TEST(rows_that_cannot_be_used),
        TEST(names_of_the_wrong_form),
        TEST(no_file_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
