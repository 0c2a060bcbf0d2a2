/* Addresses and options: the forms there are, and each form that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/net/spec.h"

static const char *const keys[] = {"timeout", "insecure", "channel", NULL};

static void parts_are_told_apart(void **state) {
    static const struct {
        const char *text, *scheme, *host, *port, *name;
    } rows[] = {{"plug", "", "plug", "", "plug"}, {"192.0.2.7:80", "", "192.0.2.7", "80", "192.0.2.7:80"},
        {"https://bmc.example", "https", "bmc.example", "", "bmc.example"},
        {"https://bmc/", "https", "bmc", "", "bmc"},
        {"http://a_b-c:65535", "http", "a_b-c", "65535", "a_b-c:65535"},
        {"[2001:db8::1]:8888", "", "2001:db8::1", "8888", "[2001:db8::1]:8888"},
        {"http://[::1]", "http", "::1", "", "[::1]"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_net_spec spec;
        char name[144];
        assert_int_equal(sy_net_spec_parse(rows[i].text, keys, &spec, NULL), SY_OK);
        assert_string_equal(spec.scheme, rows[i].scheme);
        assert_string_equal(spec.host, rows[i].host);
        assert_string_equal(spec.port, rows[i].port);
        sy_net_spec_name(&spec, name, sizeof name);
        assert_string_equal(name, rows[i].name);
    }
}

static void options_have_values_or_none(void **state) {
    sy_net_spec spec;
    uint64_t timeout_ns = 0;
    uint32_t channel = 0;
    (void)state;
    assert_int_equal(sy_net_spec_parse("h;timeout=250ms;insecure;channel=3", keys, &spec, NULL), SY_OK);
    assert_string_equal(sy_net_spec_option(&spec, "insecure"), "");
    assert_int_equal(sy_net_spec_timeout(&spec, &timeout_ns, NULL), SY_OK);
    assert_int_equal(timeout_ns, 250000000u);
    assert_int_equal(sy_net_spec_whole(&spec, "channel", 0, 7, &channel, NULL), SY_OK);
    assert_int_equal(channel, 3);
    assert_int_equal(sy_net_spec_whole(&spec, "channel", 0, 2, &channel, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_net_spec_options(NULL, keys, &spec, NULL), SY_OK);
    assert_int_equal(spec.option_count, 0);
    assert_null(sy_net_spec_option(&spec, "insecure"));
    assert_int_equal(sy_net_spec_timeout(&spec, &timeout_ns, NULL), SY_OK);
    assert_int_equal(timeout_ns, 5000000000u);
    assert_int_equal(sy_net_spec_whole(&spec, "channel", 0, 7, &channel, NULL), SY_OK);
    assert_int_equal(channel, 3);
    assert_int_equal(sy_net_spec_options("channel=1;insecure", keys, &spec, NULL), SY_OK);
    assert_int_equal(spec.option_count, 2);
}

static void what_is_no_spec_is_refused(void **state) {
    static const char *const bad[] = {"", ":80", "h:0", "h:65536", "h:http", "h:", "a b", "h/path",
        "https://", "http://h/x", "[::1", "[::1]80", "[]", "h:80:90", "h\n", "::1", "h;port=3",
        "h;insecure;insecure", "h;", "h;timeout=0", "h;timeout=2h", "h;timeout=x", "h;timeout="};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_net_spec spec;
        sy_error err = SY_ERROR_INIT;
        uint64_t timeout_ns;
        sy_status status = sy_net_spec_parse(bad[i], keys, &spec, &err);
        if (status == SY_OK && strcmp(bad[i], "h;") != 0)
            status = sy_net_spec_timeout(&spec, &timeout_ns, &err);
        if (strcmp(bad[i], "h;") == 0) {
            assert_int_equal(status, SY_OK);
            continue;
        }
        assert_int_equal(status, SY_INVALID_ARGUMENT);
        assert_true(err.text[0] != '\0');
        assert_null(strchr(err.text, '\n'));
    }
    assert_int_equal(sy_net_spec_parse(NULL, keys, &(sy_net_spec){0}, NULL), SY_INVALID_ARGUMENT);
}

static void limits_of_length(void **state) {
    char text[600];
    sy_net_spec spec;
    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sy_net_spec_parse(text, keys, &spec, NULL), SY_INVALID_ARGUMENT);
    memcpy(text, "h;timeout=", 10);
    assert_int_equal(sy_net_spec_parse(text, keys, &spec, NULL), SY_INVALID_ARGUMENT);
}

static void passwords_are_not_repeated(void **state) {
    sy_net_spec spec;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(sy_net_spec_parse("https://root:hunter2@bmc", keys, &spec, &err), SY_INVALID_ARGUMENT);
    assert_null(strstr(err.text, "hunter2"));
    assert_non_null(strstr(err.text, "--energy-credentials"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_told_apart),
        cmocka_unit_test(options_have_values_or_none), cmocka_unit_test(what_is_no_spec_is_refused),
        cmocka_unit_test(limits_of_length), cmocka_unit_test(passwords_are_not_repeated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
