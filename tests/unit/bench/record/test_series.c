/* Samples over time beside the record: what is written is read, torn ends, refusals, failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/record/series.h"
#include "bench/record/utc_text.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/record/sample.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct place {
    char folder[64], path[128];
} place;

static int make_place(void **state) {
    static place where;
    sample_folder(where.folder);
    snprintf(where.path, sizeof where.path, "%s/r.series.jsonl", where.folder);
    *state = &where;
    return 0;
}

static int remove_place(void **state) {
    sample_remove_folder(((place *)*state)->folder);
    return 0;
}

static off_t size_of(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? facts.st_size : -1;
}

static void write_text(const char *path, const char *mode, const char *text) {
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

static const double t_s[] = {-0.25, 0.1, 0.1, 1.0 / 3.0}, joule[] = {-1.0, 0.0, 262143.999969, 1e300},
                    runs[] = {0.0, 5.0, 5.0, 9007199254740991.0};

static sy_series make_samples(void) {
    return (sy_series){.kind = SY_SERIES_SAMPLES,
        .row = "00000000000000a1",
        .part = "window",
        .begin_utc = "2026-11-22T04:35:19.123Z",
        .source = "device:energy",
        .unit = "J",
        .t_s = {.item = t_s, .count = COUNT(t_s)},
        .value = {.item = joule, .count = COUNT(joule)}};
}

static sy_series make_work(void) {
    sy_series series = {.kind = SY_SERIES_WORK, .row = "00000000000000a2"};
    series.t_s = (sy_f64_list){.item = t_s, .count = COUNT(t_s)};
    series.value = (sy_f64_list){.item = runs, .count = COUNT(runs)};
    return series;
}

static sy_status write_both(const char *path, bool resume) {
    sy_series_file *file = NULL;
    sy_series samples = make_samples(), work = make_work();
    sy_status status = sy_series_open(path, "run-1", resume, &file, NULL);
    if (status == SY_OK)
        status = sy_series_append(file, &samples, NULL);
    if (status == SY_OK)
        status = sy_series_append(file, &work, NULL);
    sy_series_close(file);
    return status;
}

static size_t count_lines(const char *path, sy_status *out_end) {
    sy_series_reader *reader = NULL;
    sy_series series;
    size_t count = 0;
    assert_int_equal(sy_series_reader_open(path, &reader, NULL), SY_OK);
    while ((*out_end = sy_series_reader_next(reader, &series, NULL)) == SY_OK)
        count++;
    sy_series_reader_close(reader);
    return count;
}

static void paths_stand_beside_the_record(void **state) {
    (void)state;
    char path[32];
    assert_true(sy_series_path("a/quick.jsonl", path, sizeof path));
    assert_string_equal(path, "a/quick.series.jsonl");
    assert_string_equal(sy_series_name(path), "quick.series.jsonl");
    assert_string_equal(sy_series_name("plain"), "plain");
    assert_true(sy_series_path("quick.json", path, sizeof path));
    assert_string_equal(path, "quick.json.series.jsonl");
    assert_true(sy_series_path(".jsonl", path, sizeof path));
    assert_string_equal(path, ".jsonl.series.jsonl");
    assert_false(sy_series_path("-", path, sizeof path));
    assert_true(sy_series_path("1234567890123456.jsonl", path, 30));
    assert_false(sy_series_path("1234567890123456.jsonl", path, 29));
}

static void what_is_written_is_read(void **state) {
    const place *where = *state;
    sy_series_reader *reader = NULL;
    sy_series series;
    assert_int_equal(write_both(where->path, false), SY_OK);
    assert_int_equal(sy_series_reader_open(where->path, &reader, NULL), SY_OK);
    assert_int_equal(sy_series_reader_next(reader, &series, NULL), SY_OK);
    assert_int_equal(series.kind, SY_SERIES_SAMPLES);
    assert_string_equal(series.run_id, "run-1");
    assert_string_equal(series.row, "00000000000000a1");
    assert_string_equal(series.part, "window");
    assert_string_equal(series.begin_utc, "2026-11-22T04:35:19.123Z");
    assert_string_equal(series.source, "device:energy");
    assert_string_equal(series.unit, "J");
    assert_int_equal(series.t_s.count, COUNT(t_s));
    assert_int_equal(series.value.count, COUNT(joule));
    for (size_t i = 0; i < COUNT(t_s); i++)
        assert_true(series.t_s.item[i] == t_s[i] && series.value.item[i] == joule[i]);
    assert_int_equal(sy_series_reader_next(reader, &series, NULL), SY_OK);
    assert_int_equal(series.kind, SY_SERIES_WORK);
    assert_null(series.source);
    assert_true(series.value.item[3] == runs[3]);
    assert_int_equal(sy_series_reader_next(reader, &series, NULL), SY_UNAVAILABLE);
    sy_series_reader_close(reader);
}

static void an_existing_file_is_refused(void **state) {
    const place *where = *state;
    sy_error err = SY_ERROR_INIT;
    sy_series_file *file = NULL, *second = NULL;
    assert_int_equal(write_both(where->path, false), SY_OK);
    assert_int_equal(sy_series_open(where->path, "r", false, &file, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "exists"));
    assert_null(file);
    assert_int_equal(sy_series_open(where->path, "r", true, &file, NULL), SY_OK);
    assert_int_equal(sy_series_open(where->path, "r", true, &second, &err), SY_REFUSED);
    sy_series_close(file);
    sy_series_close(NULL);
    sy_series_reader_close(NULL);
}

static void nothing_written_leaves_no_file(void **state) {
    const place *where = *state;
    sy_series_file *file = NULL;
    for (int resume = 0; resume < 2; resume++) {
        assert_int_equal(sy_series_open(where->path, "r", resume == 1, &file, NULL), SY_OK);
        sy_series_close(file);
        assert_int_equal(size_of(where->path), -1);
    }
}

static void a_torn_line_is_cut(void **state) {
    const place *where = *state;
    sy_status end;
    assert_int_equal(write_both(where->path, false), SY_OK);
    off_t whole = size_of(where->path);
    write_text(where->path, "a", "{\"schema\":\"steelyard.series/1\",\"kind\":\"samp");
    assert_int_equal(count_lines(where->path, &end), 2);
    assert_int_equal(end, SY_UNAVAILABLE);
    assert_int_equal(write_both(where->path, true), SY_OK);
    assert_int_equal(size_of(where->path), 2 * whole);
    assert_int_equal(count_lines(where->path, &end), 4);
}

static void a_foreign_file_is_never_cut(void **state) {
    const place *where = *state;
    static const char *const texts[] = {"notes of mine", "notes\nof mine\n",
        "{\"schema\":\"steelyard.record/1\",\"kind\":\"end\",\"run_id\":\"r\"}\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        sy_series_file *file = NULL;
        write_text(where->path, "w", texts[i]);
        assert_int_equal(sy_series_open(where->path, "r", true, &file, NULL), SY_INCOMPATIBLE);
        assert_null(file);
        assert_int_equal(size_of(where->path), strlen(texts[i]));
    }
}

static void a_line_without_sense_is_not_written(void **state) {
    const place *where = *state;
    static const double back[] = {0.0, 2.0, 1.0, 3.0}, endless[] = {0.0, 1.0, INFINITY, NAN};
    sy_series bad[9];
    for (size_t i = 0; i < COUNT(bad); i++)
        bad[i] = make_samples();
    bad[0].row = NULL;
    bad[1].row = "not an id";
    bad[2].kind = 0;
    bad[3].t_s.count = 3;
    bad[4].t_s.count = bad[4].value.count = 0;
    bad[5].t_s.item = back;
    bad[6].value.item = endless;
    bad[7].t_s.item = endless;
    bad[8].kind = SY_SERIES_WORK; /* its first value is negative */
    sy_series_file *file = NULL;
    assert_int_equal(sy_series_open(where->path, "r", false, &file, NULL), SY_OK);
    for (size_t i = 0; i < COUNT(bad); i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(sy_series_append(file, &bad[i], &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "cannot be written: "));
    }
    sy_series_close(file);
    assert_int_equal(size_of(where->path), -1);
}

