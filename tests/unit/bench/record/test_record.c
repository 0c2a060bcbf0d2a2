/* Writing, resuming and surviving: whatever fails, what is in the file is a valid record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/record/load.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/record/sample.h"

typedef struct place {
    char folder[64], path[128];
} place;

static int make_place(void **state) {
    static place where;
    sample_folder(where.folder);
    snprintf(where.path, sizeof where.path, "%s/r.jsonl", where.folder);
    *state = &where;
    return 0;
}

static int remove_place(void **state) {
    sample_remove_folder(((place *)*state)->folder);
    return 0;
}

static sy_record_target target_of(const place *where, bool resume) {
    return (sy_record_target){.path = where->path, .resume = resume, .node = "n0", .rank = SY_NO_COUNT};
}

static sy_record *open_record(const place *where, bool resume) {
    sy_record *record = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_record_target target = target_of(where, resume);
    if (sy_record_open(&target, &record, &err) != SY_OK)
        fail_msg("%s", err.text);
    return record;
}

static void write_row(sy_record *record, unsigned n, uint32_t status) {
    sy_row row;
    sample_full_row(n, &row);
    row.status = status;
    assert_int_equal(sy_record_row(record, &row, NULL), SY_OK);
}

static void append_bytes(const char *path, const char *bytes) {
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    close(fd);
}

static off_t size_of(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? facts.st_size : -1;
}

/* The whole of one sitting; the first status that is not ok. */
static sy_status write_session(const place *where, bool resume, unsigned rows) {
    sy_record *record = NULL;
    sy_environment environment;
    sy_total total;
    sy_peak peak;
    sy_row row;
    const char *const plan[] = {"0000000000000001", "0000000000000002"};
    sy_record_target target = target_of(where, resume);
    sample_environment(&environment);
    sample_total(&total);
    sample_peak(&peak);
    sy_status status = sy_record_open(&target, &record, NULL);
    if (status == SY_OK)
        status = sy_record_begin(record, &environment, plan, 2, NULL);
    for (unsigned i = 0; status == SY_OK && i < rows; i++) {
        sample_full_row(i, &row);
        status = sy_record_row(record, &row, NULL);
    }
    if (status == SY_OK)
        status = sy_record_total(record, &total, NULL);
    if (status == SY_OK)
        status = sy_record_peak(record, &peak, NULL);
    if (status == SY_OK)
        status = sy_record_end(record, 5e9, false, NULL);
    sy_record_close(record);
    return status;
}

static void what_is_written_is_read(void **state) {
    const place *where = *state;
    sy_loaded loaded;
    sy_row row;
    sy_text before = {0}, after = {0};
    assert_int_equal(write_session(where, false, 3), SY_OK);
    assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.rows.count, 3);
    assert_int_equal(loaded.totals.count, 1);
    assert_int_equal(loaded.peaks.count, 1);
    assert_int_equal(loaded.planned, 2);
    assert_true(loaded.has_ending && loaded.ending.interrupted == SY_TRI_NO);
    assert_int_equal(loaded.ending.rows[SY_ROW_OK], 3);
    assert_string_equal(loaded.environment.command.item[2], "a \"b\" \\ \n\x01\xef\xbf\xbd\xe2\x80\xa8");
    sample_full_row(2, &row);
    sy_fields_write(&sy_row_fields, &row, false, &before);
    sy_fields_write(&sy_row_fields, &loaded.rows.row[2], false, &after);
    assert_string_equal(before.data, after.data);
    sy_text_release(&before);
    sy_text_release(&after);
    sy_loaded_release(&loaded);
}

static void an_existing_file_is_refused(void **state) {
    const place *where = *state;
    sy_record *record = NULL;
    sy_error err = SY_ERROR_INIT;
    append_bytes(where->path, "x");
    sy_record_target target = target_of(where, false);
    assert_int_equal(sy_record_open(&target, &record, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "exists"));
    assert_null(record);
    assert_int_equal(size_of(where->path), 1);
}

static void an_empty_file_is_taken(void **state) {
    const place *where = *state;
    append_bytes(where->path, "");
    assert_int_equal(write_session(where, false, 1), SY_OK);
}

static void nothing_written_leaves_no_file(void **state) {
    const place *where = *state;
    sy_record_close(open_record(where, false));
    assert_int_equal(size_of(where->path), -1);
}

