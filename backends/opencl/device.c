/* Devices: description, parameters, opening. */
#include <stdio.h>
#include <string.h>

#include "backends/opencl/binary_cache.h"
#include "backends/opencl/candidates.h"
#include "backends/opencl/clblast.h"
#include "backends/opencl/opencl.h"
#include "backends/opencl/program.h"
#include "backends/opencl/query.h"
#include "backends/opencl/tuned.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status count_devices(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    *out_count = backend->places;
    return backend->status == SY_OK ? SY_OK : sy_error_set(err, backend->status, "%s", backend->reason.text);
}

/* The place of a device; its number and the count in the text if there is none. */
static sy_status find_place(
    const sy_backend *backend, uint32_t index, const ocl_place **out_place, sy_error *err) {
    if (backend->status != SY_OK)
        return sy_error_set(err, backend->status, "%s", backend->reason.text);
    if (index >= backend->places)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: no device %u, there are %u (0 to %u)", index,
            backend->places, backend->places - 1);
    *out_place = &backend->place[index];
    return SY_OK;
}

static uint64_t types_of(const ocl_traits *traits) {
    uint64_t types = SY_DTYPE_BIT(SY_F32) | SY_DTYPE_BIT(SY_F16) | SY_DTYPE_BIT(SY_BF16) |
                     SY_DTYPE_BIT(SY_S8) | SY_DTYPE_BIT(SY_U8) | SY_DTYPE_BIT(SY_S32);
    return traits->fp64 ? types | SY_DTYPE_BIT(SY_F64) : types;
}

/* The driver's version, and its compiler's, as far as there is room. */
static void write_driver(
    const ocl_api *api, cl_device_id device, const ocl_traits *traits, char *out_text, size_t capacity) {
    char compiler[64], whole[sizeof traits->driver + sizeof compiler + 4];
    ocl_query_text(api, device, CL_DEVICE_OPENCL_C_VERSION, compiler, sizeof compiler);
    snprintf(whole, sizeof whole, "%s, %s", traits->driver, compiler);
    snprintf(out_text, capacity, "%.*s", (int)capacity - 1, whole);
}

static void write_features(const ocl_traits *traits, char *out_text, size_t capacity) {
    snprintf(out_text, capacity,
        "vectors of %u floats, groups of %llu, %llu KiB of %s local memory%s%s%s%s%s%s", traits->vector_f32,
        (unsigned long long)traits->max_work_group, (unsigned long long)(traits->local_bytes / 1024),
        traits->has_local ? "own" : "emulated", traits->fp64 ? ", fp64" : "", traits->fp16 ? ", fp16" : "",
        traits->dot8 ? ", dot8" : "", traits->subgroups ? ", subgroups" : "",
        traits->unified ? ", unified memory" : "", traits->binaries ? ", binaries" : "");
}

static void describe_place(const sy_backend *backend, const ocl_place *place, uint32_t index,
    const ocl_traits *traits, uint64_t allocated_bytes, sy_device_info *out_info) {
    const ocl_api *api = &backend->api;
    uint64_t align_bits = ocl_query_number(api, place->device, CL_DEVICE_MEM_BASE_ADDR_ALIGN);
    sy_device_info info = {.size = out_info->size,
        .index = index,
        .scope = traits->is_host ? SY_SCOPE_PACKAGE : SY_SCOPE_UNKNOWN,
        .flags = SY_DEVICE_COPY_ASYNC | SY_DEVICE_GENERAL | (traits->is_host ? SY_DEVICE_HOST_PROCESSOR : 0u),
        .memory_bytes = traits->memory_bytes,
        .free_bytes = traits->memory_bytes > allocated_bytes ? traits->memory_bytes - allocated_bytes : 0,
        .max_alloc_bytes = traits->max_alloc_bytes,
        /* What a card's driver calls the cache of its memory is on some the sum of the small ones before the
         * last (4.1 of 50 MiB on an H100): unknown, so that it is measured. */
        .cache_bytes = traits->is_host ? traits->cache_bytes : 0,
        .base_align = align_bits >= 8 ? (uint32_t)(align_bits / 8) : 1,
        .units = traits->units,
        .numa_node = -1,
        .dtypes = types_of(traits)};
    snprintf(info.name, sizeof info.name, "%s", traits->name);
    snprintf(info.vendor, sizeof info.vendor, "%s", traits->vendor);
    write_driver(api, place->device, traits, info.driver, sizeof info.driver);
    snprintf(info.isa, sizeof info.isa, "OpenCL %u.%u %s", traits->version / 100, traits->version / 10 % 10,
        traits->kind == OCL_CPU   ? "cpu"
        : traits->kind == OCL_GPU ? "gpu"
                                  : "accelerator");
    /* What follows two blanks or a comma are details of its build. */
    size_t length = strcspn(traits->platform, ",");
    const char *details = strstr(traits->platform, "  ");
    length = details != NULL && (size_t)(details - traits->platform) < length
                 ? (size_t)(details - traits->platform)
                 : length;
    snprintf(info.platform, sizeof info.platform, "%.*s", (int)length, traits->platform);
    write_features(traits, info.features, sizeof info.features);
    ocl_identify(api, place->device, traits, info.pci, info.uuid);
    memcpy(out_info, &info, out_info->size < sizeof info ? out_info->size : sizeof info);
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    const ocl_place *place = NULL;
    ocl_traits traits;
    sy_status status = find_place(backend, index, &place, err);
    if (status != SY_OK)
        return status;
    ocl_traits_read(&backend->api, place, &traits);
    describe_place(backend, place, index, &traits, 0, out_info);
    return SY_OK;
}

