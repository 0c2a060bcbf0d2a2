/* github-action-benchmark's data read back: its page's script, a run's list, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/report/export/github_read.h"
#include "runtime/base/seam.h"

/* What was visited: a copy of each value and the row it makes. */
typedef struct visited {
    size_t count, rows;
    double value[8], half[8];
    char commit[8][48];
    sy_github_row row[8];
    bool is_row[8];
    sy_status answer;
} visited;

static sy_status keep(void *ctx, const sy_github_point *point, sy_error *err) {
    visited *to = ctx;
    (void)err;
    assert_true(to->count < 8);
    to->value[to->count] = point->value;
    to->half[to->count] = point->half;
    snprintf(to->commit[to->count], sizeof to->commit[0], "%s", point->commit != NULL ? point->commit : "");
    to->is_row[to->count] = sy_github_row_of(point, &to->row[to->count]);
    to->rows += to->is_row[to->count];
    to->count++;
    return to->answer;
}

static sy_status read_text(const char *text, visited *out, sy_error *err) {
    char path[] = "/tmp/steelyard-github-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    *out = (visited){.answer = out->answer};
    sy_status status = sy_github_read(path, keep, out, err);
    unlink(path);
    return status;
}

static const char script[] =
    "window.BENCHMARK_DATA = "
    "{\"lastUpdate\":1,\"repoUrl\":\"x\",\"entries\":{\"Kernels\":[{\"commit\":{\"id\":"
    "\"0123456789abcdef0123456789abcdef01234567\"},\"date\":1700000000000,\"tool\":\"customSmallerIsBetter\","
    "\"benches\":[{\"name\":\"large gemm m=8 bf16 on cuda:0: "
    "time\",\"value\":\"12.5\",\"unit\":\"us\",\"range\":\"± "
    "0.5\"},{\"name\":\"odd\",\"value\":50,\"unit\":\"Percent\"},{\"name\":\"BenchmarkX\",\"value\":31,"
    "\"unit\":"
    "\"ns/"
    "op\",\"range\":\"±10%\"},{\"name\":\"neither\",\"value\":\"fast\",\"unit\":\"ns\"}]},{\"commit\":{"
    "\"id\":"
    "\"fedc\"},\"date\":1700000100000,\"tool\":\"customBiggerIsBetter\",\"benches\":[{\"name\":\"gemm on "
    "sim:0 "
    "[SIMULATED]: rate\",\"value\":5,\"unit\":\"FLOP/s\"}]}]}};\n";

static void the_page_of_the_action_is_read(void **state) {
    (void)state;
    visited seen = {0};
    assert_int_equal(read_text(script, &seen, NULL), SY_OK);
    assert_int_equal(seen.count, 4);
    assert_int_equal(seen.rows, 3);
    assert_true(seen.value[0] == 12.5 && seen.half[0] == 0.5);
    assert_true(seen.half[2] > 3.09 && seen.half[2] < 3.11);
    assert_string_equal(seen.commit[3], "fedc");
    assert_false(seen.is_row[1]);
    const sy_row *row = &seen.row[0].row;
    assert_string_equal(seen.row[0].problem, "large gemm m=8 bf16");
    assert_string_equal(seen.row[0].device, "cuda:0");
    assert_string_equal(seen.row[0].run_id, "0123456789abcdef0123456789abcdef01234567-1700000000000");
    assert_true(row->time.host.median_ns == 12500.0 && row->time.host.ci95_ns[0] == 12000.0);
    assert_true(sy_row_has_time(row));
    assert_int_equal(row->subject.simulated, SY_TRI_NO);
    assert_string_equal(seen.row[2].problem, "BenchmarkX");
    assert_int_equal(seen.row[3].row.subject.simulated, SY_TRI_YES);
    assert_string_equal(seen.row[3].device, "sim:0");
    assert_true(seen.row[3].row.rate.flop_per_s == 5.0);
    assert_false(sy_row_has_time(&seen.row[3].row));
}

