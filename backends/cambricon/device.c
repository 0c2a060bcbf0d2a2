/* Cards: described by CNRT, matched to CNDEV by their address on the bus. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/cambricon/inside.h"
#include "backends/cambricon/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const char help[] = "is the driver loaded (lsmod | grep cambricon, cnmon)? are /dev/cambricon_dev* "
                           "and /dev/cambricon_ctl let "
                           "into this container (--device)? MLU_VISIBLE_DEVICES is";

static sy_status no_devices(sy_error *err) {
    const char *mask = secure_getenv("MLU_VISIBLE_DEVICES");
    return sy_error_set(err, SY_UNAVAILABLE, "cambricon: CNRT is there and sees no MLU: %s %s%s", help,
        mask != NULL ? "set, to " : "not set", mask != NULL ? mask : "");
}

static sy_status runtime_fail(sy_backend *backend, int code, const char *what, sy_error *err) {
    char text[160];
    cambricon_code_text(backend->stack, code, text, sizeof text);
    return sy_error_set(err, cambricon_judge(backend->stack, code), "cambricon: %s: %s", what, text);
}

/* Without a device there is a count of 0, or a code for it. */
sy_status cambricon_devices_count(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    const cambricon_libraries *libraries = backend->stack;
    unsigned count = 0;
    int code = libraries->cnrt.GetDeviceCount(&count);
    *out_count = code == 0 ? count : 0;
    if (code == 0 && count > 0)
        return SY_OK;
    if (code == 0)
        return no_devices(err);
    sy_status status = runtime_fail(backend, code, "counting devices", err);
    if (status == SY_UNAVAILABLE) {
        sy_error words = *err;
        no_devices(err);
        return sy_error_prefix(err, status, "%s", sy_error_text(&words, status));
    }
    return status;
}

/* The struct that is written has another size in every version, and begins with the name in all. */
static void put_name(const cambricon_libraries *libraries, int ordinal, sy_device_info *info) {
    char *properties = sy_mem_calloc(1, CAMBRICON_PROPERTIES_BYTES);
    if (properties != NULL && libraries->cnrt.GetDeviceProperties != NULL &&
        libraries->cnrt.GetDeviceProperties(properties, ordinal) == 0) {
        properties[CAMBRICON_NAME_BYTES - 1] = '\0';
        snprintf(info->name, sizeof info->name, "%.*s", (int)sizeof info->name - 1, properties);
    }
    sy_mem_free(properties);
    if (info->name[0] == '\0')
        snprintf(info->name, sizeof info->name, "Cambricon device %d", ordinal);
}

static void put_pci(const cambricon_libraries *libraries, int ordinal, sy_device_info *info) {
    char text[32] = "";
    if (libraries->cnrt.DeviceGetPCIBusId == NULL ||
        libraries->cnrt.DeviceGetPCIBusId(text, (int)sizeof text, ordinal) != 0)
        return;
    for (size_t i = 0; text[i] != '\0'; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
    snprintf(info->pci, sizeof info->pci, "%.*s", (int)sizeof info->pci - 1, text);
}

/* A number that the runtime does not tell is 0. */
static uint32_t number(const cambricon_libraries *libraries, int attribute, int ordinal) {
    int value = 0;
    if (libraries->cnrt.DeviceGetAttribute == NULL ||
        libraries->cnrt.DeviceGetAttribute(&value, attribute, ordinal) != 0)
        return 0;
    return value > 0 ? (uint32_t)value : 0;
}

static cambricon_fact fact(const cambricon_libraries *libraries, int attribute, int ordinal) {
    int value = 0;
    if (libraries->cnrt.DeviceGetAttribute == NULL ||
        libraries->cnrt.DeviceGetAttribute(&value, attribute, ordinal) != 0)
        return CAMBRICON_UNKNOWN;
    return value != 0 ? CAMBRICON_YES : CAMBRICON_NO;
}

/* Types of the card that CNNL takes, if it is there; of int8 that is known of 1.x alone, see trial.h. */
static void put_types(const cambricon_libraries *libraries, int ordinal, sy_device_info *info) {
    bool has_cnnl = libraries->cnnl_status == SY_OK;
    bool has_s8 = libraries->cnnl.SetTensorDescriptorPositionAndScale != NULL;
    const struct {
        int attribute;
        uint64_t dtypes;
        const char *name;
    } types[] = {{CAMBRICON_HAS_F16, SY_DTYPE_BIT(SY_F16), "f16"},
        {CAMBRICON_HAS_BF16, SY_DTYPE_BIT(SY_BF16), "bf16"}, {CAMBRICON_HAS_TF32, 0, "tf32"},
        {CAMBRICON_HAS_S8, has_s8 ? SY_DTYPE_BIT(SY_S8) : 0, "s8"}};
    info->dtypes = has_cnnl ? SY_DTYPE_BIT(SY_F32) : 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t length = strlen(info->features);
        cambricon_fact has = fact(libraries, types[i].attribute, ordinal);
        if (has == CAMBRICON_NO)
            continue;
        snprintf(info->features + length, sizeof info->features - length, "%s%s%s", length > 0 ? ", " : "",
            types[i].name, has == CAMBRICON_UNKNOWN ? " unknown" : "");
        info->dtypes |= has == CAMBRICON_YES && has_cnnl ? types[i].dtypes : 0;
    }
}

