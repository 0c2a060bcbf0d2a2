/* Lines across blocks, too long ones, ones whose end is not written yet. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/energy/lines.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

static char path[128];
static sy_energy_lines *lines;

static int make(void **state) {
    int status = tree_make(state);
    tree_put("/log", "%s", "");
    snprintf(path, sizeof path, "%s/log", tree_root());
    lines = calloc(1, sizeof *lines);
    lines->path = path;
    lines->fd = open(path, O_RDONLY | O_CLOEXEC);
    return status;
}

static int drop(void **state) {
    close(lines->fd);
    free(lines);
    return tree_remove(state);
}

static void append(const char *bytes, size_t count) {
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void expect(const char *text) {
    char *line = NULL;
    assert_int_equal(sy_energy_lines_next(lines, &line, NULL), SY_OK);
    assert_string_equal(line, text);
}

static void expect_status(sy_status status) {
    char *line = NULL;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_lines_next(lines, &line, &err), status);
    assert_true(err.text[0] != '\0');
}

static void a_line_counts_once_its_end_is_written(void **state) {
    (void)state;
    expect_status(SY_UNAVAILABLE);
    append("one\ntw", 6);
    expect("one");
    expect_status(SY_UNAVAILABLE);
    append("o\n\nthree", 8);
    expect("two");
    expect("");
    expect_status(SY_UNAVAILABLE);
    append("\n", 1);
    expect("three");
    assert_true(lines->next.lines == 4 && lines->next.bytes == 15);
}

static void many_blocks(void **state) {
    (void)state;
    char text[32];
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    for (int i = 0; i < 50000; i++)
        fprintf(file, "line number %d\n", i);
    fclose(file);
    for (int i = 0; i < 50000; i++) {
        snprintf(text, sizeof text, "line number %d", i);
        expect(text);
    }
    expect_status(SY_UNAVAILABLE);
    assert_true(lines->next.lines == 50000);
}

static void long_lines_are_passed_over(void **state) {
    (void)state;
    static const size_t lengths[] = {SY_ENERGY_LINE_MAX - 1, SY_ENERGY_LINE_MAX, SY_ENERGY_BLOCK_BYTES - 1,
        SY_ENERGY_BLOCK_BYTES, 3 * SY_ENERGY_BLOCK_BYTES + 5};
    char *bytes = malloc(4 * SY_ENERGY_BLOCK_BYTES);
    assert_non_null(bytes);
    memset(bytes, 'x', 4 * SY_ENERGY_BLOCK_BYTES);
    for (size_t i = 0; i < 5; i++) {
        append(bytes, lengths[i]);
        append("\nnext\n", 6);
    }
    for (size_t i = 0; i < 5; i++) {
        char *line = NULL;
        assert_int_equal(sy_energy_lines_next(lines, &line, NULL), i == 0 ? SY_OK : SY_OVERFLOW);
        assert_true(lines->next.lines == 2 * i + 1);
        expect("next");
    }
    append(bytes, 2 * SY_ENERGY_BLOCK_BYTES);
    expect_status(SY_UNAVAILABLE);
    append("\nend\n", 5);
    expect_status(SY_OVERFLOW);
    expect("end");
    free(bytes);
}

static void back_to_a_place(void **state) {
    (void)state;
    append("one\ntwo\nthree\n", 14);
    expect("one");
    sy_energy_line_place place = lines->next;
    expect("two");
    expect("three");
    assert_int_equal(sy_energy_lines_seek(lines, place, NULL), SY_OK);
    expect("two");
    assert_true(lines->next.lines == 2);
}

static void a_file_that_cannot_be_read(void **state) {
    (void)state;
    append("one\n", 4);
    sy_seam_arm(SY_SEAM_FILE, 1);
    expect_status(SY_IO);
    expect("one");
    int fd = lines->fd;
    lines->fd = -1;
    assert_int_equal(sy_energy_lines_seek(lines, (sy_energy_line_place){0}, NULL), SY_IO);
    lines->fd = fd;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_line_counts_once_its_end_is_written),
        TEST(many_blocks),
        TEST(long_lines_are_passed_over),
        TEST(back_to_a_place),
        TEST(a_file_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
