/* PTDaemon: a whole conversation, what the analyzer states, ranges set back, and answers that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/net_sources.h"
#include "tests/unit/bench/energy/net_rig.h"

#define HELLO                                                                                                \
    { .match = "Hello\r\n", .answer = "Hello, PTDaemon here!\r\n" }
#define IDENTIFY                                                                                             \
    {                                                                                                        \
        .match = "Identify\r\n",                                                                             \
        .answer = "WT310E,1000,1,1,1,1,1,1,1,version=1.9.2-1fee1ded-20200101,OS=Linux,mode=power,1,1,1\r\n"  \
    }
#define RANGES                                                                                               \
    { .match = "RR\r\n", .answer = "Ranges,0,5.000000,1,300.000000\r\n" }
#define GO                                                                                                   \
    {                                                                                                        \
        .match = "Go,1000,0,steelyard\r\n",                                                                  \
        .answer = "Starting untimed measurement, maximum 500000 samples at 1000ms with 0 rampup samples\r\n" \
    }
#define STOP                                                                                                 \
    { .match = "Stop\r\n", .answer = "Stopping untimed measurement\r\n" }
#define SAMPLE                                                                                               \
    { .match = "R*\r\n", .answer = "Watts,151.400000,Volts,229.9,Amps,0.67,PF,0.98\r\n" }
#define STATED                                                                                               \
    { .match = "Uncertainty\r\n", .answer = "Uncertainty,0.0012,0.0011,0.0013,1,0,1,0\r\n" }

static void find(net_rig *rig, const loopback_rule *rules, const char *options) {
    net_rig_find(rig, &sy_energy_ptdaemon, rules, "\n", "", options);
}

static const loopback_rule good[] = {HELLO, IDENTIFY, RANGES, GO, STOP, STATED,
    {.match = "R*\r\n", .times = 2, .answer = "No data\r\n"}, SAMPLE, {.match = NULL}};

static void a_whole_conversation(void **state) {
    char requests[4096];
    net_rig rig;
    (void)state;
    find(&rig, good, "");
    assert_int_equal(rig.list.count, 1);
    const sy_energy_facts *facts = &net_rig_found(&rig, ":power")->facts;
    assert_int_equal(facts->kind, SY_ENERGY_POWER_AVERAGE);
    assert_int_equal(facts->scope, SY_ENERGY_SCOPE_WALL);
    assert_int_equal(facts->window_ns, 1000000000u);
    assert_true(fabs(facts->gain - 0.0012 / sqrt(3.0)) < 1e-12);
    assert_true(fabs(facts->resolution - 0.1) < 1e-12);
    assert_non_null(strstr(facts->detail, "WT310E; ranges Auto V, 5.000000 A; states within 0.12 %"));
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_reads(meter, 151.4);
    meter->close(meter);
    loopback_requests(rig.server, requests, sizeof requests);
    assert_null(strstr(requests, "SR,"));
    assert_non_null(strstr(requests, "Hello\r\nIdentify\r\nRR\r\nGo,1000,0,steelyard\r\nR*\r\nR*\r\nR*\r\n"
                                     "Uncertainty\r\nStop\r\n"));
    net_rig_stop(&rig);
}

static const loopback_rule ranging[] = {HELLO, IDENTIFY, RANGES, GO, STOP, SAMPLE,
    {.match = "SR,V,", .answer = "Range V changed\r\n"}, {.match = "SR,A,", .answer = "Range A changed\r\n"},
    {.match = "Uncertainty", .answer = "Uncertainty,-1,-1,-1,1,0,0,1\r\n"}, {.match = NULL}};

static void ranges_are_set_and_set_back(void **state) {
    char requests[4096];
    net_rig rig;
    (void)state;
    find(&rig, ranging, ";volts=300;amps=2.5");
    loopback_requests(rig.server, requests, sizeof requests);
    assert_non_null(strstr(requests, "SR,V,300\r\nSR,A,2.5\r\nGo,"));
    assert_non_null(strstr(requests, "Stop\r\nSR,V,Auto\r\nSR,A,5.000000\r\n"));
    assert_true(isnan(net_rig_found(&rig, ":power")->facts.gain));
    assert_non_null(strstr(rig.list.found[0].facts.detail, "not stated"));
    net_rig_stop(&rig);
    find(&rig, ranging, ";range=auto");
    loopback_requests(rig.server, requests, sizeof requests);
    assert_non_null(strstr(requests, "SR,V,Auto\r\nSR,A,Auto\r\nGo,"));
    net_rig_stop(&rig);
}

static const loopback_rule other[] = {{.match = "", .answer = "SSH-2.0-x\r\n"}, {.match = NULL}};
static const loopback_rule thermometer[] = {HELLO,
    {.match = "Identify",
        .answer = "DS18B20,5000,1,0,0,0,0,0,1,version=1.9.1,OS=W,mode=temperature,0,0,1\r\n"},
    {.match = NULL}};
static const loopback_rule nameless[] = {HELLO, {.match = "Identify", .answer = "\r\n"}, {.match = NULL}};
static const loopback_rule busy[] = {HELLO, IDENTIFY, RANGES,
    {.match = "Go,", .answer = "Error: \x1b[31mmeasurement in progress\r\n"}, STOP, {.match = NULL}};
static const loopback_rule no_range[] = {HELLO, IDENTIFY, RANGES,
    {.match = "SR,V", .answer = "Error: range not supported\r\n"}, STOP, {.match = NULL}};
static const loopback_rule silent[] = {
    HELLO, IDENTIFY, RANGES, GO, STOP, {.match = "R*", .answer = "No data\r\n"}, {.match = NULL}};
static const loopback_rule stalled[] = {HELLO, {.match = "", .then = LOOPBACK_STALL}, {.match = NULL}};
static const loopback_rule half[] = {
    HELLO, {.match = "", .answer = "WT310", .then = LOOPBACK_CLOSE}, {.match = NULL}};
static const loopback_rule huge[] = {{.match = "", .answer = "", .padding = 8192}, {.match = NULL}};

static void what_is_no_analyzer(void **state) {
    static const struct {
        const loopback_rule *rules;
        const char *options, *words;
        sy_status state;
    } rows[] = {{other, "", "no PTDaemon", SY_INVALID_ARGUMENT},
        {thermometer, "", "measures no power", SY_UNAVAILABLE},
        {nameless, "", "measures no power", SY_UNAVAILABLE},
        {busy, "", "'Error: ?[31mmeasurement in progress' to Go", SY_REFUSED},
        {no_range, ";volts=300", "range not supported", SY_REFUSED},
        {silent, ";timeout=1s", "no sample yet", SY_TIMEOUT},
        {stalled, ";timeout=20ms", "no answer", SY_TIMEOUT}, {half, "", "middle of a line", SY_IO},
        {huge, "", "over 4096", SY_OVERFLOW}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        net_rig rig;
        find(&rig, rows[i].rules, rows[i].options);
        net_rig_failed(&rig, rows[i].state, rows[i].words);
        net_rig_stop(&rig);
    }
}

static const loopback_rule lies[] = {HELLO, IDENTIFY, RANGES, GO, STOP, STATED,
    {.match = "R*", .times = 2, .answer = "Watts,10,Volts,1\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts,-1.000000,Volts,-1\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts,-2,Volts,1\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts,-50.5,Volts,1\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts,nan,Volts,1\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts,12 W,Volts,1\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts,3e9\r\n"},
    {.match = "R*", .times = 1, .answer = "Watts\r\n"},
    {.match = "R*", .times = 1, .answer = "Wat", .then = LOOPBACK_CLOSE},
    {.match = "R*", .times = 1, .answer = "No data\r\n"}, {.match = "R*", .answer = "Watts,20\r\n"},
    {.match = NULL}};

static void readings_that_cannot_be(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, lies, "");
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "failed or missed");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "failed or missed");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "negative");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "'nan,Volts,1' where a number");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "where a number");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "cannot be");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "to R*");
    net_rig_read_fails(meter, SY_IO, "middle of a line");
    /* It connects again, and starts again. */
    net_rig_reads(meter, 20.0);
    assert_int_equal(loopback_connections(rig.server), 3);
    meter->close(meter);
    net_rig_stop(&rig);
}

static void specs_of_another_form(void **state) {
    static const char *const bad[] = {NULL, "http://h", "h;range=wide", "h;range=auto;amps=1", "h;amps=0",
        "h;volts=x", "h;amps=-1", "h;element=1"};
    sy_energy_list list = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(
            sy_energy_ptdaemon.find(&(sy_energy_places){0}, bad[i], &list, &err), SY_INVALID_ARGUMENT);
        assert_int_equal(strncmp(err.text, "ptdaemon: ", 10), 0);
    }
    assert_int_equal(list.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_whole_conversation),
        cmocka_unit_test(ranges_are_set_and_set_back), cmocka_unit_test(what_is_no_analyzer),
        cmocka_unit_test(readings_that_cannot_be), cmocka_unit_test(specs_of_another_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
