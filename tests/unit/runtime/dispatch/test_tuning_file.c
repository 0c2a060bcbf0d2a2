/* The tuning cache on disk: whose files are taken, what a failing call leaves, two writers at once. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning_file.h"
#include "steelyard/backend.h"

/* A cache folder of a test's own, and the lines that were logged. */
typedef struct place {
    char root[64], folder[96], file[128], log[4096];
    int lines;
    sy_logger logger;
} place;

static void keep_line(void *ctx, uint32_t level, const char *text) {
    place *p = ctx;
    assert_int_equal(level, SY_LOG_WARNING);
    p->lines++;
    snprintf(p->log, sizeof p->log, "%s", text);
}

static int make_place(void **state) {
    place *p = calloc(1, sizeof *p);
    snprintf(p->root, sizeof p->root, "/tmp/steelyard-tuning-XXXXXX");
    if (mkdtemp(p->root) == NULL)
        return -1;
    snprintf(p->folder, sizeof p->folder, "%s/cache/steelyard", p->root);
    snprintf(p->file, sizeof p->file, "%s/tuning-3", p->folder);
    p->logger = (sy_logger){.write = keep_line, .ctx = p, .level = SY_LOG_WARNING};
    *state = p;
    return 0;
}

static int remove_place(void **state) {
    char command[128];
    place *p = *state;
    snprintf(command, sizeof command, "rm -rf '%s'", p->root);
    int result = system(command);
    free(p);
    return result;
}

static sy_tuning_entry entry_of(int number, const char *algorithm) {
    sy_tuning_entry entry = {.gain = 1.5};
    strcpy(entry.key.device, "0123456789abcdef");
    strcpy(entry.key.version, "1/1");
    strcpy(entry.device.backend, "cpu");
    snprintf(entry.problem, sizeof entry.problem, "gemm:m=%d", number);
    snprintf(entry.algorithm, sizeof entry.algorithm, "%s", algorithm);
    return entry;
}

static sy_status store(place *p, int number, const char *algorithm, sy_error *err) {
    sy_tuning_entry entry = entry_of(number, algorithm);
    return sy_tuning_store(p->folder, &entry, 1, &p->logger, err);
}

/* How many findings there are; *out_last is the algorithm of problem `number`, "" if it has none. */
static size_t load(place *p, int number, char out_algorithm[64]) {
    sy_tuning tuning;
    sy_tuning_entry entry = entry_of(number, "");
    sy_tuning_load(p->folder, &p->logger, &tuning);
    const sy_tuning_entry *found = sy_tuning_find(&tuning, &entry.key, entry.problem);
    snprintf(out_algorithm, 64, "%s", found != NULL ? found->algorithm : "");
    size_t count = tuning.count;
    sy_tuning_release(&tuning);
    return count;
}

