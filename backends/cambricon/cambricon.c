/* Neuware as a model of runtime/card: the life of its libraries, its ways, its sensors. */
#include "backends/cambricon/cambricon.h"

#include "backends/cambricon/inside.h"
#include "runtime/base/error.h"

static sy_status open_stack(sy_backend *backend, sy_error *err) {
    cambricon_libraries *libraries = NULL;
    sy_status status = cambricon_libraries_open(backend, &libraries, err);
    backend->stack = libraries;
    return status;
}

static void close_stack(sy_backend *backend) {
    cambricon_libraries_close(backend->stack);
}

static sy_status no_meter(const sy_device *device, sy_error *err) {
    const cambricon_device *own = cambricon_device_of(device);
    return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no sensors: %s", SY_CARD_ID(device),
        sy_error_text(&own->meter_reason, own->meter_status));
}

static sy_status describe_sensor(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    const cambricon_device *own = cambricon_device_of(device);
    return own->meter != NULL ? cambricon_meter_describe(own->meter, index, out_sensor, err)
                              : no_meter(device, err);
}

static sy_status read_sensor(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    const cambricon_device *own = cambricon_device_of(device);
    return own->meter != NULL ? cambricon_meter_read(own->meter, index, out_value, err)
                              : no_meter(device, err);
}

/* What rounds comes first where it is allowed: it is the faster one. */
static const sy_card_way *const ways[] = {&cambricon_way_matmul_tf32, &cambricon_way_matmul,
    &cambricon_way_conv_tf32, &cambricon_way_conv, &cambricon_way_triad, &sy_card_way_host, NULL};

const sy_card_model cambricon_model = {.name = "cambricon",
    .runtime = &cambricon_runtime,
    .open = open_stack,
    .close = close_stack,
    .count = cambricon_devices_count,
    .describe = cambricon_device_describe,
    .device_open = cambricon_device_open,
    .device_close = cambricon_device_close,
    .ways = ways,
    .sensor_describe = describe_sensor,
    .sensor_read = read_sensor};
