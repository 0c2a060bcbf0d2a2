/* Redfish: both schemas, what a controller leaves out, and what none should answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/net_sources.h"
#include "tests/unit/bench/energy/net_rig.h"

#define END "\r\n\r\n"
#define ONE_CHASSIS                                                                                          \
    {.match = "GET /redfish/v1/Chassis ",                                                                    \
        .answer = NET_JSON("{\"Members\":[{\"@odata.id\":\"/redfish/v1/Chassis/Self\"}]}")},                 \
    {                                                                                                        \
        .match = "GET /redfish/v1/Chassis/Self ", .answer = NET_JSON("{\"Name\":\"x\"}")                     \
    }
#define METRICS "GET /redfish/v1/Chassis/Self/EnvironmentMetrics "
#define POWER "GET /redfish/v1/Chassis/Self/Power "

static void find(net_rig *rig, const loopback_rule *rules) {
    net_rig_find(rig, &sy_energy_redfish, rules, END, "http://", "");
}

static const loopback_rule todays[] = {
    {.match = "GET /redfish/v1/Chassis ",
        .answer = NET_JSON("{\"Members\":[{\"@odata.id\":\"/redfish/v1/Chassis/A\"},"
                           "{\"@odata.id\":\"/redfish/v1/Chassis/B\"}]}")},
    {.match = "GET /redfish/v1/Chassis/A ",
        .answer = NET_JSON("{\"EnvironmentMetrics\":{\"@odata.id\":\"/redfish/v1/Chassis/A/EM\"}}")},
    {.match = "GET /redfish/v1/Chassis/B ", .answer = NET_JSON("{}")},
    {.match = "GET /redfish/v1/Chassis/A/EM ",
        .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":374},\"EnergykWh\":{\"Reading\":325675.5},"
                           "\"EnergyJoules\":{\"Reading\":1000}}"),
        .times = 4},
    {.match = "GET /redfish/v1/Chassis/A/EM ",
        .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":380.5},\"EnergyJoules\":{\"Reading\":1500}}")},
    {.match = "GET /redfish/v1/Chassis/B/EnvironmentMetrics ",
        .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":null},\"EnergykWh\":{\"Reading\":10.25}}"),
        .times = 4},
    {.match = "GET /redfish/v1/Chassis/B/EnvironmentMetrics ",
        .answer = NET_JSON("{\"EnergykWh\":{\"Reading\":10.5}}")},
    {.match = NULL}};

static void todays_schema(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, todays);
    assert_int_equal(rig.list.count, 3);
    const sy_energy_facts *power = &net_rig_found(&rig, ":A:power")->facts;
    assert_int_equal(power->kind, SY_ENERGY_POWER_INSTANT);
    assert_int_equal(power->scope, SY_ENERGY_SCOPE_NODE);
    assert_true(power->resolution == 1.0 && power->gain != power->gain);
    assert_int_equal(power->least_poll_ns, 1000000000u);
    assert_int_equal(net_rig_found(&rig, ":A:energy")->facts.kind, SY_ENERGY_COUNTER);
    assert_true(net_rig_found(&rig, ":B:energy")->facts.resolution == 36000.0);
    sy_energy_meter *meter = net_rig_open(&rig, ":A:energy");
    net_rig_reads(meter, 0.0);
    net_rig_reads(meter, 500.0);
    meter->close(meter);
    meter = net_rig_open(&rig, ":A:power");
    net_rig_reads(meter, 380.5);
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule yesterdays[] = {ONE_CHASSIS, {.match = METRICS, .answer = NET_ABSENT},
    {.match = POWER,
        .answer = NET_JSON("{\"PowerControl\":[{\"PowerConsumedWatts\":344.5,\"PowerMetrics\":{"
                           "\"IntervalInMin\":30,\"AverageConsumedWatts\":319}},"
                           "{\"PowerConsumedWatts\":null,\"PowerMetrics\":{\"IntervalInMin\":1,"
                           "\"AverageConsumedWatts\":100}},{\"PowerConsumedWatts\":null}]}")},
    {.match = NULL}};

static void yesterdays_schema(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, yesterdays);
    assert_int_equal(rig.list.count, 2);
    const sy_energy_found *first = net_rig_found(&rig, ":Self:power");
    assert_false(first->is_part);
    assert_int_equal(first->facts.kind, SY_ENERGY_POWER_INSTANT);
    assert_non_null(strstr(first->facts.detail, "deprecated"));
    const sy_energy_found *part = net_rig_found(&rig, ":Self:power1");
    assert_true(part->is_part);
    assert_int_equal(part->facts.kind, SY_ENERGY_POWER_AVERAGE);
    assert_int_equal(part->facts.window_ns, 60000000000u);
    sy_energy_meter *meter = net_rig_open(&rig, ":power1");
    net_rig_reads(meter, 100.0);
    meter->close(meter);
    meter = net_rig_open(&rig, ":power");
    net_rig_reads(meter, 344.5);
    meter->close(meter);
    net_rig_stop(&rig);
}

static const loopback_rule empty[] = {
    {.match = "/Chassis ", .answer = NET_JSON("{\"Members\":[]}")}, {.match = NULL}};
static const loopback_rule neither[] = {ONE_CHASSIS, {.match = "", .answer = NET_ABSENT}, {.match = NULL}};
static const loopback_rule no_service[] = {{.match = "", .answer = NET_JSON("[1,2]")}, {.match = NULL}};
static const loopback_rule elsewhere[] = {
    {.match = "/Chassis ", .answer = NET_JSON("{\"Members\":[{\"@odata.id\":\"/admin/delete\"}]}")},
    {.match = NULL}};
static const loopback_rule injected[] = {
    {.match = "/Chassis ", .answer = NET_JSON("{\"Members\":[{\"@odata.id\":\"/redfish/v1/a\\r\\nX: y\"}]}")},
    {.match = NULL}};
static const loopback_rule text[] = {ONE_CHASSIS,
    {.match = METRICS, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":\"374\"}}")}, {.match = NULL}};
static const loopback_rule not_a_number[] = {ONE_CHASSIS,
    {.match = METRICS, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":NaN}}")}, {.match = NULL}};
static const loopback_rule half[] = {
    ONE_CHASSIS, {.match = METRICS, .answer = NET_JSON("{\"PowerWatts\":{\"Rea")}, {.match = NULL}};
static const loopback_rule twins[] = {
    {.match = "GET /redfish/v1/Chassis ",
        .answer = NET_JSON("{\"Members\":[{\"@odata.id\":\"/redfish/v1/Chassis/Self\"},"
                           "{\"@odata.id\":\"/redfish/v1/Chassis/Self\"}]}")},
    {.match = "GET /redfish/v1/Chassis/Self ", .answer = NET_JSON("{}")},
    {.match = METRICS, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":1}}")}, {.match = NULL}};
static const loopback_rule refused[] = {{.match = "", .answer = NET_REFUSED}, {.match = NULL}};
static const loopback_rule moved[] = {
    {.match = "",
        .answer = "HTTP/1.0 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n",
        .then = LOOPBACK_CLOSE},
    {.match = NULL}};
/* Each script, what is found with it, and why it is not more. */
static void controllers_that_say_little_or_lie(void **state) {
    static const struct {
        const loopback_rule *rules;
        const char *words;
        sy_status state;
    } rows[] = {{empty, "measures no power", SY_UNAVAILABLE}, {neither, "measures no power", SY_UNAVAILABLE},
        {no_service, "not a Redfish service", SY_INVALID_ARGUMENT},
        {elsewhere, "no path below", SY_INVALID_ARGUMENT}, {injected, "no path below", SY_INVALID_ARGUMENT},
        {text, "is no number", SY_INVALID_ARGUMENT}, {not_a_number, "no JSON", SY_INVALID_ARGUMENT},
        {half, "no JSON", SY_INVALID_ARGUMENT}, {twins, "two meters of one name", SY_INVALID_ARGUMENT},
        {refused, "401", SY_REFUSED}, {moved, "redirect", SY_REFUSED}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        net_rig rig;
        find(&rig, rows[i].rules);
        net_rig_failed(&rig, rows[i].state, rows[i].words);
        net_rig_stop(&rig);
    }
}

