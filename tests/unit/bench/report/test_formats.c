/* What comes out of a report in every format: no hostile name gets through, and files read back the same. */
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

static void make_hostile(made_up *result) {
    static const char *const names[] = {"\x1b[31mred\x1b]0;title\a", "line\nbreak\r\ttab",
        "\xff\xfe\xc0\x80 bytes",
        "\xe2\x80\xae"
        "rtl",
        "=cmd|'/c calc'!A1",
        "\xc2\x9b"
        "31m c1",
        "+1,\"quote\"", "@sum", "-2"};
    for (size_t i = 0; i < result->rows.count; i++) {
        sy_row *row = &result->rows.row[i];
        const char *name = names[i % (sizeof names / sizeof names[0])];
        row->origin.name = name;
        row->reason = name;
        row->subject.device.name = name;
        row->subject.algorithm = name;
        row->energy_reason = name;
        row->rate.ceiling_method = name;
        row->request.device = names[0];
        row->status = i % 2 == 0 ? SY_ROW_WRONG : SY_ROW_OK;
    }
    result->environment.devices.count = 0;
    result->environment.build.version = names[0];
    result->report.totals.count = 0;
    result->report.file = names[1];
    result->report.title = names[2];
}

static void assert_harmless(const sy_text *text) {
    for (const char *next = text->data; *next != '\0'; next++)
        assert_true((unsigned char)*next >= 0x20 || *next == '\n');
    assert_null(strstr(text->data, "\xe2\x80\xae"));
    assert_null(strstr(text->data, "\xc2\x9b"));
    assert_null(strstr(text->data, "\xff"));
}

static void hostile_names_do_nothing(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    make_hostile(&result);
    for (int utf8 = 0; utf8 < 2; utf8++) {
        sy_report_style style = {.utf8 = utf8 == 1};
        sy_text text = made_up_text(sy_report_summary, &result.report, style);
        assert_harmless(&text);
        sy_text_release(&text);
        text = made_up_text(sy_report_table, &result.report, style);
        assert_harmless(&text);
        sy_text_release(&text);
        for (size_t i = 0; i < result.rows.count; i++) {
            text = (sy_text){0};
            assert_int_equal(sy_report_row(&result.rows.row[i], &style, &text, NULL), SY_OK);
            assert_harmless(&text);
            sy_text_release(&text);
        }
    }
    made_up_release(&result);
}

/* Cells of one CSV line; quotes are honoured. */
static size_t count_cells(const char **next) {
    size_t cells = 1;
    bool is_quoted = false;
    for (; **next != '\0' && (is_quoted || **next != '\n'); ++*next) {
        is_quoted ^= **next == '"';
        cells += !is_quoted && **next == ',';
    }
    *next += **next == '\n';
    return cells;
}

static void values_are_safe_in_a_spreadsheet(void **state) {
    (void)state;
    made_up result = {0};
    sy_text text = {0};
    made_up_run(&result, made_up_devices, 1);
    make_hostile(&result);
    assert_int_equal(sy_report_csv(&result.report, &text, NULL), SY_OK);
    const char *next = text.data;
    size_t heading = count_cells(&next), lines = 0;
    assert_true(heading > 90);
    assert_true(strncmp(text.data, "row.id,row.seq,", 15) == 0);
    assert_non_null(strstr(text.data, "time.host.ci95_ns.low,time.host.ci95_ns.high"));
    for (; *next != '\0'; lines++)
        assert_int_equal(count_cells(&next), heading);
    assert_int_equal(lines, result.rows.count);
    assert_non_null(strstr(text.data, ",'=cmd|"));
    assert_non_null(strstr(text.data, "\"'+1,\"\"quote\"\"\""));
    assert_non_null(strstr(text.data, ",'@sum,"));
    assert_non_null(strstr(text.data, ",'-2,"));
    assert_null(strstr(text.data, "\x1b"));
    sy_text_release(&text);
    made_up_release(&result);
}

static void json_is_json(void **state) {
    (void)state;
    made_up result = {0};
    sy_text text = {0};
    made_up_run(&result, made_up_devices, 2);
    make_hostile(&result);
    assert_int_equal(sy_report_json(&result.report, &text, NULL), SY_OK);
    json_t *json = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), result.rows.count);
    json_decref(json);
    sy_text_clear(&text);
    assert_int_equal(sy_report_jsonl(&result.report, &text, NULL), SY_OK);
    size_t lines = 0;
    for (const char *next = text.data; *next != '\0'; lines++) {
        size_t bytes = strcspn(next, "\n");
        json = json_loadb(next, bytes, 0, NULL);
        assert_non_null(json);
        json_decref(json);
        next += bytes + 1;
    }
    assert_int_equal(lines, result.rows.count);
    sy_text_release(&text);
    made_up_release(&result);
}

static void a_file_read_back_gives_the_same(void **state) {
    (void)state;
    char path[] = "/tmp/steelyard-report-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    made_up result = {0};
    sy_record *record = NULL;
    sy_loaded loaded;
    sy_report read;
    made_up_run(&result, made_up_devices, 4);
    sy_record_target target = {.path = path, .rank = SY_NO_COUNT};
    assert_int_equal(sy_record_open(&target, &record, NULL), SY_OK);
    assert_int_equal(sy_record_begin(record, &result.environment, NULL, 0, NULL), SY_OK);
    for (size_t i = 0; i < result.rows.count; i++)
        assert_int_equal(sy_record_row(record, &result.rows.row[i], NULL), SY_OK);
    for (size_t i = 0; i < result.report.totals.count; i++)
        assert_int_equal(sy_record_total(record, &result.report.totals.item[i], NULL), SY_OK);
    assert_int_equal(sy_record_end(record, result.report.duration_ns, false, NULL), SY_OK);
    sy_record_close(record);
    assert_int_equal(sy_record_load(path, &loaded, NULL), SY_OK);
    assert_int_equal(sy_report_from_loaded(&loaded, NULL, "quick.jsonl", &read, NULL), SY_OK);
    assert_string_equal(read.title, "run quick/1");
    assert_non_null(read.run_id);
    made_up_writer *const writers[] = {sy_report_summary, sy_report_table};
    for (size_t i = 0; i < 2; i++) {
        sy_text before = made_up_text(writers[i], &result.report, (sy_report_style){.utf8 = true});
        sy_text after = made_up_text(writers[i], &read, (sy_report_style){.utf8 = true});
        assert_string_equal(before.data, after.data);
        sy_text_release(&before);
        sy_text_release(&after);
    }
    sy_loaded_release(&loaded);
    made_up_release(&result);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_names_do_nothing),
        cmocka_unit_test(values_are_safe_in_a_spreadsheet),
        cmocka_unit_test(json_is_json),
        cmocka_unit_test(a_file_read_back_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
