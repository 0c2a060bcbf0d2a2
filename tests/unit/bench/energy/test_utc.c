/* Times in text: exact to the ns, with a zone or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bench/energy/utc.h"

static const uint64_t second_ns = 1000000000;

static void good(const char *text, uint64_t unit_ns, uint64_t wanted_ns) {
    uint64_t ns = 1;
    sy_error err = SY_ERROR_INIT;
    if (sy_energy_utc_parse(text, unit_ns, &ns, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(ns, wanted_ns);
}

static void bad(const char *text, const char *words) {
    uint64_t ns = 1;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_utc_parse(text, second_ns, &ns, &err), SY_INVALID_ARGUMENT);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    assert_int_equal(ns, 0);
}

static void numbers(void **state) {
    (void)state;
    good("0", second_ns, 0);
    good("1795694400", second_ns, UINT64_C(1795694400000000000));
    good("1795694400.25", second_ns, UINT64_C(1795694400250000000));
    good("1795694400.123456789", second_ns, UINT64_C(1795694400123456789));
    good("1795694400.1234567899999999999999", second_ns, UINT64_C(1795694400123456789));
    good("1795694400123.5", 1000000, UINT64_C(1795694400123500000));
    good("1795694400123456", 1000, UINT64_C(1795694400123456000));
    good("1795694400123456789", 1, UINT64_C(1795694400123456789));
    good("1795694400123456789.9", 1, UINT64_C(1795694400123456789));
    good("7258118400", second_ns, UINT64_C(7258118400) * 1000000000);
}

static void iso_8601(void **state) {
    (void)state;
    good("1970-01-01T00:00:00Z", second_ns, 0);
    good("2026-11-26T12:00:00.250Z", second_ns, UINT64_C(1795694400250000000));
    good("2026-11-26 12:00:00Z", 1, UINT64_C(1795694400000000000));
    good("2026-11-26T13:00:00+01:00", second_ns, UINT64_C(1795694400000000000));
    good("2026-11-26T06:30:00.5-0530", second_ns, UINT64_C(1795694400500000000));
    good("2024-02-29T00:00:00Z", second_ns, UINT64_C(1709164800000000000));
    good("2016-12-31T23:59:60Z", second_ns, UINT64_C(1483228800000000000));
}

static void every_day_as_the_c_library_has_it(void **state) {
    (void)state;
    for (int64_t day = 0; day < 84006; day++) {
        char text[40];
        struct tm at;
        time_t seconds = (time_t)(day * 86400);
        assert_non_null(gmtime_r(&seconds, &at));
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &at);
        good(text, second_ns, (uint64_t)seconds * second_ns);
    }
}

static void local_time_is_refused(void **state) {
    (void)state;
    bad("2026-11-26 12:00:00", "local time without a zone");
    bad("2026-11-26T12:00:00.250", "local time without a zone");
}

static void no_times(void **state) {
    (void)state;
    static const char *const texts[] = {"", " ", "-5", "1.", "1.5x", "1e9", "nan", "99999999999",
        "7258118401", "99999999999999999999999999", "12:00:00", "2026-11-26", "26.11.2026 12:00:00Z",
        "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-11-26T24:00:00Z", "2026-11-26T12:60:00Z", "2026-11-26T12:00:61Z", "2026-11-26T12:00Z",
        "2026-11-26T12:00:00.Z"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        bad(texts[i], "is no time");
    bad("2026-11-26T12:00:00 CET", "zone");
    bad("2026-11-26T12:00:00+1", "zone");
    bad("2026-11-26T12:00:00+15:00", "zone");
    bad("2026-11-26T12:00:00ZZ", "zone");
    bad("1969-12-31T23:59:59Z", "between 1970 and 2200");
    bad("2201-01-01T00:00:00Z", "between 1970 and 2200");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(iso_8601),
        cmocka_unit_test(every_day_as_the_c_library_has_it),
        cmocka_unit_test(local_time_is_refused),
        cmocka_unit_test(no_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
