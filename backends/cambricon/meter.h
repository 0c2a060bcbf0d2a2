/*
 * Meters: what CNDEV tells of one card: power, temperature, clocks, caps. Cards are found by their address on
 * the bus, never by index: MLU_VISIBLE_DEVICES renumbers CNRT's and not CNDEV's. Nothing here changes a limit
 * or a clock.
 */
#ifndef BACKENDS_CAMBRICON_METER_H
#define BACKENDS_CAMBRICON_METER_H

#include "runtime/base/dynlib.h"
#include "steelyard/backend.h"

/** CNDEV, started once; and a card of it. */
typedef struct cambricon_meters cambricon_meters;
typedef struct cambricon_meter cambricon_meter;

/** Start the library; what goes wrong is told by cambricon_meter_open(). `library` NULL: it is missing, for
 * that status and reason. NULL: no host memory. */
cambricon_meters *cambricon_meters_create(
    const sy_dynlib *library, sy_status missing_status, const sy_error *missing_reason);

/** Every meter must be closed before. NULL is fine. */
void cambricon_meters_destroy(cambricon_meters *meters);

/** Its own version as text, "" if it does not tell. */
void cambricon_meters_version(cambricon_meters *meters, char *out_text, size_t capacity);

/**
 * Find the card at an address ("0000:3b:00.0"; "": unknown). A sensor is there only if it could be read now.
 * Errors: SY_UNAVAILABLE: CNDEV is missing, does not start, or knows no such card; SY_OUT_OF_MEMORY.
 * *out_meter is NULL then. Threads: any.
 */
sy_status cambricon_meter_open(
    cambricon_meters *meters, const char *pci, cambricon_meter **out_meter, sy_error *err);
void cambricon_meter_close(cambricon_meter *meter);

/** The driver's version as text, "" if it is not told. */
void cambricon_meter_driver(cambricon_meter *meter, char *out_text, size_t capacity);

/** As sy_sensor_api: SY_UNAVAILABLE past the end, and where there is no value now. Threads: any. */
sy_status cambricon_meter_describe(
    const cambricon_meter *meter, uint32_t index, sy_sensor *out_sensor, sy_error *err);
sy_status cambricon_meter_read(cambricon_meter *meter, uint32_t index, double *out_value, sy_error *err);

/** Bit of SY_SENSOR_THROTTLE: the core's clock is low for heat. */
enum { CAMBRICON_THROTTLE_HEAT = 0x20 };

#endif
