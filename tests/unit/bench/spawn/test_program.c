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

/* A call of a script with two words. */
static sy_status call(const char *script, sy_program_call more, sy_text *out, int *out_exit, sy_error *err) {
    const char *const arguments[] = {"tool", "a b", NULL};
    char path[128];
    write_tool("tool", script, 0755);
    snprintf(path, sizeof path, "%s/tool", folder);
    more.path = path;
    more.arguments = more.arguments != NULL ? more.arguments : arguments;
    more.timeout_ns = LONG_NS;
    return sy_program_call_run(&more, out, out_exit, err);
}

static void has_the_environment_that_is_given(void **state) {
    char *environment[] = {(char[]){"PATH=/usr/bin:/bin"}, (char[]){"MINE=here"}, NULL};
    sy_text out = {0};
    int ended = 7;
    (void)state;
    const sy_program_call more = {.environment = environment, .wake_fd = -1};
    assert_int_equal(call("echo \"$MINE|$LANG|\"", more, &out, &ended, NULL), SY_OK);
    assert_string_equal(out.data, "here||\n");
    assert_int_equal(ended, 0);
    sy_text_release(&out);
}

static void tells_its_exit_status(void **state) {
    sy_text out = {0};
    int ended = 7;
    (void)state;
    const sy_program_call more = {.wake_fd = -1};
    assert_int_equal(call("exit 4", more, &out, &ended, NULL), SY_IO);
    assert_int_equal(ended, 4);
    assert_int_equal(call("kill -9 $$", more, &out, &ended, NULL), SY_IO);
    assert_int_equal(ended, -1);
    sy_text_release(&out);
}

static void passes_over_what_is_too_much(void **state) {
    sy_text out = {0};
    int ended;
    (void)state;
    const sy_program_call more = {.folders = "/usr/bin:/bin", .wake_fd = -1, .drops_more = true};
    assert_int_equal(call("yes | head -c 200000", more, &out, &ended, NULL), SY_OK);
    assert_true(out.length <= SY_PROGRAM_OUTPUT_MAX && out.length > SY_PROGRAM_OUTPUT_MAX / 2);
    sy_text_release(&out);
}

static void is_asked_to_end(void **state) {
    sy_text out = {0};
    sy_error err = SY_ERROR_INIT;
    int ends[2], ended;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    const sy_program_call more = {.folders = "/usr/bin:/bin", .wake_fd = ends[0]};
    assert_int_equal(call("exec sleep 100", more, &out, &ended, &err), SY_LOST);
    assert_non_null(strstr(err.text, "interrupted"));
    close(ends[0]);
    close(ends[1]);
    sy_text_release(&out);
}

static void words_are_limited(void **state) {
    const char *many[SY_PROGRAM_WORDS_MAX + 2] = {NULL};
    sy_text out = {0};
    int ended;
    (void)state;
    for (size_t i = 0; i <= SY_PROGRAM_WORDS_MAX; i++)
        many[i] = "x";
    const sy_program_call more = {.arguments = many, .wake_fd = -1};
    assert_int_equal(call("true", more, &out, &ended, NULL), SY_INVALID_ARGUMENT);
    many[SY_PROGRAM_WORDS_MAX] = NULL;
    assert_int_equal(call("exit $(($# - 62))", more, &out, &ended, NULL), SY_OK);
    sy_text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_on_the_path),
        cmocka_unit_test(prints_with_its_arguments), cmocka_unit_test(ends_badly),
        cmocka_unit_test(cannot_be_started), cmocka_unit_test(has_the_environment_that_is_given),
        cmocka_unit_test(tells_its_exit_status), cmocka_unit_test(passes_over_what_is_too_much),
        cmocka_unit_test(is_asked_to_end), cmocka_unit_test(words_are_limited)};
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
