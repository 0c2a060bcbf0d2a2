/* The device table: the host's processor, once. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/onnxruntime/onnxruntime.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define MAX_THREADS 1024L

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    sy_status status = ort_backend_open(backend, err);
    *out_count = status == SY_OK ? 1 : 0;
    return status == SY_INCOMPATIBLE ? SY_UNAVAILABLE : status;
}

static uint32_t usual_threads(const sy_backend *backend) {
    const char *text =
        backend->host.option != NULL ? backend->host.option(backend->host.ctx, "threads") : NULL;
    long threads = text != NULL ? strtol(text, NULL, 10) : 0;
    cpu_set_t mask;
    if (threads < 1 || threads > MAX_THREADS)
        threads = sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 1;
    return (uint32_t)threads;
}

static void describe_as(const sy_backend *backend, uint32_t threads, sy_device_info *out_info) {
    sy_device_info info = {.size = out_info->size,
        .scope = SY_SCOPE_NODE,
        .flags = SY_DEVICE_UNIFIED | SY_DEVICE_HOST_PROCESSOR | SY_DEVICE_GENERAL,
        .base_align = 64,
        .units = threads,
        .numa_node = -1};
    snprintf(info.name, sizeof info.name, "host processor");
    snprintf(info.driver, sizeof info.driver, "%s", backend->library.version);
    snprintf(info.platform, sizeof info.platform, "ONNX Runtime %s", backend->library.version);
    memcpy(out_info, &info, out_info->size < sizeof info ? out_info->size : sizeof info);
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    sy_status status = ort_backend_open(backend, err);
    if (status == SY_OK && index > 0)
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "onnxruntime: device %u does not exist, there is only 0", index);
    if (status == SY_OK)
        describe_as(backend, usual_threads(backend), out_info);
    return status;
}

static sy_status read_params(const char *text, uint32_t *threads, sy_error *err) {
    char *end = NULL;
    if (text == NULL || text[0] == '\0')
        return SY_OK;
    long value = strncmp(text, "threads=", 8) == 0 ? strtol(text + 8, &end, 10) : 0;
    if (end == NULL || *end != '\0' || value < 1 || value > MAX_THREADS)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "onnxruntime: device parameters \"%s\"; there is threads=1..%ld", text, MAX_THREADS);
    *threads = (uint32_t)value;
    return SY_OK;
}

static void close_device(sy_device *device) {
    if (device == NULL)
        return;
    const ort_api *api = &device->backend->library.api;
    if (device->options != NULL)
        api->release_options(device->options);
    if (device->memory != NULL)
        api->release_memory_info(device->memory);
    if (device->env != NULL)
        api->release_env(device->env);
    sy_mem_free(device);
}

/* As its users run it: all rewriting, threads within operators alone. */
static sy_status set_up(sy_device *device, sy_error *err) {
    const ort_api *api = &device->backend->library.api;
    sy_status status =
        ort_check(api, api->create_env(ORT_LOG_ERROR, "steelyard", &device->env), "environment", err);
    if (status == SY_OK)
        status = ort_check(api,
            api->create_cpu_memory_info(ORT_ARENA_ALLOCATOR, ORT_MEMORY_DEFAULT, &device->memory), "memory",
            err);
    if (status == SY_OK)
        status = ort_check(api, api->create_session_options(&device->options), "options", err);
    if (status == SY_OK)
        status = ort_check(api, api->set_optimisation(device->options, ORT_OPTIMISE_ALL), "options", err);
    if (status == SY_OK)
        status =
            ort_check(api, api->set_intra_threads(device->options, (int)device->threads), "threads", err);
    if (status == SY_OK)
        status = ort_check(api, api->set_inter_threads(device->options, 1), "threads", err);
    return status;
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    sy_device_info info = {.size = sizeof info};
    *out_device = NULL;
    sy_status status = describe(backend, index, &info, err);
    if (status == SY_OK)
        status = read_params(params, &info.units, err);
    if (status != SY_OK)
        return status;
    sy_device *device = sy_mem_calloc(1, sizeof *device);
    if (device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: no host memory for a device");
    device->backend = backend;
    device->threads = info.units;
    status = set_up(device, err);
    if (status != SY_OK) {
        close_device(device);
        return status;
    }
    *out_device = device;
    return SY_OK;
}

static sy_status opened_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)err;
    describe_as(device->backend, device->threads, out_info);
    return SY_OK;
}

const sy_device_api ort_device_api = {.size = sizeof(sy_device_api),
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = opened_info};
