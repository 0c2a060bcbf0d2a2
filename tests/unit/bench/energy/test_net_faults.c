/* Each source of the network with its k-th allocation, library or clock failing: an error or a row that says
 * why, never a crash, a leak, or a meter half open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "bench/energy/net_sources.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/net_rig.h"

/* More calls than any of these makes, so that a sweep that does not end is an error. */
enum { CALLS_MAX = 2000 };

static const loopback_rule shelly[] = {{.match = "/shelly ", .answer = NET_JSON("{\"gen\":2}")},
    {.match = "", .answer = NET_JSON("{\"apower\":1,\"aenergy\":{\"total\":1}}")}, {.match = NULL}};
static const loopback_rule ptdaemon[] = {{.match = "Hello", .answer = "Hello, PTDaemon here!\r\n"},
    {.match = "Identify", .answer = "WT310E,1000,1,1,1,1\r\n"},
    {.match = "RR", .answer = "Ranges,0,5,0,300\r\n"}, {.match = "Go,", .answer = "Starting\r\n"},
    {.match = "R*", .answer = "Watts,10\r\n"}, {.match = "", .answer = "Stopping\r\n"}, {.match = NULL}};
static const loopback_rule scpi[] = {{.match = "*IDN?", .answer = "YOKOGAWA,WT310E,1,1\n"},
    {.match = "FORMAT?", .answer = "ASC\n"}, {.match = "255?", .answer = "P,1\n"},
    {.match = "254?", .answer = "WH,1\n"}, {.match = "STATE?", .answer = "STAR\n"},
    {.match = "?", .answer = "3\n"}, {.match = NULL}};

static void check_texts(const sy_energy_found *found) {
    const char *texts[] = {found->facts.name, found->facts.detail, found->reason};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (const char *c = texts[i]; *c != '\0'; c++)
            assert_true((unsigned char)*c >= ' ');
}

/* Find, open each meter and read it once. */
static void use(const sy_energy_source *source, const char *spec) {
    const sy_energy_places places = {0};
    sy_energy_list list = {0};
    sy_error err = SY_ERROR_INIT;
    sy_status status = source->find(&places, spec, &list, &err);
    assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
    for (size_t i = 0; i < list.count; i++) {
        sy_energy_meter *meter = NULL;
        double value = 0.0;
        check_texts(&list.found[i]);
        if (list.found[i].state != SY_OK)
            continue;
        if (source->open(&places, &list.found[i], &meter, &err) == SY_OK) {
            if (meter->read(meter, &value, &err) == SY_OK)
                assert_true(value >= 0.0 && value <= 1e15);
            meter->close(meter);
        } else {
            assert_null(meter);
        }
    }
    sy_energy_list_release(&list);
}

/* The same with the k-th call failing. Whether there was a k-th call. */
static bool run_once(const sy_energy_source *source, const char *spec, uint64_t k) {
    sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_DYNLIB | SY_SEAM_CLOCK | SY_SEAM_FILE, k);
    use(source, spec);
    return sy_seam_disarm() >= k;
}

static void sweep(const sy_energy_source *source, const loopback_rule *rules, const char *request_end) {
    char spec[64];
    uint64_t k = 1;
    loopback *server = loopback_start(rules, request_end, AF_INET);
    assert_non_null(server);
    snprintf(spec, sizeof spec, "127.0.0.1:%s;timeout=200ms", loopback_port(server));
    while (k < CALLS_MAX && run_once(source, spec, k))
        k++;
    assert_true(k > 1 && k < CALLS_MAX);
    loopback_stop(server);
}

static void over_http(void **state) {
    (void)state;
    if (!net_rig_has_http())
        skip();
    sweep(&sy_energy_shelly, shelly, "\r\n\r\n");
}

static void over_lines(void **state) {
    (void)state;
    sweep(&sy_energy_ptdaemon, ptdaemon, "\n");
    sweep(&sy_energy_scpi, scpi, "\n");
}

enum { GARBAGE_RULES = 8, GARBAGE_ANSWER = 256, GARBAGE_ROUNDS = 40 };

/* An answer with one byte replaced, or cut off, after which the connection is closed. */
static void spoil(loopback_rule *rule, char *buffer, sy_random *random) {
    size_t length = strlen(rule->answer);
    assert_true(length > 0 && length < GARBAGE_ANSWER);
    memcpy(buffer, rule->answer, length + 1);
    size_t at = (size_t)sy_random_below(random, length);
    if (sy_random_below(random, 4) == 0) {
        rule->then = LOOPBACK_CLOSE;
        rule->length = at;
        rule->answer = at > 0 ? buffer : NULL;
        return;
    }
    buffer[at] = (char)sy_random_below(random, 256);
    rule->answer = buffer;
    rule->length = length;
}

static void spoil_each(const sy_energy_source *source, const loopback_rule *rules, const char *request_end) {
    sy_random random;
    sy_random_seed(&random, 20261126, 0);
    for (size_t target = 0; rules[target].match != NULL; target++) {
        for (int round = 0; round < GARBAGE_ROUNDS; round++) {
            loopback_rule spoilt[GARBAGE_RULES];
            char buffer[GARBAGE_ANSWER], spec[64];
            size_t count = 0;
            for (; count + 1 < GARBAGE_RULES && rules[count].match != NULL; count++)
                spoilt[count] = rules[count];
            spoilt[count] = (loopback_rule){.match = NULL};
            spoil(&spoilt[target], buffer, &random);
            loopback *server = loopback_start(spoilt, request_end, AF_INET);
            assert_non_null(server);
            snprintf(spec, sizeof spec, "127.0.0.1:%s;timeout=10ms", loopback_port(server));
            use(source, spec);
            loopback_stop(server);
        }
    }
}

static void answers_spoilt_in_a_place(void **state) {
    (void)state;
    if (net_rig_has_http())
        spoil_each(&sy_energy_shelly, shelly, "\r\n\r\n");
    spoil_each(&sy_energy_ptdaemon, ptdaemon, "\n");
    spoil_each(&sy_energy_scpi, scpi, "\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(over_http), cmocka_unit_test(over_lines),
        cmocka_unit_test(answers_spoilt_in_a_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
