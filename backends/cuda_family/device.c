/* Devices of a stack: described by its runtime, identified by the bus and its management library. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/absence.h"
#include "backends/cuda_family/family.h"
#include "backends/cuda_family/probe.h"
#include "backends/cuda_family/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status runtime_fail(sy_backend *backend, int code, const char *what, sy_error *err) {
    char text[160];
    cf_code_text(backend->stack, code, text, sizeof text);
    return sy_error_set(err, cf_judge(backend->stack, code), "%s: %s: %s", backend->model->name, what, text);
}

sy_status cf_devices_count(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    const cf_libraries *libraries = backend->stack;
    int count = 0, code = libraries->runtime.GetDeviceCount(&count);
    *out_count = 0;
    if (code != 0 && libraries->runtime.GetLastError != NULL)
        (void)libraries->runtime.GetLastError();
    if (code != 0 || count <= 0)
        return cf_no_devices(backend, code, err);
    *out_count = (uint32_t)count;
    return SY_OK;
}

/* The struct that is written begins with the name and has a size of its own in every version. */
static void put_name(const cf_libraries *libraries, int ordinal, sy_device_info *info) {
    char *properties = sy_mem_calloc(1, CF_PROPERTIES_BYTES);
    if (properties != NULL && libraries->runtime.GetDeviceProperties != NULL &&
        libraries->runtime.GetDeviceProperties(properties, ordinal) == 0) {
        properties[CF_DEVICE_NAME_BYTES - 1] = '\0';
        snprintf(info->name, sizeof info->name, "%.*s", (int)sizeof info->name - 1, properties);
    }
    sy_mem_free(properties);
    if (info->name[0] == '\0')
        snprintf(info->name, sizeof info->name, "%s device %d", libraries->stack->title, ordinal);
}

