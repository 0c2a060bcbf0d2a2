/* Reading: strict about what a field is, silent about fields it does not know, merging. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/record/load.h"
#include "bench/record/merge.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/record/sample.h"

typedef struct place {
    char folder[64], path[128], second[128], joined[128];
} place;

static int make_place(void **state) {
    static place where;
    sample_folder(where.folder);
    snprintf(where.path, sizeof where.path, "%s/a.jsonl", where.folder);
    snprintf(where.second, sizeof where.second, "%s/b.jsonl", where.folder);
    snprintf(where.joined, sizeof where.joined, "%s/c.jsonl", where.folder);
    *state = &where;
    return 0;
}

static int remove_place(void **state) {
    sample_remove_folder(((place *)*state)->folder);
    return 0;
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

#define HEAD "{\"schema\":\"steelyard.record/1\",\"kind\":\"op\",\"run_id\":\"r\","
#define ROW                                                                                                  \
    "\"row\":{\"id\":\"00000000000000a1\",\"request\":{\"device\":\"cpu\"}},\"key\":{\"problem\":\"p\"},"    \
    "\"key_hash\":\"k\",\"status\":\"ok\""
#define GOOD HEAD ROW "}\n"

/* A line and what the error about it says; NULL: it is read. */
static const struct {
    const char *line, *says;
} lines[] = {
    {GOOD, NULL},
    {HEAD ROW ",\"new\":{\"field\":[1,null]},\"rate\":{\"new\":1,\"flop\":null}}\n", NULL},
    {HEAD ROW ",\"rate\":{\"flop\":1.5}}\n", "rate.flop must be a whole number"},
    {HEAD ROW ",\"rate\":{\"flop\":-1}}\n", "rate.flop is out of range"},
    {HEAD ROW ",\"rate\":{\"flop\":99999999999999999999}}\n", ":1:"},
    {HEAD ROW ",\"rate\":{\"flop_per_s\":-0.5}}\n", "rate.flop_per_s is out of range"},
    {HEAD ROW ",\"rate\":{\"flop_per_s\":1e999}}\n", ":1:"},
    {HEAD ROW ",\"rate\":{\"flop_per_s\":NaN}}\n", ":1:"},
    {HEAD ROW ",\"rate\":3}\n", "rate must be an object, not a whole number"},
    {HEAD ROW ",\"rate\":{\"ceiling_method\":true}}\n", "rate.ceiling_method must be a text, not true"},
    {HEAD ROW ",\"path\":{\"emulated\":\"yes\"}}\n", "path.emulated must be true or false"},
    {HEAD ROW ",\"time\":{\"headline\":\"wall\"}}\n", "time.headline is out of range"},
    {HEAD ROW ",\"time\":{\"host\":{\"ci95_ns\":[2,1]}}}\n", "time.host.ci95_ns is out of range"},
    {HEAD ROW ",\"time\":{\"host\":{\"ci95_ns\":[2]}}}\n", "time.host.ci95_ns must be a list of two"},
    {HEAD ROW ",\"time\":{\"samples_ns\":[1,\"2\"]}}\n", "time.samples_ns[1] must be a number"},
    {HEAD ROW ",\"time\":{\"by_round\":[{},{\"round\":\"0\"}]}}\n", "time.by_round[1].round must be"},
    {HEAD ROW ",\"conditions\":{\"throttle\":\"power\"}}\n", "conditions.throttle must be a list"},
    {HEAD ROW ",\"conditions\":{\"throttle\":[1]}}\n", "conditions.throttle[0] must be a text"},
    {HEAD ROW ",\"conditions\":{\"temp_c\":-300}}\n", "conditions.temp_c is out of range"},
    {HEAD "\"status\":\"ok\"}\n", "row is missing"},
    {HEAD "\"row\":{\"id\":\"xyz\",\"request\":{\"device\":\"cpu\"}},\"key\":{\"problem\":\"p\"},"
          "\"key_hash\":\"k\",\"status\":\"ok\"}\n",
        "row.id must be 16 hex digits"},
    {HEAD "\"row\":{}}\n", "row.id is missing"},
    {"{\"schema\":\"steelyard.record/1\",\"kind\":\"ops\",\"run_id\":\"r\"}\n", "kind is out of range"},
    {"{\"schema\":\"steelyard.record/1\",\"kind\":\"op\"}\n", "run_id is missing"},
    {"{\"schema\":\"steelyard.record/2\",\"kind\":\"op\"}\n", "this program reads steelyard.record/1"},
    {"{\"schema\":7}\n", "no schema"},
    {"{}\n", "no schema"},
    {"[]\n", "no schema"},
    {"\n", "not a Steelyard record"},
    {"name,value\n", "not a Steelyard record"},
    {GOOD "{\"schema\":\"steelyard.record/1\",}\n", ":2:"},
    {GOOD "{\"kind\":\"op\",\"kind\":\"op\"}\n", "duplicate"},
    {"no newline", ":1: not a line of a Steelyard record"},
    {GOOD "no newline", ":2: not a line of a Steelyard record"},
    {GOOD "{\"schema\":\"stee", NULL},
    {"", NULL},
};

