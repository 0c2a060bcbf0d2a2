/* Shelly: each generation with its units, and devices that measure nothing or lie. */
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
#include "tests/unit/bench/energy/net_rig.h"

#define END "\r\n\r\n"
#define GEN2                                                                                                 \
    {                                                                                                        \
        .match = "GET /shelly ",                                                                             \
        .answer = NET_JSON("{\"gen\":2,\"model\":\"SNPL\\u0007-1\",\"auth_en\":false}")                      \
    }
#define GEN1                                                                                                 \
    { .match = "GET /shelly ", .answer = NET_JSON("{\"type\":\"SHPLG-S\",\"auth\":false}") }
#define SWITCH "GET /rpc/Switch.GetStatus?id=0 "
#define STATUS "GET /status "

static void find(net_rig *rig, const loopback_rule *rules, const char *options) {
    net_rig_find(rig, &sy_energy_shelly, rules, END, "", options);
}

static const loopback_rule second_generation[] = {GEN2,
    {.match = SWITCH,
        .times = 5,
        .answer = NET_JSON("{\"id\":0,\"apower\":151.4,\"aenergy\":{\"total\":100.125,\"minute_ts\":1}}")},
    {.match = SWITCH, .answer = NET_JSON("{\"apower\":160.0,\"aenergy\":{\"total\":101.125}}")},
    {.match = NULL}};

static void watt_hours_since_the_second(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, second_generation, "");
    assert_int_equal(rig.list.count, 2);
    const sy_energy_facts *power = &net_rig_found(&rig, ":power")->facts;
    const sy_energy_facts *energy = &net_rig_found(&rig, ":energy")->facts;
    assert_int_equal(power->scope, SY_ENERGY_SCOPE_WALL);
    assert_true(power->gain == 0.01 && power->resolution > 0.0999 && power->resolution < 0.1001);
    assert_true(energy->resolution > 3.599 && energy->resolution < 3.601);
    assert_non_null(strstr(power->detail, "plug: Shelly SNPL?-1"));
    assert_int_equal(energy->kind, SY_ENERGY_COUNTER);
    sy_energy_meter *meter = net_rig_open(&rig, ":energy");
    net_rig_reads(meter, 3600.0);
    meter->close(meter);
    meter = net_rig_open(&rig, ":power");
    net_rig_reads(meter, 160.0);
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule energy_meter[] = {GEN2,
    {.match = "GET /rpc/EM1.GetStatus?id=2 ", .answer = NET_JSON("{\"act_power\":12.5}")},
    {.match = "GET /rpc/EM1Data.GetStatus?id=2 ", .answer = NET_JSON("{\"total_act_energy\":2776.175}")},
    {.match = "", .answer = NET_ABSENT}, {.match = NULL}};

static void channels_of_an_energy_meter(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, energy_meter, ";channel=2");
    assert_int_equal(rig.list.count, 2);
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_reads(meter, 12.5);
    meter->close(meter);
    net_rig_stop(&rig);
    find(&rig, energy_meter, "");
    net_rig_failed(&rig, SY_UNAVAILABLE, "channel 0 measures no power");
    net_rig_stop(&rig);
}

static const loopback_rule first_generation[] = {GEN1,
    {.match = STATUS,
        .times = 3,
        .answer = NET_JSON("{\"meters\":[{\"power\":5.25,\"is_valid\":true,\"total\":1000}]}")},
    {.match = STATUS,
        .times = 1,
        .answer = NET_JSON("{\"meters\":[{\"power\":5.5,\"is_valid\":true,\"total\":1002}]}")},
    {.match = STATUS,
        .times = 1,
        .answer = NET_JSON("{\"meters\":[{\"power\":0,\"is_valid\":false,\"total\":1002}]}")},
    {.match = STATUS, .answer = NET_JSON("{\"meters\":[{\"power\":5.5,\"is_valid\":true,\"total\":7}]}")},
    {.match = NULL}};

static void watt_minutes_in_the_first(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, first_generation, "");
    assert_true(net_rig_found(&rig, ":energy")->facts.resolution == 60.0);
    sy_energy_meter *meter = net_rig_open(&rig, ":energy");
    net_rig_reads(meter, 120.0);
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "not valid");
    net_rig_read_fails(meter, SY_INTERNAL, "from 60120 J to 420 J");
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule first_em[] = {GEN1,
    {.match = STATUS, .times = 3, .answer = NET_JSON("{\"emeters\":[{\"power\":9,\"total\":10.5}]}")},
    {.match = STATUS, .answer = NET_JSON("{\"emeters\":[{\"power\":9,\"total\":11.5}]}")}, {.match = NULL}};

