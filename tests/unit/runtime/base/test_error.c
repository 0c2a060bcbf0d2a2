/* Error texts: one line, cut to the caller's size, context in front; and the names of statuses. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/error.h"

static void text_and_status(void **state) {
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_error_set(&err, SY_UNSUPPORTED, "m is %d", -1), SY_UNSUPPORTED);
    assert_string_equal(err.text, "m is -1");
    assert_int_equal(sy_error_prefix(&err, SY_UNSUPPORTED, "row %d", 7), SY_UNSUPPORTED);
    assert_string_equal(err.text, "row 7: m is -1");
}

static void nobody_listens(void **state) {
    (void)state;
    assert_int_equal(sy_error_set(NULL, SY_LOST, "x"), SY_LOST);
    assert_int_equal(sy_error_prefix(NULL, SY_LOST, "x"), SY_LOST);
    assert_int_equal(sy_error_io(NULL, "x"), SY_IO);
    assert_string_equal(sy_error_text(NULL, SY_LOST), "device lost");
}

static void prefix_of_nothing_names_the_status(void **state) {
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_error_prefix(&err, SY_TIMEOUT, "queue");
    assert_string_equal(err.text, "queue: timeout");
}

static void errno_has_words(void **state) {
    sy_error err = SY_ERROR_INIT;
    (void)state;
    errno = ENOENT;
    assert_int_equal(sy_error_io(&err, "%s", "/a/b"), SY_IO);
    assert_string_equal(err.text, "/a/b: No such file or directory");
}

static void control_characters_do_not_pass(void **state) {
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_error_set(&err, SY_IO, "a\nb\x1b[31m\tc\x7f %s", "\xe5\xa5\xbd");
    assert_string_equal(err.text, "a?b?[31m?c? \xe5\xa5\xbd");
}

static void long_text_is_cut(void **state) {
    char text[2000];
    sy_error err = SY_ERROR_INIT;
    (void)state;
    memset(text, 'y', sizeof text);
    text[sizeof text - 1] = '\0';
    sy_error_set(&err, SY_IO, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    sy_error_prefix(&err, SY_IO, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void callers_size_is_respected(void **state) {
    sy_error err = SY_ERROR_INIT;
    (void)state;
    for (uint32_t size = 0; size <= 16; size++) {
        memset(err.text, '#', sizeof err.text);
        err.size = size;
        sy_error_set(&err, SY_IO, "abcdefghijkl");
        uint32_t room = size > offsetof(sy_error, text) ? size - (uint32_t)offsetof(sy_error, text) : 0;
        assert_int_equal(err.text[room], '#');
        assert_true(room == 0 || err.text[room - 1] == '\0');
    }
    assert_string_equal(sy_error_text(&(sy_error){.size = 4}, SY_IO), "input/output");
}

static void statuses_have_names(void **state) {
    (void)state;
#define CHECK(constant, number, name, meaning)                                                               \
    assert_int_equal(constant, number);                                                                      \
    assert_string_equal(sy_status_name(constant), name);
    SY_STATUS_LIST(CHECK)
#undef CHECK
    assert_string_equal(sy_status_name(-1), "unknown status");
    assert_string_equal(sy_status_name(SY_OVERFLOW + 1), "unknown status");
    assert_string_equal(sy_status_name(INT32_MAX), "unknown status");
    assert_string_equal(sy_status_name(INT32_MIN), "unknown status");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_status),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(prefix_of_nothing_names_the_status),
        cmocka_unit_test(errno_has_words),
        cmocka_unit_test(control_characters_do_not_pass),
        cmocka_unit_test(long_text_is_cut),
        cmocka_unit_test(callers_size_is_respected),
        cmocka_unit_test(statuses_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
