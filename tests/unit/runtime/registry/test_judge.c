/* Who may own a plugin and its folders, and who may write to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/registry/judge.h"
#include "tests/unit/runtime/registry/place.h"

enum { US = 1000, STRANGER = 2000, OUR_GROUP = 1000, SHARED_GROUP = 100 };

static bool ours_is_private(gid_t group, uid_t user) {
    return group == user && group != SHARED_GROUP;
}

static const sy_trust as_user = {.user = US, .program_owner = US, .is_private = ours_is_private};
static const sy_trust as_root = {.user = 0, .program_owner = 0, .is_private = ours_is_private};
static const sy_trust as_root_over_us = {.user = 0, .program_owner = US, .is_private = ours_is_private};

static sy_status judge(const sy_trust *trust, mode_t mode, uid_t owner, gid_t group, sy_error *err) {
    struct stat info = {.st_mode = mode, .st_uid = owner, .st_gid = group};
    return sy_judge_entry(trust, "/nowhere/x", &info, err);
}

static void judge_entry_rows(void **state) {
    static const struct {
        const char *what;
        const sy_trust *trust;
        mode_t mode;
        uid_t owner;
        gid_t group;
        sy_status status;
        const char *words;
    } rows[] = {
        {"root's file for a user", &as_user, S_IFREG | 0644, 0, 0, SY_OK, ""},
        {"own file", &as_user, S_IFREG | 0755, US, OUR_GROUP, SY_OK, ""},
        {"umask 002 with a private group", &as_user, S_IFREG | 0664, US, OUR_GROUP, SY_OK, ""},
        {"umask 002 with a shared group", &as_user, S_IFREG | 0664, US, SHARED_GROUP, SY_REFUSED,
            "group 100"},
        {"a shared group that only reads", &as_user, S_IFREG | 0644, US, SHARED_GROUP, SY_OK, ""},
        {"root's file, written by our group", &as_user, S_IFREG | 0664, 0, OUR_GROUP, SY_REFUSED,
            "chmod g-w"},
        {"everybody writes", &as_user, S_IFREG | 0646, US, OUR_GROUP, SY_REFUSED, "chmod o-w"},
        {"a stranger's file", &as_user, S_IFREG | 0644, STRANGER, STRANGER, SY_REFUSED, "uid 2000"},
        {"a stranger's file for root", &as_root, S_IFREG | 0644, US, OUR_GROUP, SY_REFUSED, "uid 1000"},
        {"root runs a user's program", &as_root_over_us, S_IFREG | 0664, US, OUR_GROUP, SY_OK, ""},
        {"root runs a user's program, stranger's file", &as_root_over_us, S_IFREG | 0644, STRANGER, STRANGER,
            SY_REFUSED, "uid 2000"},
        {"/tmp", &as_user, S_IFDIR | 01777, 0, 0, SY_OK, ""},
        {"/tmp without its sticky bit", &as_user, S_IFDIR | 0777, 0, 0, SY_REFUSED, "chmod o-w"},
        {"our own sticky folder is no protection", &as_user, S_IFDIR | 01777, US, OUR_GROUP, SY_REFUSED,
            "o-w"},
        {"a sticky file is no folder", &as_user, S_IFREG | 01777, 0, 0, SY_REFUSED, "chmod o-w"},
        {"sticky, written by a foreign group", &as_user, S_IFDIR | 01775, 0, SHARED_GROUP, SY_OK, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        sy_status status = judge(rows[i].trust, rows[i].mode, rows[i].owner, rows[i].group, &err);
        if (status != rows[i].status || strstr(err.text, rows[i].words) == NULL)
            fail_msg("%s: %d, \"%s\"", rows[i].what, status, err.text);
    }
}

static void groups_that_are_private(void **state) {
    (void)state;
    assert_true(sy_group_is_private(0, 0));
    assert_false(sy_group_is_private(SHARED_GROUP, 0));
    assert_false(sy_group_is_private(0, 1));
    assert_false(sy_group_is_private(3999999998u, 3999999998u));
}

static void trust_of_this_process(void **state) {
    struct stat program;
    sy_trust trust = sy_trust_of_process();
    (void)state;
    assert_int_equal(stat("/proc/self/exe", &program), 0);
    assert_int_equal(trust.user, geteuid());
    assert_int_equal(trust.program_owner, program.st_uid);
}

static sy_status judge_real(const char *path, sy_error *err) {
    sy_trust trust = sy_trust_of_process();
    *err = SY_ERROR_INIT;
    return sy_judge_path(&trust, path, err);
}

static void path_is_judged_to_the_root(void **state) {
    temp_place place;
    char path[PATH_MAX], folder[PATH_MAX];
    sy_error err;
    (void)state;
    place_create(&place);
    assert_int_equal(mkdir(place_path(&place, "inner", folder), 0755), 0);
    place_file(&place, "inner/x.so", "x", 1, 0644);
    place_path(&place, "inner/x.so", path);
    assert_int_equal(judge_real(path, &err), SY_OK);
    chmod(folder, 0757);
    assert_int_equal(judge_real(path, &err), SY_REFUSED);
    assert_non_null(strstr(err.text, folder));
    chmod(folder, 0755);
    chmod(place.path, 01777); /* ours, but only root's sticky folders protect their entries */
    assert_int_equal(judge_real(path, &err), geteuid() == 0 ? SY_OK : SY_REFUSED);
    chmod(place.path, 0777);
    assert_int_equal(judge_real(path, &err), SY_REFUSED);
    place_destroy(&place);
}

