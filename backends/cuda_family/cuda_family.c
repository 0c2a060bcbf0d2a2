/* Stacks as models of runtime/card: their libraries' life, ways and sensors. */
#include "backends/cuda_family/cuda_family.h"

#include "backends/cuda_family/family.h"
#include "runtime/base/error.h"

/* What rounds comes first where it is allowed: it is the faster one. */
const sy_card_way *const cf_ways[] = {&cf_way_lt_tf32, &cf_way_lt_turned_tf32, &cf_way_lt, &cf_way_lt_turned,
    &cf_way_blas_tf32, &cf_way_blas, &cf_way_blas_other, &cf_way_graph_tf32, &cf_way_graph_other_tf32,
    &cf_way_graph, &cf_way_graph_other, &cf_way_dnn_tf32, &cf_way_dnn_other_tf32, &cf_way_dnn,
    &cf_way_dnn_other, &cf_way_miopen, &cf_way_miopen_other, &cf_way_missing, &cf_way_geam, &sy_card_way_host,
    NULL};

sy_status cf_open(sy_backend *backend, sy_error *err) {
    cf_libraries *libraries = NULL;
    sy_status status = cf_libraries_open(backend, backend->model->row, &libraries, err);
    backend->stack = libraries;
    return status;
}

void cf_close(sy_backend *backend) {
    cf_libraries_close(backend->stack);
}

static sy_status no_meter(const sy_device *device, sy_error *err) {
    return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": no management library knows the card: %s",
        SY_CARD_ID(device), cf_device_of(device)->meter_reason.text);
}

sy_status cf_sensor_describe(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    const cf_device *own = cf_device_of(device);
    return own->meter != NULL ? cf_meter_describe(own->meter, index, out_sensor, err) : no_meter(device, err);
}

sy_status cf_sensor_read(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    const cf_device *own = cf_device_of(device);
    return own->meter != NULL ? cf_meter_read(own->meter, index, out_value, err) : no_meter(device, err);
}
