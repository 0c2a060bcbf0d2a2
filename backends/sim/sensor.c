/* Sensors of the simulated device. They may be read from any thread. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backends/sim/meter.h"
#include "backends/sim/sim.h"
#include "runtime/base/error.h"

/* A row a sensor; the last one is there only while it has a window. */
static const struct {
    uint32_t kind, unit;
    const char *name;
    double resolution; /* 0: of the energy counter, a parameter */
    double (*read)(const sim_model *, const sim_state *);
} sensors[] = {{SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, "power", 1e-3, sim_show_power_w},
    {SY_SENSOR_ENERGY, SY_UNIT_JOULE, "energy", 0.0, sim_show_energy_j},
    {SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, "temperature", 1e-3, sim_show_temperature_c},
    {SY_SENSOR_CLOCK, SY_UNIT_HERTZ, "clock", 1.0, sim_show_clock_hz},
    {SY_SENSOR_THROTTLE, SY_UNIT_BITS, "throttle", 1.0, sim_show_throttle},
    {SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, "power average", 1e-3, sim_show_average_w}};
enum { SENSORS = sizeof sensors / sizeof sensors[0] };

static sy_status check_index(const sy_device *device, uint32_t index, sy_error *err) {
    uint32_t count = device->model.power_window_ns > 0.0 ? SENSORS : SENSORS - 1;
    return index < count ? SY_OK : sy_error_set(err, SY_UNAVAILABLE, "sim: %u sensors", count);
}

static sy_sensor describe_row(const sim_model *model, uint32_t index) {
    sy_sensor sensor = {.kind = sensors[index].kind,
        .unit = sensors[index].unit,
        .scope = SY_SCOPE_CARD,
        .resolution = sensors[index].resolution,
        .wrap = NAN};
    switch (sensor.kind) {
    case SY_SENSOR_POWER_AVERAGE: sensor.window_ns = (uint64_t)model->power_window_ns; /* fall through */
    case SY_SENSOR_POWER_INSTANT:
        sensor.update_period_ns = (uint64_t)model->power_period_ns;
        sensor.gain_uncertainty = model->gain_u;
        break;
    case SY_SENSOR_ENERGY:
        sensor.update_period_ns = (uint64_t)model->energy_period_ns;
        sensor.gain_uncertainty = model->gain_u;
        sensor.resolution = model->energy_step;
        sensor.wrap = sim_show_wrap_j(model);
        break;
    default: break;
    }
    snprintf(sensor.name, sizeof sensor.name, "%s", sensors[index].name);
    return sensor;
}

static sy_status describe_sensor(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    sy_status status = check_index(device, index, err);
    if (status != SY_OK)
        return status;
    sy_sensor sensor = describe_row(&device->model, index);
    sensor.size = out_sensor->size;
    memcpy(out_sensor, &sensor, out_sensor->size < sizeof sensor ? out_sensor->size : sizeof sensor);
    return SY_OK;
}

static sy_status read_sensor(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    sy_status status = check_index(device, index, err);
    if (status != SY_OK)
        return status;
    sim_lock(device);
    bool is_gone = sim_sensors_are_gone(&device->model, &device->state);
    double value = sensors[index].read(&device->model, &device->state);
    sim_unlock(device);
    if (is_gone)
        return sy_error_set(err, SY_UNAVAILABLE, "sim: sensor '%s' does not answer, as sensor_fault asks",
            sensors[index].name);
    double step = sensors[index].resolution;
    *out_value = step > 0.0 ? round(value / step) * step : value;
    return SY_OK;
}

const sy_sensor_api sim_sensor = {
    .size = sizeof sim_sensor, .describe = describe_sensor, .read = read_sensor};
