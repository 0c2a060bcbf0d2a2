/*
 * Shelly plugs and meters. Source: Shelly's API documentation (shelly-api-docs.shelly.cloud): Gen1 /status,
 * whose totals of `meters` are watt-minutes and of `emeters` watt-hours; Gen2 and later
 * /rpc/COMPONENT.GetStatus, in watt-hours.
 */
#include <stdio.h>

#include "bench/energy/answer.h"
#include "bench/energy/net_sources.h"
#include "bench/energy/plug.h"
#include "runtime/base/error.h"

#define JOULE_PER_WH 3600.0
#define JOULE_PER_WMIN 60.0
enum { CHANNEL_MAX = 15 };

/* What a number of a device is, and where. */
typedef struct shelly_number {
    const char *component, *part, *pointer;
    uint32_t kind;
    double scale;
} shelly_number;

/* Gen2 and later: components that measure, in the order in which they are looked for; power before energy. */
static const shelly_number numbers[][2] = {
    {{"Switch", "power", "apower", SY_ENERGY_POWER_INSTANT, 1.0},
        {"Switch", "energy", "aenergy/total", SY_ENERGY_COUNTER, JOULE_PER_WH}},
    {{"PM1", "power", "apower", SY_ENERGY_POWER_INSTANT, 1.0},
        {"PM1", "energy", "aenergy/total", SY_ENERGY_COUNTER, JOULE_PER_WH}},
    {{"EM1", "power", "act_power", SY_ENERGY_POWER_INSTANT, 1.0},
        {"EM1Data", "energy", "total_act_energy", SY_ENERGY_COUNTER, JOULE_PER_WH}},
    {{"EM", "power", "total_act_power", SY_ENERGY_POWER_INSTANT, 1.0},
        {"EMData", "energy", "total_act", SY_ENERGY_COUNTER, JOULE_PER_WH}},
};

static sy_status add_rpc(sy_web *web, sy_web_rows *rows, const shelly_number *number, uint32_t channel,
    const char *model, sy_error *err) {
    char path[64];
    json_t *root = NULL;
    sy_web_row row;
    snprintf(path, sizeof path, "/rpc/%s.GetStatus?id=%u", number->component, channel);
    sy_status status = sy_web_get(web, path, &root, err);
    sy_web_row_set(&row, web, number->kind, number->part, path, number->scale);
    sy_web_print(row.pointer, sizeof row.pointer, "%s", number->pointer);
    /* A switch without a meter has no such field. */
    if (status == SY_OK && sy_web_at(root, number->pointer) == NULL)
        status = sy_error_set(err, SY_UNAVAILABLE, "%s%s: has no %s", web->name, path, number->pointer);
    if (status == SY_OK)
        status = sy_plug_add(web, rows, &row, root, model, err);
    json_decref(root);
    return status;
}

static sy_status discover_rpc(
    sy_web *web, sy_web_rows *rows, uint32_t channel, const char *model, sy_error *err) {
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sy_status status = add_rpc(web, rows, &numbers[i][0], channel, model, err);
        if (status == SY_UNAVAILABLE)
            continue;
        if (status == SY_OK)
            status = add_rpc(web, rows, &numbers[i][1], channel, model, err);
        return status == SY_UNAVAILABLE ? SY_OK : status;
    }
    return sy_error_set(err, SY_UNAVAILABLE, "%s: channel %u measures no power", web->name, channel);
}

/* One of the two lists of Gen1; SY_UNAVAILABLE if it has no such channel. */
static sy_status add_status(sy_web *web, sy_web_rows *rows, json_t *root, const char *list,
    double joule_per_unit, uint32_t channel, const char *model, sy_error *err) {
    static const char *const fields[] = {"power", "total"};
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < 2; i++) {
        sy_web_row row;
        sy_web_row_set(&row, web, i == 0 ? SY_ENERGY_POWER_INSTANT : SY_ENERGY_COUNTER,
            i == 0 ? "power" : "energy", "/status", i == 0 ? 1.0 : joule_per_unit);
        sy_web_print(row.pointer, sizeof row.pointer, "%s/%u/%s", list, channel, fields[i]);
        sy_web_print(row.valid, sizeof row.valid, "%s/%u/is_valid", list, channel);
        if (sy_web_at(root, row.pointer) == NULL)
            return i == 0 ? SY_UNAVAILABLE : SY_OK;
        status = sy_plug_add(web, rows, &row, root, model, err);
    }
    return status;
}

static sy_status discover_status(
    sy_web *web, sy_web_rows *rows, uint32_t channel, const char *model, sy_error *err) {
    json_t *root = NULL;
    sy_status status = sy_web_get(web, "/status", &root, err);
    if (status != SY_OK)
        return status;
    status = add_status(web, rows, root, "meters", JOULE_PER_WMIN, channel, model, err);
    if (status == SY_UNAVAILABLE)
        status = add_status(web, rows, root, "emeters", JOULE_PER_WH, channel, model, err);
    if (status == SY_UNAVAILABLE)
        sy_error_set(err, status, "%s: channel %u measures no power", web->name, channel);
    json_decref(root);
    return status;
}

static sy_status discover(sy_web *web, sy_web_rows *rows, sy_error *err) {
    char kind[48];
    uint32_t channel = 0;
    json_t *root = NULL;
    sy_status status = sy_net_spec_whole(&web->spec, "channel", 0, CHANNEL_MAX, &channel, err);
    if (status == SY_OK)
        status = sy_web_get(web, "/shelly", &root, err);
    if (status != SY_OK)
        return status;
    json_t *generation = json_object_get(root, "gen"), *type = json_object_get(root, "type");
    const char *model = json_string_value(json_object_get(root, "model"));
    if (json_is_integer(generation) && json_integer_value(generation) >= 2) {
        snprintf(kind, sizeof kind, "Shelly %.32s", model != NULL ? model : "of generation 2 or later");
        status = discover_rpc(web, rows, channel, kind, err);
    } else if (json_is_string(type)) {
        snprintf(kind, sizeof kind, "Shelly %.32s", json_string_value(type));
        status = discover_status(web, rows, channel, kind, err);
    } else {
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s/shelly: tells neither gen nor type: not a Shelly", web->name);
    }
    json_decref(root);
    return status;
}

static const char *const keys[] = {"timeout", "cafile", "insecure", "channel", NULL};

static const sy_web_source web_source = {.name = "shelly",
    .form = "shelly:[http[s]://]HOST[:PORT][;channel=0][;timeout=5s]",
    .scheme = "http",
    .keys = keys,
    .scope = SY_ENERGY_SCOPE_WALL,
    .has_digest = true,
    .discover = discover};

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    return sy_web_find(&web_source, places, spec, list, err);
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    return sy_web_open(&web_source, places, found, out_meter, err);
}

const sy_energy_source sy_energy_shelly = {.name = "shelly",
    .form = "shelly:[http[s]://]HOST[:PORT][;channel=0][;timeout=5s]",
    .help = "a Shelly plug or meter, of any generation",
    .is_configured = true,
    .find = find,
    .open = open_meter};