static void put_pci(const cf_libraries *libraries, int ordinal, sy_device_info *info) {
    char text[32] = "";
    if (libraries->runtime.DeviceGetPCIBusId == NULL ||
        libraries->runtime.DeviceGetPCIBusId(text, (int)sizeof text, ordinal) != 0)
        return;
    for (size_t i = 0; text[i] != '\0'; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
    snprintf(info->pci, sizeof info->pci, "%.*s", (int)sizeof info->pci - 1, text);
}

/* A number that the stack does not have, or does not tell, is 0. */
static uint32_t attribute(const cf_libraries *libraries, int which, int ordinal) {
    int value = 0;
    if (which == CF_NONE || libraries->runtime.DeviceGetAttribute == NULL ||
        libraries->runtime.DeviceGetAttribute(&value, which, ordinal) != 0)
        return 0;
    return value > 0 ? (uint32_t)value : 0;
}

static void put_attributes(const cf_libraries *libraries, int ordinal, sy_device_info *info) {
    const cf_runtime_row *row = &libraries->stack->runtime;
    uint32_t major = attribute(libraries, row->attribute_major, ordinal);
    info->units = attribute(libraries, row->attribute_units, ordinal);
    info->cache_bytes = attribute(libraries, row->attribute_l2, ordinal);
    if (major > 0 && libraries->stack->isa != NULL)
        snprintf(info->isa, sizeof info->isa, "%s%u%u", libraries->stack->isa, major,
            attribute(libraries, row->attribute_minor, ordinal));
}

/* Of the stack's own management library, where it is known, so that a reason is about that one. */
static sy_status open_meter(
    const cf_libraries *libraries, const char *pci, cf_meter **out_meter, sy_error *err) {
    const cf_meter_kind *const own[] = {libraries->stack->meter, NULL};
    return cf_meter_open(libraries->meters, own[0] != NULL ? own : NULL, pci, out_meter, err);
}

/* Of whom it really is: a file's name says nothing. */
static void put_identity(sy_backend *backend, sy_device_info *info) {
    const cf_libraries *libraries = backend->stack;
    const cf_vendor *vendor = NULL;
    cf_meter *meter = NULL;
    cf_meter_identity identity;
    snprintf(info->vendor, sizeof info->vendor, "%s", libraries->stack->vendor);
    if (info->pci[0] == '\0')
        return;
    sy_status status = cf_vendor_of_pci(&backend->host, info->pci, &vendor, NULL);
    if (status == SY_OK)
        snprintf(info->vendor, sizeof info->vendor, "%s", vendor->name);
    else if (status == SY_UNSUPPORTED && libraries->stack->meter != NULL)
        info->vendor[0] = '\0'; /* none of those known, and so not this stack's */
    if (open_meter(libraries, info->pci, &meter, NULL) != SY_OK)
        return;
    if (cf_meter_identify(meter, &identity, NULL) == SY_OK) {
        snprintf(info->uuid, sizeof info->uuid, "%s", identity.uuid);
        snprintf(info->driver, sizeof info->driver, "%s", identity.driver);
        if (identity.vendor[0] != '\0' && libraries->stack->meter == NULL)
            snprintf(info->vendor, sizeof info->vendor, "%s", identity.vendor);
        if (identity.mig == 1)
            snprintf(info->features, sizeof info->features, "MIG");
    }
    cf_meter_close(meter);
}

static void put_types(const cf_libraries *libraries, sy_device_info *info) {
    const cf_blas_row *blas = libraries->stack->blas;
    const cf_blas_row *lt = libraries->lt_status == SY_OK ? libraries->stack->lt->numbers : NULL;
    for (uint32_t i = 1; i < SY_DTYPE_COUNT; i++) {
        bool is_f8 = i == SY_F8E4M3 || i == SY_F8E5M2;
        if ((blas != NULL && !is_f8 && blas->dtype[i] != CF_NONE) || (lt != NULL && lt->dtype[i] != CF_NONE))
            info->dtypes |= SY_DTYPE_BIT(i);
    }
}

/* The measurement is right without it, and its user may wonder. */
static void put_unset(const cf_libraries *libraries, sy_device_info *info) {
    size_t length = strlen(info->features);
    if (libraries->unset[0] != '\0')
        snprintf(info->features + length, sizeof info->features - length, "%s%s", length > 0 ? ", " : "",
            libraries->unset);
}

static void put_platform(const cf_libraries *libraries, sy_device_info *info) {
    char version[16] = "";
    if (libraries->runtime_version > 0)
        snprintf(version, sizeof version, " %d", libraries->runtime_version);
    snprintf(info->platform, sizeof info->platform, "%s%s%s", libraries->stack->title, version,
        libraries->stack->is_proven ? "" : " (plugin untested on hardware)");
}

sy_status cf_device_describe(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err) {
    cf_libraries *libraries = backend->stack;
    int ordinal = (int)index, code = libraries->runtime.SetDevice(ordinal);
    if (code != 0)
        return runtime_fail(backend, code, "making a device this thread's", err);
    info->scope = SY_SCOPE_CARD;
    info->flags = SY_DEVICE_COPY_ASYNC | (libraries->is_simulated ? SY_DEVICE_SIMULATED : 0u);
    info->base_align = 256;
    put_name(libraries, ordinal, info);
    put_pci(libraries, ordinal, info);
    put_attributes(libraries, ordinal, info);
    put_identity(backend, info);
    put_unset(libraries, info);
    put_types(libraries, info);
    (void)backend->model->runtime->memory_info(libraries, &info->free_bytes, &info->memory_bytes);
    if (info->driver[0] == '\0' && libraries->driver_version > 0)
        snprintf(info->driver, sizeof info->driver, "%d", libraries->driver_version);
    put_platform(libraries, info);
    return SY_OK;
}

static sy_status open_blas(sy_device *device, uint32_t which, sy_error *err) {
    const cf_blas *blas = &cf_libraries_of(device)->blas[which];
    cf_device *own = cf_device_of(device);
    if (blas->status != SY_OK)
        return SY_OK;
    int code = blas->api.Create(&own->blas[which]);
    if (code != 0)
        return sy_card_code_error(device, cf_code(cf_blas_code(which), code), err, blas->row->library.option);
    /* Sums of split products in the output's type would round them; who has no such mode has no such sums. */
    if (blas->api.SetMathMode != NULL && blas->row->math_mode != CF_NONE)
        (void)blas->api.SetMathMode(own->blas[which], blas->row->math_mode);
    return SY_OK;
}

static sy_status open_handles(sy_device *device, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    cf_device *own = cf_device_of(device);
    int code = 0;
    sy_status status = open_blas(device, 0, err);
    if (status == SY_OK)
        status = open_blas(device, 1, err);
    if (status == SY_OK && libraries->lt_status == SY_OK) {
        code = libraries->lt.Create(&own->lt);
        if (code != 0)
            status = sy_card_code_error(
                device, cf_code(CF_CODE_LT, code), err, libraries->stack->lt->library.option);
    }
    if (status == SY_OK && libraries->dnn_status == SY_OK) {
        code = libraries->dnn.Create(&own->dnn);
        if (code != 0)
            status = sy_card_code_error(
                device, cf_code(CF_CODE_DNN, code), err, libraries->stack->dnn->library.option);
    }
    return status;
}

sy_status cf_device_open(sy_device *device, const char *params, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    const cf_runtime_row *row = &libraries->stack->runtime;
    if (params[0] != '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": takes no parameters, not '%s'",
            SY_CARD_ID(device), params);
    cf_device *own = sy_mem_calloc(1, sizeof *own);
    device->own = own;
    if (own == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    own->major = (int)attribute(libraries, row->attribute_major, device->ordinal);
    own->minor = (int)attribute(libraries, row->attribute_minor, device->ordinal);
    sy_status status = open_handles(device, err);
    if (status == SY_OK)
        status = cf_blas_probe(device, 0, err);
    if (status == SY_OK)
        status = cf_blas_probe(device, 1, err);
    if (status == SY_OK)
        status = cf_dnn_probe(device, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
    own->meter_reason = SY_ERROR_INIT;
    if (device->info.pci[0] != '\0')
        (void)open_meter(libraries, device->info.pci, &own->meter, &own->meter_reason);
    else
        (void)sy_error_set(
            &own->meter_reason, SY_UNAVAILABLE, "the runtime does not tell the card's PCI address");
    return SY_OK;
}

int cf_blas_stream_set(sy_device *device, uint32_t which, void *stream) {
    cf_device *own = cf_device_of(device);
    if (own->blas_stream[which] == stream)
        return 0;
    int code = cf_libraries_of(device)->blas[which].api.SetStream(own->blas[which], stream);
    own->blas_stream[which] = code == 0 ? stream : NULL;
    return code;
}

int cf_dnn_stream_set(sy_device *device, void *stream) {
    cf_device *own = cf_device_of(device);
    if (own->dnn_stream == stream)
        return 0;
    int code = cf_libraries_of(device)->dnn.SetStream(own->dnn, stream);
    own->dnn_stream = code == 0 ? stream : NULL;
    return code;
}

void cf_device_close(sy_device *device) {
    const cf_libraries *libraries = cf_libraries_of(device);
    cf_device *own = cf_device_of(device);
    if (own == NULL)
        return;
    cf_meter_close(own->meter);
    cf_graph_memo_free(own->graphs);
    for (uint32_t i = 0; i < 2; i++)
        if (own->blas[i] != NULL)
            (void)libraries->blas[i].api.Destroy(own->blas[i]);
    if (own->lt != NULL)
        (void)libraries->lt.Destroy(own->lt);
    if (own->dnn != NULL)
        (void)libraries->dnn.Destroy(own->dnn);
    sy_mem_free(own);
}
