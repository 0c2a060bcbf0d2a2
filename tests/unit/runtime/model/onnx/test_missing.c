/* The one error that lists what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/onnx/missing.h"

static void all_are_told(void **state) {
    (void)state;
    sy_missing missing = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_missing_report(&missing, &err), SY_OK);
    sy_missing_note(&missing, "", "Foo", 13);
    sy_missing_note(&missing, "com.x", "Foo", 1);
    sy_missing_note(&missing, "", "Foo", 13);
    assert_int_equal(sy_missing_report(&missing, &err), SY_UNSUPPORTED);
    assert_string_equal(
        err.text, "operators that are not known: Foo (opset 13, 2 times), com.x.Foo (opset 1, 1 times)");
}

static void what_finds_no_room_is_counted(void **state) {
    (void)state;
    static char name[2 * SY_ONNX_MAX_MISSING][64];
    sy_missing missing = {0};
    sy_error err = SY_ERROR_INIT;
    for (uint32_t i = 0; i < 20; i++) {
        snprintf(name[i], sizeof name[i], "AnOperatorWithALongNameThatTakesRoom%u", i);
        sy_missing_note(&missing, "", name[i], 13);
    }
    assert_int_equal(sy_missing_report(&missing, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, " others"));
    assert_null(strstr(err.text, "or more"));
    for (uint32_t i = 20; i < 2 * SY_ONNX_MAX_MISSING; i++) {
        snprintf(name[i], sizeof name[i], "Op%u", i);
        sy_missing_note(&missing, "", name[i], 13);
    }
    assert_int_equal(missing.count, SY_ONNX_MAX_MISSING);
    assert_int_equal(missing.unlisted, SY_ONNX_MAX_MISSING);
    assert_int_equal(sy_missing_report(&missing, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "or more others"));
    assert_true(strlen(err.text) < sizeof err.text - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_told),
        cmocka_unit_test(what_finds_no_room_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
