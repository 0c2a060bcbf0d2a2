/* Sensors of a card. Functions of a newer name come first; their structs have no version. */
#include "backends/cambricon/meter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backends/cambricon/cndev.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Which struct a sensor is out of. */
typedef enum source { POWER, TEMPERATURE, FREQUENCY } source;

/* Places are in words; in old structs they are others. -1: not there. NOW is of 16 bits, HEAT one byte. */
typedef enum form { WORD, HALF, BYTE_FLAG } form;
typedef struct row {
    sy_sensor sensor;
    source source;
    form form;
    int place, place_in_old;
    double scale, least, most; /* values outside are no values: a sensor that is not there holds one */
} row;

#define SENSOR(kind_, unit_, scope_, resolution_, name_)                                                     \
    {                                                                                                        \
        .kind = (kind_), .unit = (unit_), .scope = (scope_), .resolution = (resolution_),                    \
        .gain_uncertainty = NAN, .wrap = NAN, .name = name_                                                  \
    }
#define WATTS(kind, name) SENSOR(kind, SY_UNIT_WATT, SY_SCOPE_CARD, 1, name)
#define DEGREES(scope, name) SENSOR(SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, scope, 1, name)
#define CLOCK(scope, name) SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, scope, 1e6, name)

/* Digits behind the point of a power are not read: how many there are is not known. Old libraries end their
 * structs earlier: what they did not write is 0. */
static const row rows[] = {
    {WATTS(SY_SENSOR_POWER_AVERAGE, "power, mean of an unknown time"), POWER, WORD, 0, 1, 1, 1, 1e4},
    {WATTS(SY_SENSOR_POWER_INSTANT, "power, instant"), POWER, HALF, -1, 13, 1, 1, 1e4},
    {DEGREES(SY_SCOPE_CARD, "temperature of the board"), TEMPERATURE, WORD, 1, 1, 1, 1, 200},
    {DEGREES(SY_SCOPE_DIE, "temperature of the chip"), TEMPERATURE, WORD, 30, 30, 1, 1, 200},
    {DEGREES(SY_SCOPE_CARD, "temperature of the memory"), TEMPERATURE, WORD, 33, 33, 1, 1, 200},
    {CLOCK(SY_SCOPE_DIE, "clock of the cores"), FREQUENCY, WORD, 1, 1, 1e6, 1, 1e4},
    {CLOCK(SY_SCOPE_CARD, "clock of the memory"), FREQUENCY, WORD, 2, 2, 1e6, 1, 1e5},
    {SENSOR(SY_SENSOR_THROTTLE, SY_UNIT_BITS, SY_SCOPE_CARD, 1, "clock held down for heat"), FREQUENCY,
        BYTE_FLAG, 12, 12, CAMBRICON_THROTTLE_HEAT, 0, 1},
    {WATTS(SY_SENSOR_POWER_CAP, "power cap"), POWER, WORD, 1, 2, 1, 1, 1e4},
};
enum { ROWS = sizeof rows / sizeof *rows };

struct cambricon_meter {
    cambricon_meters *meters;
    int32_t device;
    uint32_t count;
    const row *row[ROWS];
};

static sy_status absent(const row *wanted, sy_error *err) {
    return sy_error_set(err, SY_UNSUPPORTED, "CNDEV has no %s", wanted->sensor.name);
}

/* Fill `info`; *out_place is where the value is. */
static sy_status ask(
    const cambricon_meter *meter, const row *wanted, cambricon_info *info, int *out_place, sy_error *err) {
    const cambricon_cndev *api = &meter->meters->api;
    bool is_new = wanted->source == POWER && api->GetDevicePowerInfo != NULL;
    cambricon_cndev_get *get = wanted->source == POWER         ? api->GetPowerInfo
                               : wanted->source == TEMPERATURE ? api->GetTemperatureInfo
                                                               : api->GetFrequencyInfo;
    *out_place = wanted->source != POWER || is_new ? wanted->place : wanted->place_in_old;
    *info = (cambricon_info){.word = {0}};
    if (*out_place < 0 || (get == NULL && !is_new))
        return absent(wanted, err);
    int code = is_new ? api->GetDevicePowerInfo(info, meter->device)
                      : cambricon_cndev_versioned(get, meter->device, info);
    return code == 0 ? SY_OK : cambricon_cndev_fail(meter->meters, code, wanted->sensor.name, err);
}

