/* Energy in words: digits, doubts, and how long a rate was held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "bench/report/energy_text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const sy_report_style wide = {.columns = 100};

static void digits_are_those_of_the_doubt(void **state) {
    (void)state;
    static const struct {
        double value, random, systematic;
        const char *text;
    } cases[] = {
        {0.123456, 0.004, NAN, "0.123"},   /* gain unknown: three at most */
        {0.123456, 1e-6, NAN, "0.123"},    /* */
        {0.123456, 1e-6, 1e-6, "0.1235"},  /* four at most */
        {0.123456, 0.004, 0.05, "0.12"},   /* 10 % of it */
        {0.123456, 0.1, NAN, "0.12"},      /* */
        {9.96, 0.1, NAN, "10"},            /* rounded up into another digit */
        {123.456, 0.3, 0.05, "120"},       /* 60 %, or 75 */
        {123.456, 0.45, NAN, "100"},       /* 90 %, or 111 */
        {123.456, 2.0, NAN, "100"},        /* more doubt than number */
        {123456.0, 0.004, NAN, "123 000"}, /* zeros fill up */
        {0.0, 0.004, NAN, "0.00"},         /* */
        {-0.5, 0.05, NAN, "-0.50"},        /* a net below idle */
        {350.0, 0.0, NAN, "350"},          /* a doubt of nothing is no licence */
        {123.456, NAN, NAN, "120"},        /* nothing known */
        {NAN, 0.004, NAN, "n/a"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        sy_cell cell =
            sy_print_doubted(cases[i].value, (sy_energy_doubt){cases[i].random, cases[i].systematic}, &wide);
        assert_string_equal(cell.text, cases[i].text);
    }
}

static void doubts_are_told(void **state) {
    (void)state;
    static const struct {
        double random, systematic;
        const char *whole, *brief;
    } cases[] = {{0.004, NAN, "+/-0.8 % random, gain unknown", "+/-0.8% g?"},
        {0.004, 0.03, "+/-0.8 % random, +/-6.0 % gain", "+/-0.8% g6%"},
        {0.004, 0.031, "+/-0.8 % random, +/-6.2 % gain", "+/-0.8% g7%"},
        {0.2, 0.001, "+/-40 % random, +/-0.2 % gain", "+/-40% g0.2%"},
        {NAN, NAN, "+/-? % random, gain unknown", "+/-?% g?"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const sy_energy_doubt doubt = {cases[i].random, cases[i].systematic};
        assert_string_equal(sy_print_doubt(doubt, false, &wide).text, cases[i].whole);
        assert_string_equal(sy_print_doubt(doubt, true, &wide).text, cases[i].brief);
    }
    const sy_report_style utf8 = {.utf8 = true};
    assert_string_equal(sy_print_doubt((sy_energy_doubt){0.004, 0.03}, true, &utf8).text, "\u00b10.8% g6%");
}

static void holding_out_is_told(void **state) {
    (void)state;
    sy_row_sustain sustain;
    sy_row_sustain_init(&sustain);
    assert_string_equal(sy_print_sustain(&sustain, &wide).text, "");
    sustain.sustained_of_burst = 0.714;
    assert_string_equal(
        sy_print_sustain(&sustain, &wide).text, "sustained 0.71 of burst, no throttling seen");
    sustain.seconds = 600.0;
    assert_string_equal(
        sy_print_sustain(&sustain, &wide).text, "sustained 0.71 of burst, no throttling in 600 s");
    sustain.throttle_s = 12.0;
    assert_string_equal(
        sy_print_sustain(&sustain, &wide).text, "sustained 0.71 of burst, throttled after 12.0 s (?)");
    sustain.throttle_how = "clock";
    sustain.watt_burst = 351.0;
    sustain.watt_sustained = 248.0;
    assert_string_equal(
        sy_print_sustain(&sustain, &wide).text, "sustained 0.71 of burst, throttled after 12.0 s (clock)");
    sustain.scope = "card";
    assert_string_equal(sy_print_sustain(&sustain, &wide).text,
        "sustained 0.71 of burst, throttled after 12.0 s (clock); 350 to 250 W (card)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_those_of_the_doubt),
        cmocka_unit_test(doubts_are_told),
        cmocka_unit_test(holding_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
