/* Rows of networks on the screen: what is there is said, what is not is left out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/report.h"
#include "tests/unit/bench/record/sample.h"

static sy_text show(const sy_row *rows, size_t count) {
    const sy_report report = {.rows = rows, .n_rows = count, .file = "x.jsonl"};
    const sy_report_style style = {.utf8 = false};
    sy_text text = {0};
    assert_int_equal(SY_OK, sy_report_models(&report, &style, &text, NULL));
    return text;
}

static void expect(const sy_text *text, const char *part) {
    if (strstr(text->data, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text->data);
}

static void a_full_row_says_everything(void **state) {
    (void)state;
    static const char *const parts[] = {"data:1x3x224x224", "server", "batch 8", "2 instances", "cpu (EPYC",
        "2 threads", "INVALID: p99 not supported: needs 662 queries, have 100", "median 1.0", "p90 40",
        "p99 needs 662 queries, there are 100", "queued 1.0", "compute 36", "back 1.0", "25.0 queries/s",
        "bound 100", "0 of 100 over it", "25.0 inferences/s",
        "60: 57 of the device's problems, 1 on the host", "2.0 % of the time", "NonMaxSuppression",
        "2 copies", "weights 100", "activations 10", "process at most 200", "load 30", "compile 2.00 s",
        "first run 3.00 ms", "ok: error 1e-06 of 1e-05 allowed", "8 timed runs agree",
        "repeated inputs 0.99x", "math strict", "x.jsonl"};
    sy_row row;
    sample_model_row(1, &row);
    sy_text text = show(&row, 1);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        expect(&text, parts[i]);
    sy_text_release(&text);
}

static void what_is_absent_is_left_out(void **state) {
    (void)state;
    static const char *const parts[] = {
        "latency", "of it", "rate", "steps", "memory", "before", "check", "result", "server ", "nan", "n/a"};
    sy_row row;
    sy_row_init(&row);
    row.model.scenario = "offline";
    row.model.inputs = "x:1x4";
    row.model.dtype = "f32";
    row.request.device = "sim:0";
    row.subject.simulated = SY_TRI_YES;
    row.status = SY_ROW_UNSUPPORTED;
    row.reason = "it lacks\x1b[31m Frobnicate";
    sy_text text = show(&row, 1);
    expect(&text, "SIMULATED sim:0");
    expect(&text, "unsupported: it lacks?[31m Frobnicate");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_null(strstr(text.data, parts[i]));
    sy_text_release(&text);
}

static void rows_of_problems_are_left_out(void **state) {
    (void)state;
    sy_row rows[2];
    sample_full_row(1, &rows[0]);
    sample_model_row(2, &rows[1]);
    sy_text text = show(rows, 2);
    assert_int_equal(0, strncmp(text.data, "2  qwen3", 8));
    assert_null(strstr(text.data, "1  qwen3"));
    sy_text_release(&text);
}

static void a_rate_has_no_latency(void **state) {
    (void)state;
    sy_row row;
    sample_model_row(1, &row);
    row.model.unit = "inference";
    sy_text text = show(&row, 1);
    assert_null(strstr(text.data, "latency"));
    expect(&text, "the highest rate that kept it");
    sy_text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_row_says_everything),
        cmocka_unit_test(what_is_absent_is_left_out),
        cmocka_unit_test(rows_of_problems_are_left_out),
        cmocka_unit_test(a_rate_has_no_latency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