static void expect(place *p, size_t count, int number, const char *algorithm) {
    char got[64];
    assert_int_equal(load(p, number, got), count);
    assert_string_equal(got, algorithm);
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void no_cache_is_silence(void **state) {
    place *p = *state;
    expect(p, 0, 1, "");
    assert_int_equal(p->lines, 0);
    sy_tuning tuning;
    sy_tuning_load("", &p->logger, &tuning);
    assert_int_equal(tuning.count, 0);
    assert_int_equal(sy_tuning_clear(p->folder, NULL), SY_OK);
    assert_int_equal(sy_tuning_clear("", NULL), SY_OK);
    assert_int_equal(p->lines, 0);
}

static void what_is_stored_is_there_for_us_alone(void **state) {
    place *p = *state;
    struct stat found;
    umask(0);
    assert_int_equal(store(p, 1, "native/k128", NULL), SY_OK);
    assert_int_equal(store(p, 2, "openblas", NULL), SY_OK);
    assert_int_equal(store(p, 1, "native/k256", NULL), SY_OK);
    expect(p, 2, 1, "native/k256");
    assert_int_equal(stat(p->file, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    assert_int_equal(stat(p->folder, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
    assert_int_equal(sy_tuning_clear(p->folder, NULL), SY_OK);
    expect(p, 0, 1, "");
    assert_int_equal(p->lines, 0);
}

static void a_damaged_file_is_ignored_with_one_line_and_replaced(void **state) {
    place *p = *state;
    assert_int_equal(store(p, 1, "native", NULL), SY_OK);
    static const char *const texts[] = {
        "", "hello\n", "steelyard.tuning/3\n", "steelyard.tuning/9\nend 0 0\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_file(p->file, texts[i]);
        p->lines = 0;
        expect(p, 0, 1, "");
        assert_int_equal(p->lines, 1);
        assert_non_null(strstr(p->log, "tuning cache ignored: "));
        assert_non_null(strstr(p->log, p->file));
    }
    p->lines = 0;
    assert_int_equal(store(p, 3, "openblas", NULL), SY_OK);
    assert_int_equal(p->lines, 1);
    assert_non_null(strstr(p->log, "tuning cache replaced: "));
    expect(p, 1, 3, "openblas");
}

static void a_long_file_is_not_read(void **state) {
    place *p = *state;
    assert_int_equal(store(p, 1, "native", NULL), SY_OK);
    assert_int_equal(truncate(p->file, (off_t)SY_TUNING_BYTES_MAX + 1), 0);
    expect(p, 0, 1, "");
    assert_non_null(strstr(p->log, "too long"));
}

/* A foreign file: ignored with one line, and not written over. */
static void expect_foreign(place *p, const char *says) {
    sy_error error = SY_ERROR_INIT;
    p->lines = 0;
    expect(p, 0, 1, "");
    assert_int_equal(p->lines, 1);
    if (strstr(p->log, says) == NULL)
        fail_msg("should say '%s', says '%s'", says, p->log);
    assert_int_equal(store(p, 2, "openblas", &error), SY_REFUSED);
    if (strstr(error.text, says) == NULL)
        fail_msg("should say '%s', says '%s'", says, error.text);
}

static void foreign_files_are_ignored_and_left_alone(void **state) {
    place *p = *state;
    char aside[160];
    snprintf(aside, sizeof aside, "%s/aside", p->root);
    assert_int_equal(store(p, 1, "native", NULL), SY_OK);
    assert_int_equal(chmod(p->file, 0620), 0);
    expect_foreign(p, "can be written by others");
    assert_int_equal(chmod(p->file, 0602), 0);
    expect_foreign(p, "can be written by others");
    assert_int_equal(chmod(p->file, 0600), 0);
    assert_int_equal(chmod(p->folder, 0777), 0);
    expect_foreign(p, "can be written by others");
    assert_int_equal(chmod(p->folder, 0700), 0);
    expect(p, 1, 1, "native");
    assert_int_equal(rename(p->file, aside), 0);
    assert_int_equal(symlink(aside, p->file), 0);
    expect_foreign(p, "symbolic link");
    assert_int_equal(unlink(p->file), 0);
    assert_int_equal(mkfifo(p->file, 0600), 0);
    expect_foreign(p, "no regular file");
    assert_int_equal(unlink(p->file), 0);
    assert_int_equal(rename(aside, p->file), 0);
    expect(p, 1, 1, "native");
    if (geteuid() != 0)
        return;
    assert_int_equal(chown(p->file, 12345, (gid_t)-1), 0);
    expect_foreign(p, "belongs to another user");
}

/* Whatever call fails: an error or success, the old findings or the new ones, and nothing left behind. */
static void any_failing_call_leaves_the_old_or_the_new(void **state) {
    place *p = *state;
    char fresh[160];
    int failures = 0;
    snprintf(fresh, sizeof fresh, "%s/tuning-3.new", p->folder);
    assert_int_equal(store(p, 1, "old", NULL), SY_OK);
    for (uint64_t k = 1; k < 60; k++) {
        sy_error error = SY_ERROR_INIT;
        char got[64];
        sy_seam_arm(SY_SEAM_FILE | SY_SEAM_ALLOC, k);
        sy_status status = store(p, 1, "new", &error);
        uint64_t calls = sy_seam_disarm();
        assert_int_equal(load(p, 1, got), 1);
        if (status != SY_OK) {
            failures++;
            assert_string_equal(got, "old");
            assert_true(error.text[0] != '\0');
        } else {
            assert_string_equal(got, "new");
            assert_int_equal(store(p, 1, "old", NULL), SY_OK);
        }
        assert_int_equal(access(fresh, F_OK), -1);
        if (calls < k)
            break;
    }
    assert_true(failures >= 10);
    assert_int_equal(p->lines, 0);
}

static void a_failing_read_is_as_no_cache(void **state) {
    place *p = *state;
    assert_int_equal(store(p, 1, "native", NULL), SY_OK);
    for (uint64_t k = 1; k <= 7; k++) {
        char got[64];
        p->lines = 0;
        sy_seam_arm(SY_SEAM_FILE | SY_SEAM_ALLOC, k);
        size_t count = load(p, 1, got);
        sy_seam_disarm();
        assert_int_equal(count, 0);
        assert_int_equal(p->lines, 1);
    }
    expect(p, 1, 1, "native");
}

static void no_place_and_no_folder_are_errors(void **state) {
    place *p = *state;
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(sy_tuning_store("", NULL, 0, NULL, &error), SY_UNAVAILABLE);
    assert_non_null(strstr(error.text, "XDG_CACHE_HOME"));
    char cache[96];
    snprintf(cache, sizeof cache, "%s/cache", p->root);
    write_file(cache, "a file, no folder");
    assert_int_equal(store(p, 1, "native", &error), SY_IO);
    assert_non_null(strstr(error.text, cache));
}

static const char *give(void *ctx, const char *name) {
    const char *const *pairs = ctx;
    for (; *pairs != NULL; pairs += 2)
        if (strcmp(pairs[0], name) == 0)
            return pairs[1];
    return NULL;
}

static void the_folder_is_the_users(void **state) {
    (void)state;
    char folder[SY_TUNING_FOLDER_MAX];
    const char *both[] = {"XDG_CACHE_HOME", "/c", "HOME", "/h", NULL};
    assert_true(sy_tuning_folder(give, both, folder));
    assert_string_equal(folder, "/c/steelyard");
    const char *relative[] = {"XDG_CACHE_HOME", "c", "HOME", "/h", NULL};
    assert_true(sy_tuning_folder(give, relative, folder));
    assert_string_equal(folder, "/h/.cache/steelyard");
    const char *none[] = {"XDG_CACHE_HOME", "", "HOME", "", NULL};
    assert_false(sy_tuning_folder(give, none, folder));
    assert_string_equal(folder, "");
    static char longer[SY_TUNING_FOLDER_MAX + 8];
    memset(longer, '/', sizeof longer - 1);
    const char *huge[] = {"HOME", longer, NULL};
    assert_false(sy_tuning_folder(give, huge, folder));
    assert_string_equal(folder, "");
}

/* Children that each store findings of their own, one by one. */
static void writers_at_once_lose_nothing(void **state) {
    place *p = *state;
    enum { WRITERS = 6, EACH = 8 };
    pid_t child[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        child[i] = fork();
        if (child[i] != 0)
            continue;
        for (int j = 0; j < EACH; j++)
            if (store(p, i * EACH + j, "native", NULL) != SY_OK)
                _exit(1);
        _exit(0);
    }
    for (int i = 0; i < WRITERS; i++) {
        int how = -1;
        assert_int_equal(waitpid(child[i], &how, 0), child[i]);
        assert_int_equal(how, 0);
    }
    expect(p, WRITERS * EACH, 0, "native");
}

int main(void) {
#define ON(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {ON(no_cache_is_silence), ON(what_is_stored_is_there_for_us_alone),
        ON(a_damaged_file_is_ignored_with_one_line_and_replaced), ON(a_long_file_is_not_read),
        ON(foreign_files_are_ignored_and_left_alone), ON(any_failing_call_leaves_the_old_or_the_new),
        ON(a_failing_read_is_as_no_cache), ON(no_place_and_no_folder_are_errors), ON(the_folder_is_the_users),
        ON(writers_at_once_lose_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
