/* Ticks: few, round, inside; numbers in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/charts/ticks.h"

static void expect_ticks(double low, double high, bool is_logarithmic, const char *expected) {
    sy_axis axis = {.low = low, .high = high, .is_logarithmic = is_logarithmic};
    sy_ticks ticks = sy_ticks_of(&axis, 5);
    char text[256] = "";
    for (size_t i = 0; i < ticks.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%g", i > 0 ? " " : "", ticks.at[i]);
    assert_string_equal(text, expected);
}

static void linear_ticks_are_round(void **state) {
    (void)state;
    expect_ticks(0.0, 10.0, false, "0 2 4 6 8 10");
    expect_ticks(0.0, 1.19, false, "0 0.5 1");
    expect_ticks(-3.0, 7.0, false, "-2 0 2 4 6");
    expect_ticks(0.0, 3e12, false, "0 1e+12 2e+12 3e+12");
    expect_ticks(0.0, 1e-9, false, "0 2e-10 4e-10 6e-10 8e-10 1e-09");
}

static void logarithmic_ticks_are_powers_of_ten(void **state) {
    (void)state;
    expect_ticks(0.5, 5e3, true, "1 10 100 1000");
    expect_ticks(0.9, 11.0, true, "1 2 5 10");
    expect_ticks(0.9, 110.0, true, "1 3 10 30 100");
    expect_ticks(1e-12, 1e12, true, "1e-10 1e-05 1 100000 1e+10");
}

static void ticks_never_overflow(void **state) {
    (void)state;
    for (int low = -60; low < 60; low += 7)
        for (int high = low + 1; high <= 60; high += 5)
            for (int kind = 0; kind < 2; kind++) {
                sy_axis axis = {pow(10.0, low), pow(10.0, high), kind == 1};
                sy_ticks ticks = sy_ticks_of(&axis, 5);
                assert_in_range(ticks.count, 1, 12);
                for (size_t i = 1; i < ticks.count; i++)
                    assert_true(ticks.at[i] > ticks.at[i - 1]);
            }
}

static void expect_text(void (*say)(double, char *), double value, const char *expected) {
    char text[SY_TICK_TEXT_MAX];
    say(value, text);
    assert_string_equal(text, expected);
}

static void numbers_have_three_digits_and_a_prefix(void **state) {
    (void)state;
    expect_text(sy_tick_text, 0.0, "0");
    expect_text(sy_tick_text, 1.5e9, "1.5 G");
    expect_text(sy_tick_text, 999.4e6, "999 M");
    expect_text(sy_tick_text, 999.9e6, "1 G");
    expect_text(sy_tick_text, -1234.0, "-1.23 k");
    expect_text(sy_tick_text, 2e-5, "20 µ");
    expect_text(sy_tick_text, 12.0, "12");
    expect_text(sy_tick_text, 1.2e22, "12000 E");
    expect_text(sy_tick_plain, 0.1, "0.1");
    expect_text(sy_tick_plain, 1000.0, "1000");
    expect_text(sy_tick_plain, 2e6, "2 M");
    expect_text(sy_tick_percent, 0.4567, "45.7 %");
    expect_text(sy_tick_percent, 1.0, "100 %");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_ticks_are_round),
        cmocka_unit_test(logarithmic_ticks_are_powers_of_ten),
        cmocka_unit_test(ticks_never_overflow),
        cmocka_unit_test(numbers_have_three_digits_and_a_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
