/* Why a file cannot be read: absent, not permitted, failing, garbage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/file.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

static void numbers(void **state) {
    (void)state;
    int64_t value = 5;
    tree_put("/n", "9223372036854775807\n");
    assert_int_equal(sy_energy_file_count(tree_root(), "/n", &value, NULL), SY_OK);
    assert_true(value == INT64_MAX);
    tree_put("/n", "-40");
    assert_int_equal(sy_energy_file_i64(tree_root(), "/n", &value, NULL), SY_OK);
    assert_int_equal(value, -40);
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_file_count(tree_root(), "/n", &value, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "/n: -40 is negative"));
    assert_int_equal(value, 0);
}

static void garbage(void **state) {
    (void)state;
    static const char *const texts[] = {"", "\n", "12x", "1.5", "9223372036854775808", "0x10", "-", "12 13",
        "1111111111111111111111111111111111111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value = 1;
        tree_put("/n", "%s", texts[i]);
        assert_int_equal(sy_energy_file_i64(tree_root(), "/n", &value, NULL), SY_INVALID_ARGUMENT);
        assert_int_equal(value, 0);
    }
}

static void absent_denied_and_failing_are_told_apart(void **state) {
    (void)state;
    char text[8];
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_file_text(tree_root(), "/n", text, sizeof text, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "/n: No such file"));
    tree_put("/n", "12345678");
    assert_int_equal(sy_energy_file_text(tree_root(), "/n/m", text, sizeof text, NULL), SY_UNAVAILABLE);
    assert_int_equal(sy_energy_file_text(tree_root(), "/n", text, sizeof text, NULL), SY_OVERFLOW);
    assert_string_equal(text, "");
    tree_folder("/d");
    assert_int_equal(sy_energy_file_text(tree_root(), "/d", text, sizeof text, &err), SY_IO);
    sy_seam_arm(SY_SEAM_FILE, 2);
    assert_int_equal(sy_energy_file_text(tree_root(), "/n", text, sizeof text, &err), SY_IO);
    assert_string_equal(text, "");
    sy_seam_disarm();
    tree_deny("/n");
    assert_int_equal(sy_energy_file_text(tree_root(), "/n", text, sizeof text, &err), SY_REFUSED);
    assert_non_null(strstr(err.text, "Permission denied"));
    tree_allow("/n");
}

static void a_path_that_is_too_long(void **state) {
    (void)state;
    char path[5000], text[8];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    assert_int_equal(sy_energy_file_text(NULL, path, text, sizeof text, NULL), SY_UNAVAILABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers, tree_make, tree_remove),
        cmocka_unit_test_setup_teardown(garbage, tree_make, tree_remove),
        cmocka_unit_test_setup_teardown(absent_denied_and_failing_are_told_apart, tree_make, tree_remove),
        cmocka_unit_test(a_path_that_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
