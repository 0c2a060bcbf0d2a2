/* Readings below a root: small texts, numbers, listings; and files that are not what they should be. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"

static char root[64];

static void put(const char *name, const void *bytes, size_t count) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static int make_root(void **state) {
    (void)state;
    snprintf(root, sizeof root, "/tmp/steelyard-sysfs-XXXXXX");
    return mkdtemp(root) == NULL;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static int remove_root(void **state) {
    (void)state;
    return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void texts_are_trimmed(void **state) {
    char text[16];
    (void)state;
    put("a", "performance \t\n\n", 15);
    assert_int_equal(sy_sysfs_text(root, "/a", text, sizeof text, NULL), SY_OK);
    assert_string_equal(text, "performance");
    put("empty", "", 0);
    assert_int_equal(sy_sysfs_text(root, "/empty", text, sizeof text, NULL), SY_OK);
    assert_string_equal(text, "");
    put("nul", "ab\0cd", 5);
    assert_int_equal(sy_sysfs_text(root, "/nul", text, sizeof text, NULL), SY_OK);
    assert_string_equal(text, "ab");
    put("blank", " \n", 2);
    assert_int_equal(sy_sysfs_text(root, "/blank", text, sizeof text, NULL), SY_OK);
    assert_string_equal(text, "");
}

static void long_texts_are_cut_and_told(void **state) {
    char text[5];
    (void)state;
    put("a", "12345", 5);
    assert_int_equal(sy_sysfs_text(root, "/a", text, sizeof text, NULL), SY_OVERFLOW);
    assert_string_equal(text, "1234");
    put("a", "1234", 4);
    assert_int_equal(sy_sysfs_text(root, "/a", text, sizeof text, NULL), SY_OK);
    assert_string_equal(text, "1234");
    assert_int_equal(sy_sysfs_text(root, "/a", text, 1, NULL), SY_OVERFLOW);
    assert_string_equal(text, "");
    assert_int_equal(sy_sysfs_text(root, "/a", text, 0, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_sysfs_text("/dev", "/zero", text, sizeof text, NULL), SY_OVERFLOW); /* endless */
}

static void absent_files_are_unavailable(void **state) {
    char text[16] = "x";
    char path[8192];
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_sysfs_text(root, "/absent", text, sizeof text, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "No such file"));
    assert_string_equal(text, "");
    put("file", "1", 1);
    assert_int_equal(sy_sysfs_text(root, "/file/below", text, sizeof text, NULL), SY_UNAVAILABLE);
    assert_int_equal(sy_sysfs_text(root, "", text, sizeof text, NULL), SY_IO); /* a folder */
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_int_equal(sy_sysfs_text(root, path, text, sizeof text, NULL), SY_INVALID_ARGUMENT);
}

static void numbers(void **state) {
    static const char *const bad[] = {"", "x", "1 2", "0x10", "1.5", "99999999999999999999",
        "1111111111111111111111111111111111111111111111111111111111111111111111111", NULL};
    int64_t value = 0;
    (void)state;
    put("n", "-42\n", 4);
    assert_int_equal(sy_sysfs_i64(root, "/n", &value, NULL), SY_OK);
    assert_int_equal(value, -42);
    for (int i = 0; bad[i] != NULL; i++) {
        put("n", bad[i], strlen(bad[i]));
        assert_int_equal(sy_sysfs_i64(root, "/n", &value, NULL), SY_INVALID_ARGUMENT);
        assert_int_equal(value, 0);
    }
    assert_int_equal(sy_sysfs_i64(root, "/absent", &value, NULL), SY_UNAVAILABLE);
}

static void listings_are_sorted(void **state) {
    sy_sysfs_names names;
    char folder[128];
    (void)state;
    snprintf(folder, sizeof folder, "%s/list", root);
    assert_int_equal(mkdir(folder, 0755), 0);
    assert_int_equal(sy_sysfs_list(root, "/list", &names, NULL), SY_OK);
    assert_int_equal(names.count, 0);
    sy_sysfs_release(&names);
    put("list/cpu10", "", 0);
    put("list/cpu2", "", 0);
    put("list/.hidden", "", 0);
    put("list/cpu0", "", 0);
    assert_int_equal(sy_sysfs_list(root, "/list", &names, NULL), SY_OK);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.name[0], "cpu0");
    assert_string_equal(names.name[1], "cpu10");
    assert_string_equal(names.name[2], "cpu2");
    sy_sysfs_release(&names);
    assert_null(names.name);
    assert_int_equal(sy_sysfs_list(root, "/absent", &names, NULL), SY_UNAVAILABLE);
    assert_int_equal(sy_sysfs_list(root, "/list/cpu0", &names, NULL), SY_UNAVAILABLE);
    assert_null(names.name);
}

static void faults_are_statuses(void **state) {
    sy_sysfs_names names;
    char text[16];
    (void)state;
    put("f", "1", 1);
    sy_seam_arm(SY_SEAM_FILE, 2);
    assert_int_equal(sy_sysfs_text(root, "/f", text, sizeof text, NULL), SY_IO);
    for (uint64_t k = 1; k <= 2; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_sysfs_list(root, "/", &names, NULL), SY_OUT_OF_MEMORY);
        assert_int_equal(names.count, 0);
    }
    sy_seam_disarm();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_trimmed),
        cmocka_unit_test(long_texts_are_cut_and_told),
        cmocka_unit_test(absent_files_are_unavailable),
        cmocka_unit_test(numbers),
        cmocka_unit_test(listings_are_sorted),
        cmocka_unit_test(faults_are_statuses),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