static void a_second_program_is_refused(void **state) {
    const place *where = *state;
    sy_record *record = open_record(where, false);
    sy_record *second = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_record_target target = target_of(where, false);
    assert_int_equal(sy_record_open(&target, &second, &err), SY_REFUSED);
    assert_non_null(strstr(err.text, "another program"));
    write_row(record, 1, SY_ROW_OK);
    target.resume = true;
    assert_int_equal(sy_record_open(&target, &second, &err), SY_REFUSED);
    sy_record_close(record);
    assert_true(size_of(where->path) > 0);
}

static void resume_needs_a_record(void **state) {
    const place *where = *state;
    sy_record *record = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_record_target target = target_of(where, true);
    assert_int_equal(sy_record_open(&target, &record, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "does not exist"));
    append_bytes(where->path, "{\"schema\":\"steelyard.record/2\",\"kind\":\"op\"}\n");
    assert_int_equal(sy_record_open(&target, &record, &err), SY_INCOMPATIBLE);
    assert_non_null(strstr(err.text, "steelyard.record/2"));
    target.path = "-";
    assert_int_equal(sy_record_open(&target, &record, &err), SY_INVALID_ARGUMENT);
    target.path = "/dev/null";
    assert_int_equal(sy_record_open(&target, &record, &err), SY_INVALID_ARGUMENT);
}

static void resume_never_cuts_a_foreign_file(void **state) {
    const place *where = *state;
    sy_record *record = NULL;
    append_bytes(where->path, "my thesis, without a newline");
    sy_record_target target = target_of(where, true);
    assert_int_equal(sy_record_open(&target, &record, NULL), SY_INCOMPATIBLE);
    assert_int_equal(size_of(where->path), 28);
}

static void resume_is_plan_minus_what_is_there(void **state) {
    const place *where = *state;
    sy_record *record = open_record(where, false);
    char run_id[SY_RUN_ID_MAX];
    sy_row row;
    snprintf(run_id, sizeof run_id, "%s", sy_record_run_id(record));
    write_row(record, 1, SY_ROW_OK);
    write_row(record, 2, SY_ROW_TIMEOUT);
    write_row(record, 3, SY_ROW_SKIPPED);
    sample_full_row(1, &row);
    assert_false(sy_record_done(record, row.id));
    sy_record_close(record);
    off_t whole = size_of(where->path);
    append_bytes(where->path, "{\"schema\":\"steelyard.record/1\",\"kind\":\"op\",\"run_");
    record = open_record(where, true);
    assert_int_equal(size_of(where->path), whole);
    assert_string_equal(sy_record_run_id(record), run_id);
    assert_int_equal(sy_record_count(record), 3);
    static const bool done[] = {false, true, true, false, false};
    for (unsigned i = 0; i < 5; i++) {
        sample_full_row(i, &row);
        assert_int_equal(sy_record_done(record, row.id), done[i]);
    }
    assert_false(sy_record_done(record, "no id"));
    write_row(record, 3, SY_ROW_OK);
    assert_int_equal(sy_record_end(record, 1.0, false, NULL), SY_OK);
    sy_record_close(record);
    sy_loaded loaded;
    assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.rows.count, 3);
    assert_int_equal(loaded.rows.row[2].status, SY_ROW_OK);
    assert_int_equal(loaded.ending.rows[SY_ROW_OK], 2);
    assert_int_equal(loaded.ending.rows[SY_ROW_SKIPPED], 0);
    sy_loaded_release(&loaded);
}

static void a_file_of_one_torn_line_begins_again(void **state) {
    const place *where = *state;
    append_bytes(where->path, "{\"schema\":\"steel");
    assert_int_equal(write_session(where, true, 1), SY_OK);
    sy_loaded loaded;
    assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.rows.count, 1);
    sy_loaded_release(&loaded);
}

static void rows_that_lack_a_need_are_refused(void **state) {
    const place *where = *state;
    sy_record *record = open_record(where, false);
    sy_row row;
    for (int i = 0; i < 6; i++) {
        sample_full_row(1, &row);
        row.id = i == 0 ? NULL : i == 1 ? "0123" : row.id;
        row.key.problem = i == 2 ? NULL : row.key.problem;
        row.key_hash = i == 3 ? NULL : row.key_hash;
        row.request.device = i == 4 ? NULL : row.request.device;
        row.status = i == 5 ? 0 : row.status;
        assert_int_equal(sy_record_row(record, &row, NULL), SY_INVALID_ARGUMENT);
    }
    sy_record_close(record);
}

