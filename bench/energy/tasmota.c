/*
 * Plugs with the firmware Tasmota. Source: its documentation of commands, Status 10: StatusSNS.ENERGY with
 * Power in W and Total in kWh, lists of them where a device has several channels.
 */
#include <math.h>

#include "bench/energy/answer.h"
#include "bench/energy/net_sources.h"
#include "bench/energy/plug.h"
#include "runtime/base/error.h"

#define STATUS_PATH "/cm?cmnd=Status%2010"
#define ENERGY "StatusSNS/ENERGY"
#define JOULE_PER_KWH 3.6e6
enum { CHANNELS_MAX = 16 };

/* All of a device's energies show as many digits as it was told to: the finest of them is the step, kWh. */
static double step_of_energies(json_t *energy, size_t index) {
    static const char *const fields[] = {"Total", "Yesterday", "Today"};
    double step = NAN;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_t *value = json_object_get(energy, fields[i]);
        if (json_is_array(value))
            value = json_array_get(value, index);
        if (json_is_number(value))
            step = fmin(step, sy_answer_step_of(json_number_value(value)));
    }
    return step;
}

/* Power or Total: a number, or a list of one for each channel. */
static sy_status add_quantity(
    sy_web *web, sy_web_rows *rows, json_t *root, const char *field, uint32_t kind, sy_error *err) {
    json_t *energy = sy_web_at(root, ENERGY);
    json_t *value = json_object_get(energy, field);
    const char *part = kind == SY_ENERGY_COUNTER ? "energy" : "power";
    size_t count = json_is_array(value) ? json_array_size(value) : 1;
    sy_status status = SY_OK;
    if (count > CHANNELS_MAX)
        return sy_error_set(err, SY_OVERFLOW, "%s: more than %d channels", web->name, CHANNELS_MAX);
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        sy_web_row row;
        sy_web_row_set(&row, web, kind, part, STATUS_PATH, kind == SY_ENERGY_COUNTER ? JOULE_PER_KWH : 1.0);
        sy_web_print(row.pointer, sizeof row.pointer, ENERGY "/%s", field);
        if (json_is_array(value)) {
            sy_web_print(row.part, sizeof row.part, "%s%zu", part, i + 1);
            sy_web_print(row.pointer, sizeof row.pointer, ENERGY "/%s/%zu", field, i);
        }
        if (kind == SY_ENERGY_COUNTER)
            row.facts.resolution = step_of_energies(energy, i) * JOULE_PER_KWH;
        status = sy_plug_add(web, rows, &row, root, "Tasmota", err);
    }
    return status;
}

static sy_status discover(sy_web *web, sy_web_rows *rows, sy_error *err) {
    json_t *root = NULL;
    sy_status status = sy_web_get(web, STATUS_PATH, &root, err);
    if (status != SY_OK)
        return status;
    json_t *energy = sy_web_at(root, ENERGY);
    if (json_object_get(root, "WARNING") != NULL)
        status = sy_error_set(err, SY_REFUSED,
            "%s: wants a password; a line 'HOST admin PASSWORD' in the file of --energy-credentials would be "
            "right",
            web->name);
    else if (!json_is_object(energy))
        status =
            sy_error_set(err, SY_UNAVAILABLE, "%s: has no StatusSNS.ENERGY: it measures no power", web->name);
    else
        status = add_quantity(web, rows, root, "Power", SY_ENERGY_POWER_INSTANT, err);
    if (status == SY_OK && json_object_get(energy, "Total") != NULL)
        status = add_quantity(web, rows, root, "Total", SY_ENERGY_COUNTER, err);
    json_decref(root);
    return status;
}

static const char *const keys[] = {"timeout", "cafile", "insecure", NULL};

static const sy_web_source web_source = {.name = "tasmota",
    .form = "tasmota:[http[s]://]HOST[:PORT][;timeout=5s]",
    .scheme = "http",
    .keys = keys,
    .scope = SY_ENERGY_SCOPE_WALL,
    .discover = discover};

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    return sy_web_find(&web_source, places, spec, list, err);
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    return sy_web_open(&web_source, places, found, out_meter, err);
}

const sy_energy_source sy_energy_tasmota = {.name = "tasmota",
    .form = "tasmota:[http[s]://]HOST[:PORT][;timeout=5s]",
    .help = "a plug with the firmware Tasmota",
    .is_configured = true,
    .find = find,
    .open = open_meter};
