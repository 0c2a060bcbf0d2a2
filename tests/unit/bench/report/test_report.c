/* What a user sees: fits the screen, says what is missing, lets no hostile name through, reads back the same.
 */
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

#include "bench/record/record.h"
#include "bench/report/print.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/report/made_up.h"

/* Lines of a text, and the widest of them. */
static size_t measure(const sy_text *text, uint32_t *out_widest) {
    char line[2048];
    size_t count = 0;
    *out_widest = 0;
    for (const char *next = text->data; *next != '\0'; count++) {
        size_t bytes = strcspn(next, "\n");
        assert_true(bytes < sizeof line && next[bytes] == '\n');
        memcpy(line, next, bytes);
        line[bytes] = '\0';
        uint32_t width = sy_print_width(line);
        *out_widest = width > *out_widest ? width : *out_widest;
        assert_true(bytes == 0 || line[bytes - 1] != ' ');
        next += bytes + 1;
    }
    return count;
}

static void the_first_screen(void **state) {
    (void)state;
    static const char expected[] =
        "steelyard 0.1.0  run quick/1: 12 problems, bf16 (acc f32), uniform[-1,1], cache weights, 3 rounds\n"
        "- ascend not run: libascendcl.so not found in 4 folders; export ASCEND_HOME_PATH, or see `doctor`\n"
        "                                 cpu EPYC 2 cores        cuda:0 H20 96 GB\n"
        "large GEMM            TFLOP/s    0.410 \u00b10.6 %               131 \u00b10.6 %?\n"
        "  of ceiling / data sheet        96 % / n/a              96 % / 89 % (press)\n"
        "decode qwen3-8b T=8   ms/step*     576 \u00b11.0 %              1.80 \u00b11.0 %?\n"
        "  at most             tok/s*      13.9                    4\u202f440\n"
        "prefill qwen3-8b 512  tok/s*     n/a: 2 of 2 rows        23\u202f600 \u00b10.8 %\n"
        "resnet50 b=1          images/s*    245 \u00b11.1 %            78\u202f400 \u00b11.1 %?\n"
        "memory read / triad   GB/s       33.6 / 29.3             10\u202f700 / 9\u202f370\n"
        "energy                           no counter: needs root  no counter: needs root\n"
        "rows ok/unstable/suspect/wrong   10/0/0/0                9/3/0/0\n"
        "     unsupported                 2                       0\n"
        "* matrix work alone: no softmax, attention fusion, sampling or network; a bound, not a service "
        "rate\n"
        "? made from unstable rows: the interval may be too narrow\n"
        "\u00b1 95 %, 3 rounds, one run, ONE device of each kind; other devices, days and drivers are not in "
        "it\n"
        "9 min 40 s, 24 rows -> quick.jsonl    rows: steelyard show quick.jsonl\n";
    made_up result = {0};
    made_up_run(&result, made_up_devices, 2);
    sy_text text = made_up_text(sy_report_summary, &result.report, (sy_report_style){.utf8 = true});
    assert_string_equal(text.data, expected);
    sy_text_release(&text);
    made_up_release(&result);
}

static void it_fits_every_screen(void **state) {
    (void)state;
    static const uint32_t widths[] = {60, 80, 100, 132};
    for (size_t count = 1; count <= MADE_UP_DEVICES; count++) {
        made_up result = {0};
        made_up_run(&result, made_up_devices, count);
        for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
            uint32_t widest;
            sy_report_style style = {.utf8 = i % 2 == 0, .columns = widths[i]};
            sy_text text = made_up_text(sy_report_summary, &result.report, style);
            size_t lines = measure(&text, &widest);
            assert_in_range(lines, 10, 25);
            /* The ending is never cut: a command has to work. */
            assert_in_range(widest, 40, widths[i] > 80 ? widths[i] : 80);
            sy_text_release(&text);
            text = made_up_text(sy_report_table, &result.report, style);
            assert_int_equal(measure(&text, &widest), result.report.n_rows + 1);
            assert_in_range(widest, 40, widths[i] > 70 ? widths[i] : 70);
            sy_text_release(&text);
        }
        made_up_release(&result);
    }
}

static void few_lines_drop_details_first(void **state) {
    (void)state;
    uint32_t widest;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    sy_report_style style = {.lines = 13};
    sy_text text = made_up_text(sy_report_summary, &result.report, style);
    assert_true(measure(&text, &widest) <= 13);
    assert_null(strstr(text.data, "at most"));
    assert_non_null(strstr(text.data, "more lines: steelyard show quick.jsonl -v"));
    sy_text_release(&text);
    made_up_release(&result);
}

static void simulated_devices_are_marked(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_devices[2], 1);
    sy_text text = made_up_text(sy_report_summary, &result.report, (sy_report_style){0});
    assert_non_null(strstr(text.data, "SIMULATED sim:0"));
    sy_text_release(&text);
    text = made_up_text(sy_report_table, &result.report, (sy_report_style){.columns = 140});
    assert_non_null(strstr(text.data, "SIM sim:0"));
    sy_text_release(&text);
    made_up_release(&result);
}

