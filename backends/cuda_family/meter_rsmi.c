/* RSMI, of AMD and of Hygon. Cards are indices; power is in microwatts, temperature in thousandths. */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"

enum { RSMI_OK = 0, RSMI_NOT_SUPPORTED = 2, RSMI_NOT_YET_IMPLEMENTED = 9, RSMI_NO_DATA = 14 };

typedef struct rsmi {
    int (*init)(uint64_t flags);
    int (*shut_down)(void);
    int (*status_string)(int code, const char **out_words);
    int (*version_string)(int component, char *text, uint32_t capacity);
    int (*count)(uint32_t *out_count);
    int (*pci_id)(uint32_t card, uint64_t *out_id);
    int (*name)(uint32_t card, char *text, size_t capacity);
    int (*unique_id)(uint32_t card, uint64_t *out_id);
    int (*energy)(uint32_t card, uint64_t *out_count, float *out_step_uj, uint64_t *out_time_ns);
    int (*power_average)(uint32_t card, uint32_t sensor, uint64_t *out_uw);
    int (*power_socket)(uint32_t card, uint64_t *out_uw);
    int (*power)(uint32_t card, uint64_t *out_uw, int *out_type);
    int (*cap)(uint32_t card, uint32_t sensor, uint64_t *out_uw);
    int (*cap_default)(uint32_t card, uint64_t *out_uw);
    int (*temperature)(uint32_t card, uint32_t place, int metric, int64_t *out_thousandths);
    int (*clock)(uint32_t card, int type, void *out_frequencies);
} rsmi;

#define SYMBOL(name, member, is_optional)                                                                    \
    { name, offsetof(rsmi, member), is_optional }
static const sy_dynlib_symbol symbols[] = {
    SYMBOL("rsmi_init", init, false),
    SYMBOL("rsmi_shut_down", shut_down, false),
    SYMBOL("rsmi_status_string", status_string, true),
    SYMBOL("rsmi_version_str_get", version_string, true),
    SYMBOL("rsmi_num_monitor_devices", count, false),
    SYMBOL("rsmi_dev_pci_id_get", pci_id, false),
    SYMBOL("rsmi_dev_name_get", name, true),
    SYMBOL("rsmi_dev_unique_id_get", unique_id, true),
    SYMBOL("rsmi_dev_energy_count_get", energy, true),
    SYMBOL("rsmi_dev_power_ave_get", power_average, true),
    SYMBOL("rsmi_dev_current_socket_power_get", power_socket, true),
    SYMBOL("rsmi_dev_power_get", power, true),
    SYMBOL("rsmi_dev_power_cap_get", cap, true),
    SYMBOL("rsmi_dev_power_cap_default_get", cap_default, true),
    SYMBOL("rsmi_dev_temp_metric_get", temperature, true),
    SYMBOL("rsmi_dev_gpu_clk_freq_get", clock, true),
};

static const char *const names[] = {
    "librocm_smi64.so.7", "librocm_smi64.so.1", "librocm_smi64.so.2", "librocm_smi64.so", NULL};
static const char *const folders[] = {"", "/opt/hyhal/lib", "/opt/dtk/lib", "/opt/dtk/rocm_smi/lib",
    "/opt/rocm/lib", "/opt/rocm/rocm_smi/lib", NULL};

static const char *words_of(const rsmi *api, int code) {
    const char *words = NULL;
    bool is_told = api->status_string != NULL && api->status_string(code, &words) == RSMI_OK;
    return is_told && words != NULL ? words : "status";
}

static sy_status status_of(int code) {
    switch (code) {
    case RSMI_NOT_SUPPORTED:
    case RSMI_NOT_YET_IMPLEMENTED: return SY_UNSUPPORTED;
    case RSMI_NO_DATA: return SY_UNAVAILABLE;
    default: return SY_INTERNAL;
    }
}

static sy_status fail(cf_meter *meter, const cf_meter_row *row, int code, sy_error *err) {
    const rsmi *api = meter->library->api;
    return cf_meter_fail(meter, status_of(code), code, row->sensor.name, words_of(api, code), err);
}

static sy_status start(cf_meter_library *library, sy_error *err) {
    const rsmi *api = library->api;
    int code = api->init(0);
    return code == RSMI_OK ? SY_OK : cf_meter_fail_start(library, code, words_of(api, code), err);
}

static void stop(cf_meter_library *library) {
    const rsmi *api = library->api;
    api->shut_down();
}

