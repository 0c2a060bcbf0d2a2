/* The inside of the backend: what an opened device has, and what its files offer each other. */
#ifndef BACKENDS_ASCEND_INSIDE_H
#define BACKENDS_ASCEND_INSIDE_H

#include "backends/ascend/library.h"
#include "backends/ascend/soc.h"

/** Of an opened device. */
typedef struct ascend_device {
    ascend_family family;
    char soc[64];
    void *constants;                        /* device memory: see below */
    _Atomic bool is_single_use[ASCEND_OPS]; /* operators whose executors proved to be good for one launch */
    bool has_place;
    ascend_place place;                          /* in the telemetry */
    sy_error place_reason;                       /* why not */
    uint32_t sensors, sensor[ASCEND_QUANTITIES]; /* those that could be read when the device was opened */
} ascend_device;

/** `constants` begins with 1.0f and has zeros from here on; phase one is asked with addresses in it, of which
 * nothing is read. */
enum { ASCEND_CONSTANT_ZERO = 64, ASCEND_CONSTANT_STEP = 512, ASCEND_CONSTANT_BYTES = 32768 };

static inline ascend_libraries *ascend_libraries_of(const sy_device *device) {
    return device->stack;
}

static inline ascend_device *ascend_device_of(const sy_device *device) {
    return device->own;
}

extern const sy_card_runtime ascend_runtime;

/* Functions of the model. */
sy_status ascend_devices_count(sy_backend *backend, uint32_t *out_count, sy_error *err);
sy_status ascend_device_describe(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err);
sy_status ascend_device_open(sy_device *device, const char *params, sy_error *err);
void ascend_device_close(sy_device *device);
sy_status ascend_sensor_describe(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err);

/** Which sensors there are: one that can be read now. The device's power comes before its card's (310P: the
 * latter alone). */
void ascend_sensors_find(sy_device *device);
sy_status ascend_sensor_read(sy_device *device, uint32_t index, double *out_value, sy_error *err);

/**
 * Which device of the telemetry a device of the runtime is: the telemetry is not renumbered by masks of
 * visible devices. In order: by PCI address, by logic id, by physical id, as far as the runtime tells them;
 * by the mask ASCEND_RT_VISIBLE_DEVICES; by the same number, if both count as many. SY_UNAVAILABLE: it cannot
 * be known, or there is no telemetry; the text says why.
 */
sy_status ascend_place_find(
    const ascend_libraries *libraries, uint32_t index, ascend_place *out_place, sy_error *err);

#endif