static sy_status read_row(const cambricon_meter *meter, const row *wanted, double *out_value, sy_error *err) {
    cambricon_info info;
    int place = 0;
    sy_status status = ask(meter, wanted, &info, &place, err);
    if (status != SY_OK)
        return status;
    double value = wanted->form == WORD   ? (double)info.word[place]
                   : wanted->form == HALF ? (double)info.half[place]
                                          : (double)(info.byte[place] != 0);
    if (value < wanted->least || value > wanted->most)
        return sy_error_set(err, SY_UNAVAILABLE, "CNDEV has no value of the %s now", wanted->sensor.name);
    *out_value = value * wanted->scale;
    return SY_OK;
}

sy_status cambricon_meter_open(
    cambricon_meters *meters, const char *pci, cambricon_meter **out_meter, sy_error *err) {
    double value = 0.0;
    *out_meter = NULL;
    if (meters->status != SY_OK)
        return sy_error_set(err, SY_UNAVAILABLE, "%s", sy_error_text(&meters->reason, meters->status));
    if (pci[0] == '\0')
        return sy_error_set(err, SY_UNAVAILABLE,
            "CNRT does not tell the card's address on the bus, so that it cannot be found in CNDEV");
    cambricon_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    meter->meters = meters;
    pthread_mutex_lock(&meters->lock);
    sy_status status = cambricon_cndev_find(meters, pci, &meter->device, err);
    for (size_t i = 0; status == SY_OK && i < ROWS; i++)
        if (read_row(meter, &rows[i], &value, NULL) == SY_OK)
            meter->row[meter->count++] = &rows[i];
    pthread_mutex_unlock(&meters->lock);
    if (status != SY_OK) {
        sy_mem_free(meter);
        return status == SY_OUT_OF_MEMORY ? status : SY_UNAVAILABLE;
    }
    *out_meter = meter;
    return SY_OK;
}

void cambricon_meter_close(cambricon_meter *meter) {
    sy_mem_free(meter);
}

void cambricon_meter_driver(cambricon_meter *meter, char *out_text, size_t capacity) {
    enum { DRIVER = 4 }; /* behind the version and the three numbers of the card's own firmware */
    cambricon_info info;
    out_text[0] = '\0';
    if (meter->meters->api.GetVersionInfo == NULL)
        return;
    pthread_mutex_lock(&meter->meters->lock);
    int code = cambricon_cndev_versioned(meter->meters->api.GetVersionInfo, meter->device, &info);
    pthread_mutex_unlock(&meter->meters->lock);
    if (code == 0)
        snprintf(
            out_text, capacity, "%d.%d.%d", info.word[DRIVER], info.word[DRIVER + 1], info.word[DRIVER + 2]);
}

static sy_status check_index(const cambricon_meter *meter, uint32_t index, sy_error *err) {
    return index < meter->count
               ? SY_OK
               : sy_error_set(err, SY_UNAVAILABLE, "CNDEV: no sensor %u, there are %u", index, meter->count);
}

sy_status cambricon_meter_describe(
    const cambricon_meter *meter, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    sy_status status = check_index(meter, index, err);
    if (status != SY_OK)
        return status;
    sy_sensor sensor = meter->row[index]->sensor;
    sensor.size = out_sensor->size;
    memcpy(out_sensor, &sensor, sensor.size < sizeof sensor ? sensor.size : sizeof sensor);
    return SY_OK;
}

sy_status cambricon_meter_read(cambricon_meter *meter, uint32_t index, double *out_value, sy_error *err) {
    double value = NAN;
    *out_value = NAN;
    sy_status status = check_index(meter, index, err);
    if (status != SY_OK)
        return status;
    pthread_mutex_lock(&meter->meters->lock);
    status = read_row(meter, meter->row[index], &value, err);
    pthread_mutex_unlock(&meter->meters->lock);
    if (status == SY_OK)
        *out_value = value;
    return status;
}
