/* What the formats make of rows as they are in memory: bytes that are no text, names that are too long,
 * marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/export/facts.h"
#include "bench/words/words.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/report/made_up.h"

/* Names that no record can hold, since it is UTF-8, and some that it can. */
static const char *const names[] = {"\xff\xfe\xc0\x80", "cut\xe8\xbf", "\xed\xa0\x80 half a pair",
    "\x80\x9b\x85", "\xef\xbf\xbe\xef\xbf\xbf", "\x1b[31m\r\n\t", "=1+1", "\xe2\x80\xae rtl"};
enum { NAMES = sizeof names / sizeof names[0] };

static void make_hostile(made_up *result) {
    for (size_t i = 0; i < result->rows.count; i++) {
        sy_row *row = &result->rows.row[i];
        const char *name = names[i % NAMES];
        row->origin.name = row->origin.suite = row->subject.device.name = row->subject.algorithm = name;
        row->request.device = row->request.algorithm = row->key.data = row->subject.backend = name;
        row->reason = row->energy_reason = row->rate.ceiling_method = name;
        row->status = i % 4 == 3 ? SY_ROW_ERROR : row->status;
    }
}

/* All of a format; the caller releases the text. */
static sy_text write_all(const sy_export_format *format, const sy_row *rows, size_t count) {
    sy_export export = {.out.fd = -1, .run_id = names[0]};
    format->writer->begin(&export);
    for (size_t i = 0; i < count; i++) {
        format->writer->row(&export, &rows[i]);
        export.rows++;
        export.tally[rows[i].subject.simulated == SY_TRI_YES][rows[i].status]++;
    }
    format->writer->end(&export);
    assert_false(export.failed || export.out.text.failed);
    for (size_t i = 0; i < SY_EXPORT_PARTS; i++)
        sy_text_release(&export.part[i]);
    sy_ids_release(&export.names);
    return export.out.text;
}

static void bytes_that_are_no_text_become_text(void **state) {
    (void)state;
    size_t count;
    const sy_export_format *formats = sy_export_formats(&count);
    made_up result = {0};
    made_up_run(&result, made_up_metered, MADE_UP_METERED);
    make_hostile(&result);
    for (size_t i = 0; i < count; i++) {
        sy_text text = write_all(&formats[i], result.rows.row, result.rows.count);
        for (const char *line = text.data; *line != '\0';) {
            size_t bytes = strcspn(line, "\n");
            if (!sy_word_is_clean(line, bytes))
                fail_msg("%s: %.*s", formats[i].name, (int)bytes, line);
            line += bytes + 1;
        }
        if (strstr(formats[i].ending[0], "json") != NULL) {
            json_t *json = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
            assert_non_null(json);
            json_decref(json);
        }
        sy_text_release(&text);
    }
    made_up_release(&result);
}

static void simulated_rows_are_marked_everywhere(void **state) {
    (void)state;
    size_t count;
    const sy_export_format *formats = sy_export_formats(&count);
    made_up result = {0};
    made_up_run(&result, &made_up_metered[1], 1);
    for (size_t i = 0; i < count; i++) {
        sy_text text = write_all(&formats[i], result.rows.row, 1);
        assert_true(strstr(text.data, "SIMULATED") != NULL || strstr(text.data, "simulated") != NULL);
        result.rows.row[0].subject.simulated = SY_TRI_NO;
        sy_text real = write_all(&formats[i], result.rows.row, 1);
        assert_string_not_equal(text.data, real.data);
        assert_null(strstr(real.data, "SIMULATED"));
        result.rows.row[0].subject.simulated = SY_TRI_YES;
        sy_text_release(&text);
        sy_text_release(&real);
    }
    made_up_release(&result);
}

