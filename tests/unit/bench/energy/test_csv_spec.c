/* How a log is named. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/csv_spec.h"
#include "bench/energy/source.h"

static void good_ones(void **state) {
    (void)state;
    sy_energy_csv_spec spec;
    assert_int_equal(sy_energy_csv_spec_parse("/tmp/meter.csv", &spec, NULL), SY_OK);
    assert_string_equal(spec.path, "/tmp/meter.csv");
    assert_string_equal(sy_energy_csv_spec_file(&spec), "meter.csv");
    assert_true(isnan(spec.gain) && spec.window_ns == 0 && spec.scope == SY_ENERGY_SCOPE_UNKNOWN);
    assert_int_equal(
        sy_energy_csv_spec_parse("m.csv;scope=wall;gain=0.01;window=500ms;column=energy_wh", &spec, NULL),
        SY_OK);
    assert_string_equal(sy_energy_csv_spec_file(&spec), "m.csv");
    assert_true(spec.gain == 0.01 && spec.window_ns == 500000000 && spec.scope == SY_ENERGY_SCOPE_WALL);
    assert_string_equal(spec.column, "energy_wh");
}

static void bad(const char *text, const char *words) {
    sy_energy_csv_spec spec;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_csv_spec_parse(text, &spec, &err), SY_INVALID_ARGUMENT);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void bad_ones(void **state) {
    (void)state;
    char path[300];
    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    bad(NULL, "csv:FILE");
    bad("", "csv:FILE");
    bad(";scope=wall", "csv:FILE");
    bad(path, "too long");
    bad("m.csv;scope=moon", "none of die");
    bad("m.csv;scope=unknown", "none of die");
    bad("m.csv;gain=-1", "relative uncertainty");
    bad("m.csv;gain=1", "relative uncertainty");
    bad("m.csv;gain=1%", "relative uncertainty");
    bad("m.csv;window=0", "no time");
    bad("m.csv;window=-1s", "no time");
    bad("m.csv;window=2000h", "no time");
    bad("m.csv;window=", "no time");
    bad("m.csv;column=", "empty");
    bad("m.csv;colour=red", "none of scope=NAME");
    bad("m.csv;", "none of scope=NAME");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),
        cmocka_unit_test(bad_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
