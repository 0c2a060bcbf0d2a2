/* What tests of meters on the network have in common. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "bench/energy/net/curl.h"
#include "tests/unit/bench/energy/net_rig.h"

void net_rig_find(net_rig *rig, const sy_energy_source *source, const loopback_rule *rules,
    const char *request_end, const char *scheme, const char *options) {
    sy_error err = SY_ERROR_INIT;
    *rig = (net_rig){.source = source, .server = loopback_start(rules, request_end, AF_INET)};
    assert_non_null(rig->server);
    snprintf(rig->spec, sizeof rig->spec, "%s127.0.0.1:%s%s", scheme, loopback_port(rig->server), options);
    sy_status status = source->find(&(sy_energy_places){0}, rig->spec, &rig->list, &err);
    if (status != SY_OK)
        print_message("%s\n", err.text);
    assert_int_equal(status, SY_OK);
    for (size_t i = 0; i < rig->list.count; i++) {
        const sy_energy_found *found = &rig->list.found[i];
        assert_non_null(strstr(found->facts.name, source->name));
        assert_non_null(strstr(found->spec, rig->spec));
        assert_int_equal(found->state == SY_OK, found->reason[0] == '\0');
    }
}

const sy_energy_found *net_rig_found(const net_rig *rig, const char *end) {
    for (size_t i = 0; i < rig->list.count; i++) {
        const char *name = rig->list.found[i].facts.name;
        if (strlen(name) >= strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0)
            return &rig->list.found[i];
    }
    fail_msg("no meter '...%s' among %zu", end, rig->list.count);
    return NULL;
}

sy_energy_meter *net_rig_open(net_rig *rig, const char *end) {
    sy_energy_meter *meter = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_status status = rig->source->open(&(sy_energy_places){0}, net_rig_found(rig, end), &meter, &err);
    if (status != SY_OK)
        print_message("%s\n", err.text);
    assert_int_equal(status, SY_OK);
    return meter;
}

void net_rig_failed(const net_rig *rig, sy_status state, const char *words) {
    assert_int_equal(rig->list.count, 1);
    assert_int_equal(rig->list.found[0].state, state);
    assert_non_null(strstr(rig->list.found[0].reason, words));
    assert_null(strchr(rig->list.found[0].reason, '\n'));
}

void net_rig_read_fails(sy_energy_meter *meter, sy_status status, const char *words) {
    sy_error err = SY_ERROR_INIT;
    double value = 0.0;
    assert_int_equal(meter->read(meter, &value, &err), status);
    if (strstr(err.text, words) == NULL)
        print_message("%s\n", err.text);
    assert_non_null(strstr(err.text, words));
    assert_null(strchr(err.text, '\n'));
}

void net_rig_reads(sy_energy_meter *meter, double value) {
    sy_error err = SY_ERROR_INIT;
    double got = NAN;
    sy_status status = meter->read(meter, &got, &err);
    if (status != SY_OK)
        print_message("%s\n", err.text);
    assert_int_equal(status, SY_OK);
    assert_true(fabs(got - value) <= 1e-9 * fmax(1.0, fabs(value)));
}

bool net_rig_has_http(void) {
    sy_curl curl;
    sy_error err = SY_ERROR_INIT;
    if (sy_curl_open(NULL, &curl, &err) == SY_OK)
        return true;
    printf("skipped: %s\n", err.text);
    return false;
}

void net_rig_stop(net_rig *rig) {
    sy_energy_list_release(&rig->list);
    loopback_stop(rig->server);
}
