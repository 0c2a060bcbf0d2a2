/*
 * Redfish: a server's management controller. Method: DSP0268, Chassis -> EnvironmentMetrics; controllers from
 * before 2020.4 have Power instead, which is deprecated since and read all the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/answer.h"
#include "bench/energy/net_sources.h"
#include "bench/energy/web.h"
#include "runtime/base/error.h"

enum { CHASSIS_MAX = 16, CONTROLS_MAX = 16 };
#define JOULE_PER_KWH 3.6e6
#define NS_PER_MINUTE 60e9

/* A path that the controller gives: below its root, without anything that would make it another request. */
static bool is_below_root(const char *path) {
    static const char root[] = "/redfish/v1/";
    return path != NULL && strncmp(path, root, sizeof root - 1) == 0 && strlen(path) < SY_WEB_PATH_MAX - 24 &&
           strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/%:") ==
               strlen(path);
}

/* A chassis by the last part of its path, as a part of a meter's name; by its number if that is too long. */
static void name_chassis(const char *path, size_t index, char *out_name, size_t capacity) {
    const char *slash = strrchr(path, '/');
    const char *last = slash != NULL ? slash + 1 : path;
    if (last[0] != '\0' && strlen(last) < 16)
        snprintf(out_name, capacity, "%s", last);
    else
        snprintf(out_name, capacity, "chassis%zu", index);
}

/* Add a number, unless it is absent or null, which is how a controller says that it does not know. */
static sy_status add_number(
    sy_web *web, sy_web_rows *rows, json_t *root, sy_web_row *row, bool *out_is_added, sy_error *err) {
    double value = 0.0;
    json_t *number = sy_web_at(root, row->pointer);
    *out_is_added = number != NULL && !json_is_null(number);
    if (!*out_is_added)
        return SY_OK;
    sy_status status = sy_web_number(row->path, root, row->pointer, &value, err);
    row->facts.resolution = sy_answer_step_of(value) * row->scale;
    return status == SY_OK ? sy_web_add(web, rows, row, err) : status;
}

static sy_status add_metrics(
    sy_web *web, sy_web_rows *rows, json_t *root, const char *path, const char *chassis, sy_error *err) {
    static const struct {
        const char *part, *pointer;
        uint32_t kind;
        double scale;
    } numbers[] = {{"power", "PowerWatts/Reading", SY_ENERGY_POWER_INSTANT, 1.0},
        {"energy", "EnergyJoules/Reading", SY_ENERGY_COUNTER, 1.0},
        {"energy", "EnergykWh/Reading", SY_ENERGY_COUNTER, JOULE_PER_KWH}};
    bool is_added = false;
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < sizeof numbers / sizeof numbers[0]; i++) {
        /* The coarser one of the same energy is left out. */
        if (i == 2 && is_added)
            break;
        char part[40];
        sy_web_row row;
        sy_web_print(part, sizeof part, "%s:%s", chassis, numbers[i].part);
        sy_web_row_set(&row, web, numbers[i].kind, part, path, numbers[i].scale);
        sy_web_print(row.pointer, sizeof row.pointer, "%s", numbers[i].pointer);
        sy_web_print(
            row.facts.detail, sizeof row.facts.detail, "Redfish EnvironmentMetrics, %s", numbers[i].pointer);
        status = add_number(web, rows, root, &row, &is_added, err);
    }
    return status;
}

/* One member of PowerControl. The first is the chassis; the others are parts of it (processors, memory). */
static sy_status add_control(sy_web *web, sy_web_rows *rows, json_t *root, const char *path,
    const char *chassis, size_t index, sy_error *err) {
    char part[40], pointer[96];
    double minutes = 0.0;
    bool is_added = false;
    sy_web_row row;
    sy_web_print(part, sizeof part, "%s:power", chassis);
    if (index > 0)
        sy_web_print(part, sizeof part, "%s:power%zu", chassis, index);
    sy_web_row_set(&row, web, SY_ENERGY_POWER_INSTANT, part, path, 1.0);
    row.is_part = index > 0;
    sy_web_print(row.facts.detail, sizeof row.facts.detail, "Redfish Power, deprecated, PowerConsumedWatts");
    sy_web_print(row.pointer, sizeof row.pointer, "PowerControl/%zu/PowerConsumedWatts", index);
    sy_status status = add_number(web, rows, root, &row, &is_added, err);
    if (status != SY_OK || is_added)
        return status;
    snprintf(pointer, sizeof pointer, "PowerControl/%zu/PowerMetrics/IntervalInMin", index);
    if (sy_web_number(path, root, pointer, &minutes, NULL) != SY_OK || minutes <= 0.0 || minutes > 1440.0)
        return SY_OK;
    row.facts.kind = SY_ENERGY_POWER_AVERAGE;
    row.facts.window_ns = (uint64_t)(minutes * NS_PER_MINUTE);
    sy_web_print(row.facts.detail, sizeof row.facts.detail,
        "Redfish Power, deprecated, AverageConsumedWatts over %g min", minutes);
    sy_web_print(
        row.pointer, sizeof row.pointer, "PowerControl/%zu/PowerMetrics/AverageConsumedWatts", index);
    return add_number(web, rows, root, &row, &is_added, err);
}

