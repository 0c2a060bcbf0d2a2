/* Energy in files and spreadsheets: columns by scope, read back the same, and no hostile name gets through.
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
#include "tests/unit/bench/report/made_up.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const sy_report_style narrow = {.columns = 80, .lines = 60};

static void assert_has(const sy_text *text, const char *wanted) {
    if (strstr(text->data, wanted) == NULL)
        fail_msg("'%s' is not in\n%s", wanted, text->data);
}

static void assert_lacks(const sy_text *text, const char *unwanted) {
    if (strstr(text->data, unwanted) != NULL)
        fail_msg("'%s' is in\n%s", unwanted, text->data);
}

/* The cell of a column in a line of values without quotes. */
static sy_cell cell_of(const char *csv, size_t line, const char *column) {
    const char *heading = csv, *next = csv;
    size_t at = 0;
    sy_cell cell = {"?"};
    for (; strncmp(heading, column, strlen(column)) != 0 || strchr(",\n", heading[strlen(column)]) == NULL;
         heading += strcspn(heading, ",\n") + 1, at++)
        if (heading[strcspn(heading, ",\n")] == '\n')
            fail_msg("no column %s", column);
    for (size_t i = 0; i < line; i++)
        next += strcspn(next, "\n") + 1;
    for (bool is_quoted = false; at > 0 || is_quoted; next++) {
        is_quoted ^= *next == '"';
        at -= !is_quoted && *next == ',';
    }
    snprintf(cell.text, sizeof cell.text, "%.*s", (int)strcspn(next, ",\n"), next);
    return cell;
}

static void values_have_columns_for_each_scope(void **state) {
    (void)state;
    made_up result = {0};
    sy_text text = {0};
    made_up_run(&result, made_up_metered, 2);
    assert_int_equal(sy_report_csv(&result.report, &text, NULL), SY_OK);
    /* The second line is the first problem on the simulated device; the 18th its convolution. */
    assert_string_equal(cell_of(text.data, 2, "energy.card.source").text, "device:energy");
    assert_true(fabs(strtod(cell_of(text.data, 2, "energy.node.watt").text, NULL) - 900.0) < 1e-9);
    assert_string_equal(cell_of(text.data, 2, "energy.node.source").text, "redfish:power");
    assert_string_equal(cell_of(text.data, 2, "energy.node.valid").text, "true");
    assert_string_equal(cell_of(text.data, 2, "energy.card.u_systematic").text, "");
    assert_string_equal(cell_of(text.data, 2, "energy.node.u_systematic").text, "0.03");
    assert_string_equal(cell_of(text.data, 1, "energy.node.source").text, "");
    assert_string_equal(cell_of(text.data, 18, "energy.node.joule_per_run").text, "");
    assert_string_equal(cell_of(text.data, 18, "energy.node.watt").text, "");
    assert_string_equal(cell_of(text.data, 18, "energy.node.valid").text, "false");
    assert_string_equal(cell_of(text.data, 18, "energy.node.reasons").text, "alias window_too_short");
    assert_string_equal(cell_of(text.data, 18, "sustain.sustained_of_burst").text, "");
    sy_text_clear(&text);
    assert_int_equal(sy_report_json(&result.report, &text, NULL), SY_OK);
    assert_has(&text, "\"energy\":[{\"source\":\"device:energy\"");
    assert_has(&text, "\"reasons\":[\"alias\",\"window_too_short\"]");
    assert_has(&text, "\"joule_per_pass\":");
    sy_text_release(&text);
    made_up_release(&result);
}

static void a_file_read_back_gives_the_same(void **state) {
    (void)state;
    char path[] = "/tmp/steelyard-energy-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    made_up result = {0};
    sy_record *record = NULL;
    sy_loaded loaded;
    sy_report read;
    made_up_run(&result, made_up_metered, MADE_UP_METERED);
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
    assert_int_equal(sy_report_from_loaded(&loaded, "run quick/1", "quick.jsonl", &read, NULL), SY_OK);
    made_up_writer *const writers[] = {sy_report_summary, sy_report_table};
    for (size_t i = 0; i < COUNT(writers); i++) {
        sy_text before = made_up_text(writers[i], &result.report, narrow);
        sy_text after = made_up_text(writers[i], &read, narrow);
        assert_string_equal(before.data, after.data);
        sy_text_release(&before);
        sy_text_release(&after);
    }
    sy_loaded_release(&loaded);
    unlink(path);
    made_up_release(&result);
}

static void hostile_names_do_nothing(void **state) {
    (void)state;
    static const char hostile[] = "=\x1b[31mred\n\xff\xe2\x80\xae,\"x";
    static const char *const texts[] = {hostile};
    made_up result = {0};
    made_up_run(&result, made_up_metered, 1);
    for (size_t i = 0; i < result.rows.count; i++) {
        sy_row *row = &result.rows.row[i];
        sy_row_energy *entry = (sy_row_energy *)(uintptr_t)row->energy.item;
        entry->source = entry->scope = hostile;
        entry->notes = (sy_text_list){.item = texts, .count = 1};
        row->sustain.sustained_of_burst = 0.5;
        row->sustain.throttle_s = 1.0;
        row->sustain.throttle_how = row->sustain.scope = hostile;
        row->sustain.watt_burst = row->sustain.watt_sustained = 1.0;
        if (i % 2 == 0)
            continue;
        entry->valid = SY_TRI_NO;
        entry->reasons = entry->notes;
    }
    result.report.totals.count = 0;
    for (size_t i = 0; i < 4; i++) {
        const sy_report_style style = {.utf8 = i % 2 == 0, .columns = 140, .lines = 60};
        sy_text text = {0};
        sy_status status = i < 2 ? sy_report_summary(&result.report, &style, &text, NULL)
                                 : sy_report_table(&result.report, &style, &text, NULL);
        for (size_t j = 0; i >= 2 && j < result.rows.count && status == SY_OK; j++)
            status = sy_report_row(&result.rows.row[j], &style, &text, NULL);
        assert_int_equal(status, SY_OK);
        for (const char *next = text.data; *next != '\0'; next++)
            assert_true((unsigned char)*next >= 0x20 || *next == '\n');
        assert_lacks(&text, "\xff");
        assert_lacks(&text, "\xe2\x80\xae");
        sy_text_release(&text);
    }
    sy_text text = {0};
    assert_int_equal(sy_report_csv(&result.report, &text, NULL), SY_OK);
    assert_lacks(&text, "\x1b");
    assert_lacks(&text, ",=");
    sy_text_release(&text);
    made_up_release(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_columns_for_each_scope),
        cmocka_unit_test(a_file_read_back_gives_the_same),
        cmocka_unit_test(hostile_names_do_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