#define HEAD                                                                                                 \
    "{\"schema\":\"steelyard.series/1\",\"kind\":\"samples\",\"run_id\":\"r\",\"row\":\"00000000000000a1\","
#define WORK                                                                                                 \
    "{\"schema\":\"steelyard.series/1\",\"kind\":\"work\",\"run_id\":\"r\",\"row\":\"00000000000000a1\","

static void lines_are_judged(void **state) {
    const place *where = *state;
    static const struct {
        const char *line;
        sy_status status;
    } cases[] = {
        {HEAD "\"t_s\":[0,1],\"value\":[1,2],\"new\":{}}\n", SY_OK},
        {WORK "\"t_s\":[0],\"runs\":[1]}\n", SY_OK},
        {HEAD "\"t_s\":[0,1],\"value\":[1]}\n", SY_INVALID_ARGUMENT},
        {HEAD "\"t_s\":[],\"value\":[]}\n", SY_INVALID_ARGUMENT},
        {HEAD "\"t_s\":[1,0],\"value\":[1,1]}\n", SY_INVALID_ARGUMENT},
        {HEAD "\"t_s\":[0],\"value\":[\"1\"]}\n", SY_INVALID_ARGUMENT},
        {HEAD "\"t_s\":[0],\"runs\":[1]}\n", SY_INVALID_ARGUMENT},
        {HEAD "\"value\":[1]}\n", SY_INVALID_ARGUMENT},
        {WORK "\"t_s\":[0],\"value\":[1]}\n", SY_INVALID_ARGUMENT},
        {WORK "\"t_s\":[0],\"runs\":[-1]}\n", SY_INVALID_ARGUMENT},
        {"{\"schema\":\"steelyard.series/"
         "1\",\"kind\":\"work\",\"run_id\":\"r\",\"row\":\"x\",\"t_s\":[0],\"runs\":[1]}\n",
            SY_INVALID_ARGUMENT},
        {"{\"schema\":\"steelyard.series/1\",\"kind\":\"other\",\"run_id\":\"r\"}\n", SY_INVALID_ARGUMENT},
        {"{\"schema\":\"steelyard.series/2\"}\n", SY_INCOMPATIBLE},
        {"{\"other\":1}\n", SY_INCOMPATIBLE},
        {"text\n", SY_INCOMPATIBLE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        sy_series_reader *reader = NULL;
        sy_series series;
        sy_error err = SY_ERROR_INIT;
        write_text(where->path, "w", cases[i].line);
        assert_int_equal(sy_series_reader_open(where->path, &reader, NULL), SY_OK);
        assert_int_equal(sy_series_reader_next(reader, &series, &err), cases[i].status);
        assert_true(cases[i].status == SY_OK || strstr(err.text, where->path) != NULL);
        sy_series_reader_close(reader);
    }
}

static void a_missing_file_says_so(void **state) {
    const place *where = *state;
    sy_series_reader *reader = NULL;
    sy_series_file *file = NULL;
    sy_error err = SY_ERROR_INIT;
    char path[160];
    assert_int_equal(sy_series_reader_open(where->path, &reader, &err), SY_IO);
    assert_non_null(strstr(err.text, where->path));
    assert_null(reader);
    snprintf(path, sizeof path, "%s/none/r.series.jsonl", where->folder);
    assert_int_equal(sy_series_open(path, "r", false, &file, &err), SY_IO);
    assert_null(file);
}

/* Whatever fails, what is in the file are whole lines, and it can be resumed. */
static void every_call_may_fail(void **state) {
    const place *where = *state;
    static const uint32_t kinds[] = {SY_SEAM_ALLOC, SY_SEAM_FILE};
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (int resume = 0; resume < 2; resume++) {
            sy_status status = SY_IO, end;
            uint64_t k = 0;
            while (status != SY_OK && ++k < 300) {
                unlink(where->path);
                if (resume == 1)
                    assert_int_equal(write_both(where->path, false), SY_OK);
                sy_seam_arm(kinds[i], k);
                status = write_both(where->path, resume == 1);
                uint64_t seen = sy_seam_disarm();
                if (size_of(where->path) > 0)
                    assert_in_range(count_lines(where->path, &end), resume * 2, resume * 2 + 2);
                /* A failure that was lived with, such as a folder that cannot be synced, is no end. */
                status = status == SY_OK && seen >= k ? SY_IO : status;
            }
            assert_true(k > 2 && k < 300);
        }
}

static void times_of_day(void **state) {
    (void)state;
    char text[SY_UTC_TEXT_MAX];
    assert_string_equal(sy_utc_text(UINT64_C(1764170000123999999), text), "2025-11-26T15:13:20.123Z");
    assert_null(sy_utc_text(0, text));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_stand_beside_the_record),
        TEST(what_is_written_is_read),
        TEST(an_existing_file_is_refused),
        TEST(nothing_written_leaves_no_file),
        TEST(a_torn_line_is_cut),
        TEST(a_foreign_file_is_never_cut),
        TEST(a_line_without_sense_is_not_written),
        TEST(lines_are_judged),
        TEST(a_missing_file_says_so),
        TEST(every_call_may_fail),
        cmocka_unit_test(times_of_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