/* What a driver says beside its codes, from any thread. One simulator hands `device` over in another place.
 */
static void on_error(const char *words, const void *data, size_t bytes, void *device) {
    (void)data, (void)bytes;
    const sy_device *of = device;
    if (of != NULL)
        ocl_log(of->backend, SY_LOG_WARNING, "opencl:%u: %s", of->index, words);
}

static sy_status check_usable(const sy_device *device, sy_error *err) {
    const char *name = device->traits.name;
    if (ocl_query_number(device->api, device->place.device, CL_DEVICE_AVAILABLE) == 0)
        return sy_error_set(err, SY_UNAVAILABLE, "opencl:%u (%s): the driver says that it is not available",
            device->index, name);
    if (ocl_query_number(device->api, device->place.device, CL_DEVICE_COMPILER_AVAILABLE) == 0)
        return sy_error_set(err, SY_UNSUPPORTED,
            "opencl:%u (%s): its driver has no compiler, and there are no ready-made programs for it",
            device->index, name);
    return SY_OK;
}

static sy_status make_context(sy_device *device, sy_error *err) {
    cl_int code = CL_SUCCESS;
    cl_context_properties properties[] = {
        CL_CONTEXT_PLATFORM, (cl_context_properties)device->place.platform, 0};
    device->context =
        device->api->clCreateContext(properties, 1, &device->place.device, on_error, device, &code);
    if (device->context == NULL)
        return ocl_fail(device, code, "clCreateContext", err);
    return ocl_command_queue(device, &device->service, err);
}

/* What the choice of kernels goes by, beside traits. */
static sy_status open_choices(sy_device *device, sy_error *err) {
    const sy_host *host = &device->backend->host;
    const char *file = host->option != NULL ? host->option(host->ctx, "opencl_tuned") : NULL;
    device->candidates = sy_mem_calloc(1, sizeof *device->candidates);
    if (device->candidates == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    return ocl_tuned_open(device->backend, &device->traits, file, &device->tuned, err);
}

static void close_device(sy_device *device) {
    if (device == NULL)
        return;
    ocl_programs_close(device);
    if (device->service != NULL)
        device->api->clReleaseCommandQueue(device->service);
    ocl_clblast_forget(device->backend);
    if (device->context != NULL)
        device->api->clReleaseContext(device->context);
    ocl_binary_cache_close(device->binaries);
    ocl_tuned_close(device->tuned);
    sy_mem_free(device->candidates);
    pthread_mutex_destroy(&device->lock);
    sy_mem_free(device);
}

static void fill_device(sy_device *device, sy_backend *backend, const ocl_place *place, uint32_t index) {
    *device = (sy_device){.backend = backend, .api = &backend->api, .place = *place, .index = index};
    pthread_mutex_init(&device->lock, NULL);
    device->timer_resolution_ns =
        (double)ocl_query_number(device->api, place->device, CL_DEVICE_PROFILING_TIMER_RESOLUTION);
    ocl_traits_read(device->api, place, &device->traits);
}

static sy_status open_device(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    const ocl_place *place = NULL;
    *out_device = NULL;
    sy_status status = find_place(backend, index, &place, err);
    if (status != SY_OK)
        return status;
    sy_device *device = sy_mem_alloc(sizeof *device);
    if (device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    fill_device(device, backend, place, index);
    status = ocl_params_apply(params, &device->traits, err);
    if (status == SY_OK)
        status = check_usable(device, err);
    if (status == SY_OK)
        status = make_context(device, err);
    if (status == SY_OK && device->traits.binaries)
        status = ocl_binary_cache_open(backend, &device->binaries, err);
    if (status == SY_OK)
        status = open_choices(device, err);
    if (status != SY_OK) {
        close_device(device);
        return status;
    }
    *out_device = device;
    return SY_OK;
}

static sy_status device_info(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)err;
    pthread_mutex_lock(&device->lock);
    uint64_t allocated = device->allocated_bytes;
    pthread_mutex_unlock(&device->lock);
    describe_place(device->backend, &device->place, device->index, &device->traits, allocated, out_info);
    return SY_OK;
}

const sy_device_api ocl_device = {.size = sizeof ocl_device,
    .count = count_devices,
    .describe = describe,
    .open = open_device,
    .close = close_device,
    .info = device_info};
