/* Moore Threads' MTML: opaque handles of library, card, processor and memory; each is given back. */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"

enum { MTML_OK = 0, MTML_NOT_SUPPORTED = 4, MTML_FUNCTION_NOT_FOUND = 667, MTML_GPU_IS_LOST = 669 };
enum { GPU, MEMORY }; /* of cf_meter.part */

typedef struct mtml {
    int (*init)(void **out_library);
    int (*shut_down)(void *library);
    const char *(*error_string)(int code);
    int (*version)(const void *library, char *text, unsigned capacity);
    int (*count)(const void *library, unsigned *out_count);
    int (*card_by_index)(const void *library, unsigned index, void **out_card);
    int (*free_card)(void *card);
    int (*init_system)(const void *library, void **out_system);
    int (*free_system)(void *system);
    int (*driver_version)(const void *system, char *text, unsigned capacity);
    int (*pci_info)(const void *card, void *out_pci);
    int (*name)(const void *card, char *text, unsigned capacity);
    int (*uuid)(const void *card, char *text, unsigned capacity);
    int (*power)(const void *card, unsigned *out_mw);
    int (*init_gpu)(const void *card, void **out_gpu);
    int (*free_gpu)(void *gpu);
    int (*gpu_clock)(const void *gpu, unsigned *out_mhz);
    int (*gpu_temperature)(const void *gpu, int *out_celsius);
    int (*init_memory)(const void *card, void **out_memory);
    int (*free_memory)(void *memory);
    int (*memory_clock)(const void *memory, unsigned *out_mhz);
    int (*ecc_mode)(const void *memory, int *out_now, int *out_later);
    void *library; /* not a function: what init() gave */
} mtml;

#define SYMBOL(name, member, is_optional)                                                                    \
    { name, offsetof(mtml, member), is_optional }
static const sy_dynlib_symbol symbols[] = {
    SYMBOL("mtmlLibraryInit", init, false),
    SYMBOL("mtmlLibraryShutDown", shut_down, false),
    SYMBOL("mtmlErrorString", error_string, true),
    SYMBOL("mtmlLibraryGetVersion", version, true),
    SYMBOL("mtmlLibraryCountDevice", count, false),
    SYMBOL("mtmlLibraryInitDeviceByIndex", card_by_index, false),
    SYMBOL("mtmlLibraryFreeDevice", free_card, true),
    SYMBOL("mtmlLibraryInitSystem", init_system, true),
    SYMBOL("mtmlLibraryFreeSystem", free_system, true),
    SYMBOL("mtmlSystemGetDriverVersion", driver_version, true),
    SYMBOL("mtmlDeviceGetPciInfo", pci_info, false),
    SYMBOL("mtmlDeviceGetName", name, true),
    SYMBOL("mtmlDeviceGetUUID", uuid, true),
    SYMBOL("mtmlDeviceGetPowerUsage", power, true),
    SYMBOL("mtmlDeviceInitGpu", init_gpu, true),
    SYMBOL("mtmlDeviceFreeGpu", free_gpu, true),
    SYMBOL("mtmlGpuGetClock", gpu_clock, true),
    SYMBOL("mtmlGpuGetTemperature", gpu_temperature, true),
    SYMBOL("mtmlDeviceInitMemory", init_memory, true),
    SYMBOL("mtmlDeviceFreeMemory", free_memory, true),
    SYMBOL("mtmlMemoryGetClock", memory_clock, true),
    SYMBOL("mtmlMemoryGetEccMode", ecc_mode, true),
};

static const char *const names[] = {"libmtml.so.1", "libmtml.so", NULL};
static const char *const folders[] = {"", "/usr/local/musa/lib", "/usr/lib/x86_64-linux-gnu/musa", NULL};

static const char *words_of(const mtml *api, int code) {
    const char *words = api->error_string != NULL ? api->error_string(code) : NULL;
    return words != NULL ? words : "status";
}

static sy_status status_of(int code) {
    switch (code) {
    case MTML_NOT_SUPPORTED:
    case MTML_FUNCTION_NOT_FOUND: return SY_UNSUPPORTED;
    case MTML_GPU_IS_LOST: return SY_LOST;
    default: return SY_INTERNAL;
    }
}

static sy_status start(cf_meter_library *library, sy_error *err) {
    mtml *api = library->api;
    int code = api->init(&api->library);
    return code == MTML_OK ? SY_OK : cf_meter_fail_start(library, code, words_of(api, code), err);
}

static void stop(cf_meter_library *library) {
    const mtml *api = library->api;
    api->shut_down(api->library);
}

static bool driver_version(const mtml *api, char *out_text, unsigned capacity) {
    void *system = NULL;
    if (api->init_system == NULL || api->driver_version == NULL ||
        api->init_system(api->library, &system) != MTML_OK)
        return false;
    bool is_told = api->driver_version(system, out_text, capacity) == MTML_OK;
    if (api->free_system != NULL)
        api->free_system(system);
    return is_told;
}

static void version(cf_meter_library *library, char *out_text, size_t capacity) {
    const mtml *api = library->api;
    char own[64] = "";
    if (api->version != NULL && api->version(api->library, own, sizeof own - 1) == MTML_OK)
        snprintf(out_text, capacity, "%s", own);
}