static const loopback_rule readings[] = {ONE_CHASSIS,
    {.match = METRICS, .times = 3, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":1}}")},
    {.match = METRICS, .times = 1, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":1000001}}")},
    {.match = METRICS, .times = 1, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":-3}}")},
    {.match = METRICS, .times = 1, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":1e400}}")},
    {.match = METRICS, .times = 1, .answer = NET_JSON("{\"PowerWatts\":{}}")},
    {.match = METRICS, .times = 1, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":true}}")},
    {.match = METRICS,
        .times = 1,
        .answer = "HTTP/1.0 200 OK\r\n\r\n",
        .padding = 2u << 20,
        .then = LOOPBACK_CLOSE},
    {.match = METRICS, .times = 1, .answer = NET_REFUSED},
    {.match = METRICS, .times = 1, .answer = NET_ABSENT},
    {.match = METRICS, .times = 1, .then = LOOPBACK_CLOSE},
    {.match = METRICS, .answer = NET_JSON("{\"PowerWatts\":{\"Reading\":2}}")}, {.match = NULL}};

static void readings_that_cannot_be(void **state) {
    net_rig rig;
    (void)state;
    find(&rig, readings);
    sy_energy_meter *meter = net_rig_open(&rig, ":power");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "cannot be");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "negative");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "no JSON");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "is not there");
    net_rig_read_fails(meter, SY_INVALID_ARGUMENT, "is no number");
    net_rig_read_fails(meter, SY_IO, "more than 1048576 bytes");
    net_rig_read_fails(meter, SY_UNAVAILABLE, "401");
    net_rig_read_fails(meter, SY_UNAVAILABLE, "404");
    net_rig_read_fails(meter, SY_IO, "");
    net_rig_reads(meter, 2.0);
    meter->close(meter);
    net_rig_stop(&rig);
}

