/* Wrong descriptions, parameters, threads and sensors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/spoiled/spoiled.h"

static sy_status describe_endless(
    sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_status status = sim_device.describe(backend, index, out_info, err);
    memset(out_info->name, 'x', sizeof out_info->name);
    return status;
}
static void endless_name(spoiled_tables *tables) {
    tables->device.describe = describe_endless;
}

static sy_status describe_all(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    uint32_t size = out_info->size;
    sy_device_info info = {.size = sizeof info};
    sy_status status = sim_device.describe(backend, index, &info, err);
    memcpy(out_info, &info, sizeof info);
    out_info->size = size;
    return status;
}
static void overrun(spoiled_tables *tables) {
    tables->device.describe = describe_all;
}

static sy_status info_other(sy_device *device, sy_device_info *out_info, sy_error *err) {
    sy_status status = sim_device.info(device, out_info, err);
    strcpy(out_info->name, "another one");
    return status;
}
static void other_info(spoiled_tables *tables) {
    tables->device.info = info_other;
}

static sy_status open_any(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    return sim_device.open(backend, index, strncmp(params, "no_such", 7) == 0 ? "" : params, out_device, err);
}
static void any_params(spoiled_tables *tables) {
    tables->device.open = open_any;
}

static sy_status open_leaky(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    void *volatile lost = malloc(200000);
    (void)lost;
    return sim_device.open(backend, index, params, out_device, err);
}
static void leak_device(spoiled_tables *tables) {
    tables->device.open = open_leaky;
}

static sy_status enter_never(sy_device *device, sy_error *err) {
    static _Thread_local int known;
    static int threads;
    (void)device;
    threads += known == 0;
    known = 1;
    if (threads > 1 && err != NULL)
        strcpy(err->text, "one thread is enough");
    return threads > 1 ? SY_UNSUPPORTED : SY_OK;
}
static void one_thread(spoiled_tables *tables) {
    tables->device.thread_enter = enter_never;
}

static sy_status read_nan(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    sy_status status = sim_sensor.read(device, index, out_value, err);
    *out_value = index == 2 ? NAN : *out_value;
    return status;
}
static void sensor_nan(spoiled_tables *tables) {
    tables->sensor.read = read_nan;
}

static sy_status read_back(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    static double left = 1e6;
    sy_status status = sim_sensor.read(device, index, out_value, err);
    if (index == 1)
        *out_value = left -= 1.0;
    return status;
}
static void sensor_back(spoiled_tables *tables) {
    tables->sensor.read = read_back;
}

static sy_status read_millijoule(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    sy_sensor sensor = {.size = sizeof sensor};
    sim_sensor.describe(device, index, &sensor, NULL);
    sy_status status = sim_sensor.read(device, index, out_value, err);
    if (sensor.kind == SY_SENSOR_ENERGY)
        *out_value *= 1e3;
    return status;
}

static void sensor_milli(spoiled_tables *tables) {
    tables->sensor.read = read_millijoule;
}

static sy_status describe_in_years(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    sy_status status = sim_sensor.describe(device, index, out_sensor, err);
    if (status == SY_OK && out_sensor->size >= sizeof *out_sensor)
        out_sensor->update_period_ns = UINT64_C(31557600000000000);
    return status;
}

static void sensor_period(spoiled_tables *tables) {
    tables->sensor.describe = describe_in_years;
}

static sy_status describe_milliwatt(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    sy_status status = sim_sensor.describe(device, index, out_sensor, err);
    if (index == 0)
        out_sensor->unit = SY_UNIT_JOULE;
    return status;
}
static void sensor_unit(spoiled_tables *tables) {
    tables->sensor.describe = describe_milliwatt;
}

static sy_status create_none(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    (void)host;
    *out_backend = NULL;
    strcpy(err->text, "libspoiled.so.1 is not installed; it comes with nothing");
    return SY_UNAVAILABLE;
}
static void no_stack(spoiled_tables *tables) {
    tables->backend.create = create_none;
}

const spoiler spoil_device[] = {{"endless_name", endless_name}, {"overrun", overrun},
    {"other_info", other_info}, {"any_params", any_params}, {"leak_device", leak_device},
    {"one_thread", one_thread}, {"sensor_nan", sensor_nan}, {"sensor_back", sensor_back},
    {"sensor_unit", sensor_unit}, {"sensor_milli", sensor_milli}, {"sensor_period", sensor_period},
    {"no_stack", no_stack}, {NULL, NULL}};
