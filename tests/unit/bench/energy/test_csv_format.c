/* Columns by name and unit, and lines of a log. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/csv_format.h"
#include "bench/energy/source.h"

static sy_energy_csv_format header(const char *line, const char *column) {
    sy_energy_csv_format format;
    sy_error err = SY_ERROR_INIT;
    if (sy_energy_csv_header(line, column, &format, &err) != SY_OK)
        fail_msg("%s: %s", line, err.text);
    return format;
}

static void units(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t kind;
        double scale;
    } cases[] = {{"W", SY_ENERGY_POWER_INSTANT, 1}, {"watt", SY_ENERGY_POWER_INSTANT, 1},
        {"Watts", SY_ENERGY_POWER_INSTANT, 1}, {"power_w", SY_ENERGY_POWER_INSTANT, 1},
        {"Power (W)", SY_ENERGY_POWER_INSTANT, 1}, {"power [mW]", SY_ENERGY_POWER_INSTANT, 1e-3},
        {"total kW", SY_ENERGY_POWER_INSTANT, 1e3}, {"joule", SY_ENERGY_COUNTER, 1},
        {"energy_j", SY_ENERGY_COUNTER, 1}, {"energy_mj", SY_ENERGY_COUNTER, 1e-3},
        {"kJ", SY_ENERGY_COUNTER, 1e3}, {"wh", SY_ENERGY_COUNTER, 3600},
        {"energy (mWh)", SY_ENERGY_COUNTER, 3.6}, {"\"Total kWh\"", SY_ENERGY_COUNTER, 3.6e6}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[64] = "utc_s,";
        strcat(line, cases[i].name);
        sy_energy_csv_format format = header(line, "");
        assert_int_equal(format.kind, cases[i].kind);
        assert_true(format.scale == cases[i].scale);
        assert_int_equal(format.value, 1);
    }
}

static void times(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t unit_ns;
    } cases[] = {{"utc_s", 1000000000}, {"utc", 1000000000}, {"UTC", 1000000000}, {"timestamp", 1000000000},
        {"time", 1000000000}, {"time_utc", 1000000000}, {"datetime", 1000000000}, {"unix_ms", 1000000},
        {"epoch_us", 1000}, {"timestamp_ns", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[64] = "power_w;volt;";
        strcat(line, cases[i].name);
        sy_energy_csv_format format = header(line, "");
        assert_true(format.time_unit_ns == cases[i].unit_ns);
        assert_true(format.separator == ';' && format.time == 2 && format.value == 0);
    }
}

static void the_first_value_or_the_one_that_is_named(void **state) {
    (void)state;
    static const char line[] = "utc_s\tvolt\tpower_w\tenergy_wh";
    assert_int_equal(header(line, "").value, 2);
    sy_energy_csv_format format = header(line, "Energy_Wh");
    assert_true(format.value == 3 && format.separator == '\t');
    assert_string_equal(format.column, "energy_wh");
}

static void bad_header(const char *line, const char *column, const char *words) {
    sy_energy_csv_format format;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_csv_header(line, column, &format, &err), SY_INVALID_ARGUMENT);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void headers_that_are_none(void **state) {
    (void)state;
    bad_header("", "", "no column of time");
    bad_header("power_w", "", "no column of time");
    bad_header("timer,power_w", "", "no column of time");
    bad_header("1795694400.25,12.5", "", "no column of time");
    bad_header("utc_s", "", "no column of power or energy");
    bad_header("utc_s,power,volt,MW,energy_MWh,w_total", "", "no column of power or energy");
    bad_header("utc_s,power_w", "energy_wh", "no column \"energy_wh\"");
    bad_header("utc_s,power", "power", "no column \"power\"");
}

static void good(const char *line, uint64_t utc_ns, double value, int decimals) {
    sy_energy_csv_format format = header("utc_s,note,energy_wh", "");
    sy_energy_csv_reading reading;
    sy_error err = SY_ERROR_INIT;
    if (sy_energy_csv_line(&format, line, &reading, &err) != SY_OK)
        fail_msg("%s: %s", line, err.text);
    assert_int_equal(reading.utc_ns, utc_ns);
    assert_true(fabs(reading.value - value) < 1e-9);
    assert_int_equal(reading.decimals, decimals);
}

static void good_lines(void **state) {
    (void)state;
    good("1.5,,2", 1500000000, 7200, 0);
    good(" 1.5 , x , 2.25 \r", 1500000000, 8100, 2);
    good("\"1.5\",\"a, b\",\"2.250\",more", 1500000000, 8100, 3);
    good("1970-01-01T00:00:02Z,,1e-1", 2000000000, 360, 0);
}

static void bad_line(const char *line, const char *words) {
    sy_energy_csv_format format = header("utc_s,energy_wh", "");
    sy_energy_csv_reading reading;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_csv_line(&format, line, &reading, &err), SY_INVALID_ARGUMENT);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void bad_lines(void **state) {
    (void)state;
    bad_line("", "is no time");
    bad_line("1.5", "no energy_wh in column 2");
    bad_line("1.5,", "energy_wh is \"\"");
    bad_line("1.5,-3", "which is no count");
    bad_line("1.5,nan", "which is no count");
    bad_line("1.5,1e999", "which is no count");
    bad_line("1.5,12 Wh", "\"12 Wh\"");
    bad_line("2026-11-26 12:00:00,3", "local time");
    bad_line("1.5,1111111111111111111111111111111111111111111111111111111111111111111111111", "no energy_wh");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units),
        cmocka_unit_test(times),
        cmocka_unit_test(the_first_value_or_the_one_that_is_named),
        cmocka_unit_test(headers_that_are_none),
        cmocka_unit_test(good_lines),
        cmocka_unit_test(bad_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
