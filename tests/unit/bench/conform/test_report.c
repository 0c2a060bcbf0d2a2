/* The report as text and as JSON. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "bench/conform/conform.h"

/* Three rows, one of each verdict; a long text that has to be wrapped, and bytes that are no UTF-8. */
static sy_conform_report make_report(sy_conform_row row[3]) {
    memset(row, 0, 3 * sizeof *row);
    strcpy(row[0].name, "memory kinds");
    strcpy(row[0].what, "each kind");
    strcpy(row[1].name, "queue order");
    row[1].verdict = SY_CONFORM_FAIL;
    for (int i = 0; i < 40; i++)
        strcat(row[1].text, "too late ");
    strcat(row[1].text, "\xff");
    strcpy(row[2].name, "timer");
    row[2].verdict = SY_CONFORM_SKIP;
    strcpy(row[2].text, "no timers are offered");
    sy_conform_report report = {.row = row, .count = 3, .passed = 1, .failed = 1, .skipped = 1};
    strcpy(report.subject.path, "/a/x.so");
    strcpy(report.subject.backend, "x");
    strcpy(report.subject.version, "7");
    strcpy(report.subject.device, "some card");
    report.subject.index = 2;
    report.subject.abi_minor = 1;
    report.subject.simulated = true;
    return report;
}

static void check_width(const char *text) {
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        assert_true(length <= 140);
        text += length + (text[length] == '\n');
    }
}

static void the_table_ends_with_the_verdict(void **state) {
    sy_conform_row row[3];
    sy_text text = {0};
    sy_conform_report report = make_report(row);
    (void)state;
    assert_true(sy_conform_print_table(&report, &text));
    check_width(text.data);
    assert_non_null(strstr(
        text.data, "plugin   /a/x.so\nbackend  x 7, ABI minor 1\ndevice   x:2 some card  SIMULATED\n"));
    assert_non_null(strstr(text.data, "\nmemory kinds              pass  each kind\n"));
    assert_non_null(strstr(text.data, "\nqueue order               FAIL  too late too late"));
    assert_non_null(strstr(text.data, "\ntimer                     skip  no timers are offered\n"));
    assert_non_null(strstr(text.data, "\nverdict: FAIL - 3 checks: 1 passed, 1 failed, 1 skipped\n"));
    sy_text_release(&text);
}

static void json_has_every_row(void **state) {
    sy_conform_row row[3];
    sy_text text = {0};
    sy_conform_report report = make_report(row);
    (void)state;
    assert_true(sy_conform_print_json(&report, &text));
    json_t *object = json_loads(text.data, 0, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "schema")), "steelyard.conform/1");
    assert_string_equal(json_string_value(json_object_get(object, "verdict")), "fail");
    json_t *checks = json_object_get(object, "checks");
    assert_int_equal(json_array_size(checks), 3);
    assert_true(json_is_null(json_object_get(json_array_get(checks, 0), "text")));
    assert_string_equal(json_string_value(json_object_get(json_array_get(checks, 1), "verdict")), "fail");
    assert_true(json_is_null(json_object_get(json_object_get(object, "device"), "driver")));
    json_decref(object);
    sy_text_release(&text);
}

static void nothing_run_is_no_pass(void **state) {
    sy_conform_row row[3];
    sy_text text = {0};
    sy_conform_report report = make_report(row);
    (void)state;
    assert_true(sy_conform_has_run(&report));
    report.failed = 0;
    assert_true(sy_conform_has_run(&report));
    row[2].needs_device = true;
    assert_false(sy_conform_has_run(&report));
    row[0].needs_device = true;
    assert_true(sy_conform_has_run(&report));
    row[0].verdict = row[1].verdict = SY_CONFORM_SKIP;
    assert_false(sy_conform_has_run(&report));
    report.passed = 0;
    report.count = 0;
    assert_false(sy_conform_has_run(&report));
    assert_true(sy_conform_print_table(&report, &text));
    assert_non_null(strstr(text.data, "verdict: nothing could be run"));
    sy_text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_ends_with_the_verdict),
        cmocka_unit_test(json_has_every_row), cmocka_unit_test(nothing_run_is_no_pass)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
