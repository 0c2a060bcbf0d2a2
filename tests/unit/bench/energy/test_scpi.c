/* A WT300 over TCP: power, its integrator, settings that are set back, and answers that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/net_sources.h"
#include "tests/unit/bench/energy/net_rig.h"

#define IDN(model)                                                                                           \
    { .match = "*IDN?", .answer = "YOKOGAWA," model ",C2PH13047V,F1.04\n" }
#define ASCII                                                                                                \
    { .match = ":NUMERIC:FORMAT?", .answer = "ASC\n" }
#define ITEMS                                                                                                \
    {.match = ":ITEM255?", .answer = "P,1\n"}, {                                                             \
        .match = ":ITEM254?", .answer = "WH,1\n"                                                             \
    }
#define RANGE                                                                                                \
    {.match = ":INPUT:VOLTAGE:RANGE?", .answer = "300.0E+00\n"},                                             \
        {.match = ":INPUT:CURRENT:RANGE?", .answer = "5.00E+00\n"},                                          \
        {.match = ":INPUT:CFACTOR?", .answer = "3\n"}, {                                                     \
        .match = ":RATE?", .answer = "250.0E-03\n"                                                           \
    }
#define POWER                                                                                                \
    { .match = ":VALUE? 255", .answer = "151.42E+00\n" }
#define DONE                                                                                                 \
    { .match = "*OPC?", .answer = "1\n" }

static void find(net_rig *rig, const loopback_rule *rules, const char *options) {
    net_rig_find(rig, &sy_energy_scpi, rules, "\n", "", options);
}

static const loopback_rule good[] = {IDN("WT310E"), ASCII, ITEMS, RANGE, POWER, DONE, {.match = NULL}};

static void power_as_it_is_set(void **state) {
    char requests[4096];
    net_rig rig;
    (void)state;
    find(&rig, good, "");
    assert_int_equal(rig.list.count, 2);
    const sy_energy_facts *facts = &net_rig_found(&rig, ":power")->facts;
    assert_int_equal(facts->kind, SY_ENERGY_POWER_AVERAGE);
    assert_int_equal(facts->window_ns, 250000000u);
    assert_true(fabs(facts->gain - 0.001 / sqrt(3.0)) < 1e-12);
    assert_true(fabs(facts->offset_w - 0.0005 * 1500.0 / sqrt(3.0)) < 1e-9);
    assert_true(fabs(facts->resolution - 0.01) < 1e-12);
    assert_non_null(strstr(facts->detail, "WT310E, element 1; 0.1 % of reading, 0.05 % of 300 V x 5 A"));
    assert_int_equal(net_rig_found(&rig, ":energy")->facts.kind, SY_ENERGY_COUNTER);
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_reads(meter, 151.42);
    meter->close(meter);
    /* Everything was as it should be: nothing was set, and nothing set back. */
    loopback_requests(rig.server, requests, sizeof requests);
    assert_null(strstr(requests, ":ITEM255 "));
    assert_null(strstr(requests, "FORMAT "));
    assert_null(strstr(requests, "INTEGRATE"));
    net_rig_stop(&rig);
}

static const loopback_rule with_headers[] = {IDN("WT332"),
    {.match = ":NUMERIC:FORMAT?", .times = 1, .answer = ":NUMERIC:FORMAT FLOAT\n"},
    {.match = ":NUMERIC:FORMAT?", .answer = ":NUMERIC:FORMAT ASCII\n"},
    {.match = ":ITEM255?", .times = 1, .answer = ":NUMERIC:NORMAL:ITEM255 NONE\n"},
    {.match = ":ITEM255?", .answer = ":NUMERIC:NORMAL:ITEM255 P,SIGMA\n"},
    {.match = "CFACTOR?", .answer = ":INPUT:CFACTOR 6\n"},
    {.match = "RANGE?", .answer = ":INPUT:CURRENT:RANGE 10.0E+00\n"},
    {.match = ":RATE?", .answer = ":RATE AUTO\n"}, POWER, DONE, {.match = NULL}};

