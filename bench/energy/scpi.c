/*
 * Yokogawa's WT300 and WT300E over TCP: power, and energy by the meter's own integrator. Accuracy: IM
 * WT310-02EN and IM WT310E-02EN, 7.3.2, at 45 to 66 Hz and a power factor of 1, 12 months after calibration.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bench/energy/answer.h"
#include "bench/energy/net_sources.h"
#include "bench/energy/scpi_meter.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define JOULE_PER_WH 3600.0
/* The integrator shows six digits: below 1 kWh that is 1 mWh. */
#define ENERGY_STEP_J 3.6
#define LEAST_POLL_NS 100000000u

typedef struct scpi_meter {
    sy_energy_meter base;
    sy_wt wt;
    sy_answer_counter counter;
    char name[64];
    bool is_energy;
} scpi_meter;

/* Limits of power: a part of the reading, and a part of the range. */
typedef struct accuracy {
    const char *model;
    double reading, range;
} accuracy;

static const accuracy accuracies[] = {{"WT310", 1e-3, 1e-3}, {"WT310HC", 1e-3, 1e-3}, {"WT332", 1e-3, 1e-3},
    {"WT333", 1e-3, 1e-3}, {"WT310E", 1e-3, 5e-4}, {"WT310EH", 1e-3, 5e-4}, {"WT332E", 1e-3, 5e-4},
    {"WT333E", 1e-3, 5e-4}};

static const accuracy *accuracy_of(const char *model) {
    for (size_t i = 0; i < sizeof accuracies / sizeof accuracies[0]; i++)
        if (strcasecmp(accuracies[i].model, model) == 0)
            return &accuracies[i];
    return NULL;
}

/* What both meters declare alike: update rate, gain and the term of the range. */
static sy_status describe(sy_wt *wt, sy_energy_facts *facts, sy_error *err) {
    double volt = NAN, ampere = NAN, crest = NAN, rate_s = NAN;
    sy_status status = sy_wt_number(wt, ":INPUT:VOLTAGE:RANGE?", &volt, err);
    if (status == SY_OK)
        status = sy_wt_number(wt, ":INPUT:CURRENT:RANGE?", &ampere, err);
    if (status == SY_OK)
        status = sy_wt_number(wt, ":INPUT:CFACTOR?", &crest, err);
    if (status == SY_OK)
        status = sy_wt_number(wt, ":RATE?", &rate_s, err);
    if (status != SY_OK)
        return status;
    sy_answer_facts(facts, SY_ENERGY_POWER_AVERAGE, SY_ENERGY_SCOPE_WALL);
    facts->least_poll_ns = LEAST_POLL_NS;
    if (rate_s > 0.01 && rate_s <= 60.0)
        facts->update_period_ns = (uint64_t)(rate_s * 1e9);
    const accuracy *limits = accuracy_of(wt->model);
    double range_w = volt * ampere;
    if (limits == NULL || !(range_w > 0.0) || range_w > SY_ANSWER_WATT_MAX) {
        snprintf(facts->detail, sizeof facts->detail, "%s, element %s; accuracy at this range not known",
            wt->model, wt->element);
        return SY_OK;
    }
    /* With a crest factor of 6, the error of the range doubles. */
    double range_part = crest == 3.0 ? limits->range : 2.0 * limits->range;
    facts->gain = limits->reading / sqrt(3.0);
    facts->offset_w = range_part * range_w / sqrt(3.0);
    snprintf(facts->detail, sizeof facts->detail,
        "%s, element %s; %.3g %% of reading, %.3g %% of %g V x %g A, at 45 to 66 Hz", wt->model, wt->element,
        100.0 * limits->reading, 100.0 * range_part, volt, ampere);
    return SY_OK;
}

static sy_status probe(sy_wt *wt, sy_energy_found *power, sy_energy_found *energy, sy_error *err) {
    char text[64];
    double watt = 0.0;
    sy_status status = sy_wt_begin(wt, err);
    if (status == SY_OK)
        status = describe(wt, &power->facts, err);
    if (status == SY_OK)
        status = sy_wt_choose(wt, SY_WT_POWER_ITEM, "P", err);
    if (status == SY_OK)
        status = sy_wt_value(wt, SY_WT_POWER_ITEM, &watt, text, err);
    if (status == SY_OK)
        status = sy_answer_power(wt->client.line.name, watt, err);
    sy_wt_end(wt);
    if (status != SY_OK)
        return status;
    energy->facts = power->facts;
    energy->facts.kind = SY_ENERGY_COUNTER;
    energy->facts.resolution = ENERGY_STEP_J;
    power->facts.resolution = sy_answer_step(text);
    power->facts.window_ns = power->facts.update_period_ns;
    return SY_OK;
}

