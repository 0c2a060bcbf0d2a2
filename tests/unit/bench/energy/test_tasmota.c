/* Tasmota: one channel and several, digits, and what is no meter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/net_sources.h"
#include "tests/unit/bench/energy/net_rig.h"

#define STATUS "GET /cm?cmnd=Status%2010 "
#define ENERGY(fields) NET_JSON("{\"StatusSNS\":{\"Time\":\"x\",\"ENERGY\":{" fields "}}}")

static void find(net_rig *rig, const loopback_rule *rules) {
    net_rig_find(rig, &sy_energy_tasmota, rules, "\r\n\r\n", "", ";timeout=10s");
}

static const loopback_rule single[] = {
    {.match = STATUS,
        .times = 3,
        .answer = ENERGY("\"Total\":3.180,\"Yesterday\":2.789,\"Today\":0.4,\"Power\":142")},
    {.match = STATUS, .answer = ENERGY("\"Total\":3.181,\"Yesterday\":2.789,\"Today\":0.4,\"Power\":150")},
    {.match = NULL}};

static void one_channel(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, single);
    assert_int_equal(rig.list.count, 2);
    const sy_energy_facts *power = &net_rig_found(&rig, ":power")->facts;
    assert_true(power->resolution == 1.0 && power->gain == 0.01);
    assert_int_equal(power->scope, SY_ENERGY_SCOPE_WALL);
    assert_non_null(strstr(power->detail, "class plug"));
    assert_true(fabs(net_rig_found(&rig, ":energy")->facts.resolution - 3600.0) < 1e-6);
    sy_energy_meter *meter = net_rig_open(&rig, ":energy");
    net_rig_reads(meter, 3600.0);
    meter->close(meter);
    meter = net_rig_open(&rig, ":power");
    net_rig_reads(meter, 150.0);
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule several[] = {
    {.match = STATUS, .answer = ENERGY("\"Total\":[1.5,2.25],\"Power\":[12,34]")}, {.match = NULL}};

static void two_channels(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, several);
    assert_int_equal(rig.list.count, 4);
    assert_true(fabs(net_rig_found(&rig, ":energy2")->facts.resolution - 36000.0) < 1e-6);
    sy_energy_meter *meter = net_rig_open(&rig, ":power2");
    net_rig_reads(meter, 34.0);
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule no_energy[] = {
    {.match = STATUS, .answer = NET_JSON("{\"StatusSNS\":{\"Time\":\"x\"}}")}, {.match = NULL}};
static const loopback_rule password[] = {
    {.match = STATUS, .answer = NET_JSON("{\"WARNING\":\"Need user=<username>&password=<password>\"}")},
    {.match = NULL}};
static const loopback_rule text[] = {
    {.match = STATUS, .answer = ENERGY("\"Power\":\"142\"")}, {.match = NULL}};
static const loopback_rule mixed[] = {
    {.match = STATUS, .answer = ENERGY("\"Power\":[1,null]")}, {.match = NULL}};
static const loopback_rule many[] = {
    {.match = STATUS, .answer = ENERGY("\"Power\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")}, {.match = NULL}};
static const loopback_rule none[] = {{.match = STATUS, .answer = ENERGY("\"Power\":[]")}, {.match = NULL}};
static const loopback_rule page[] = {
    {.match = STATUS, .answer = "HTTP/1.0 200 OK\r\n\r\n<html>", .then = LOOPBACK_CLOSE}, {.match = NULL}};

static void what_is_no_meter(void **state) {
    static const struct {
        const loopback_rule *rules;
        const char *words;
        sy_status state;
    } rows[] = {{no_energy, "measures no power", SY_UNAVAILABLE}, {password, "wants a password", SY_REFUSED},
        {text, "no number", SY_INVALID_ARGUMENT}, {mixed, "no number", SY_INVALID_ARGUMENT},
        {many, "more than 16 channels", SY_OVERFLOW}, {none, "measures no power", SY_UNAVAILABLE},
        {page, "no JSON", SY_INVALID_ARGUMENT}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        net_rig rig;
        find(&rig, rows[i].rules);
        net_rig_failed(&rig, rows[i].state, rows[i].words);
        net_rig_stop(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_channel), cmocka_unit_test(two_channels), cmocka_unit_test(what_is_no_meter)};
    return net_rig_has_http() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
