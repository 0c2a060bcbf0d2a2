/* IPMI by tools that are scripts: both tools' answers, what is missing, and what is no answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/energy/net_sources.h"

#define FREEIPMI                                                                                             \
    "Current Power                        : %s\n"                                                            \
    "Minimum Power over sampling duration : 5 watts\n"                                                       \
    "Average Power over sampling duration : 168 watts\n"                                                     \
    "Time Stamp                           : 07/18/2024 - 05:13:05\n"                                         \
    "Power Measurement                    : %s\n"
#define IPMITOOL                                                                                             \
    "\n    Instantaneous power reading:                   %s\n"                                              \
    "    Minimum during sampling period:                 20 Watts\n"                                         \
    "    IPMI timestamp:                           Thu Jan  1 00:00:00 1970\n"                               \
    "    Power reading state is:                   %s\n\n\n"

static char root[] = "/tmp/steelyard-ipmi-XXXXXX";
static char device[64], tool_paths[2][64], spec[96];
static sy_energy_places places = {.sysroot = root};

static void write_file(const char *path, const char *text, mode_t mode) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

/* A tool that checks how it is called and prints a text; NULL: it is not installed. */
static void install(size_t index, const char *output) {
    static const char *const calls[] = {"--get-system-power-statistics", "dcmi power reading"};
    char script[2048];
    if (output == NULL) {
        unlink(tool_paths[index]);
        return;
    }
    snprintf(script, sizeof script,
        "#!/bin/sh\nPATH=/usr/bin:/bin\n[ \"$*\" = '%s' ] || exit 9\n[ \"$LANG\" = C ] || exit 8\ncat "
        "<<'E'\n%s\nE\n",
        calls[index], output);
    write_file(tool_paths[index], script, 0755);
}

static sy_energy_found find_one(const char *text) {
    sy_energy_list list = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_ipmi.find(&places, text, &list, &err), SY_OK);
    assert_int_equal(list.count, 1);
    sy_energy_found found = list.found[0];
    sy_energy_list_release(&list);
    return found;
}

static void reads(const char *freeipmi, const char *ipmitool, double watt, const char *tool) {
    double value = 0.0;
    sy_energy_meter *meter = NULL;
    install(0, freeipmi);
    install(1, ipmitool);
    sy_energy_found found = find_one(spec);
    assert_string_equal(found.reason, "");
    assert_int_equal(found.state, SY_OK);
    assert_string_equal(found.facts.name, "ipmi:power");
    assert_int_equal(found.facts.scope, SY_ENERGY_SCOPE_NODE);
    assert_true(found.facts.resolution == 1.0);
    assert_non_null(strstr(found.facts.detail, tool));
    assert_int_equal(sy_energy_ipmi.open(&places, &found, &meter, NULL), SY_OK);
    assert_int_equal(meter->read(meter, &value, NULL), SY_OK);
    assert_true(value == watt);
    meter->close(meter);
}

static void either_tool_will_do(void **state) {
    char text[1024], other[1024];
    (void)state;
    snprintf(text, sizeof text, FREEIPMI, "164 Watts", "Active");
    snprintf(other, sizeof other, IPMITOOL, "220 Watts", "activated");
    reads(text, NULL, 164.0, "ipmi-dcmi");
    reads(NULL, other, 220.0, "ipmitool");
    reads(text, other, 164.0, "ipmi-dcmi");
}

static void fails(const char *freeipmi, const char *ipmitool, sy_status state, const char *words) {
    install(0, freeipmi);
    install(1, ipmitool);
    sy_energy_found found = find_one(spec);
    assert_int_equal(found.state, state);
    if (strstr(found.reason, words) == NULL)
        print_message("%s\n", found.reason);
    assert_non_null(strstr(found.reason, words));
    assert_null(strchr(found.reason, '\n'));
    assert_string_equal(found.facts.name, "ipmi");
}

static void controllers_that_do_not_measure(void **state) {
    char text[1024];
    (void)state;
    snprintf(text, sizeof text, FREEIPMI, "0 Watts", "Active");
    fails(text, NULL, SY_UNAVAILABLE, "0 W");
    snprintf(text, sizeof text, FREEIPMI, "164 Watts", "Not Available");
    fails(text, NULL, SY_UNAVAILABLE, "Not Available");
    snprintf(text, sizeof text, IPMITOOL, "164 Watts", "deactivated");
    fails(NULL, text, SY_UNAVAILABLE, "deactivated");
}