static void a_stall_is_a_timeout(void **state) {
    static const loopback_rule rules[] = {{.match = "", .then = LOOPBACK_STALL}, {.match = NULL}};
    net_rig rig;
    (void)state;
    net_rig_find(&rig, &sy_energy_redfish, rules, END, "http://", ";timeout=20ms");
    net_rig_failed(&rig, SY_TIMEOUT, "");
    net_rig_stop(&rig);
}

static void specs_and_passwords(void **state) {
    static const char *const bad[] = {NULL, "", "bmc", "ftp://bmc", "https://bmc/redfish",
        "https://bmc;channel=1", "https://u:p@bmc", "https://bmc;timeout=1d"};
    sy_energy_list list = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(
            sy_energy_redfish.find(&(sy_energy_places){0}, bad[i], &list, &err), SY_INVALID_ARGUMENT);
        assert_true(err.text[0] != '\0');
    }
    assert_int_equal(list.count, 0);
    const sy_energy_places places = {.credentials = "/no/such/file"};
    assert_int_equal(sy_energy_redfish.find(&places, "https://127.0.0.1:1", &list, NULL), SY_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.found[0].state, SY_IO);
    assert_non_null(strstr(list.found[0].reason, "/no/such/file"));
    sy_energy_list_release(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(todays_schema), cmocka_unit_test(yesterdays_schema),
        cmocka_unit_test(controllers_that_say_little_or_lie), cmocka_unit_test(readings_that_cannot_be),
        cmocka_unit_test(a_stall_is_a_timeout), cmocka_unit_test(specs_and_passwords)};
    return net_rig_has_http() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
