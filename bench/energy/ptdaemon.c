/*
 * SPEC's PTDaemon, which reads a power analyzer and answers over TCP. As a client alone: the daemon is SPEC's
 * and has to be started by who is licensed. Source: the commands and answers that open clients of it use (the
 * power client of MLPerf, and published logs): Hello, Identify, RR, SR, Go, R*, Uncertainty, Stop.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/answer.h"
#include "bench/energy/net/line_client.h"
#include "bench/energy/net_sources.h"
#include "bench/energy/ptdaemon_session.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

typedef struct ptd_meter {
    sy_energy_meter base;
    sy_ptd_session session;
    char name[64];
} ptd_meter;

static void describe(const sy_ptd_session *session, double watt, double limit, sy_energy_facts *facts) {
    sy_answer_facts(facts, SY_ENERGY_POWER_AVERAGE, SY_ENERGY_SCOPE_WALL);
    facts->resolution = sy_answer_step_of(watt);
    facts->window_ns = facts->update_period_ns = SY_PTD_INTERVAL_NS;
    facts->least_poll_ns = SY_PTD_INTERVAL_NS / 2;
    /* A limit within which everything is equally likely: its standard uncertainty is a square root of 3 less.
     */
    facts->gain = limit / sqrt(3.0);
    if (isnan(limit))
        snprintf(facts->detail, sizeof facts->detail, "PTDaemon: %s; ranges %s; uncertainty not stated",
            session->model, session->ranges);
    else
        snprintf(facts->detail, sizeof facts->detail, "PTDaemon: %s; ranges %s; states within %.3g %%",
            session->model, session->ranges, limit * 100.0);
}

/* A short measurement: only then does the daemon know how good the analyzer is at this power and range. */
static sy_status probe(sy_ptd_session *session, sy_energy_facts *facts, sy_error *err) {
    double watt = NAN, limit = NAN;
    sy_status status = sy_ptd_begin(session, err);
    if (status == SY_OK)
        status = sy_ptd_first(session, &watt, err);
    if (status == SY_OK)
        status = sy_ptd_uncertainty(session, &limit, err);
    if (status == SY_OK)
        describe(session, watt, limit, facts);
    sy_ptd_end(session);
    return status;
}

static const char *fix_for(sy_status status) {
    return status == SY_IO || status == SY_TIMEOUT
               ? "start PTDaemon there, for this analyzer, and see that nobody else uses it"
               : "";
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    sy_energy_found found = {0};
    sy_ptd_session session;
    sy_error failure = SY_ERROR_INIT;
    char name[144];
    (void)places;
    sy_status status = sy_ptd_set(&session, spec, err);
    if (status == SY_OK)
        status = sy_answer_spec(&found, "ptdaemon", spec, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "ptdaemon");
    sy_net_spec_name(&session.spec, name, sizeof name);
    found.state = probe(&session, &found.facts, &failure);
    if (found.state != SY_OK)
        sy_answer_failed(
            &found, "ptdaemon", name, SY_ENERGY_SCOPE_WALL, found.state, &failure, fix_for(found.state));
    else
        sy_answer_name(&found.facts, "ptdaemon", name, "power");
    return sy_energy_list_append(list, &found, err);
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    ptd_meter *meter = (ptd_meter *)base;
    /* A connection that broke took the measurement with it. */
    if (!sy_line_client_is_open(&meter->session.client)) {
        sy_status status = sy_ptd_begin(&meter->session, err);
        if (status == SY_OK)
            status = sy_ptd_first(&meter->session, out_value, err);
        return status == SY_REFUSED || status == SY_OVERFLOW ? SY_IO : status;
    }
    sy_status status = sy_ptd_read(&meter->session, out_value, err);
    return status == SY_OVERFLOW ? SY_IO : status;
}

static void close_meter(sy_energy_meter *base) {
    ptd_meter *meter = (ptd_meter *)base;
    sy_ptd_end(&meter->session);
    sy_mem_free(meter);
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    const char *colon = strchr(found->spec, ':');
    double watt = 0.0;
    (void)places;
    *out_meter = NULL;
    ptd_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a meter");
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    sy_status status = sy_ptd_set(&meter->session, colon != NULL ? colon + 1 : NULL, err);
    if (status == SY_OK)
        status = sy_ptd_begin(&meter->session, err);
    if (status == SY_OK)
        status = sy_ptd_first(&meter->session, &watt, err);
    if (status != SY_OK)
        close_meter(&meter->base);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_ptdaemon = {.name = "ptdaemon",
    .form = "ptdaemon:HOST[:8888][;range=auto|;amps=X;volts=Y][;timeout=5s]",
    .help = "a power analyzer behind SPEC's PTDaemon; ranges are left as they are unless named",
    .is_configured = true,
    .find = find,
    .open = open_meter};