/* A file size limit is a full disk that a test can make: part of the line is written, then an error. */
static void a_full_disk_costs_no_earlier_row(void **state) {
    const place *where = *state;
    struct rlimit before, limit;
    sy_row row;
    sy_error err = SY_ERROR_INIT;
    sy_loaded loaded;
    sy_record *record = open_record(where, false);
    write_row(record, 1, SY_ROW_OK);
    off_t whole = size_of(where->path);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)whole + 100;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    sample_full_row(2, &row);
    sy_status status = sy_record_row(record, &row, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, SY_IO);
    assert_non_null(strstr(err.text, "File too large"));
    assert_int_equal(size_of(where->path), whole);
    assert_int_equal(sy_record_count(record), 1);
    write_row(record, 3, SY_ROW_OK);
    sy_record_close(record);
    assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.rows.count, 2);
    sy_loaded_release(&loaded);
}

static void a_full_device_says_so(void **state) {
    (void)state;
    sy_record *record = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_row row;
    sy_record_target target = {.path = "/dev/full", .rank = SY_NO_COUNT};
    assert_int_equal(sy_record_open(&target, &record, &err), SY_OK);
    sample_full_row(2, &row);
    assert_int_equal(sy_record_row(record, &row, &err), SY_IO);
    assert_non_null(strstr(err.text, "No space left on device"));
    assert_int_equal(sy_record_row(record, &row, &err), SY_IO);
    sy_record_close(record);
}

static void places_that_cannot_be(void **state) {
    const place *where = *state;
    sy_record *record = NULL;
    char path[160];
    sy_record_target target = {.path = where->folder, .rank = SY_NO_COUNT};
    assert_int_equal(sy_record_open(&target, &record, NULL), SY_IO);
    snprintf(path, sizeof path, "%s/none/r.jsonl", where->folder);
    target.path = path;
    assert_int_equal(sy_record_open(&target, &record, NULL), SY_IO);
}

/* Whatever call fails: no crash, no leak, and a file that can be read or was never made. */
static void check_what_is_left(const place *where, unsigned at_most) {
    sy_loaded loaded;
    if (size_of(where->path) < 0)
        return;
    assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
    assert_int_equal(loaded.torn_byte, 0);
    assert_true(loaded.rows.count <= at_most);
    sy_loaded_release(&loaded);
}

static void every_call_may_fail(void **state) {
    const place *where = *state;
    sy_status status = SY_IO;
    uint64_t k = 0;
    while (status != SY_OK && ++k < 2000) {
        unlink(where->path);
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE | SY_SEAM_CLOCK, k);
        status = write_session(where, false, 3);
        uint64_t seen = sy_seam_disarm();
        check_what_is_left(where, 3);
        /* A clock that failed, or a folder that could not be synced, costs nothing: go on to the last call.
         */
        if (status == SY_OK && seen >= k)
            status = SY_IO;
    }
    assert_true(k > 20 && k < 2000);
}

static void every_call_may_fail_on_resume(void **state) {
    const place *where = *state;
    sy_status status = SY_IO;
    uint64_t k = 0;
    while (status != SY_OK && ++k < 2000) {
        unlink(where->path);
        assert_int_equal(write_session(where, false, 2), SY_OK);
        append_bytes(where->path, "{\"schema\":\"steelyard.record/1\",");
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE | SY_SEAM_CLOCK, k);
        status = write_session(where, true, 3);
        uint64_t seen = sy_seam_disarm();
        sy_loaded loaded;
        assert_int_equal(sy_record_load(where->path, &loaded, NULL), SY_OK);
        assert_true(loaded.rows.count >= 2);
        sy_loaded_release(&loaded);
        if (status == SY_OK && seen >= k)
            status = SY_IO;
    }
    assert_true(k > 20 && k < 2000);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(an_existing_file_is_refused),
        TEST(an_empty_file_is_taken),
        TEST(nothing_written_leaves_no_file),
        TEST(a_second_program_is_refused),
        TEST(resume_needs_a_record),
        TEST(resume_never_cuts_a_foreign_file),
        TEST(resume_is_plan_minus_what_is_there),
        TEST(a_file_of_one_torn_line_begins_again),
        TEST(rows_that_lack_a_need_are_refused),
        TEST(a_full_disk_costs_no_earlier_row),
        TEST(a_full_device_says_so),
        TEST(places_that_cannot_be),
        TEST(every_call_may_fail),
        TEST(every_call_may_fail_on_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