static void long_names_keep_the_mark_and_the_end_of_a_character(void **state) {
    (void)state;
    char *name = malloc(10001);
    assert_non_null(name);
    for (size_t i = 0; i < 10000; i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    name[10000] = '\0';
    sy_row row;
    sy_row_init(&row);
    row.origin.name = row.request.device = row.request.algorithm = row.key.problem = row.key.data = name;
    row.key.cache = row.key.launch = row.pair.side = name;
    row.subject.simulated = SY_TRI_YES;
    sy_export_name full = sy_export_name_of(&row);
    size_t length = strlen(full.text), mark = strlen(SY_EXPORT_SIMULATED);
    assert_true(sy_word_is_clean(full.text, length));
    assert_string_equal(full.text + length - mark, SY_EXPORT_SIMULATED);
    sy_text clean = {0};
    sy_export_clean(&clean, name);
    assert_string_equal(clean.data, name);
    sy_text_release(&clean);
    free(name);
}

static void a_name_is_given_once(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    sy_export export = {.run_id = "20260101T000000Z-00000001"};
    const sy_row *row = &result.rows.row[0];
    sy_export_name first = sy_export_once(&export, row), second = sy_export_once(&export, row);
    assert_string_equal(first.text, sy_export_name_of(row).text);
    assert_string_equal(first.text, "large.2048 gemm m=2048 n=2048 k=2048 bf16 on cpu");
    assert_non_null(strstr(second.text, row->id));
    assert_non_null(strstr(second.text, export.run_id));
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    sy_export broken = {.run_id = ""};
    sy_export_once(&broken, row);
    sy_seam_disarm();
    assert_true(broken.failed);
    sy_ids_release(&export.names);
    made_up_release(&result);
}

static void a_time_that_is_not_believed_is_none(void **state) {
    (void)state;
    double ci95_ns[2];
    made_up result = {0};
    made_up_run(&result, made_up_devices, 1);
    sy_row *row = &result.rows.row[0];
    assert_true(isfinite(sy_export_time(row, ci95_ns)) && isfinite(sy_export_flop_per_s(row)));
    assert_string_equal(sy_export_why(row).text, "");
    row->time.headline = SY_HEADLINE_DEVICE;
    row->time.device = row->time.host;
    row->time.device_believed = SY_TRI_NO;
    row->time.device_reason = "late launches";
    assert_true(isnan(sy_export_time(row, ci95_ns)) && isnan(ci95_ns[0]) && isnan(sy_export_flop_per_s(row)));
    assert_string_equal(sy_export_why(row).text, "no time that is believed: late launches");
    row->status = SY_ROW_WRONG;
    row->reason = "1 of 8 off";
    assert_string_equal(sy_export_why(row).text, "wrong: 1 of 8 off");
    made_up_release(&result);
}

static void the_longest_ending_counts(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"a.md", "markdown"}, {"a.b.csv", "csv"},
        {"/x/r.junit.xml", "junit"}, {"r.xml", "junit"}, {"r.gbench.json", "google-benchmark"},
        {"r.smaller.json", "github-smaller"}, {"r.bigger.json", "github-bigger"}, {"r.bmf.json", "bencher"},
        {"r.bench.txt", "go-benchmark"}, {"r.txt", "go-benchmark"}, {"r.prom", "openmetrics"}};
    static const char *const none[] = {"r", "r.json", ".csv", "csv", "r.csv.gz", ""};
    const sy_export_format *format;
    sy_error err = SY_ERROR_INIT;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(sy_export_by_ending(rows[i][0], &format, NULL), SY_OK);
        assert_string_equal(format->name, rows[i][1]);
        assert_ptr_equal(sy_export_by_name(rows[i][1]), format);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(sy_export_by_ending(none[i], &format, &err), SY_INVALID_ARGUMENT);
        assert_null(format);
        assert_non_null(strstr(err.text, ".md, .csv, .junit.xml"));
    }
    assert_null(sy_export_by_name("html5"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_no_text_become_text),
        cmocka_unit_test(simulated_rows_are_marked_everywhere),
        cmocka_unit_test(long_names_keep_the_mark_and_the_end_of_a_character),
        cmocka_unit_test(a_name_is_given_once),
        cmocka_unit_test(a_time_that_is_not_believed_is_none),
        cmocka_unit_test(the_longest_ending_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
