/* Values of options: every kind, its limits, its canonical form. */
#include "bench/cli/value.h"
#include "runtime/base/seam.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Set one option from `text` and print it again. */
static void accepted(const char *name, const char *text, const char *wanted) {
    sy_config config = {0};
    sy_text printed = {0};
    sy_error err = SY_ERROR_INIT;
    const sy_option *option = sy_option_find(name, strlen(name));
    assert_non_null(option);
    if (sy_value_set(&config, option, text, name, &err) != SY_OK) {
        fail_msg("%s", err.text);
    }
    assert_true(sy_value_print(&config, option, &printed));
    assert_string_equal(printed.data, wanted);
    sy_text_release(&printed);
    sy_config_release(&config);
}

static void refused(const char *name, const char *text) {
    sy_config config = {0};
    sy_config untouched = {0};
    sy_error err = SY_ERROR_INIT;
    const sy_option *option = sy_option_find(name, strlen(name));
    if (sy_value_set(&config, option, text, "--there", &err) != SY_INVALID_ARGUMENT) {
        fail_msg("%s accepts '%s'", name, text);
    }
    assert_int_equal(strncmp(err.text, "--there", 7), 0);
    assert_memory_equal(config.from, untouched.from, sizeof config.from);
    assert_true(config.device.count == 0 && config.algorithm.count == 0 && config.trust_plugin.count == 0);
    sy_config_release(&config);
}

static void flags_and_counts(void **state) {
    (void)state;
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        accepted("strict", yes[i], "yes");
        accepted("strict", no[i], "no");
    }
    accepted("strict", NULL, "yes");
    refused("strict", "");
    refused("strict", "YES");
    accepted("verbose", "3", "3");
    accepted("verbose", NULL, "1");
    refused("verbose", "10");
    refused("verbose", "-1");
    sy_config config = {0};
    for (int i = 0; i < 20; i++) {
        assert_int_equal(sy_value_set(&config, sy_option_find("verbose", 7), NULL, "-v", NULL), SY_OK);
    }
    assert_int_equal(config.verbose, 9);
}

static void whole_numbers(void **state) {
    (void)state;
    static const char *const bad[] = {"0", "1001", "-1", "+1", "", " 1", "1 ", "1.0", "1e2", "0x1", "three",
        "99999999999999999999", "\xd9\xa1", "auto"};
    accepted("rounds", "1", "1");
    accepted("rounds", "1000", "1000");
    accepted("rounds", "007", "7");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused("rounds", bad[i]);
    }
    refused("rounds", NULL);
    accepted("seed", "0", "0");
    accepted("seed", "9223372036854775807", "9223372036854775807");
    refused("seed", "9223372036854775808");
    accepted("threads", "auto", "auto");
    accepted("threads", "4096", "4096");
    refused("threads", "0");
    refused("threads", "none");
    accepted("batch", "suite", "suite");
}

static void choices(void **state) {
    (void)state;
    accepted("math", "bf16x3", "bf16x3");
    accepted("cache", "cold", "cold");
    accepted("launch", "graph", "graph");
    accepted("layout", "nhwc", "nhwc");
    refused("math", "unknown");
    refused("math", "");
    refused("math", "STRICT");
    sy_config config = {0};
    sy_error err = SY_ERROR_INIT;
    sy_value_set(&config, sy_option_find("data", 4), "unifrom", "--data", &err);
    assert_string_equal(err.text,
        "--data is 'unifrom', wanted is uniform, normal, integer or zeros (did you mean 'uniform'?)");
}

static void fractions(void **state) {
    (void)state;
    static const char *const bad[] = {"0", "0%", "-1%", "51%", "0.51", "1", "%", "", "1%%", "nan", "inf%",
        "1 %", "1,5%", "1e400%", "0.00999%", "00000000000000000000000000000001%"};
    accepted("allow-inconclusive", "5%", "5%");
    accepted("allow-inconclusive", "0%", "0%");
    accepted("allow-inconclusive", NULL, "100%");
    refused("allow-inconclusive", "101%");
    refused("allow-inconclusive", "");
    accepted("precision", "1%", "1%");
    accepted("precision", "0.01", "1%");
    accepted("precision", "0.5%", "0.5%");
    accepted("precision", "7%", "7%");
    accepted("precision", "0.01%", "0.01%");
    accepted("precision", "0.0001", "0.01%");
    accepted("precision", "50%", "50%");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused("precision", bad[i]);
    }
    sy_config config = {0};
    sy_error err = SY_ERROR_INIT;
    sy_value_set(&config, sy_option_find("precision", 9), "0", "-p", &err);
    assert_string_equal(err.text, "-p is '0', wanted is a fraction such as 1% or 0.01, from 0.01% to 50%");
}

