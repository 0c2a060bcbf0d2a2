/* MetaX's mxsml: cards are numbers; a board's power is a list of supply ways, temperature in hundredths. */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"

enum { MXSML_OK = 0, MXSML_NOT_SUPPORTED = 3, MXSML_SYSFS = 4, MXSML_PERMISSION = 8 };

#define WAYS_MAX 16u
#define CLOCKS_MAX 16u

/** The beginning of what is told of a card; it is given more room. */
typedef struct mxsml_card {
    unsigned id;
    int type;
    char address[32];
    unsigned gpu, node;
    char uuid[96];
    int brand, mode;
    char name[32];
} mxsml_card;

typedef struct mxsml_way {
    unsigned mv, ma, mw;
} mxsml_way;

typedef struct mxsml {
    int (*init)(void);
    int (*shut_down)(void);
    const char *(*error_string)(int code);
    unsigned (*count)(unsigned *out_count);
    int (*card_info)(unsigned card, void *out_card);
    int (*stack_version)(char *text, unsigned *capacity);
    int (*part_version)(unsigned card, int part, char *text, unsigned *capacity);
    int (*board_power)(unsigned card, unsigned *count, mxsml_way *ways);
    int (*board_limit)(unsigned card, unsigned *out_mw);
    int (*clocks)(unsigned card, int type, unsigned *count, unsigned *mhz);
    int (*temperature)(unsigned card, int place, int *out_hundredths);
    int (*reasons)(unsigned card, unsigned long long *out_bits);
} mxsml;

#define SYMBOL(name, member, is_optional)                                                                    \
    { name, offsetof(mxsml, member), is_optional }
static const sy_dynlib_symbol symbols[] = {
    SYMBOL("mxSmlInit", init, false),
    SYMBOL("mxSmlShutDown", shut_down, true),
    SYMBOL("mxSmlGetErrorString", error_string, true),
    SYMBOL("mxSmlGetDeviceCount", count, false),
    SYMBOL("mxSmlGetDeviceInfo", card_info, false),
    SYMBOL("mxSmlGetMacaVersion", stack_version, true),
    SYMBOL("mxSmlGetDeviceVersion", part_version, true),
    SYMBOL("mxSmlGetBoardPowerInfo", board_power, true),
    SYMBOL("mxSmlGetBoardPowerLimit", board_limit, true),
    SYMBOL("mxSmlGetClocks", clocks, true),
    SYMBOL("mxSmlGetTemperatureInfo", temperature, true),
    SYMBOL("mxSmlGetCurrentClocksThrottleReason", reasons, true),
};

static const char *const names[] = {"libmxsml.so", NULL};
static const char *const folders[] = {"", "/opt/mxdriver/lib", "/opt/maca/lib", "/opt/mxn100/lib", NULL};

static const char *words_of(const mxsml *api, int code) {
    const char *words = api->error_string != NULL ? api->error_string(code) : NULL;
    return words != NULL ? words : "status";
}

static sy_status status_of(int code) {
    switch (code) {
    case MXSML_NOT_SUPPORTED: return SY_UNSUPPORTED;
    case MXSML_PERMISSION:
    case MXSML_SYSFS: return SY_UNAVAILABLE;
    default: return SY_INTERNAL;
    }
}

static sy_status fail(cf_meter *meter, const cf_meter_row *row, int code, sy_error *err) {
    return cf_meter_fail(
        meter, status_of(code), code, row->sensor.name, words_of(meter->library->api, code), err);
}

static sy_status start(cf_meter_library *library, sy_error *err) {
    const mxsml *api = library->api;
    int code = api->init();
    return code == MXSML_OK ? SY_OK : cf_meter_fail_start(library, code, words_of(api, code), err);
}

static void stop(cf_meter_library *library) {
    const mxsml *api = library->api;
    if (api->shut_down != NULL)
        api->shut_down();
}

static void version(cf_meter_library *library, char *out_text, size_t capacity) {
    const mxsml *api = library->api;
    char stack[128] = "";
    unsigned size = sizeof stack - 1;
    if (api->stack_version != NULL && api->stack_version(stack, &size) == MXSML_OK)
        snprintf(out_text, capacity, "MACA %s", stack);
}

/*
 * The vendor's own callers take what is returned for the count, another hands over a pointer and takes it for
 * a status. A pointer too many harms nobody: if something is written through it, it was the latter.
 */
static unsigned count_cards(const mxsml *api) {
    const unsigned untouched = 0xFFFFFFFFu;
    unsigned written = untouched;
    unsigned returned = api->count(&written);
    if (written == untouched)
        return returned;
    return returned == MXSML_OK ? written : 0;
}

static bool get_card(const mxsml *api, unsigned index, mxsml_card *out_card) {
    union {
        mxsml_card card;
        char room[512];
    } info = {.room = {0}};
    if (api->card_info(index, &info) != MXSML_OK)
        return false;
    *out_card = info.card;
    out_card->address[sizeof out_card->address - 1] = '\0';
    return true;
}

static sy_status find(cf_meter *meter, sy_error *err) {
    const mxsml *api = meter->library->api;
    unsigned count = count_cards(api);
    for (unsigned i = 0; i < count && i < 1024; i++) {
        mxsml_card card;
        cf_pci pci;
        if (!get_card(api, i, &card) || !cf_pci_parse(card.address, &pci) || !cf_pci_equal(&pci, &meter->pci))
            continue;
        meter->index = i;
        return SY_OK;
    }
    return cf_meter_fail_unknown_card(meter, count, err);
}

