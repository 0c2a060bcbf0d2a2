/* Sensors of an opened device, as its backend declares them. Read on a thread that has entered the device. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/rows.h"
#include "bench/energy/sources.h"
#include "bench/energy/unwrap.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define NAME "device"

enum { SENSORS_MAX = 256 };

/* Sensors that are limits, not readings, have no row. */
static const struct {
    uint32_t sensor, kind, unit;
} kinds[] = {{SY_SENSOR_ENERGY, SY_ENERGY_COUNTER, SY_UNIT_JOULE},
    {SY_SENSOR_POWER_AVERAGE, SY_ENERGY_POWER_AVERAGE, SY_UNIT_WATT},
    {SY_SENSOR_POWER_INSTANT, SY_ENERGY_POWER_INSTANT, SY_UNIT_WATT},
    {SY_SENSOR_TEMPERATURE, SY_ENERGY_TEMPERATURE, SY_UNIT_CELSIUS},
    {SY_SENSOR_CLOCK, SY_ENERGY_CLOCK, SY_UNIT_HERTZ},
    {SY_SENSOR_THROTTLE, SY_ENERGY_THROTTLE, SY_UNIT_BITS}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const uint32_t scopes[] = {[SY_SCOPE_UNKNOWN] = SY_ENERGY_SCOPE_UNKNOWN,
    [SY_SCOPE_DIE] = SY_ENERGY_SCOPE_DIE,
    [SY_SCOPE_CARD] = SY_ENERGY_SCOPE_CARD,
    [SY_SCOPE_NODE] = SY_ENERGY_SCOPE_NODE,
    [SY_SCOPE_PACKAGE] = SY_ENERGY_SCOPE_PACKAGE};
enum { SCOPES = sizeof scopes / sizeof scopes[0] };

typedef struct device_meter {
    sy_energy_meter base;
    const sy_sensor_api *api;
    sy_device *device;
    uint32_t index;
    bool is_counter;
    sy_energy_unwrap unwrap;
} device_meter;

static const sy_sensor_api *sensors_of(const sy_energy_places *places) {
    return places->api != NULL && places->device != NULL ? places->api->sensor : NULL;
}

/* Number of the row in `kinds`; KINDS if there is none. */
static size_t kind_of(const sy_sensor *sensor) {
    size_t kind = 0;
    while (kind < KINDS && kinds[kind].sensor != sensor->kind)
        kind++;
    return kind;
}

static sy_status describe(
    const sy_energy_places *places, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    *out_sensor =
        (sy_sensor){.size = sizeof *out_sensor, .resolution = NAN, .gain_uncertainty = NAN, .wrap = NAN};
    sy_status status = sensors_of(places)->describe(places->device, index, out_sensor, err);
    out_sensor->name[sizeof out_sensor->name - 1] = '\0';
    return status;
}

/* Whether it can be read now. A row whose unit was wrong is judged already. */
static void judge(const sy_energy_places *places, sy_energy_found *row) {
    double value = NAN;
    sy_error err = SY_ERROR_INIT;
    if (row->state != SY_OK)
        return;
    sy_status status = sensors_of(places)->read(places->device, row->index, &value, &err);
    if (status == SY_UNSUPPORTED || status == SY_LOST)
        status = SY_UNAVAILABLE;
    sy_energy_row_judge(row, status, sy_error_text(&err, status), "");
}

static sy_status append_sensor(uint32_t index, const sy_sensor *sensor, sy_energy_list *list, sy_error *err) {
    sy_energy_found row = sy_energy_row(NAME, sensor->name);
    row.index = index;
    row.facts.kind = kinds[kind_of(sensor)].kind;
    row.facts.scope = sensor->scope < SCOPES ? scopes[sensor->scope] : SY_ENERGY_SCOPE_UNKNOWN;
    row.facts.resolution = sensor->resolution;
    row.facts.gain = sensor->gain_uncertainty;
    row.facts.update_period_ns = sensor->update_period_ns;
    row.facts.window_ns = sensor->window_ns;
    snprintf(row.facts.detail, sizeof row.facts.detail, "sensor %u of the device, by its backend", index);
    if (sensor->unit != kinds[kind_of(sensor)].unit) {
        snprintf(row.reason, sizeof row.reason, "its backend declares it in unit %u instead of %u",
            sensor->unit, kinds[kind_of(sensor)].unit);
        row.state = SY_UNAVAILABLE;
    }
    return sy_energy_rows_append(list, &row, err);
}

static sy_status append_all(const sy_energy_places *places, sy_energy_list *list, sy_error *err) {
    sy_error why = SY_ERROR_INIT;
    for (uint32_t i = 0; i < SENSORS_MAX; i++) {
        sy_sensor sensor;
        sy_status status = describe(places, i, &sensor, &why);
        if (status != SY_OK)
            return status == SY_UNAVAILABLE
                       ? SY_OK
                       : sy_energy_rows_absent(list, NAME, status, sy_error_text(&why, status), "", err);
        if (kind_of(&sensor) < KINDS)
            status = append_sensor(i, &sensor, list, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    size_t first = list->count;
    if (places->api == NULL || places->device == NULL)
        return SY_OK;
    sy_status status = sensors_of(places) != NULL ? append_all(places, list, err) : SY_OK;
    for (size_t i = first; i < list->count; i++)
        judge(places, &list->found[i]);
    if (status == SY_OK && list->count == first)
        return sy_energy_rows_absent(
            list, NAME, SY_UNAVAILABLE, "its backend shows no sensor of it", "", err);
    return status == SY_OK ? sy_energy_rows_choose(list, first, NAME, spec, err) : status;
}

/* What a plugin's failure means here: its own trouble is no counter that went back. */
static sy_status outcome_of(sy_status status) {
    switch (status) {
    case SY_OK:
    case SY_UNAVAILABLE:
    case SY_TIMEOUT: return status;
    case SY_LOST:
    case SY_UNSUPPORTED: return SY_UNAVAILABLE;
    default: return SY_IO;
    }
}

static sy_status read_value(device_meter *meter, double *out_value, sy_error *err) {
    sy_status status = outcome_of(meter->api->read(meter->device, meter->index, out_value, err));
    if (status == SY_OK && !(isfinite(*out_value) && (*out_value >= 0 || !meter->is_counter)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sensor %u says %g", meter->index, *out_value);
    return status;
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    device_meter *meter = (device_meter *)base;
    double value = NAN;
    *out_value = NAN;
    sy_status status = read_value(meter, &value, err);
    if (status == SY_OK && meter->is_counter) {
        status = sy_energy_unwrap_next(&meter->unwrap, (long double)value, err);
        value = (double)meter->unwrap.total;
    }
    if (status == SY_OK)
        *out_value = value;
    return status;
}

static void close_meter(sy_energy_meter *base) {
    sy_mem_free(base);
}

/* The sensor whose row has that name; without reading them all, which may take long. */
static sy_status sensor_of(
    const sy_energy_places *places, const char *name, uint32_t *out_index, sy_error *err) {
    sy_energy_list list = {0};
    sy_status status = append_all(places, &list, err);
    const sy_energy_found *row = sy_energy_rows_named(&list, name);
    bool is_found = row != NULL;
    *out_index = is_found ? row->index : 0;
    sy_energy_list_release(&list);
    if (status == SY_OK && !is_found)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: the device has no such sensor", name);
    return status;
}

static sy_status create(
    const sy_energy_places *places, uint32_t index, device_meter **out_meter, sy_error *err) {
    sy_sensor sensor;
    sy_status status = describe(places, index, &sensor, err);
    if (status != SY_OK)
        return status;
    if (kind_of(&sensor) == KINDS || kinds[kind_of(&sensor)].unit != sensor.unit)
        return sy_error_set(err, SY_UNAVAILABLE, "sensor %u of the device: kind or unit is wrong", index);
    device_meter *meter = *out_meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a meter of the device");
    *meter = (device_meter){.base = {.read = read_meter, .close = close_meter},
        .api = sensors_of(places),
        .device = places->device,
        .index = index,
        .is_counter = sensor.kind == SY_SENSOR_ENERGY,
        .unwrap.range = isfinite(sensor.wrap) && sensor.wrap > 0 ? (long double)sensor.wrap : 0};
    return SY_OK;
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    uint32_t index = 0;
    device_meter *meter = NULL;
    double value;
    *out_meter = NULL;
    if (sensors_of(places) == NULL)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: no device with sensors is open", found->facts.name);
    sy_status status = sensor_of(places, found->facts.name, &index, err);
    if (status == SY_OK)
        status = create(places, index, &meter, err);
    if (status == SY_OK)
        status = read_meter(&meter->base, &value, err);
    if (status != SY_OK)
        sy_mem_free(meter);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_device = {
    .name = NAME,
    .form = "device[:SENSOR]",
    .help = "sensors of the measured device, through its own backend",
    .find = find,
    .open = open_meter,
};