/* Of what is written only the text at the beginning is the same in all versions. */
static bool is_at(const mtml *api, const void *card, const cf_pci *wanted) {
    char room[512] = "";
    cf_pci pci;
    if (api->pci_info(card, room) != MTML_OK)
        return false;
    room[31] = '\0';
    return cf_pci_parse(room, &pci) && cf_pci_equal(&pci, wanted);
}

static void free_card(const mtml *api, void *card) {
    if (api->free_card != NULL)
        api->free_card(card);
}

static void take_parts(cf_meter *meter) {
    const mtml *api = meter->library->api;
    if (api->init_gpu == NULL || api->init_gpu(meter->card, &meter->part[GPU]) != MTML_OK)
        meter->part[GPU] = NULL;
    if (api->init_memory == NULL || api->init_memory(meter->card, &meter->part[MEMORY]) != MTML_OK)
        meter->part[MEMORY] = NULL;
}

static sy_status find(cf_meter *meter, sy_error *err) {
    const mtml *api = meter->library->api;
    unsigned count = 0;
    int code = api->count(api->library, &count);
    if (code != MTML_OK)
        return cf_meter_fail(
            meter, SY_UNAVAILABLE, code, "cards cannot be counted", words_of(api, code), err);
    for (unsigned i = 0; i < count; i++) {
        void *card = NULL;
        if (api->card_by_index(api->library, i, &card) != MTML_OK)
            continue;
        if (is_at(api, card, &meter->pci)) {
            meter->card = card;
            take_parts(meter);
            return SY_OK;
        }
        free_card(api, card);
    }
    return cf_meter_fail_unknown_card(meter, count, err);
}

static void forget(cf_meter *meter) {
    const mtml *api = meter->library->api;
    if (meter->part[GPU] != NULL && api->free_gpu != NULL)
        api->free_gpu(meter->part[GPU]);
    if (meter->part[MEMORY] != NULL && api->free_memory != NULL)
        api->free_memory(meter->part[MEMORY]);
    free_card(api, meter->card);
}

/* A function (handle, unsigned *) of the card, or of the part row->a - 1. */
static sy_status read_unsigned(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mtml *api = meter->library->api;
    const void *handle = row->a == 0 ? meter->card : meter->part[row->a - 1];
    int (*get)(const void *handle, unsigned *out_value) = NULL;
    unsigned value = 0;
    memcpy(&get, (const char *)api + row->function, sizeof get);
    if (get == NULL || handle == NULL)
        return cf_meter_fail_absent(row, err);
    int code = get(handle, &value);
    if (code != MTML_OK)
        return cf_meter_fail(meter, status_of(code), code, row->sensor.name, words_of(api, code), err);
    *out_value = (double)value * row->scale;
    return SY_OK;
}

static sy_status read_temperature(
    cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mtml *api = meter->library->api;
    int celsius = 0;
    if (api->gpu_temperature == NULL || meter->part[GPU] == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->gpu_temperature(meter->part[GPU], &celsius);
    if (code != MTML_OK)
        return cf_meter_fail(meter, status_of(code), code, row->sensor.name, words_of(api, code), err);
    *out_value = (double)celsius;
    return SY_OK;
}

static void identify(cf_meter *meter, cf_meter_identity *out_identity) {
    const mtml *api = meter->library->api;
    char name[64] = "", uuid[64] = "", driver[96] = "";
    int now = 0, later = 0;
    if (api->name != NULL && api->name(meter->card, name, sizeof name - 1) == MTML_OK)
        snprintf(out_identity->name, sizeof out_identity->name, "%s", name);
    if (api->uuid != NULL && api->uuid(meter->card, uuid, sizeof uuid - 1) == MTML_OK)
        snprintf(out_identity->uuid, sizeof out_identity->uuid, "%.47s", uuid);
    if (driver_version(api, driver, sizeof driver - 1))
        snprintf(out_identity->driver, sizeof out_identity->driver, "%.63s", driver);
    if (api->ecc_mode != NULL && meter->part[MEMORY] != NULL &&
        api->ecc_mode(meter->part[MEMORY], &now, &later) == MTML_OK)
        out_identity->ecc = now != 0;
}

#define UNSIGNED(member, scale_, handle)                                                                     \
    .read = read_unsigned, .function = offsetof(mtml, member), .scale = (scale_), .a = (handle)

static const cf_meter_row rows[] = {
    {CF_SENSOR(
         SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0, "power, mean of an unknown time"),
        UNSIGNED(power, 1e-3, 0), .is_zero_absent = true},
    {CF_SENSOR(SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, SY_SCOPE_DIE, 1, 0, "temperature"),
        .read = read_temperature},
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_DIE, 1e6, 0, "clock"),
        UNSIGNED(gpu_clock, 1e6, 1 + GPU)},
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_CARD, 1e6, 0, "clock of the memory"),
        UNSIGNED(memory_clock, 1e6, 1 + MEMORY)},
};

const cf_meter_kind cf_meter_mtml = {
    .name = "mtml",
    .vendor = "Moore Threads",
    .names = names,
    .folders = folders,
    .hint = "it comes with Moore Threads' driver; a container has it with --runtime=mthreads and "
            "MTHREADS_DRIVER_CAPABILITIES=compute,utility; or let STEELYARD_MTML name it",
    .symbols = symbols,
    .symbol_count = sizeof symbols / sizeof symbols[0],
    .api_bytes = sizeof(mtml),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .start = start,
    .stop = stop,
    .version = version,
    .find = find,
    .forget = forget,
    .identify = identify,
};
