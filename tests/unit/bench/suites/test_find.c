/* Finding suites: names, paths, problem strings, standard input. */
#include "bench/suites/suite.h"
#include "runtime/base/seam.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A temporary folder with sub-folders a and b; the working folder while a test runs. */
static char root[64], before[4096];

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state) {
    (void)state;
    strcpy(root, "/tmp/steelyard-suites-XXXXXX");
    if (getcwd(before, sizeof before) == NULL || mkdtemp(root) == NULL || chdir(root) != 0) {
        return -1;
    }
    mkdir("a", 0700);
    mkdir("b", 0700);
    write_file("a/one.json", "{\"name\":\"one\",\"problems\":[{\"op\":\"gemm\",\"m\":1,\"n\":1,\"k\":1}]}");
    write_file("b/one.json", "{\"name\":\"other\",\"problems\":[{\"op\":\"gemm\",\"m\":2,\"n\":1,\"k\":1}]}");
    write_file("b/two-2.0.json", "{\"problems\":[{\"op\":\"gemm\",\"m\":3,\"n\":1,\"k\":1}]}");
    write_file("b/Bad Name.json", "");
    write_file("b/broken.json", "{");
    write_file("b/notes.txt", "gemm:m=4,n=1,k=1");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    static const char *const files[] = {"a/one.json", "b/one.json", "b/two-2.0.json", "b/Bad Name.json",
        "b/broken.json", "b/notes.txt", "mine", "x:y.csv", "a", "b"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        remove(files[i]);
    }
    return chdir(before) == 0 ? rmdir(root) : -1;
}

static const char *const folders[] = {"nowhere", "a", "b"};
static const sy_suite_places places = {.folder = folders, .count = 3};

static void found(const char *what, const char *name, const char *problem) {
    sy_suite *suite = NULL;
    sy_error err = SY_ERROR_INIT;
    if (sy_suite_load(what, &places, &suite, &err) != SY_OK) {
        fail_msg("%s: %s", what, err.text);
    }
    assert_string_equal(suite->name, name);
    assert_string_equal(suite->item[0].problem, problem);
    sy_suite_destroy(suite);
}

static void not_found(const char *what, sy_status wanted, const char *part) {
    sy_suite *suite = NULL;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_suite_load(what, &places, &suite, &err), wanted);
    assert_null(suite);
    if (strstr(err.text, part) == NULL) {
        fail_msg("'%s' lacks '%s'", err.text, part);
    }
}

static void the_first_folder_wins(void **state) {
    (void)state;
    found("one", "one", "gemm:m=1,n=1,k=1");
    found("two-2.0", "two-2.0", "gemm:m=3,n=1,k=1");
}

static void paths_are_opened(void **state) {
    (void)state;
    found("b/one.json", "other", "gemm:m=2,n=1,k=1");
    found("./b/notes.txt", "notes", "gemm:m=4,n=1,k=1");
    write_file("x:y.csv", "gemm:m=5,n=1,k=1");
    found("./x:y.csv", "x_y", "gemm:m=5,n=1,k=1");
    not_found("none.json", SY_IO, "none.json: No such file");
    not_found("b/none", SY_IO, "No such file");
    not_found("./a", SY_IO, "./a: Is a directory");
    not_found("./b/broken.json", SY_INVALID_ARGUMENT, "./b/broken.json: line 1");
}

static void problem_strings_are_taken(void **state) {
    (void)state;
    found("gemm:m=[7,9],n=1,k=1", "command-line", "gemm:m=7,n=1,k=1");
    not_found("gemm:m=[7:9],n=1", SY_INVALID_ARGUMENT, "sweep of 'm'");
    not_found("gemm:m=7 n=1", SY_INVALID_ARGUMENT, "'gemm:m=7 n=1' is no problem");
    sy_suite *suite = NULL;
    assert_int_equal(sy_suite_load("gemm:m=1", &places, &suite, NULL), SY_OK);
    assert_int_equal(strlen(suite->sha256), 64);
    sy_suite_destroy(suite);
}

static void unknown_names_list_the_known(void **state) {
    (void)state;
    not_found("onne", SY_INVALID_ARGUMENT, "no suite 'onne' (there are: broken one two-2.0)");
    not_found("", SY_INVALID_ARGUMENT, "no suite ''");
    not_found("..", SY_INVALID_ARGUMENT, "no suite '..'");
    not_found("Bad Name", SY_INVALID_ARGUMENT, "no suite 'Bad Name'");
    not_found("\x1b[31m", SY_INVALID_ARGUMENT, "no suite '?[31m'");
    write_file("mine", "gemm:m=1");
    not_found("mine", SY_INVALID_ARGUMENT, "write ./ before it");
    sy_suite *suite = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_suite_places empty = {0};
    assert_int_equal(sy_suite_load("one", &empty, &suite, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "(there are: none)"));
}

static void standard_input_is_read(void **state) {
    (void)state;
    int keep = dup(STDIN_FILENO), ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "op,m,n,k\ngemm,1,2,3\n", 20), 20);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    found("-", "stdin", "gemm:m=1,n=2,k=3");
    dup2(keep, STDIN_FILENO);
    close(keep);
}

static void endless_files_are_refused(void **state) {
    (void)state;
    not_found("/dev/zero", SY_OVERFLOW, "64 MiB");
}

static void unreadable_files_are_refused(void **state) {
    (void)state;
    sy_suite *suite = NULL;
    for (uint64_t k = 1; k <= 2; k++) {
        sy_seam_arm(SY_SEAM_FILE, k);
        assert_int_equal(sy_suite_load("./b/notes.txt", &places, &suite, NULL), SY_IO);
        sy_seam_disarm();
        assert_null(suite);
    }
    sy_status status = SY_OUT_OF_MEMORY;
    for (uint64_t k = 1; status != SY_OK; k++) {
        assert_true(k < 100);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        status = sy_suite_load("one", &places, &suite, NULL);
        sy_seam_disarm();
        assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
    }
    sy_suite_destroy(suite);
}

static void names_are_sorted_and_single(void **state) {
    (void)state;
    char **names = NULL;
    size_t count = 0;
    assert_int_equal(sy_suite_names(&places, &names, &count, NULL), SY_OK);
    assert_int_equal(count, 3);
    assert_string_equal(names[0], "broken");
    assert_string_equal(names[1], "one");
    assert_string_equal(names[2], "two-2.0");
    sy_suite_names_free(names, count);
    sy_suite_names_free(NULL, 0);
    for (uint64_t k = 1; k < 4; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_suite_names(&places, &names, &count, NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(names);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_folder_wins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_are_opened, set_up, tear_down),
        cmocka_unit_test_setup_teardown(problem_strings_are_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_names_list_the_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standard_input_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(endless_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unreadable_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_sorted_and_single, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
