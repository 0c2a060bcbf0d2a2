/* The simulated device itself: description, parameters, clock. */
#include <stdio.h>
#include <string.h>

#include "backends/sim/sim.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const double READ_CLOCK_NS = 20.0;

void sim_lock(sy_device *device) {
    pthread_mutex_lock(&device->mutex);
}

void sim_unlock(sy_device *device) {
    pthread_mutex_unlock(&device->mutex);
}

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend;
    (void)err;
    *out_count = 1;
    return SY_OK;
}

static void describe_model(const sim_model *model, uint64_t allocated_bytes, sy_device_info *out_info) {
    sy_device_info info = {.size = out_info->size,
        .scope = SY_SCOPE_CARD,
        .flags = SY_DEVICE_SIMULATED,
        .name = "simulated accelerator",
        .vendor = "Steelyard",
        .driver = "sim 1",
        .isa = "sim",
        .memory_bytes = model->memory,
        .free_bytes = model->memory - allocated_bytes,
        .max_alloc_bytes = model->memory,
        .cache_bytes = model->cache,
        .base_align = 256,
        .units = 1,
        .queues_max = 16,
        .numa_node = -1};
    snprintf(info.uuid, sizeof info.uuid, "sim-%016llx", (unsigned long long)model->seed);
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++)
        info.dtypes |= SY_DTYPE_BIT(dtype);
    memcpy(out_info, &info, out_info->size < sizeof info ? out_info->size : sizeof info);
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sim_model model;
    (void)backend;
    if (index != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: no device %u, there is only 0", index);
    sy_status status = sim_model_parse(NULL, &model, err);
    if (status == SY_OK)
        describe_model(&model, 0, out_info);
    return status;
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    *out_device = NULL;
    if (index != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: no device %u, there is only 0", index);
    sy_device *device = sy_mem_calloc(1, sizeof *device);
    if (device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    device->backend = backend;
    device->note_epoch = 1;
    device->note = sy_mem_calloc(SIM_NOTES_MAX, sizeof *device->note);
    sy_status status = sim_model_parse(params, &device->model, err);
    if (status == SY_OK && device->note == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    if (status != SY_OK) {
        sy_mem_free(device->note);
        sy_mem_free(device);
        return status;
    }
    pthread_mutex_init(&device->mutex, NULL);
    sim_state_init(&device->model, &device->state);
    *out_device = device;
    return SY_OK;
}

static void close_device(sy_device *device) {
    if (device == NULL)
        return;
    for (uint32_t i = 0; i < device->note_count; i++)
        sim_plan_release(device->note[i].plan);
    pthread_mutex_destroy(&device->mutex);
    sy_mem_free(device->note);
    sy_mem_free(device);
}

static sy_status device_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)err;
    sim_lock(device);
    describe_model(&device->model, device->allocated_bytes, out_info);
    sim_unlock(device);
    return SY_OK;
}

static sy_status clock_now(sy_device *device, uint64_t *out_ns) {
    sim_lock(device);
    device->state.now_ns += READ_CLOCK_NS;
    *out_ns = (uint64_t)device->state.now_ns;
    sim_unlock(device);
    return SY_OK;
}

static void clock_advance(sy_device *device, uint64_t ns) {
    sim_lock(device);
    device->state.now_ns += (double)ns;
    sim_unlock(device);
}

const sy_device_api sim_device = {.size = sizeof sim_device,
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = device_info,
    .clock_now = clock_now,
    .clock_advance = clock_advance};