static void path_must_be_plain(void **state) {
    temp_place place;
    char path[PATH_MAX], link[PATH_MAX];
    sy_error err;
    (void)state;
    place_create(&place);
    place_file(&place, "x.so", "x", 1, 0644);
    assert_int_equal(symlink(place_path(&place, "x.so", path), place_path(&place, "link.so", link)), 0);
    assert_int_equal(judge_real(link, &err), SY_REFUSED);
    assert_int_equal(judge_real(place.path, &err), SY_REFUSED);
    assert_int_equal(judge_real("relative.so", &err), SY_REFUSED);
    assert_int_equal(judge_real(place_path(&place, "x.so/y.so", link), &err), SY_REFUSED);
    assert_int_equal(judge_real(place_path(&place, "absent.so", link), &err), SY_IO);
    assert_non_null(strstr(err.text, "No such file"));
    place_destroy(&place);
}

static void strangers_folder_is_refused(void **state) {
    temp_place place;
    char path[PATH_MAX], folder[PATH_MAX];
    sy_error err;
    (void)state;
    if (geteuid() != 0) {
        print_message("skipped: only root can give a folder away\n");
        skip();
    }
    place_create(&place);
    assert_int_equal(mkdir(place_path(&place, "theirs", folder), 0755), 0);
    place_file(&place, "theirs/x.so", "x", 1, 0644);
    assert_int_equal(chown(folder, STRANGER, STRANGER), 0);
    assert_int_equal(judge_real(place_path(&place, "theirs/x.so", path), &err), SY_REFUSED);
    assert_non_null(strstr(err.text, "uid 2000"));
    place_destroy(&place);
}

/* What a user sees whose own tree lies in /tmp, made under umask 002. */
static void user_in_a_sticky_folder(void **state) {
    temp_place place;
    char path[PATH_MAX];
    sy_error err = SY_ERROR_INIT;
    (void)state;
    if (geteuid() != 0) {
        print_message("skipped: only root can become another user\n");
        skip();
    }
    place_create(&place);
    mode_t before = umask(002);
    place_file(&place, "x.so", "x", 1, 0664);
    umask(before);
    place_path(&place, "x.so", path);
    assert_int_equal(chown(path, US, OUR_GROUP), 0);
    assert_int_equal(chown(place.path, US, OUR_GROUP), 0);
    assert_int_equal(chmod(place.path, 0775), 0);
    assert_int_equal(seteuid(US), 0);
    sy_status status = sy_judge_path(&as_user, path, &err);
    sy_status as_foreign_group = SY_OK;
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(chown(path, US, SHARED_GROUP), 0);
    as_foreign_group = sy_judge_path(&as_user, path, NULL);
    place_destroy(&place);
    assert_int_equal(status, SY_OK);
    assert_int_equal(as_foreign_group, SY_REFUSED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_entry_rows),
        cmocka_unit_test(groups_that_are_private),
        cmocka_unit_test(trust_of_this_process),
        cmocka_unit_test(path_is_judged_to_the_root),
        cmocka_unit_test(path_must_be_plain),
        cmocka_unit_test(strangers_folder_is_refused),
        cmocka_unit_test(user_in_a_sticky_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