static void every_hundredth_of_a_percent_reads_back(void **state) {
    (void)state;
    const sy_option *option = sy_option_find("precision", 9);
    for (int i = 1; i <= 5000; i++) {
        char text[32];
        sy_config config = {0};
        sy_text printed = {0};
        snprintf(text, sizeof text, "%d.%02d%%", i / 100, i % 100);
        assert_int_equal(sy_value_set(&config, option, text, "", NULL), SY_OK);
        double first = config.precision;
        assert_true(sy_value_print(&config, option, &printed));
        assert_int_equal(sy_value_set(&config, option, printed.data, "", NULL), SY_OK);
        assert_true(config.precision == first);
        assert_true(strlen(printed.data) <= 6);
        sy_text_release(&printed);
    }
}

static void durations(void **state) {
    (void)state;
    static const char *const bad[] = {"0", "0s", "-1s", "721h", "1e300", "nan", "inf", "", "s", "10 m",
        "10min", "1,5h", "1d", "99999999999999999999h"};
    accepted("budget", "10m", "10m");
    accepted("budget", "600s", "10m");
    accepted("budget", "600", "10m");
    accepted("budget", "90s", "90s");
    accepted("budget", "1500ms", "1500ms");
    accepted("budget", "1.5s", "1500ms");
    accepted("budget", "2h", "2h");
    accepted("budget", "720h", "720h");
    accepted("budget", "1ms", "1ms");
    accepted("budget", "1234567us", "1234567us");
    accepted("budget", "none", "none");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused("budget", bad[i]);
    }
    refused("max-time", "none");
}

static void texts(void **state) {
    (void)state;
    char text[SY_VALUE_TEXT_MAX + 2];
    accepted("filter", "a|b #=\"", "a|b #=\"");
    accepted("output", "-", "-");
    accepted("output", "\xb4\xf3.jsonl", "\xb4\xf3.jsonl");
    refused("output", "");
    refused("output", "a\nb");
    refused("output", "\x1b[31m");
    refused("output", "\x7f");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    refused("filter", text);
    text[sizeof text - 2] = '\0';
    accepted("filter", text, text);
}

