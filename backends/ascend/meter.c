/* Sensors: what the telemetry tells of a device. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backends/ascend/inside.h"
#include "runtime/base/error.h"

typedef struct sensor_row {
    ascend_quantity what;
    uint32_t kind, unit;
    double resolution;
    const char *name;
} sensor_row;

/* How often the driver takes a new value, and over which time, is not told. */
static const sensor_row rows[] = {
    {ASCEND_POWER, SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, 0.1, "dcmi device power"},
    {ASCEND_CARD_POWER, SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, 0.1, "dcmi card power"},
    {ASCEND_TEMPERATURE, SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, 1.0, "dcmi temperature"},
    {ASCEND_CLOCK, SY_SENSOR_CLOCK, SY_UNIT_HERTZ, 1e6, "dcmi core clock"}};

void ascend_sensors_find(sy_device *device) {
    ascend_device *own = ascend_device_of(device);
    double value = 0.0;
    for (uint32_t i = 0; own->has_place && i < sizeof rows / sizeof rows[0]; i++)
        if (ascend_dcmi_read(&ascend_libraries_of(device)->dcmi, &own->place, rows[i].what, &value, NULL) ==
            SY_OK)
            own->sensor[own->sensors++] = i;
}

static sy_status find(sy_device *device, uint32_t index, const sensor_row **out_row, sy_error *err) {
    const ascend_device *own = ascend_device_of(device);
    if (!own->has_place)
        return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no sensors: %s", SY_CARD_ID(device),
            sy_error_text(&own->place_reason, SY_UNAVAILABLE));
    if (index >= own->sensors)
        return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no sensor %u, there are %u",
            SY_CARD_ID(device), index, own->sensors);
    *out_row = &rows[own->sensor[index]];
    return SY_OK;
}

/* A die's power may be that of its package: which it is, is not known. */
static uint32_t scope_of(const ascend_place *place, ascend_quantity what) {
    if (what == ASCEND_CARD_POWER || place->devices_in_card == 1)
        return SY_SCOPE_CARD;
    return what == ASCEND_POWER ? SY_SCOPE_UNKNOWN : SY_SCOPE_DIE;
}

sy_status ascend_sensor_describe(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    const sensor_row *row = NULL;
    uint32_t size = out_sensor->size;
    sy_status status = find(device, index, &row, err);
    if (status != SY_OK)
        return status;
    sy_sensor sensor = {.size = size,
        .kind = row->kind,
        .unit = row->unit,
        .scope = scope_of(&ascend_device_of(device)->place, row->what),
        .resolution = row->resolution,
        .gain_uncertainty = (double)NAN,
        .wrap = (double)NAN};
    snprintf(sensor.name, sizeof sensor.name, "%s", row->name);
    memcpy(out_sensor, &sensor, size < sizeof sensor ? size : sizeof sensor);
    return SY_OK;
}

sy_status ascend_sensor_read(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    const sensor_row *row = NULL;
    *out_value = (double)NAN;
    sy_status status = find(device, index, &row, err);
    if (status != SY_OK)
        return status;
    status = ascend_dcmi_read(
        &ascend_libraries_of(device)->dcmi, &ascend_device_of(device)->place, row->what, out_value, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
}
