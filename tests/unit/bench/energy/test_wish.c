/* The words of --energy: what they mean, and what is refused with which help. */
#include "bench/energy/wish.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Split at commas; the words are good until the next call. */
static sy_status read_words(const char *text, sy_energy_wish *out_wish, sy_error *err) {
    static char copy[512];
    static char *word[16];
    size_t count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *at = strtok(copy, ","); at != NULL; at = strtok(NULL, ","))
        word[count++] = at;
    return sy_energy_wish_read(word, count, out_wish, err);
}

static void refused(const char *text, const char *wanted) {
    sy_energy_wish wish;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(read_words(text, &wish, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, wanted);
    assert_int_equal(read_words(text, &wish, NULL), SY_INVALID_ARGUMENT);
}

static void modes_and_specs(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_off, is_auto, is_all;
        size_t count;
        const char *first;
    } cases[] = {
        {"", false, true, false, 0, NULL},
        {"auto", false, true, false, 0, NULL},
        {"all", false, false, true, 0, NULL},
        {"off", true, false, false, 0, NULL},
        {"auto,shelly:192.0.2.7", false, true, false, 1, "shelly:192.0.2.7"},
        {"all,csv:/var/log/a@b.csv,ipmi", false, false, true, 2, "csv:/var/log/a@b.csv"},
        {"powercap", false, false, false, 1, "powercap"},
        {"powercap:package-0,hwmon", false, false, false, 2, "powercap:package-0"},
        {"csv:a@b.csv", false, false, false, 1, "csv:a@b.csv"},
        {"shelly:http://[2001:db8::1]/x@y", false, false, false, 1, "shelly:http://[2001:db8::1]/x@y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_energy_wish wish;
        assert_int_equal(read_words(cases[i].text, &wish, NULL), SY_OK);
        assert_int_equal(wish.is_off, cases[i].is_off);
        assert_int_equal(wish.is_auto, cases[i].is_auto);
        assert_int_equal(wish.is_all, cases[i].is_all);
        assert_int_equal(wish.spec_count, cases[i].count);
        if (cases[i].first != NULL)
            assert_string_equal(wish.spec[0], cases[i].first);
        else
            assert_null(wish.spec);
    }
}

static void words_at_the_wrong_place(void **state) {
    (void)state;
    refused("off,powercap", "'off' stands alone");
    refused("powercap,off", "'off' stands alone");
    refused("auto,off", "'off' stands alone");
    refused("powercap,auto", "'auto' stands alone or first");
    refused("auto,all", "'all' stands alone or first");
    refused("auto,auto", "'auto' is there twice");
    refused("powercap,hwmon,powercap", "'powercap' is there twice");
}

static void unknown_sources_get_a_hint(void **state) {
    (void)state;
    refused("shelley:192.0.2.7", "there is no meter 'shelley' (did you mean 'shelly'?); there are auto, all, "
                                 "off, device, powercap, hwmon, shelly, csv, ipmi");
    refused("atuo", "there is no meter 'atuo' (did you mean 'auto'?); there are auto, all, off, device, "
                    "powercap, hwmon, shelly, csv, ipmi");
    refused("auto,rapl",
        "there is no meter 'rapl'; there are auto, all, off, device, powercap, hwmon, shelly, "
        "csv, ipmi");
    refused(
        ":x", "there is no meter ''; there are auto, all, off, device, powercap, hwmon, shelly, csv, ipmi");
    refused("Powercap", "there is no meter 'Powercap' (did you mean 'powercap'?); there are auto, all, off, "
                        "device, powercap, hwmon, shelly, csv, ipmi");
    char longer[120] = "";
    sy_energy_wish wish;
    memset(longer, 'x', sizeof longer - 1);
    assert_int_equal(read_words(longer, &wish, NULL), SY_INVALID_ARGUMENT);
}

static void specs_that_say_too_little(void **state) {
    (void)state;
    sy_energy_wish wish;
    refused("shelly", "'shelly' says too little, wanted is shelly:HOST");
    refused("shelly:", "'shelly:' says too little, wanted is shelly:HOST");
    refused("powercap:", "'powercap:' says too little, wanted is powercap");
    assert_int_equal(read_words("ipmi", &wish, NULL), SY_OK);
}

static void passwords_do_not_belong_here(void **state) {
    (void)state;
    static const char *const texts[] = {"shelly:admin:secret@192.0.2.7",
        "shelly:http://admin:secret@192.0.2.7", "shelly:http://admin@192.0.2.7/x", "shelley:u:secret@h"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        refused(texts[i], "a user's name and password belong into the file of --energy-credentials, not into "
                          "the name of a meter");
}

static void a_spec_means_meters(void **state) {
    (void)state;
    sy_energy_found found = {.facts.name = "powercap:package-0:core", .spec = "powercap"};
    assert_true(sy_energy_spec_means("powercap", &found));
    assert_true(sy_energy_spec_means("powercap:package-0", &found));
    assert_true(sy_energy_spec_means("powercap:package-0:core", &found));
    assert_false(sy_energy_spec_means("powercap:package", &found));
    assert_false(sy_energy_spec_means("powercap:package-01", &found));
    assert_false(sy_energy_spec_means("power", &found));
    sy_energy_found named = {.facts.name = "shelly:192.0.2.7:power", .spec = "shelly:http://192.0.2.7"};
    assert_true(sy_energy_spec_means("shelly:http://192.0.2.7", &named));
    assert_false(sy_energy_spec_means("shelly:http://192.0.2.70", &named));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_and_specs),
        cmocka_unit_test(words_at_the_wrong_place),
        cmocka_unit_test(unknown_sources_get_a_hint),
        cmocka_unit_test(specs_that_say_too_little),
        cmocka_unit_test(passwords_do_not_belong_here),
        cmocka_unit_test(a_spec_means_meters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