static void each_line_is_judged(void **state) {
    const place *where = *state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        sy_loaded loaded;
        sy_error err = SY_ERROR_INIT;
        write_text(where->path, lines[i].line);
        sy_status status = sy_record_load(where->path, &loaded, &err);
        if ((status == SY_OK) != (lines[i].says == NULL))
            fail_msg("line %zu: %s", i, err.text);
        if (status != SY_OK &&
            (strstr(err.text, lines[i].says) == NULL || strstr(err.text, where->path) == NULL))
            fail_msg("line %zu: '%s' is not in '%s'", i, lines[i].says, err.text);
        sy_loaded_release(&loaded);
    }
}

static void a_torn_line_is_left_out(void **state) {
    const place *where = *state;
    sy_loaded loaded;
    write_text(where->path, GOOD GOOD "{\"schema\":\"stee");
    assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.torn_byte, 15);
    assert_int_equal(loaded.rows.count, 1);
    sy_loaded_release(&loaded);
}

static void what_is_not_there_cannot_be_read(void **state) {
    const place *where = *state;
    sy_loaded loaded;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_record_load(where->path, &loaded, &err), SY_IO);
    assert_non_null(strstr(err.text, "No such file"));
    assert_int_equal(sy_record_load(where->folder, &loaded, &err), SY_IO);
}

static void write_record(const char *path, const unsigned *rows, const uint32_t *status, size_t count) {
    sy_record *record = NULL;
    sy_environment environment;
    sy_record_target target = {.path = path, .rank = 0};
    sample_environment(&environment);
    assert_int_equal(sy_record_open(&target, &record, NULL), SY_OK);
    assert_int_equal(sy_record_begin(record, &environment, NULL, 0, NULL), SY_OK);
    for (size_t i = 0; i < count; i++) {
        sy_row row;
        sample_full_row(rows[i], &row);
        row.status = status[i];
        assert_int_equal(sy_record_row(record, &row, NULL), SY_OK);
    }
    assert_int_equal(sy_record_end(record, 1.0, false, NULL), SY_OK);
    sy_record_close(record);
}

static void merging_keeps_each_row_once(void **state) {
    const place *where = *state;
    const char *const twice[] = {where->path, where->second, where->path};
    sy_merge_result result;
    sy_loaded loaded;
    write_record(where->path, (unsigned[]){1, 2}, (uint32_t[]){SY_ROW_OK, SY_ROW_ERROR}, 2);
    write_record(where->second, (unsigned[]){1, 3}, (uint32_t[]){SY_ROW_OK, SY_ROW_OK}, 2);
    assert_int_equal(sy_record_merge(twice, 3, where->joined, &result, NULL), SY_OK);
    assert_int_equal(result.rows, 4);
    assert_int_equal(result.left_out, 2);
    assert_int_equal(result.torn, 0);
    assert_int_equal(sy_record_load(where->joined, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.rows.count, 4);
    assert_int_equal(loaded.environments, 2);
    sy_loaded_release(&loaded);
    assert_int_equal(sy_record_merge(twice, 1, where->joined, &result, NULL), SY_INVALID_ARGUMENT);
}

static void merging_keeps_unknown_fields_and_finished_rows(void **state) {
    const place *where = *state;
    const char *const paths[] = {where->path, where->second};
    sy_merge_result result;
    char text[4096] = "";
    sy_loaded loaded;
    write_text(where->path, HEAD "\"row\":{\"id\":\"00000000000000a1\",\"request\":{\"device\":\"cpu\"}},"
                                 "\"key\":{\"problem\":\"p\"},\"key_hash\":\"k\",\"status\":\"skipped\"}\n");
    write_text(where->second, HEAD ROW ",\"future\":[1,2]}\n{\"schema\":");
    assert_int_equal(sy_record_merge(paths, 2, where->joined, &result, NULL), SY_OK);
    assert_int_equal(result.rows, 2);
    assert_int_equal(result.torn, 1);
    FILE *file = fopen(where->joined, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(text, "\"future\":[1,2]}\n"));
    assert_int_equal(sy_record_load(where->joined, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.rows.count, 1);
    assert_int_equal(loaded.rows.row[0].status, SY_ROW_OK);
    sy_loaded_release(&loaded);
}

static void every_call_may_fail(void **state) {
    const place *where = *state;
    const char *const paths[] = {where->path, where->second};
    sy_merge_result result;
    sy_loaded loaded;
    write_record(where->path, (unsigned[]){1, 2}, (uint32_t[]){SY_ROW_OK, SY_ROW_ERROR}, 2);
    write_record(where->second, (unsigned[]){1}, (uint32_t[]){SY_ROW_OK}, 1);
    sy_status status = SY_IO;
    uint64_t k = 0;
    while (status != SY_OK && ++k < 2000) {
        unlink(where->joined);
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        status = sy_record_merge(paths, 2, where->joined, &result, NULL);
        if (status == SY_OK)
            status = sy_record_load(where->joined, &loaded, NULL);
        if (sy_seam_disarm() >= k && status == SY_OK) {
            sy_loaded_release(&loaded);
            status = SY_IO;
        }
    }
    sy_loaded_release(&loaded);
    assert_true(k > 20 && k < 2000);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        TEST(each_line_is_judged),
        TEST(a_torn_line_is_left_out),
        TEST(what_is_not_there_cannot_be_read),
        TEST(merging_keeps_each_row_once),
        TEST(merging_keeps_unknown_fields_and_finished_rows),
        TEST(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