static void answers_that_are_none(void **state) {
    static const char *const bad[] = {"-164 Watts", "164", "164 mW", "Watts", "1e3 Watts", "nan Watts",
        "164.5 Watts", "0x10 Watts", "164 Watts or so", ""};
    char text[1024];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, FREEIPMI, bad[i], "Active");
        fails(text, NULL, SY_INVALID_ARGUMENT, "ipmi: ");
    }
    snprintf(text, sizeof text, FREEIPMI, "99999999 Watts", "Active");
    fails(text, NULL, SY_INVALID_ARGUMENT, "cannot be");
    fails("Current Power : 1 Watts\nCurrent Power : 2 Watts", NULL, SY_INVALID_ARGUMENT, "2 lines");
    fails("Current Pow", NULL, SY_INVALID_ARGUMENT, "0 lines");
    fails("", NULL, SY_INVALID_ARGUMENT, "0 lines");
}

static void tools_that_fail(void **state) {
    char text[128];
    (void)state;
    install(1, NULL);
    write_file(tool_paths[0],
        "#!/bin/sh\nPATH=/usr/bin:/bin\necho 'ipmi-dcmi: \033[1mdriver timeout' >&2\nexit 1\n", 0755);
    sy_energy_found found = find_one(spec);
    assert_int_equal(found.state, SY_IO);
    assert_non_null(strstr(found.reason, "status 1: ipmi-dcmi: ?[1mdriver timeout"));
    write_file(tool_paths[0], "#!/bin/sh\nPATH=/usr/bin:/bin\nsleep 100\n", 0755);
    snprintf(text, sizeof text, "%s;timeout=30ms", spec);
    found = find_one(text);
    assert_int_equal(found.state, SY_TIMEOUT);
    write_file(tool_paths[0], "#!/bin/sh\nPATH=/usr/bin:/bin\nyes\n", 0755);
    found = find_one(spec);
    assert_int_equal(found.state, SY_OVERFLOW);
}

static void what_is_missing_is_said_with_its_fix(void **state) {
    (void)state;
    fails(NULL, NULL, SY_UNAVAILABLE, "neither ipmi-dcmi nor ipmitool");
    assert_non_null(strstr(find_one(spec).fix, "freeipmi-tools"));
    assert_int_equal(unlink(device), 0);
    fails(NULL, NULL, SY_UNAVAILABLE, "no /dev/ipmi0");
    assert_non_null(strstr(find_one(spec).fix, "modprobe"));
    if (geteuid() != 0) {
        write_file(device, "", 0000);
        fails(NULL, NULL, SY_REFUSED, "no permission");
        assert_non_null(strstr(find_one(spec).fix, "udev"));
        unlink(device);
    }
    write_file(device, "", 0600);
}

static void specs_of_another_form(void **state) {
    static const char *const bad[] = {"host", "path=/a;path=/b", "timeout=0"};
    sy_energy_list list = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(sy_energy_ipmi.find(&places, bad[i], &list, NULL), SY_INVALID_ARGUMENT);
    /* Unasked, on a tree without tools of ours, it says something and fails at nothing. */
    assert_int_equal(
        sy_energy_ipmi.find(&(sy_energy_places){.sysroot = "/no/such"}, NULL, &list, NULL), SY_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    assert_string_equal(list.found[0].spec, "ipmi");
    sy_energy_list_release(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(either_tool_will_do),
        cmocka_unit_test(controllers_that_do_not_measure), cmocka_unit_test(answers_that_are_none),
        cmocka_unit_test(tools_that_fail), cmocka_unit_test(what_is_missing_is_said_with_its_fix),
        cmocka_unit_test(specs_of_another_form)};
    char dev[64];
    if (mkdtemp(root) == NULL)
        return 1;
    snprintf(dev, sizeof dev, "%s/dev", root);
    snprintf(device, sizeof device, "%s/dev/ipmi0", root);
    snprintf(tool_paths[0], sizeof tool_paths[0], "%s/ipmi-dcmi", root);
    snprintf(tool_paths[1], sizeof tool_paths[1], "%s/ipmitool", root);
    /* No other folder: a tool that is really installed is none of this test's. */
    snprintf(spec, sizeof spec, "path=%s", root);
    if (mkdir(dev, 0700) != 0)
        return 1;
    FILE *file = fopen(device, "w");
    if (file == NULL)
        return 1;
    fclose(file);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(tool_paths[0]);
    unlink(tool_paths[1]);
    unlink(device);
    rmdir(dev);
    rmdir(root);
    return failed;
}