static void settings_are_set_back(void **state) {
    char requests[4096];
    net_rig rig;
    (void)state;
    find(&rig, with_headers, ";element=sigma");
    const sy_energy_facts *facts = &net_rig_found(&rig, ":power")->facts;
    assert_int_equal(facts->update_period_ns, 0);
    assert_true(fabs(facts->offset_w - 0.002 * 100.0 / sqrt(3.0)) < 1e-9);
    loopback_requests(rig.server, requests, sizeof requests);
    assert_non_null(strstr(requests, ":NUMERIC:FORMAT ASCII\n"));
    assert_non_null(strstr(requests, ":NUMERIC:NORMAL:ITEM255 P,SIGMA\n"));
    assert_non_null(strstr(requests, ":NUMERIC:NORMAL:ITEM255 NONE\n:NUMERIC:FORMAT FLOAT\n*OPC?\n"));
    net_rig_stop(&rig);
}

static const loopback_rule integrator[] = {IDN("WT310E"), ASCII, ITEMS, RANGE, POWER, DONE,
    {.match = "MODE?", .times = 1, .answer = "CONT\n"}, {.match = "MODE?", .answer = "NORM\n"},
    {.match = "TIMER?", .answer = "0,0,0\n"}, {.match = "STATE?", .times = 1, .answer = "TIM\n"},
    {.match = "STATE?", .times = 1, .answer = "RES\n"}, {.match = "STATE?", .times = 5, .answer = "STAR\n"},
    {.match = "STATE?", .answer = "STOP\n"}, {.match = ":VALUE? 254", .times = 1, .answer = "NAN\n"},
    {.match = ":VALUE? 254", .times = 1, .answer = "0.0010E+00\n"},
    {.match = ":VALUE? 254", .times = 1, .answer = "1.5010E+00\n"},
    {.match = ":VALUE? 254", .answer = "1.0010E+00\n"}, {.match = NULL}};

static void energy_by_its_own_integrator(void **state) {
    char requests[8192];
    net_rig rig;
    (void)state;
    find(&rig, integrator, "");
    sy_energy_meter *meter = net_rig_open(&rig, ":energy");
    net_rig_reads(meter, 5400.0);
    net_rig_read_fails(meter, SY_INTERNAL, "went back");
    net_rig_read_fails(meter, SY_UNAVAILABLE, "'STOP', something else has stopped it");
    meter->close(meter);
    loopback_requests(rig.server, requests, sizeof requests);
    assert_non_null(strstr(requests, ":INTEGRATE:RESET\n:INTEGRATE:MODE?\n:INTEGRATE:MODE NORMAL\n"));
    assert_non_null(strstr(requests, ":INTEGRATE:START\n"));
    assert_non_null(strstr(requests, ":INTEGRATE:STOP\n:INTEGRATE:RESET\n:INTEGRATE:MODE CONT\n*OPC?\n"));
    net_rig_stop(&rig);
}

static const loopback_rule running[] = {IDN("WT500"), ASCII, ITEMS, RANGE, POWER, DONE,
    {.match = "STATE?", .answer = "START\n"}, {.match = ":VALUE? 254", .times = 1, .answer = "100.0\n"},
    {.match = ":VALUE? 254", .answer = "100.5\n"}, {.match = NULL}};

static void an_integrator_that_runs_is_let_run(void **state) {
    char requests[8192];
    net_rig rig;
    (void)state;
    find(&rig, running, "");
    assert_true(isnan(net_rig_found(&rig, ":energy")->facts.gain));
    sy_energy_meter *meter = net_rig_open(&rig, ":energy");
    net_rig_reads(meter, 1800.0);
    meter->close(meter);
    loopback_requests(rig.server, requests, sizeof requests);
    assert_null(strstr(requests, ":INTEGRATE:START\n"));
    assert_null(strstr(requests, ":INTEGRATE:STOP"));
    assert_null(strstr(requests, ":INTEGRATE:RESET"));
    net_rig_stop(&rig);
}

static const loopback_rule stubborn[] = {IDN("WT310E"), ASCII, ITEMS, RANGE, POWER, DONE,
    {.match = "MODE?", .answer = "NORM\n"}, {.match = "TIMER?", .answer = "0,0,0\n"},
    {.match = "STATE?", .answer = "RES\n"}, {.match = NULL}};