static sy_status add_power(
    sy_web *web, sy_web_rows *rows, const char *path, const char *chassis, sy_error *err) {
    json_t *root = NULL;
    sy_status status = sy_web_get(web, path, &root, err);
    size_t count = json_array_size(json_object_get(root, "PowerControl"));
    for (size_t i = 0; status == SY_OK && i < count && i < CONTROLS_MAX; i++)
        status = add_control(web, rows, root, path, chassis, i, err);
    json_decref(root);
    return status == SY_UNAVAILABLE ? SY_OK : status;
}

/* Where a chassis says that something is, or where it is by convention. */
static void path_of(json_t *chassis, const char *what, const char *chassis_path, char *out_path) {
    char pointer[64];
    snprintf(pointer, sizeof pointer, "%s/@odata.id", what);
    const char *given = json_string_value(sy_web_at(chassis, pointer));
    if (is_below_root(given))
        snprintf(out_path, SY_WEB_PATH_MAX, "%s", given);
    else
        snprintf(out_path, SY_WEB_PATH_MAX, "%s/%s", chassis_path, what);
}

static sy_status add_chassis(
    sy_web *web, sy_web_rows *rows, const char *chassis_path, size_t index, sy_error *err) {
    char path[SY_WEB_PATH_MAX], name[32];
    json_t *chassis = NULL, *metrics = NULL;
    size_t before = rows->count;
    name_chassis(chassis_path, index, name, sizeof name);
    sy_status status = sy_web_get(web, chassis_path, &chassis, err);
    if (status != SY_OK)
        return status == SY_UNAVAILABLE ? SY_OK : status;
    path_of(chassis, "EnvironmentMetrics", chassis_path, path);
    status = sy_web_get(web, path, &metrics, err);
    if (status == SY_OK)
        status = add_metrics(web, rows, metrics, path, name, err);
    json_decref(metrics);
    if ((status == SY_OK && rows->count == before) || status == SY_UNAVAILABLE) {
        path_of(chassis, "Power", chassis_path, path);
        status = add_power(web, rows, path, name, err);
    }
    json_decref(chassis);
    return status;
}

static sy_status discover(sy_web *web, sy_web_rows *rows, sy_error *err) {
    json_t *root = NULL;
    sy_status status = sy_web_get(web, "/redfish/v1/Chassis", &root, err);
    json_t *members = json_object_get(root, "Members");
    if (status == SY_OK && !json_is_array(members))
        status = sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: /redfish/v1/Chassis lists no Members: not a Redfish service", web->name);
    if (status == SY_OK && json_array_size(members) > CHASSIS_MAX)
        status = sy_error_set(err, SY_OVERFLOW, "%s: more than %d chassis", web->name, CHASSIS_MAX);
    for (size_t i = 0; status == SY_OK && i < json_array_size(members); i++) {
        const char *path = json_string_value(json_object_get(json_array_get(members, i), "@odata.id"));
        status = is_below_root(path) ? add_chassis(web, rows, path, i, err)
                                     : sy_error_set(err, SY_INVALID_ARGUMENT,
                                           "%s: chassis %zu has no path below /redfish/v1/", web->name, i);
    }
    json_decref(root);
    return status;
}

static const char *const keys[] = {"timeout", "cafile", "insecure", NULL};

static const sy_web_source web_source = {.name = "redfish",
    .form = "redfish:https://HOST[:PORT][;cafile=PATH][;insecure][;timeout=5s]",
    .keys = keys,
    .scope = SY_ENERGY_SCOPE_NODE,
    .is_secret_over_tls = true,
    .discover = discover};

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    return sy_web_find(&web_source, places, spec, list, err);
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    return sy_web_open(&web_source, places, found, out_meter, err);
}

const sy_energy_source sy_energy_redfish = {.name = "redfish",
    .form = "redfish:https://HOST[:PORT][;cafile=PATH][;insecure][;timeout=5s]",
    .help = "a server's management controller by Redfish; name and password from --energy-credentials",
    .is_configured = true,
    .find = find,
    .open = open_meter};
