/* An output is whole or not there, whatever fails, and a special file is written to as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/report/export/facts.h"
#include "runtime/base/seam.h"

typedef struct place {
    char folder[40], path[64];
} place;

static int make_place(void **state) {
    static place made;
    snprintf(made.folder, sizeof made.folder, "/tmp/steelyard-out-XXXXXX");
    if (mkdtemp(made.folder) == NULL)
        return -1;
    snprintf(made.path, sizeof made.path, "%.40s/x.prom", made.folder);
    *state = &made;
    return 0;
}

static int remove_place(void **state) {
    const place *made = *state;
    unlink(made->path);
    return rmdir(made->folder);
}

static void assert_content(const char *path, const char *wanted) {
    char text[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    (void)!fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_string_equal(text, wanted);
}

static size_t count_files(const char *folder) {
    size_t count = 0;
    DIR *open = opendir(folder);
    assert_non_null(open);
    while (readdir(open) != NULL)
        count++;
    closedir(open);
    return count - 2;
}

static sy_status write_once(const char *path, const char *text) {
    sy_out out;
    sy_status status = sy_out_open(path, &out, NULL);
    if (status == SY_OK)
        sy_export_put(&out.text, text);
    if (status == SY_OK)
        status = sy_out_finish(&out, NULL);
    sy_out_close(&out);
    return status;
}

static void nothing_is_there_before_the_end(void **state) {
    const place *at = *state;
    sy_out out;
    assert_int_equal(sy_out_open(at->path, &out, NULL), SY_OK);
    sy_export_put(&out.text, "half");
    assert_int_equal(sy_out_flush(&out, true, NULL), SY_OK);
    assert_int_equal(access(at->path, F_OK), -1);
    assert_string_equal(out.temporary + strlen(out.temporary) - 5, ".part");
    sy_out_close(&out);
    assert_int_equal(count_files(at->folder), 0);
    assert_int_equal(write_once(at->path, "one"), SY_OK);
    assert_int_equal(write_once(at->path, "two"), SY_OK);
    assert_content(at->path, "two");
    assert_int_equal(count_files(at->folder), 1);
}

static void what_was_there_stays_after_a_failure(void **state) {
    const place *at = *state;
    assert_int_equal(write_once(at->path, "before"), SY_OK);
    /* open, write, sync, rename */
    for (uint64_t k = 1; k <= 4; k++) {
        sy_seam_arm(SY_SEAM_FILE, k);
        assert_int_equal(write_once(at->path, "after"), SY_IO);
        sy_seam_disarm();
        assert_content(at->path, "before");
        assert_int_equal(count_files(at->folder), 1);
    }
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(write_once(at->path, "after"), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_content(at->path, "before");
    assert_int_equal(write_once(at->path, "after"), SY_OK);
    assert_content(at->path, "after");
}

static void pipes_and_devices_are_written_to(void **state) {
    const place *at = *state;
    char text[8] = "";
    assert_int_equal(mkfifo(at->path, 0600), 0);
    /* Both ends here, so that nobody waits. */
    FILE *both = fopen(at->path, "r+");
    assert_non_null(both);
    assert_int_equal(write_once(at->path, "fifo"), SY_OK);
    assert_int_equal(fread(text, 1, 4, both), 4);
    assert_string_equal(text, "fifo");
    fclose(both);
    assert_int_equal(write_once("/dev/full", "x"), SY_IO);
    assert_int_equal(write_once(at->folder, "x"), SY_IO);
    assert_int_equal(write_once("/nowhere/x", "x"), SY_IO);
}

static void appending_keeps_what_is_there(void **state) {
    const place *at = *state;
    for (int i = 0; i < 2; i++) {
        sy_out out;
        assert_int_equal(sy_out_open_append(at->path, &out, NULL), SY_OK);
        sy_export_put(&out.text, "more ");
        assert_int_equal(sy_out_finish(&out, NULL), SY_OK);
        sy_out_close(&out);
    }
    assert_content(at->path, "more more ");
    sy_out out;
    assert_int_equal(sy_out_open_append("/nowhere/x", &out, NULL), SY_IO);
    sy_out_close(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_there_before_the_end, make_place, remove_place),
        cmocka_unit_test_setup_teardown(what_was_there_stays_after_a_failure, make_place, remove_place),
        cmocka_unit_test_setup_teardown(pipes_and_devices_are_written_to, make_place, remove_place),
        cmocka_unit_test_setup_teardown(appending_keeps_what_is_there, make_place, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