static void version(cf_meter_library *library, char *out_text, size_t capacity) {
    const rsmi *api = library->api;
    char driver[96] = "";
    if (api->version_string != NULL && api->version_string(0, driver, sizeof driver - 1) == RSMI_OK)
        snprintf(out_text, capacity, "driver %s", driver);
}

/* Domain in the upper half; bits 28 to 31 number the parts of a card that is cut: all share its meter. */
static sy_status find(cf_meter *meter, sy_error *err) {
    const rsmi *api = meter->library->api;
    uint32_t count = 0;
    int code = api->count(&count);
    if (code != RSMI_OK)
        return cf_meter_fail(
            meter, SY_UNAVAILABLE, code, "cards cannot be counted", words_of(api, code), err);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t id = 0;
        if (api->pci_id(i, &id) != RSMI_OK)
            continue;
        cf_pci pci = {
            (uint32_t)(id >> 32), (uint32_t)(id >> 8 & 0xff), (uint32_t)(id >> 3 & 0x1f), (uint32_t)(id & 7)};
        if (cf_pci_equal(&pci, &meter->pci)) {
            meter->index = i;
            return SY_OK;
        }
    }
    return cf_meter_fail_unknown_card(meter, count, err);
}

/* A driver that does not fill the counter leaves 0 in it, or in its step. */
static sy_status read_energy(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const rsmi *api = meter->library->api;
    uint64_t count = 0, time_ns = 0;
    float step_uj = 0.0f;
    if (api->energy == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->energy(meter->index, &count, &step_uj, &time_ns);
    if (code != RSMI_OK)
        return fail(meter, row, code, err);
    if (count == UINT64_MAX || !(step_uj > 0.0f) || !isfinite(step_uj))
        return cf_meter_fail_empty(row->sensor.name, err);
    meter->resolution = (double)step_uj * 1e-6;
    *out_value = (double)count * meter->resolution;
    return SY_OK;
}

enum { AVERAGE, SOCKET, ANY_AVERAGE, ANY_INSTANT, CAP, CAP_DEFAULT };

/* Calls `which`; false if there is no such function. A number of the wrong type is no data. */
static bool ask_power(const rsmi *api, uint32_t which, uint32_t card, uint64_t *out_uw, int *out_code) {
    int type = -1, wanted = which == ANY_INSTANT;
    switch (which) {
    case AVERAGE:
        *out_code = api->power_average != NULL ? api->power_average(card, 0, out_uw) : 0;
        return api->power_average != NULL;
    case SOCKET:
        *out_code = api->power_socket != NULL ? api->power_socket(card, out_uw) : 0;
        return api->power_socket != NULL;
    case CAP: *out_code = api->cap != NULL ? api->cap(card, 0, out_uw) : 0; return api->cap != NULL;
    case CAP_DEFAULT:
        *out_code = api->cap_default != NULL ? api->cap_default(card, out_uw) : 0;
        return api->cap_default != NULL;
    default:
        *out_code = api->power != NULL ? api->power(card, out_uw, &type) : 0;
        if (*out_code == RSMI_OK && type != wanted)
            *out_code = RSMI_NO_DATA;
        return api->power != NULL;
    }
}

static sy_status read_power(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    uint64_t uw = UINT64_MAX;
    int code = RSMI_OK;
    if (!ask_power(meter->library->api, row->a, meter->index, &uw, &code))
        return cf_meter_fail_absent(row, err);
    if (code != RSMI_OK)
        return fail(meter, row, code, err);
    if (uw == UINT64_MAX)
        return cf_meter_fail_empty(row->sensor.name, err);
    *out_value = (double)uw * 1e-6;
    return SY_OK;
}

static sy_status read_temperature(
    cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const rsmi *api = meter->library->api;
    int64_t thousandths = 0;
    if (api->temperature == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->temperature(meter->index, row->a, 0, &thousandths);
    if (code != RSMI_OK)
        return fail(meter, row, code, err);
    *out_value = (double)thousandths * 1e-3;
    return SY_OK;
}

/*
 * The list of frequencies: its length, the place of the current one, and up to 33 of 64 bits in Hz. Newer
 * versions have a flag before, of one byte in four. Older: length at word 0, list at byte 8; newer: length at
 * word 1, list at byte 16. In zeroed room only one of both can be meant: what the other takes for a length, a
 * place or a frequency is then 0 or out of reason.
 */
static bool take_frequency(const uint32_t *words, const uint64_t *list, double *out_hz) {
    uint32_t length = words[0], place = words[1];
    if (length == 0 || length > 33 || place >= length || list[place] < 1000000)
        return false;
    *out_hz = (double)list[place];
    return true;
}

static sy_status read_clock(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const rsmi *api = meter->library->api;
    union {
        uint32_t words[128];
        uint64_t list[64];
    } room = {.words = {0}};
    if (api->clock == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->clock(meter->index, (int)row->a, &room);
    if (code != RSMI_OK)
        return fail(meter, row, code, err);
    if (!take_frequency(room.words, room.list + 1, out_value) &&
        !take_frequency(room.words + 1, room.list + 2, out_value))
        return cf_meter_fail_empty(row->sensor.name, err);
    return SY_OK;
}

static void identify(cf_meter *meter, cf_meter_identity *out_identity) {
    const rsmi *api = meter->library->api;
    uint64_t id = 0;
    char name[sizeof out_identity->name] = "", driver[sizeof out_identity->driver] = "";
    if (api->name != NULL && api->name(meter->index, name, sizeof name - 1) == RSMI_OK)
        memcpy(out_identity->name, name, sizeof name);
    if (api->version_string != NULL && api->version_string(0, driver, sizeof driver - 1) == RSMI_OK)
        memcpy(out_identity->driver, driver, sizeof driver);
    if (api->unique_id != NULL && api->unique_id(meter->index, &id) == RSMI_OK && id != 0)
        snprintf(out_identity->uuid, sizeof out_identity->uuid, "%016llx", (unsigned long long)id);
}

#define POWER(kind, scope, name, which)                                                                      \
    {                                                                                                        \
        CF_SENSOR(kind, SY_UNIT_WATT, scope, 1e-6, 0, name), .read = read_power, .a = (which),               \
                                                             .is_zero_absent = true                          \
    }
#define HEAT(scope, name, place)                                                                             \
    {                                                                                                        \
        CF_SENSOR(SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, scope, 1e-3, 0, name), .read = read_temperature,   \
                                                                                 .a = (place)                \
    }

/*
 * What power covers depends on the call and the generation: the socket, or a part of the card that is not
 * told. The second die of a socket of two answers 0: it has no sensor.
 */
static const cf_meter_row rows[] = {
    {CF_SENSOR(SY_SENSOR_ENERGY, SY_UNIT_JOULE, SY_SCOPE_PACKAGE, NAN, 0, "energy of the socket"),
        .read = read_energy, .is_zero_absent = true},
    POWER(SY_SENSOR_POWER_INSTANT, SY_SCOPE_PACKAGE, "power of the socket", SOCKET),
    POWER(SY_SENSOR_POWER_INSTANT, SY_SCOPE_UNKNOWN, "power", ANY_INSTANT),
    POWER(SY_SENSOR_POWER_AVERAGE, SY_SCOPE_UNKNOWN, "power, mean of an unknown time", AVERAGE),
    POWER(SY_SENSOR_POWER_AVERAGE, SY_SCOPE_UNKNOWN, "power, mean of an unknown time (newer call)",
        ANY_AVERAGE),
    HEAT(SY_SCOPE_DIE, "temperature of the hottest place", 1),
    HEAT(SY_SCOPE_DIE, "temperature at the edge", 0),
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_DIE, 1e6, 0, "clock"), .read = read_clock, .a = 0},
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_CARD, 1e6, 0, "clock of the memory"),
        .read = read_clock, .a = 4},
    POWER(SY_SENSOR_POWER_CAP, SY_SCOPE_UNKNOWN, "power cap", CAP),
    POWER(SY_SENSOR_POWER_CAP_DEFAULT, SY_SCOPE_UNKNOWN, "power cap by default", CAP_DEFAULT),
};

const cf_meter_kind cf_meter_rsmi = {
    .name = "rsmi",
    .vendor = "AMD or Hygon",
    .names = names,
    .folders = folders,
    .hint =
        "it comes with ROCm, or with Hygon's driver in /opt/hyhal; a container needs that folder, /dev/kfd "
        "and /dev/dri; or let STEELYARD_RSMI name it",
    .symbols = symbols,
    .symbol_count = sizeof symbols / sizeof symbols[0],
    .api_bytes = sizeof(rsmi),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .start = start,
    .stop = stop,
    .version = version,
    .find = find,
    .identify = identify,
};
