/* A stack of the family as a backend: what a plugin needs of it. */
#ifndef BACKENDS_CUDA_FAMILY_CUDA_FAMILY_H
#define BACKENDS_CUDA_FAMILY_CUDA_FAMILY_H

#include "backends/cuda_family/stack.h"
#include "runtime/card/card.h"

extern const sy_card_runtime cf_runtime;
extern const sy_card_way *const cf_ways[];

/* Functions of a sy_card_model whose `row` is a cf_stack. */
sy_status cf_open(sy_backend *backend, sy_error *err);
void cf_close(sy_backend *backend);
sy_status cf_devices_count(sy_backend *backend, uint32_t *out_count, sy_error *err);
sy_status cf_device_describe(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err);
sy_status cf_device_open(sy_device *device, const char *params, sy_error *err);
void cf_device_close(sy_device *device);
sy_status cf_sensor_describe(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err);
sy_status cf_sensor_read(sy_device *device, uint32_t index, double *out_value, sy_error *err);

#endif