static void put_attributes(const cambricon_libraries *libraries, int ordinal, sy_device_info *info) {
    uint32_t isa = number(libraries, CAMBRICON_ISA, ordinal);
    info->units = number(libraries, CAMBRICON_CLUSTERS, ordinal) *
                  number(libraries, CAMBRICON_CORES_PER_CLUSTER, ordinal);
    info->cache_bytes = number(libraries, CAMBRICON_L2_BYTES, ordinal);
    if (isa > 0)
        snprintf(info->isa, sizeof info->isa, "mlu_isa_%u", isa);
}

static void put_versions(const cambricon_libraries *libraries, sy_device_info *info) {
    const cambricon_version *cnrt = &libraries->cnrt_version, *cnnl = &libraries->cnnl_version;
    int length = snprintf(
        info->platform, sizeof info->platform, "CNRT %d.%d.%d", cnrt->major, cnrt->minor, cnrt->patch);
    if (libraries->cnnl_status == SY_OK)
        length += snprintf(info->platform + length, sizeof info->platform - (size_t)length, ", CNNL %d.%d.%d",
            cnnl->major, cnnl->minor, cnnl->patch);
    snprintf(info->platform + length, sizeof info->platform - (size_t)length, " (untested on hardware)");
}

/* Of the current device alone: it is put back. */
static int put_memory(sy_backend *backend, int ordinal, sy_device_info *info) {
    const cambricon_libraries *libraries = backend->stack;
    int before = -1;
    if (libraries->cnrt.GetDevice != NULL && libraries->cnrt.GetDevice(&before) != 0)
        before = -1;
    int code = cambricon_runtime.select(backend->stack, ordinal);
    if (code == 0)
        (void)cambricon_runtime.memory_info(backend->stack, &info->free_bytes, &info->memory_bytes);
    if (before >= 0 && before != ordinal)
        (void)cambricon_runtime.select(backend->stack, before);
    return code;
}

sy_status cambricon_device_describe(
    sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err) {
    const cambricon_libraries *libraries = backend->stack;
    int ordinal = (int)index, code = put_memory(backend, ordinal, info);
    cambricon_meter *meter = NULL;
    if (code != 0)
        return runtime_fail(backend, code, "making a device this thread's", err);
    info->scope = SY_SCOPE_CARD;
    info->flags = SY_DEVICE_COPY_ASYNC | (libraries->is_simulated ? SY_DEVICE_SIMULATED : 0u);
    snprintf(info->vendor, sizeof info->vendor, "Cambricon");
    put_name(libraries, ordinal, info);
    put_pci(libraries, ordinal, info);
    put_attributes(libraries, ordinal, info);
    put_types(libraries, ordinal, info);
    put_versions(libraries, info);
    if (cambricon_meter_open(libraries->meters, info->pci, &meter, NULL) == SY_OK)
        cambricon_meter_driver(meter, info->driver, sizeof info->driver);
    cambricon_meter_close(meter);
    return SY_OK;
}

static sy_status make_handle(sy_device *device, void **out_handle, sy_error *err) {
    int code = cambricon_libraries_of(device)->cnnl.Create(out_handle);
    return code == 0 ? SY_OK
                     : sy_card_code_error(device, cambricon_cnnl_code(code), err, "making a handle of CNNL");
}