static void watt_hours_in_its_energy_meters(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, first_em, "");
    sy_energy_meter *meter = net_rig_open(&rig, ":energy");
    net_rig_reads(meter, 3600.0);
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule no_shelly[] = {
    {.match = "", .answer = NET_JSON("{\"gen\":\"2\"}")}, {.match = NULL}};
static const loopback_rule no_meter[] = {
    GEN1, {.match = "", .answer = NET_JSON("{\"relays\":[]}")}, {.match = NULL}};
static const loopback_rule relay[] = {GEN2, {.match = SWITCH, .answer = NET_JSON("{\"output\":true}")},
    {.match = "", .answer = NET_ABSENT}, {.match = NULL}};
static const loopback_rule text[] = {
    GEN2, {.match = SWITCH, .answer = NET_JSON("{\"apower\":\"12\"}")}, {.match = NULL}};
static const loopback_rule locked[] = {GEN2, {.match = "", .answer = NET_REFUSED}, {.match = NULL}};

static void devices_that_do_not_measure(void **state) {
    static const struct {
        const loopback_rule *rules;
        const char *words;
        sy_status state;
    } rows[] = {{no_shelly, "not a Shelly", SY_INVALID_ARGUMENT},
        {no_meter, "measures no power", SY_UNAVAILABLE}, {relay, "measures no power", SY_UNAVAILABLE},
        {text, "no number", SY_INVALID_ARGUMENT}, {locked, "401", SY_REFUSED}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        net_rig rig;
        find(&rig, rows[i].rules, "");
        net_rig_failed(&rig, rows[i].state, rows[i].words);
        net_rig_stop(&rig);
    }
}

static const loopback_rule lies[] = {GEN2,
    {.match = SWITCH, .times = 5, .answer = NET_JSON("{\"apower\":1,\"aenergy\":{\"total\":1}}")},
    {.match = SWITCH, .times = 1, .answer = NET_JSON("{\"apower\":-4.5}")},
    {.match = SWITCH, .times = 1, .answer = NET_JSON("{\"apower\":2e6}")},
    {.match = SWITCH, .times = 1, .answer = NET_JSON("{}")}, {.match = NULL}};

static void readings_that_cannot_be(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, lies, ";timeout=2s");
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "wrong way round");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "cannot be");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "not there");
    meter->close(meter);
    net_rig_stop(&rig);
}

/* "admin:hunter2" */
static const loopback_rule with_password[] = {GEN1,
    {.match = "Authorization: Basic YWRtaW46aHVudGVyMg==\r\n",
        .answer = NET_JSON("{\"meters\":[{\"power\":5.25,\"total\":1000}]}")},
    {.match = "",
        .answer = "HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n",
        .then = LOOPBACK_CLOSE},
    {.match = NULL}};

static void passwords_come_from_the_file(void **state) {
    char path[] = "/tmp/steelyard-shelly-XXXXXX", spec[64];
    net_rig rig;
    (void)state;
    find(&rig, with_password, "");
    net_rig_failed(&rig, SY_REFUSED, "401");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char line[] = "127.0.0.1 admin hunter2\n";
    assert_int_equal(write(fd, line, sizeof line - 1), sizeof line - 1);
    close(fd);
    const sy_energy_places places = {.credentials = path};
    sy_energy_list list = {0};
    snprintf(spec, sizeof spec, "127.0.0.1:%s", loopback_port(rig.server));
    assert_int_equal(sy_energy_shelly.find(&places, spec, &list, NULL), SY_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.found[0].state, SY_OK);
    sy_energy_list_release(&list);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(sy_energy_shelly.find(&places, spec, &list, NULL), SY_OK);
    assert_int_equal(list.found[0].state, SY_REFUSED);
    assert_non_null(strstr(list.found[0].reason, "chmod 600"));
    sy_energy_list_release(&list);
    unlink(path);
    net_rig_stop(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(watt_hours_since_the_second),
        cmocka_unit_test(channels_of_an_energy_meter), cmocka_unit_test(watt_minutes_in_the_first),
        cmocka_unit_test(watt_hours_in_its_energy_meters), cmocka_unit_test(devices_that_do_not_measure),
        cmocka_unit_test(readings_that_cannot_be), cmocka_unit_test(passwords_come_from_the_file)};
    return net_rig_has_http() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