static void algorithms_asked_for_get_columns(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_devices[4], 2);
    sy_text text = made_up_text(sy_report_summary, &result.report, (sy_report_style){0});
    assert_non_null(strstr(text.data, "cpu:1 native"));
    assert_non_null(strstr(text.data, "cpu:1 openblas"));
    sy_text_release(&text);
    made_up_release(&result);
}

static void wrong_rows_are_named(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    for (size_t i = 0; i < 5; i++) {
        result.rows.row[i].status = i == 0 ? SY_ROW_ERROR : SY_ROW_WRONG;
        result.rows.row[i].reason = "element 3,4 is off";
    }
    sy_text text = made_up_text(sy_report_summary, &result.report, (sy_report_style){0});
    assert_non_null(strstr(text.data, "! wrong: large.4096 on cpu: element 3,4 is off\n"));
    assert_non_null(strstr(text.data, "! and 2 more\n"));
    assert_null(strstr(text.data, "! error"));
    sy_text_release(&text);
    made_up_release(&result);
}

static void nothing_at_all_is_shown_too(void **state) {
    (void)state;
    sy_report report = {.duration_ns = NAN};
    sy_text text = made_up_text(sy_report_summary, &report, (sy_report_style){0});
    assert_non_null(strstr(text.data, "0 rows\n"));
    sy_text_release(&text);
    text = made_up_text(sy_report_table, &report, (sy_report_style){0});
    sy_text_release(&text);
}

static void zeros_are_no_headline(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    for (size_t i = 0; i < result.rows.count; i++)
        result.rows.row[i].key.data = "zeros";
    sy_text text = made_up_text(sy_report_summary, &result.report, (sy_report_style){0});
    assert_non_null(strstr(text.data, "such data are for checking"));
    sy_text_release(&text);
    made_up_release(&result);
}

static void rows_are_found(void **state) {
    (void)state;
    made_up result = {0};
    const sy_row *row = NULL;
    char id[6];
    made_up_run(&result, made_up_devices, 1);
    const sy_row *rows = result.rows.row;
    size_t count = result.rows.count;
    assert_int_equal(sy_report_find(rows, count, "1", &row, NULL), SY_OK);
    assert_ptr_equal(row, &rows[0]);
    assert_int_equal(sy_report_find(rows, count, "12", &row, NULL), SY_OK);
    assert_int_equal(sy_report_find(rows, count, "resnet50.fc", &row, NULL), SY_OK);
    assert_string_equal(row->origin.name, "resnet50.fc");
    snprintf(id, sizeof id, "%.5s", rows[3].id);
    assert_int_equal(sy_report_find(rows, count, id, &row, NULL), SY_OK);
    assert_ptr_equal(row, &rows[3]);
    static const char *const none[] = {"0", "13", "", "resnet", "-1"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(sy_report_find(rows, count, none[i], &row, NULL), SY_INVALID_ARGUMENT);
        assert_null(row);
    }
    made_up_release(&result);
    made_up_run(&result, made_up_devices, 0);
    made_up_release(&result);
    made_up two = {0};
    made_up_run(&two, made_up_devices, 2);
    assert_int_equal(
        sy_report_find(two.rows.row, two.rows.count, "resnet50.fc", &row, NULL), SY_INVALID_ARGUMENT);
    made_up_release(&two);
}

static void colours_only_when_wanted(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    sy_text text = made_up_text(sy_report_summary, &result.report, (sy_report_style){.color = true});
    assert_non_null(strstr(text.data, "\x1b[31m"));
    sy_text_release(&text);
    made_up_release(&result);
    setenv("LC_ALL", "zh_CN.UTF-8", 1);
    assert_true(sy_report_style_of(-1, false).utf8);
    assert_false(sy_report_style_of(-1, false).color);
    setenv("LC_ALL", "C", 1);
    assert_false(sy_report_style_of(-1, true).utf8);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 2);
    made_up_writer *const writers[] = {sy_report_summary, sy_report_table};
    for (size_t i = 0; i < 2; i++) {
        sy_status status = SY_OUT_OF_MEMORY;
        uint64_t k = 0;
        while (status != SY_OK && ++k < 500) {
            sy_text text = {0};
            sy_report_style style = {.utf8 = true};
            sy_seam_arm(SY_SEAM_ALLOC, k);
            status = writers[i](&result.report, &style, &text, NULL);
            sy_seam_disarm();
            sy_text_release(&text);
        }
        assert_true(k > 2 && k < 500);
    }
    made_up_release(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_screen),
        cmocka_unit_test(it_fits_every_screen),
        cmocka_unit_test(few_lines_drop_details_first),
        cmocka_unit_test(simulated_devices_are_marked),
        cmocka_unit_test(algorithms_asked_for_get_columns),
        cmocka_unit_test(wrong_rows_are_named),
        cmocka_unit_test(nothing_at_all_is_shown_too),
        cmocka_unit_test(zeros_are_no_headline),
        cmocka_unit_test(rows_are_found),
        cmocka_unit_test(colours_only_when_wanted),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