static sy_status open_cnnl(sy_device *device, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    cambricon_device *own = cambricon_device_of(device);
    if (libraries->cnnl_status != SY_OK)
        return SY_OK;
    sy_status status = make_handle(device, &own->handle, err);
    if (status == SY_OK)
        status = make_handle(device, &own->asker, err);
    if (status != SY_OK)
        return status;
    int code = libraries->cnrt.QueueCreate(&own->ask_queue);
    if (code == 0)
        code = cambricon_cnnl_code(libraries->cnnl.SetQueue(own->asker, own->ask_queue));
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "making the queue of trials");
}

static void open_meter(sy_device *device) {
    cambricon_device *own = cambricon_device_of(device);
    own->meter_reason = SY_ERROR_INIT;
    own->meter_status = cambricon_meter_open(
        cambricon_libraries_of(device)->meters, device->info.pci, &own->meter, &own->meter_reason);
}

sy_status cambricon_device_open(sy_device *device, const char *params, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    if (params[0] != '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": takes no parameters, not '%s'",
            SY_CARD_ID(device), params);
    cambricon_device *own = sy_mem_calloc(1, sizeof *own);
    if (own == NULL || pthread_mutex_init(&own->ask_lock, NULL) != 0) {
        sy_mem_free(own);
        return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    }
    device->own = own;
    own->has_f16 = fact(libraries, CAMBRICON_HAS_F16, device->ordinal);
    own->has_bf16 = fact(libraries, CAMBRICON_HAS_BF16, device->ordinal);
    own->has_tf32 = fact(libraries, CAMBRICON_HAS_TF32, device->ordinal);
    sy_status status = open_cnnl(device, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, SY_CARD_ID_FORMAT, SY_CARD_ID(device));
    open_meter(device);
    return SY_OK;
}

void cambricon_device_close(sy_device *device) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    cambricon_device *own = cambricon_device_of(device);
    if (own == NULL)
        return;
    cambricon_meter_close(own->meter);
    if (own->handle != NULL)
        (void)libraries->cnnl.Destroy(own->handle);
    if (own->asker != NULL)
        (void)libraries->cnnl.Destroy(own->asker);
    if (own->ask_queue != NULL)
        (void)libraries->cnrt.QueueDestroy(own->ask_queue);
    pthread_mutex_destroy(&own->ask_lock);
    sy_mem_free(own);
}

int cambricon_run_begin(sy_device *device, void *queue) {
    cambricon_device *own = cambricon_device_of(device);
    pthread_mutex_lock(&device->lock);
    if (own->queue == queue)
        return 0;
    int status = cambricon_libraries_of(device)->cnnl.SetQueue(own->handle, queue);
    own->queue = status == 0 ? queue : NULL;
    return cambricon_cnnl_code(status);
}

int cambricon_run_end(sy_device *device, void *queue, int code) {
    pthread_mutex_unlock(&device->lock);
    if (code != cambricon_cnnl_code(CAMBRICON_EXECUTION_FAILED))
        return code;
    int cause = cambricon_runtime.stream_query(device->stack, queue);
    return cause == 0 || cause == SY_CARD_NOT_READY ? code : cause;
}

sy_status cambricon_check_type(const sy_device *device, uint32_t dtype, sy_error *err) {
    const cambricon_device *own = cambricon_device_of(device);
    cambricon_fact has = dtype == SY_F16 ? own->has_f16 : dtype == SY_BF16 ? own->has_bf16 : CAMBRICON_YES;
    bool is_known = dtype == SY_F32 || dtype == SY_F16 || dtype == SY_BF16 || dtype == SY_S8;
    if (!is_known)
        return sy_error_set(
            err, SY_UNSUPPORTED, "CNNL works with f32, f16, bf16 and s8, not with %s", sy_dtype_name(dtype));
    if (has == CAMBRICON_NO)
        return sy_error_set(err, SY_UNSUPPORTED, "the card has no %s, says CNRT", sy_dtype_name(dtype));
    if (has == CAMBRICON_UNKNOWN)
        return sy_error_set(err, SY_UNSUPPORTED,
            "whether the card has %s is unknown: this CNRT has no attribute for it", sy_dtype_name(dtype));
    return SY_OK;
}
