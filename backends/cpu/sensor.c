/* Sensors out of /sys. Each read opens its files anew: nothing is shared, so any thread may read. */
#include "backends/cpu/sensor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backends/cpu/device.h"
#include "backends/cpu/sysfile.h"
#include "runtime/base/error.h"

#define HWMON_MAX 64u

/* Folder of the hwmon chip that measures the processor. */
static bool find_chip(const char *sysroot, char *out_folder, size_t capacity) {
    static const char *const known[] = {"coretemp", "k10temp", "zenpower", "cpu_thermal"};
    for (uint32_t i = 0; i < HWMON_MAX; i++) {
        char path[SY_CPU_PATH_MAX], name[32];
        snprintf(path, sizeof path, "/sys/class/hwmon/hwmon%u/name", i);
        if (!sy_cpu_file_text(sysroot, path, name, sizeof name))
            continue;
        for (size_t j = 0; j < sizeof known / sizeof known[0]; j++)
            if (strcmp(name, known[j]) == 0) {
                snprintf(out_folder, capacity, "/sys/class/hwmon/hwmon%u", i);
                return true;
            }
    }
    return false;
}

static sy_status read_temperature(sy_device *device, double *out_value, sy_error *err) {
    const char *sysroot = device->backend->sysroot;
    char folder[64], path[SY_CPU_PATH_MAX];
    uint64_t millidegrees = 0;
    if (find_chip(sysroot, folder, sizeof folder)) {
        snprintf(path, sizeof path, "%s/temp1_input", folder);
        if (sy_cpu_file_u64(sysroot, path, &millidegrees)) {
            *out_value = (double)millidegrees / 1000.0;
            return SY_OK;
        }
    }
    return sy_error_set(err, SY_UNAVAILABLE, "cpu: no hwmon chip of the processor can be read");
}

static sy_status read_clock(sy_device *device, double *out_value, sy_error *err) {
    const sy_backend *backend = device->backend;
    uint32_t count = 0, threads = (uint32_t)sy_cpu_pool_threads(device->pool);
    double sum_khz = 0.0;
    for (uint32_t i = 0; i < threads; i++) {
        char path[SY_CPU_PATH_MAX];
        uint64_t khz = 0;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cpufreq/scaling_cur_freq",
            backend->topology.processor[i]);
        if (!sy_cpu_file_u64(backend->sysroot, path, &khz))
            continue;
        sum_khz += (double)khz;
        count++;
    }
    if (count == 0)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: cpufreq/scaling_cur_freq cannot be read");
    *out_value = sum_khz * 1000.0 / count;
    return SY_OK;
}

static const struct {
    sy_sensor sensor;
    sy_status (*read)(sy_device *device, double *out_value, sy_error *err);
} rows[] = {
    {{.kind = SY_SENSOR_TEMPERATURE,
         .unit = SY_UNIT_CELSIUS,
         .scope = SY_SCOPE_PACKAGE,
         .resolution = 1.0,
         .gain_uncertainty = NAN,
         .wrap = NAN,
         .name = "package temperature"},
        read_temperature},
    {{.kind = SY_SENSOR_CLOCK,
         .unit = SY_UNIT_HERTZ,
         .scope = SY_SCOPE_NODE,
         .resolution = 1e3,
         .gain_uncertainty = NAN,
         .wrap = NAN,
         .name = "mean clock"},
        read_clock},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static sy_status check_index(uint32_t index, sy_error *err) {
    return index < ROW_COUNT ? SY_OK : sy_error_set(err, SY_UNAVAILABLE, "cpu: no sensor %u", index);
}

static sy_status describe_sensor(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    (void)device;
    sy_status status = check_index(index, err);
    if (status != SY_OK)
        return status;
    sy_sensor sensor = rows[index].sensor;
    sensor.size = out_sensor->size;
    memcpy(out_sensor, &sensor, sensor.size < sizeof sensor ? sensor.size : sizeof sensor);
    return SY_OK;
}

static sy_status read_sensor(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    *out_value = NAN;
    sy_status status = check_index(index, err);
    return status == SY_OK ? rows[index].read(device, out_value, err) : status;
}

const sy_sensor_api sy_cpu_sensor_api = {
    .size = sizeof(sy_sensor_api),
    .describe = describe_sensor,
    .read = read_sensor,
};