static void an_integrator_that_does_not_start(void **state) {
    net_rig rig;
    sy_energy_meter *meter = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    find(&rig, stubborn, ";timeout=1s");
    assert_int_equal(
        sy_energy_scpi.open(&(sy_energy_places){0}, net_rig_found(&rig, ":energy"), &meter, &err),
        SY_REFUSED);
    assert_null(meter);
    assert_non_null(strstr(err.text, "does not start"));
    net_rig_stop(&rig);
}

static const loopback_rule other[] = {{.match = "*IDN?", .answer = "KEITHLEY,2000,1,2\n"}, {.match = NULL}};
static const loopback_rule stuck[] = {
    IDN("WT310E"), {.match = "FORMAT?", .answer = "FLOAT\n"}, DONE, {.match = NULL}};
static const loopback_rule no_value[] = {
    IDN("WT310E"), ASCII, ITEMS, RANGE, DONE, {.match = "VALUE?", .answer = "INF\n"}, {.match = NULL}};
static const loopback_rule backwards[] = {
    IDN("WT310E"), ASCII, ITEMS, RANGE, DONE, {.match = "VALUE?", .answer = "-12.5E+00\n"}, {.match = NULL}};
static const loopback_rule absurd[] = {
    IDN("WT310E"), ASCII, ITEMS, RANGE, DONE, {.match = "VALUE?", .answer = "1.5E+09\n"}, {.match = NULL}};
static const loopback_rule stalled[] = {
    IDN("WT310E"), {.match = "", .then = LOOPBACK_STALL}, {.match = NULL}};
static const loopback_rule half[] = {
    IDN("WT310E"), ASCII, {.match = "", .answer = "300.", .then = LOOPBACK_CLOSE}, {.match = NULL}};
static const loopback_rule closed[] = {{.match = "", .then = LOOPBACK_CLOSE}, {.match = NULL}};
static const loopback_rule huge[] = {
    IDN("WT310E"), {.match = "", .answer = "", .padding = 9000}, {.match = NULL}};

static void what_is_no_meter(void **state) {
    static const struct {
        const loopback_rule *rules;
        const char *words;
        sy_status state;
    } rows[] = {{other, "'KEITHLEY,2000,1,2' to *IDN?", SY_INVALID_ARGUMENT},
        {stuck, "stays so", SY_INVALID_ARGUMENT}, {no_value, "'INF' where a number", SY_INVALID_ARGUMENT},
        {backwards, "wrong way round", SY_INVALID_ARGUMENT}, {absurd, "cannot be", SY_INVALID_ARGUMENT},
        {stalled, "no answer", SY_TIMEOUT}, {half, "middle of a line", SY_IO}, {closed, "closed", SY_IO},
        {huge, "over 4096", SY_OVERFLOW}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        net_rig rig;
        find(&rig, rows[i].rules, rows[i].state == SY_TIMEOUT ? ";timeout=20ms" : "");
        net_rig_failed(&rig, rows[i].state, rows[i].words);
        net_rig_stop(&rig);
    }
}

static const loopback_rule broken[] = {IDN("WT310E"), ASCII, ITEMS, RANGE, DONE,
    {.match = "VALUE?", .times = 2, .answer = "10.0\n"},
    {.match = "VALUE?", .times = 1, .answer = "1", .then = LOOPBACK_CLOSE},
    {.match = "VALUE?", .answer = "11.0\n"}, {.match = NULL}};

static void a_connection_that_breaks_is_made_again(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, broken, "");
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_read_fails(meter, SY_IO, "middle of a line");
    net_rig_reads(meter, 11.0);
    assert_int_equal(loopback_connections(rig.server), 3);
    meter->close(meter);
    net_rig_stop(&rig);
}

static void specs_of_another_form(void **state) {
    static const char *const bad[] = {
        NULL, "tcp://h", "h;element=4", "h;element=", "h;range=auto", "h;timeout=x"};
    sy_energy_list list = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(
            sy_energy_scpi.find(&(sy_energy_places){0}, bad[i], &list, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(list.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(power_as_it_is_set),
        cmocka_unit_test(settings_are_set_back), cmocka_unit_test(energy_by_its_own_integrator),
        cmocka_unit_test(an_integrator_that_runs_is_let_run),
        cmocka_unit_test(an_integrator_that_does_not_start), cmocka_unit_test(what_is_no_meter),
        cmocka_unit_test(a_connection_that_breaks_is_made_again), cmocka_unit_test(specs_of_another_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
