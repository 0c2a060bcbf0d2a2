/* Numbers in the C locale, sizes and times with units, and the string that grows. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

static void whole_numbers(void **state) {
    static const char *const bad[] = {"", " 1", "1 ", "x", "1x", "0x10", "+-1", "--1", "1.0",
        "9223372036854775808", "-9223372036854775809", NULL};
    int64_t value;
    uint64_t positive;
    (void)state;
    assert_true(sy_text_to_i64("-9223372036854775808", &value) && value == INT64_MIN);
    assert_true(sy_text_to_i64("+7", &value) && value == 7);
    assert_true(sy_text_to_i64("007", &value) && value == 7);
    for (int i = 0; bad[i] != NULL; i++)
        assert_false(sy_text_to_i64(bad[i], &value));
    assert_true(sy_text_to_u64("18446744073709551615", &positive) && positive == UINT64_MAX);
    assert_false(sy_text_to_u64("18446744073709551616", &positive));
    assert_false(sy_text_to_u64("-1", &positive));
    assert_false(sy_text_to_u64("+1", &positive));
    assert_false(sy_text_to_u64("", &positive));
}

static void doubles(void **state) {
    static const char *const bad[] = {
        "", "nan", "inf", "1e999", "0x1p3", "1,5", "1.5.", " 1", "1 ", ".", "+", NULL};
    double value;
    (void)state;
    assert_true(sy_text_to_f64("-1.5e3", &value) && value == -1500.0);
    assert_true(sy_text_to_f64(".5", &value) && value == 0.5);
    for (int i = 0; bad[i] != NULL; i++)
        if (sy_text_to_f64(bad[i], &value))
            fail_msg("\"%s\" was taken", bad[i]);
}

static void sizes(void **state) {
    uint64_t value;
    (void)state;
    assert_true(sy_text_to_size("64M", 1024, &value) && value == UINT64_C(64) << 20);
    assert_true(sy_text_to_size("2k", 1000, &value) && value == 2000);
    assert_true(sy_text_to_size("0", 1024, &value) && value == 0);
    assert_true(sy_text_to_size("15T", 1024, &value) && value == UINT64_C(15) << 40);
    assert_false(sy_text_to_size("18446744073709551615K", 1024, &value));
    assert_false(sy_text_to_size("1KB", 1024, &value));
    assert_false(sy_text_to_size("1.5M", 1024, &value));
    assert_false(sy_text_to_size("-1", 1024, &value));
    assert_false(sy_text_to_size("M", 1024, &value));
    assert_false(sy_text_to_size("1 M", 1024, &value));
}

static void rates_and_times(void **state) {
    double value;
    (void)state;
    assert_true(sy_text_to_rate("100T", &value) && value == 100e12);
    assert_true(sy_text_to_rate("1.5G", &value) && value == 1.5e9);
    assert_true(sy_text_to_rate("2", &value) && value == 2.0);
    assert_false(sy_text_to_rate("1X", &value));
    assert_false(sy_text_to_rate("1e308P", &value));
    assert_true(sy_text_to_seconds("5us", &value) && fabs(value - 5e-6) < 1e-20);
    assert_true(sy_text_to_seconds("1.5h", &value) && value == 5400.0);
    assert_true(sy_text_to_seconds("3", &value) && value == 3.0);
    assert_false(sy_text_to_seconds("3 s", &value));
    assert_false(sy_text_to_seconds("s", &value));
    assert_false(sy_text_to_seconds("1d", &value));
}

/* Every double reads back as itself, from any bit pattern. */
static void doubles_read_back(void **state) {
    static const double edges[] = {0.0, -0.0, 1.0, 0.1, 1e23, DBL_MAX, DBL_MIN, 4.9e-324, -1.0 / 3.0};
    sy_random random;
    char text[32];
    double back;
    (void)state;
    sy_random_seed(&random, 5, 0);
    for (size_t i = 0; i < 3000; i++) {
        uint64_t bits = sy_random_next(&random);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (i < sizeof edges / sizeof edges[0])
            value = edges[i];
        if (!isfinite(value))
            continue;
        sy_text_from_f64(value, text, sizeof text);
        assert_true(sy_text_to_f64(text, &back));
        assert_memory_equal(&back, &value, sizeof value);
    }
    sy_text_from_f64(0.1, text, sizeof text);
    assert_string_equal(text, "0.1");
    sy_text_from_f64((double)NAN, text, sizeof text);
    assert_string_equal(text, "nan");
    sy_text_from_f64(-HUGE_VAL, text, sizeof text);
    assert_string_equal(text, "-inf");
}

static void users_locale_changes_nothing(void **state) {
    char text[32];
    double value;
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "fr_FR.UTF-8") == NULL) {
        print_message("skipped: no locale with a decimal comma here\n");
        skip();
    }
    sy_text_from_f64(1.5, text, sizeof text);
    bool is_taken = sy_text_to_f64("1.5", &value);
    setlocale(LC_ALL, "C");
    assert_string_equal(text, "1.5");
    assert_true(is_taken && value == 1.5);
}

static void string_grows(void **state) {
    sy_text text = {0};
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(sy_text_printf(&text, "%d,", i % 10));
    assert_int_equal(text.length, 2000);
    assert_int_equal(strlen(text.data), 2000);
    assert_true(sy_text_append(&text, "a\0b", 3));
    assert_int_equal(text.length, 2003);
    sy_text_clear(&text);
    assert_string_equal(text.data, "");
    sy_text_release(&text);
    assert_null(text.data);
    sy_text_clear(&text);
    sy_text_release(&text);
}

static void failed_growth_keeps_what_was_there(void **state) {
    sy_text text = {0};
    (void)state;
    assert_true(sy_text_append(&text, "kept", 4));
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_false(sy_text_printf(&text, "%0500d", 1));
    sy_seam_disarm();
    assert_true(text.failed);
    assert_string_equal(text.data, "kept");
    assert_false(sy_text_append(&text, "x", 1));
    assert_string_equal(text.data, "kept");
    sy_text_release(&text);
    assert_false(sy_text_append(&(sy_text){.length = 4}, "x", SIZE_MAX));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(doubles),
        cmocka_unit_test(sizes),
        cmocka_unit_test(rates_and_times),
        cmocka_unit_test(doubles_read_back),
        cmocka_unit_test(users_locale_changes_nothing),
        cmocka_unit_test(string_grows),
        cmocka_unit_test(failed_growth_keeps_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
