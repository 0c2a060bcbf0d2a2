/* Runs on stub plugins: what is chosen, what is told, what is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/conform/conform.h"
#include "runtime/base/seam.h"

static const sy_registry_options registry = {.plugin_folder = STUB_FOLDER};

static sy_conform_request request_of(const char *path, const char *filter) {
    return (sy_conform_request){.registry = &registry,
        .path = path,
        .params = "",
        .filter = filter,
        .patience_ms = 20000,
        .wake_fd = -1};
}

static void told(void *ctx, const sy_conform_row *row, size_t done, size_t count) {
    size_t *seen = ctx;
    assert_true(row->name[0] != '\0');
    assert_int_equal(done, *seen + 1);
    assert_int_equal(count, 2);
    *seen = done;
}

static void rows_of_the_filter_are_run(void **state) {
    sy_conform_request request = request_of(STUB_FOLDER "/good.so", "^memory (kinds|fills)$");
    sy_conform_report report;
    size_t seen = 0;
    (void)state;
    request.progress = told;
    request.ctx = &seen;
    assert_int_equal(sy_conform_run(&request, &report, NULL), SY_OK);
    assert_int_equal(seen, 2);
    assert_int_equal(report.count, 2);
    assert_int_equal(report.passed, 2);
    assert_string_equal(report.row[0].name, "memory kinds");
    assert_string_equal(report.subject.backend, "good");
    assert_string_equal(report.subject.device, "host memory");
    assert_int_equal(strlen(report.subject.sha256), 64);
    sy_conform_release(&report);
}

static void filters_that_are_none(void **state) {
    static const char *const filters[] = {"(", "no check is named so"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        sy_error err = SY_ERROR_INIT;
        sy_conform_request request = request_of(STUB_FOLDER "/good.so", filters[i]);
        sy_conform_report report;
        assert_int_equal(sy_conform_run(&request, &report, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, filters[i]));
        sy_conform_release(&report);
    }
}

static void what_is_not_there(void **state) {
    sy_conform_request request = request_of(NULL, "^(plugin file|memory kinds)$");
    sy_conform_report report;
    (void)state;
    request.name = "abacus";
    assert_int_equal(sy_conform_run(&request, &report, NULL), SY_OK);
    assert_non_null(strstr(report.absent, "no backend \"abacus\""));
    sy_conform_release(&report);
    request = request_of(STUB_FOLDER "/good.so", "^memory kinds$");
    request.index = 3;
    assert_int_equal(sy_conform_run(&request, &report, NULL), SY_OK);
    assert_string_equal(report.absent, "no device 3; there is 1, counted from 0");
    assert_int_equal(report.skipped, 1);
    assert_false(sy_conform_has_run(&report));
    sy_conform_release(&report);
}

static void an_interruption_leaves_the_rest_undone(void **state) {
    int ends[2];
    sy_conform_request request = request_of(STUB_FOLDER "/good.so", "^memory");
    sy_conform_report report;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    request.wake_fd = ends[0];
    assert_int_equal(sy_conform_run(&request, &report, NULL), SY_REFUSED);
    assert_int_equal(report.passed, 0);
    assert_int_equal(report.skipped, report.count);
    assert_string_equal(report.row[0].text, "interrupted before");
    sy_conform_release(&report);
    close(ends[0]);
    close(ends[1]);
}

static void without_memory_nothing_is_run(void **state) {
    sy_conform_request request = request_of(STUB_FOLDER "/good.so", "^memory kinds$");
    (void)state;
    for (uint64_t k = 1; k <= 3; k++) {
        sy_error err = SY_ERROR_INIT;
        sy_conform_report report;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_conform_run(&request, &report, &err);
        sy_seam_disarm();
        assert_int_equal(status, SY_OUT_OF_MEMORY);
        assert_true(err.text[0] != '\0');
        sy_conform_release(&report);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_of_the_filter_are_run),
        cmocka_unit_test(filters_that_are_none), cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(an_interruption_leaves_the_rest_undone),
        cmocka_unit_test(without_memory_nothing_is_run)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