/* One number a supply way: the board draws their sum. */
static sy_status read_power(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mxsml *api = meter->library->api;
    mxsml_way ways[WAYS_MAX] = {0};
    unsigned count = WAYS_MAX;
    double sum_mw = 0.0;
    if (api->board_power == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->board_power(meter->index, &count, ways);
    if (code != MXSML_OK)
        return fail(meter, row, code, err);
    if (count == 0 || count > WAYS_MAX)
        return cf_meter_fail_empty(row->sensor.name, err);
    for (unsigned i = 0; i < count; i++)
        sum_mw += (double)ways[i].mw;
    *out_value = sum_mw * 1e-3;
    return SY_OK;
}

static sy_status read_limit(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mxsml *api = meter->library->api;
    unsigned mw = 0;
    if (api->board_limit == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->board_limit(meter->index, &mw);
    if (code != MXSML_OK)
        return fail(meter, row, code, err);
    *out_value = (double)mw * 1e-3;
    return SY_OK;
}

/* Of several clocks of a kind the first stands for all. */
static sy_status read_clock(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mxsml *api = meter->library->api;
    unsigned mhz[CLOCKS_MAX] = {0}, count = CLOCKS_MAX;
    if (api->clocks == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->clocks(meter->index, (int)row->a, &count, mhz);
    if (code != MXSML_OK)
        return fail(meter, row, code, err);
    if (count == 0)
        return cf_meter_fail_empty(row->sensor.name, err);
    *out_value = (double)mhz[0] * 1e6;
    return SY_OK;
}

static sy_status read_temperature(
    cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mxsml *api = meter->library->api;
    int hundredths = 0;
    if (api->temperature == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->temperature(meter->index, (int)row->a, &hundredths);
    if (code != MXSML_OK)
        return fail(meter, row, code, err);
    *out_value = (double)hundredths * 1e-2;
    return SY_OK;
}

/* As written in meter.h. */
static uint32_t translate_reasons(unsigned long long bits) {
    static const struct {
        unsigned long long theirs;
        uint32_t ours;
    } table[] = {{0x1, CF_THROTTLE_IDLE}, {0x2, CF_THROTTLE_SETTING}, {0x4, CF_THROTTLE_POWER_CAP},
        {0x78, CF_THROTTLE_HEAT}, {0x280, CF_THROTTLE_HARDWARE}, {0x100, CF_THROTTLE_POWER_BRAKE}};
    uint32_t ours = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if ((bits & table[i].theirs) != 0)
            ours |= table[i].ours;
        bits &= ~table[i].theirs;
    }
    return bits != 0 ? ours | CF_THROTTLE_OTHER : ours;
}

static sy_status read_reasons(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const mxsml *api = meter->library->api;
    unsigned long long bits = 0;
    if (api->reasons == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->reasons(meter->index, &bits);
    if (code != MXSML_OK)
        return fail(meter, row, code, err);
    *out_value = (double)translate_reasons(bits);
    return SY_OK;
}

static void identify(cf_meter *meter, cf_meter_identity *out_identity) {
    const mxsml *api = meter->library->api;
    mxsml_card card;
    char driver[64] = "";
    unsigned size = sizeof driver - 1;
    if (get_card(api, meter->index, &card)) {
        snprintf(out_identity->name, sizeof out_identity->name, "%.31s", card.name);
        snprintf(out_identity->uuid, sizeof out_identity->uuid, "%.47s", card.uuid);
    }
    if (api->part_version != NULL && api->part_version(meter->index, 1, driver, &size) == MXSML_OK)
        snprintf(out_identity->driver, sizeof out_identity->driver, "%s", driver);
}

#define HEAT(name, place)                                                                                    \
    {                                                                                                        \
        CF_SENSOR(SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, SY_SCOPE_DIE, 1e-2, 0, name),                      \
            .read = read_temperature, .a = (place)                                                           \
    }
#define CLOCK(scope, name, type)                                                                             \
    { CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, scope, 1e6, 0, name), .read = read_clock, .a = (type) }

/* Cards of class C and of class N have clocks of other names: those that answer are there. */
static const cf_meter_row rows[] = {
    {CF_SENSOR(SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0,
         "power of the board, all ways, mean of an unknown time"),
        .read = read_power, .is_zero_absent = true},
    HEAT("temperature of the hottest place", 0),
    HEAT("temperature of the cores", 3),
    HEAT("temperature of the chip", 2),
    CLOCK(SY_SCOPE_DIE, "clock of the cores (class C)", 11),
    CLOCK(SY_SCOPE_DIE, "clock of the cores (class N)", 1),
    CLOCK(SY_SCOPE_CARD, "clock of the memory (class C)", 3),
    CLOCK(SY_SCOPE_CARD, "clock of the memory (class N)", 2),
    {CF_SENSOR(SY_SENSOR_THROTTLE, SY_UNIT_BITS, SY_SCOPE_CARD, 1, 0, "why clocks are held down"),
        .read = read_reasons},
    {CF_SENSOR(SY_SENSOR_POWER_CAP, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0, "power cap of the board"),
        .read = read_limit, .is_zero_absent = true},
};

const cf_meter_kind cf_meter_mxsml = {
    .name = "mxsml",
    .vendor = "MetaX",
    .names = names,
    .folders = folders,
    .hint = "it comes with MetaX's driver; a container needs /opt/mxdriver or /opt/maca mounted, --device "
            "/dev/mxcd and --device /dev/dri; or let STEELYARD_MXSML name it",
    .symbols = symbols,
    .symbol_count = sizeof symbols / sizeof symbols[0],
    .api_bytes = sizeof(mxsml),
    .rows = rows,
    .row_count = sizeof rows / sizeof rows[0],
    .start = start,
    .stop = stop,
    .version = version,
    .find = find,
    .identify = identify,
};