static sy_status append_both(const sy_wt *wt, const char *name, sy_energy_found *power,
    sy_energy_found *energy, sy_energy_list *list, sy_error *err) {
    const char *part = strcmp(wt->element, "SIGMA") == 0 ? "" : wt->element;
    char named[24];
    snprintf(named, sizeof named, "power%s", strcmp(part, "1") == 0 ? "" : part);
    sy_answer_name(&power->facts, "scpi", name, named);
    snprintf(named, sizeof named, "energy%s", strcmp(part, "1") == 0 ? "" : part);
    sy_answer_name(&energy->facts, "scpi", name, named);
    energy->index = 1;
    sy_status status = sy_energy_list_append(list, power, err);
    return status == SY_OK ? sy_energy_list_append(list, energy, err) : status;
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    sy_energy_found power = {0}, energy = {0};
    sy_error failure = SY_ERROR_INIT;
    char name[144];
    sy_wt wt;
    (void)places;
    sy_status status = sy_wt_set(&wt, spec, err);
    if (status == SY_OK)
        status = sy_answer_spec(&power, "scpi", spec, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "scpi");
    energy = power;
    sy_net_spec_name(&wt.spec, name, sizeof name);
    status = probe(&wt, &power, &energy, &failure);
    if (status == SY_OK)
        return append_both(&wt, name, &power, &energy, list, err);
    sy_answer_failed(&power, "scpi", name, SY_ENERGY_SCOPE_WALL, status, &failure,
        status == SY_IO || status == SY_TIMEOUT
            ? "see that its Ethernet takes commands on this port and that nobody else is connected"
            : "");
    return sy_energy_list_append(list, &power, err);
}

/* Connect (again) and choose what is read; the integrator goes on by itself. */
static sy_status prepare(scpi_meter *meter, sy_error *err) {
    if (sy_line_client_is_open(&meter->wt.client))
        return SY_OK;
    sy_status status = sy_wt_begin(&meter->wt, err);
    if (status != SY_OK)
        return status;
    return sy_wt_choose(&meter->wt, meter->is_energy ? SY_WT_ENERGY_ITEM : SY_WT_POWER_ITEM,
        meter->is_energy ? "WH" : "P", err);
}

static sy_status read_once(scpi_meter *meter, double *out_value, sy_error *err) {
    char text[64];
    double value = 0.0;
    sy_status status = prepare(meter, err);
    if (status == SY_OK && meter->is_energy)
        status = sy_wt_integrates(&meter->wt, err);
    if (status == SY_OK)
        status = sy_wt_value(
            &meter->wt, meter->is_energy ? SY_WT_ENERGY_ITEM : SY_WT_POWER_ITEM, &value, text, err);
    if (status != SY_OK)
        return status;
    if (meter->is_energy)
        return sy_answer_count(&meter->counter, meter->name, value * JOULE_PER_WH, out_value, err);
    *out_value = value;
    return sy_answer_power(meter->name, value, err);
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    sy_status status = read_once((scpi_meter *)base, out_value, err);
    return status == SY_OVERFLOW ? SY_IO : status;
}

static void close_meter(sy_energy_meter *base) {
    scpi_meter *meter = (scpi_meter *)base;
    sy_wt_end(&meter->wt);
    sy_mem_free(meter);
}

/* The integrator has no value before its first update. */
static sy_status read_first(scpi_meter *meter, sy_error *err) {
    double value = 0.0;
    sy_status status = read_once(meter, &value, err);
    for (unsigned i = 0; i < SY_LINE_CLIENT_TRIES && status == SY_INVALID_ARGUMENT && meter->is_energy; i++) {
        sy_line_client_pause(&meter->wt.client);
        status = read_once(meter, &value, err);
    }
    return status;
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    const char *colon = strchr(found->spec, ':');
    (void)places;
    *out_meter = NULL;
    scpi_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a meter");
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    meter->is_energy = found->facts.kind == SY_ENERGY_COUNTER;
    snprintf(meter->name, sizeof meter->name, "%s", found->facts.name);
    sy_status status = sy_wt_set(&meter->wt, colon != NULL ? colon + 1 : NULL, err);
    if (status == SY_OK)
        status = prepare(meter, err);
    if (status == SY_OK && meter->is_energy)
        status = sy_wt_integrate(&meter->wt, err);
    if (status == SY_OK)
        status = read_first(meter, err);
    if (status != SY_OK)
        close_meter(&meter->base);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_scpi = {.name = "scpi",
    .form = "scpi:HOST[:10001][;element=1|2|3|sigma][;timeout=5s]",
    .help =
        "a Yokogawa WT300 over TCP: power, and energy by its own integrator, one of them at a time where it "
        "takes one connection",
    .is_configured = true,
    .find = find,
    .open = open_meter};
