/* Programs run for what they print: found, bounded, killed. */
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

#include "bench/spawn/program.h"

#define LONG_NS 30000000000u
#define SHORT_NS 50000000u

static char folder[] = "/tmp/steelyard-program-XXXXXX";

static void write_tool(const char *name, const char *script, mode_t mode) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static sy_status run(const char *script, uint64_t timeout_ns, sy_text *out, sy_error *err) {
    const char *const arguments[] = {"tool", "a b", "$HOME", NULL};
    char path[128];
    write_tool("tool", script, 0755);
    snprintf(path, sizeof path, "%s/tool", folder);
    return sy_program_run(path, arguments, "/usr/bin:/bin", timeout_ns, out, err);
}

static void found_on_the_path(void **state) {
    char folders[256], path[128], expected[128];
    (void)state;
    write_tool("here", "true", 0755);
    write_tool("not-mine", "true", 0644);
    snprintf(folders, sizeof folders, ":.:/no/such:%s:/bin", folder);
    snprintf(expected, sizeof expected, "%s/here", folder);
    assert_true(sy_program_find(folders, "here", path, sizeof path));
    assert_string_equal(path, expected);
    assert_false(sy_program_find(folders, "not-mine", path, sizeof path));
    assert_string_equal(path, "");
    assert_false(sy_program_find(folders, "here", path, 8));
    assert_false(sy_program_find(NULL, "here", path, sizeof path));
    assert_false(sy_program_find("", "here", path, sizeof path));
    assert_false(sy_program_find("/", "tmp", path, sizeof path));
}

static void prints_with_its_arguments(void **state) {
    sy_text out = {0};
    (void)state;
    setenv("STEELYARD_TEST_LEAK", "leaks", 1);
    assert_int_equal(
        run("cat; echo \"$1|$2|$LANG|$LC_ALL|$STEELYARD_TEST_LEAK|\"; echo problem >&2", LONG_NS, &out, NULL),
        SY_OK);
    assert_string_equal(out.data, "a b|$HOME|C|C||\nproblem\n");
    sy_text_release(&out);
}

static void ends_badly(void **state) {
    static const struct {
        const char *script, *words;
        uint64_t timeout_ns;
        sy_status status;
    } rows[] = {{"echo no; exit 3", "status 3", LONG_NS, SY_IO}, {"kill -9 $$", "signal 9", LONG_NS, SY_IO},
        {"sleep 100", "in the time", SHORT_NS, SY_TIMEOUT},
        {"sleep 100 & wait", "in the time", SHORT_NS, SY_TIMEOUT},
        {"yes", "more than 65536", LONG_NS, SY_OVERFLOW}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_text out = {0};
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(run(rows[i].script, rows[i].timeout_ns, &out, &err), rows[i].status);
        assert_non_null(strstr(err.text, rows[i].words));
        assert_non_null(strstr(err.text, folder));
        sy_text_release(&out);
    }
}

static void cannot_be_started(void **state) {
    const char *const arguments[] = {"x", NULL};
    sy_text out = {0};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_program_run("/no/such/tool", arguments, "/bin", LONG_NS, &out, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "/no/such/tool"));
    sy_text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_on_the_path),
        cmocka_unit_test(prints_with_its_arguments), cmocka_unit_test(ends_badly),
        cmocka_unit_test(cannot_be_started)};
    if (mkdtemp(folder) == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const names[] = {"tool", "here", "not-mine"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    return failed;
}
