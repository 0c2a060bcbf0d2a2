/* Judging answers: powers, counters, digits, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/answer.h"

static void powers(void **state) {
    (void)state;
    assert_int_equal(sy_answer_power("m", 0.0, NULL), SY_OK);
    assert_int_equal(sy_answer_power("m", 1e6, NULL), SY_OK);
    assert_int_equal(sy_answer_power("m", 1.000001e6, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_answer_power("m", -0.1, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_answer_power("m", (double)NAN, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_answer_power("m", (double)INFINITY, NULL), SY_INVALID_ARGUMENT);
}

static void counters(void **state) {
    sy_answer_counter counter = {0};
    sy_error err = SY_ERROR_INIT;
    double joule = -1.0;
    (void)state;
    assert_int_equal(sy_answer_count(&counter, "m", (double)NAN, &joule, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_answer_count(&counter, "m", -1.0, &joule, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_answer_count(&counter, "m", 1e12, &joule, NULL), SY_OK);
    assert_true(joule == 0.0);
    assert_int_equal(sy_answer_count(&counter, "m", 1e12 + 250.0, &joule, NULL), SY_OK);
    assert_true(joule == 250.0);
    assert_int_equal(sy_answer_count(&counter, "m", 1e12 + 249.0, &joule, &err), SY_INTERNAL);
    assert_non_null(strstr(err.text, "1000000000250 J to 1000000000249 J"));
    assert_int_equal(sy_answer_count(&counter, "m", 2e12, &joule, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "cannot be"));
    assert_int_equal(sy_answer_count(&counter, "m", 1e12 + 300.0, &joule, NULL), SY_OK);
    assert_true(joule == 300.0);
}

static void numbers(void **state) {
    static const char *const bad[] = {"", ",1", "NAN,1", "INF", "1,2", "1 W", " 1", "0x10", "1e999", "--OF--",
        "1111111111111111111111111111111111111111111111111111111111111111111111"};
    double value = 0.0;
    (void)state;
    assert_int_equal(sy_answer_number("m", "12.5,3,4", ',', &value, NULL), SY_OK);
    assert_true(value == 12.5);
    assert_int_equal(sy_answer_number("m", "-1.25E+02", '\0', &value, NULL), SY_OK);
    assert_true(value == -125.0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        char end = strcmp(bad[i], "1,2") == 0 ? '\0' : ',';
        assert_int_equal(sy_answer_number("m", bad[i], end, &value, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "where a number"));
    }
}

static void steps(void **state) {
    (void)state;
    assert_true(sy_answer_step("12") == 1.0);
    assert_true(fabs(sy_answer_step("3.10") - 0.01) < 1e-12);
    assert_true(fabs(sy_answer_step("123.45E+00") - 0.01) < 1e-12);
    assert_true(fabs(sy_answer_step("1.2E+03") - 100.0) < 1e-9);
    assert_true(fabs(sy_answer_step("1.2345e-03") - 1e-7) < 1e-15);
    assert_true(isnan(sy_answer_step("NAN")));
    assert_true(fabs(sy_answer_step_of(10.25) - 0.01) < 1e-12);
    assert_true(sy_answer_step_of(374.0) == 1.0);
}

static void names_fit_and_differ(void **state) {
    static const char host[] = "a-very-long-name-of-a-host.in-a-very-long-domain.example.com:8443";
    sy_energy_facts one, two, three;
    char shown[6];
    (void)state;
    sy_answer_facts(&one, SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_WALL);
    assert_true(isnan(one.gain) && isnan(one.resolution) && one.offset_w == 0.0);
    two = three = one;
    sy_answer_name(&one, "shelly", "192.0.2.7", "power");
    assert_string_equal(one.name, "shelly:192.0.2.7:power");
    sy_answer_name(&one, "shelly", "192.0.2.7", "");
    assert_string_equal(one.name, "shelly:192.0.2.7");
    sy_answer_name(&one, "redfish", host, "Self:power");
    sy_answer_name(
        &two, "redfish", "a-very-long-name-of-a-host.in-a-very-long-domain.example.com:8444", "Self:power");
    sy_answer_name(&three, "redfish", host, "Self:energy");
    assert_string_not_equal(one.name, two.name);
    assert_string_not_equal(one.name, three.name);
    assert_non_null(strstr(one.name, ":Self:power"));
    sy_answer_copy(shown, sizeof shown, "a\x1b\xffzzzz");
    assert_string_equal(shown, "a??zz");
}

static void specs_fit_or_are_refused(void **state) {
    sy_energy_found found = {0};
    char text[300];
    (void)state;
    assert_int_equal(sy_answer_spec(&found, "ipmi", NULL, NULL), SY_OK);
    assert_string_equal(found.spec, "ipmi");
    assert_int_equal(sy_answer_spec(&found, "scpi", "h", NULL), SY_OK);
    assert_string_equal(found.spec, "scpi:h");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sy_answer_spec(&found, "scpi", text, NULL), SY_INVALID_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(powers), cmocka_unit_test(counters),
        cmocka_unit_test(numbers), cmocka_unit_test(steps), cmocka_unit_test(names_fit_and_differ),
        cmocka_unit_test(specs_fit_or_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