static void the_list_of_a_run_is_read(void **state) {
    (void)state;
    visited seen = {0};
    assert_int_equal(
        read_text("[\n{\"name\":\"a on cpu: time\",\"unit\":\"ns\",\"value\":1.5}\n]\n", &seen, NULL), SY_OK);
    assert_int_equal(seen.rows, 1);
    assert_true(isnan(seen.half[0]));
    assert_true(isnan(seen.row[0].row.time.host.ci95_ns[0]) || seen.row[0].row.time.host.ci95_ns[0] <= 1.5);
}

static void one_name_is_one_key(void **state) {
    (void)state;
    visited seen = {0};
    assert_int_equal(
        read_text(
            "[{\"name\":\"a on cpu: time\",\"unit\":\"ns\",\"value\":1},{\"name\":\"a on cuda:0: "
            "time\",\"unit\":\"ns\",\"value\":1},{\"name\":\"b on cpu: time\",\"unit\":\"ns\",\"value\":1}]",
            &seen, NULL),
        SY_OK);
    assert_string_equal(seen.row[0].key_hash, seen.row[1].key_hash);
    assert_string_not_equal(seen.row[0].id, seen.row[1].id);
    assert_string_not_equal(seen.row[0].key_hash, seen.row[2].key_hash);
}

static void what_is_something_else_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "", "window.BENCHMARK_DATA = ", "{}", "{\"entries\":[]}", "{\"entries\":", "[1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        visited seen = {0};
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(read_text(texts[i], &seen, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "not data of github-action-benchmark"));
    }
    visited seen = {0};
    assert_int_equal(sy_github_read("/nowhere/data.js", keep, &seen, NULL), SY_IO);
    assert_int_equal(read_text("[1,null,{\"name\":3},{\"entries\":{}}]", &seen, NULL), SY_OK);
    assert_int_equal(seen.count, 0);
}

static void hostile_names_fit(void **state) {
    (void)state;
    char *text = malloc(30000);
    assert_non_null(text);
    int used = snprintf(text, 30000, "[{\"unit\":\"s\",\"value\":1,\"name\":\"");
    memset(text + used, 'x', 20000);
    snprintf(
        text + used + 20000, 100, " on : on [SIMULATED]: \"},{\"unit\":\"s\",\"value\":-1,\"name\":\"\"}]");
    visited seen = {0};
    assert_int_equal(read_text(text, &seen, NULL), SY_OK);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.rows, 1);
    assert_int_equal(seen.row[0].row.subject.simulated, SY_TRI_YES);
    free(text);
}

static void an_error_of_the_visitor_ends_it(void **state) {
    (void)state;
    visited seen = {.answer = SY_REFUSED};
    assert_int_equal(read_text(script, &seen, NULL), SY_REFUSED);
    assert_int_equal(seen.count, 1);
    seen.answer = SY_OK;
    for (uint64_t k = 1; k <= 4; k++) {
        char path[] = "/tmp/steelyard-github-XXXXXX";
        close(mkstemp(path));
        sy_seam_arm(SY_SEAM_FILE, k);
        sy_status status = sy_github_read(path, keep, &seen, NULL);
        sy_seam_disarm();
        assert_int_equal(status, k <= 2 ? SY_IO : SY_INVALID_ARGUMENT);
        unlink(path);
    }
}

static void the_name_says_what_it_is(void **state) {
    (void)state;
    assert_true(sy_github_is_named("data.js"));
    assert_true(sy_github_is_named("a/b.smaller.json"));
    assert_false(sy_github_is_named(".js"));
    assert_false(sy_github_is_named("data.json"));
    assert_false(sy_github_is_named("-"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_of_the_action_is_read),
        cmocka_unit_test(the_list_of_a_run_is_read),
        cmocka_unit_test(one_name_is_one_key),
        cmocka_unit_test(what_is_something_else_is_refused),
        cmocka_unit_test(hostile_names_fit),
        cmocka_unit_test(an_error_of_the_visitor_ends_it),
        cmocka_unit_test(the_name_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