static void lists(void **state) {
    (void)state;
    static const char *const bad[] = {
        "", ",", "a,", ",a", "a,,b", "a, b", "a ,b", " ", "a\tb", "\xff", "\xe2\x80\xae"};
    accepted("algorithm", "native,openblas", "native,openblas");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused("algorithm", bad[i]);
        refused("device", bad[i]);
    }
    accepted("trust-plugin", "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    refused("trust-plugin", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde");
    refused("trust-plugin", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0");
    refused("trust-plugin", "g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
}

static void energy_is_a_mode_or_meters(void **state) {
    (void)state;
    static const char *const bad[] = {"", "on", "auto,", "off,auto", "powercap,all", "shelly",
        "shelly:", "shelly:u:p@192.0.2.7", "rapl", "auto, powercap", "hwmon,hwmon"};
    accepted("energy", "auto", "auto");
    accepted("energy", "all", "all");
    accepted("energy", "off", "off");
    accepted("energy", "auto,shelly:192.0.2.7", "auto,shelly:192.0.2.7");
    accepted("energy", "csv:m.csv?watt=2,utc=1,ipmi", "csv:m.csv?watt=2,utc=1,ipmi");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused("energy", bad[i]);
    }
    sy_config config = {0};
    sy_error err = SY_ERROR_INIT;
    const sy_option *option = sy_option_find("energy", 6);
    assert_int_equal(sy_value_set(&config, option, "csv:m.csv?watt=2,utc=1,ipmi", "", NULL), SY_OK);
    assert_int_equal(config.energy.count, 2);
    assert_int_equal(sy_value_set(&config, option, "off", "--energy", &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "--energy: 'off' stands alone");
    assert_int_equal(config.energy.count, 2);
    assert_int_equal(sy_value_set(&config, option, "hwmon", "--energy", &err), SY_OK);
    assert_int_equal(config.energy.count, 3);
    sy_config_release(&config);
}

static void limits_of_energy(void **state) {
    (void)state;
    accepted("energy-precision", "5%", "5%");
    accepted("energy-precision", "0.001", "0.1%");
    accepted("energy-precision", "50%", "50%");
    refused("energy-precision", "0.09%");
    refused("energy-precision", "51%");
    accepted("energy-window", "1", "1s");
    accepted("energy-window", "60m", "1h");
    refused("energy-window", "999ms");
    refused("energy-window", "61m");
    accepted("energy-credentials", "/etc/my meters", "/etc/my meters");
    refused("energy-credentials", "");
    accepted("sustain", "off", "off");
    accepted("sustain", "600s", "10m");
    accepted("sustain", "24h", "24h");
    refused("sustain", "999ms");
    refused("sustain", "25h");
    refused("sustain", "none");
}

static void devices_keep_their_parameters(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        const char *word[3];
    } cases[] = {
        {"cpu", 1, {"cpu"}},
        {"cpu,opencl:0", 2, {"cpu", "opencl:0"}},
        {"sim:0?peak=100T,bw=1T", 1, {"sim:0?peak=100T,bw=1T"}},
        {"sim:0?peak=100T,bw=1T,launch=5us,cpu", 2, {"sim:0?peak=100T,bw=1T,launch=5us", "cpu"}},
        {"cpu,sim:0?bw=1T,sim:1?bw=2T,peak=1T", 3, {"cpu", "sim:0?bw=1T", "sim:1?bw=2T,peak=1T"}},
        {"cuda@/abs/plugin.so:0,cpu", 2, {"cuda@/abs/plugin.so:0", "cpu"}},
        {"sim?a=1,b=c:d,cpu", 2, {"sim?a=1,b=c:d", "cpu"}},
        {"cpu,a=b", 2, {"cpu", "a=b"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_config config = {0};
        assert_int_equal(sy_value_set(&config, sy_option_find("device", 6), cases[i].text, "", NULL), SY_OK);
        assert_int_equal(config.device.count, cases[i].count);
        for (size_t j = 0; j < cases[i].count; j++) {
            assert_string_equal(config.device.word[j], cases[i].word[j]);
        }
        sy_config_release(&config);
    }
    refused("device", "sim:0?a=1,,b=2");
    refused("device", "sim:0?a=1,");
}

static void a_failed_list_leaves_what_was_there(void **state) {
    (void)state;
    sy_config config = {0};
    const sy_option *option = sy_option_find("algorithm", 9);
    assert_int_equal(sy_value_set(&config, option, "native", "", NULL), SY_OK);
    assert_int_equal(sy_value_set(&config, option, "a,b,", "", NULL), SY_INVALID_ARGUMENT);
    for (uint64_t k = 1; k <= 6; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_value_set(&config, option, "a,b,c", "", NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_int_equal(config.algorithm.count, 1);
        assert_string_equal(config.algorithm.word[0], "native");
    }
    sy_config_release(&config);
    sy_config_release(&config);
}

static void numbers_do_not_depend_on_the_locale(void **state) {
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};
    for (size_t i = 0; i < 3 && localeconv()->decimal_point[0] != ','; i++) {
        setlocale(LC_ALL, commas[i]);
    }
    if (localeconv()->decimal_point[0] != ',') {
        skip();
    }
    accepted("precision", "0.5%", "0.5%");
    accepted("budget", "1.5s", "1500ms");
    refused("precision", "0,5%");
    setlocale(LC_ALL, "C");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_and_counts),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(choices),
        cmocka_unit_test(fractions),
        cmocka_unit_test(every_hundredth_of_a_percent_reads_back),
        cmocka_unit_test(durations),
        cmocka_unit_test(texts),
        cmocka_unit_test(lists),
        cmocka_unit_test(energy_is_a_mode_or_meters),
        cmocka_unit_test(limits_of_energy),
        cmocka_unit_test(devices_keep_their_parameters),
        cmocka_unit_test(a_failed_list_leaves_what_was_there),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
