/*
 * A library of NVML's shape, with functions called FAKE_PREFIX... FAKE_OLD: that of an old driver, without
 * fields, energy and the calls of recent years. FAKE_NO_LOOKUP: cards only by index.
 */
#include "tests/unit/backends/cuda_family/fake_meter.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(name) JOIN(FAKE_PREFIX, name)
#define ENTER(call)                                                                                          \
    do {                                                                                                     \
        int code_ = fake.inits > fake.shutdowns ? fake_enter(call) : 1;                                      \
        if (code_ != 0)                                                                                      \
            return code_;                                                                                    \
    } while (0)

FAKE_EXPORT fake_script fake = {.card_count = 2, .bus = {0x3b, 0xaf}};
static int cards[FAKE_CARDS_MAX];

static int check_card(const void *card) {
    return card >= (void *)cards && card < (void *)(cards + fake.card_count) ? 0 : 2;
}

FAKE_EXPORT int NAME(Init_v2)(void);
int NAME(Init_v2)(void) {
    int code = fake_enter("Init");
    fake.inits += code == 0;
    return code;
}

FAKE_EXPORT int NAME(Init)(void);
int NAME(Init)(void) {
    return NAME(Init_v2)();
}

FAKE_EXPORT int NAME(Shutdown)(void);
int NAME(Shutdown)(void) {
    ENTER("Shutdown");
    fake.shutdowns++;
    return 0;
}

FAKE_EXPORT const char *NAME(ErrorString)(int code);
const char *NAME(ErrorString)(int code) {
    return code == 3    ? "Not Supported"
           : code == 9  ? "Driver Not Loaded"
           : code == 15 ? "GPU is lost"
                        : "Words";
}

static int copy(const char *text, char *out, unsigned capacity) {
    if (strlen(text) >= capacity)
        return 7;
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

FAKE_EXPORT int NAME(SystemGetDriverVersion)(char *text, unsigned capacity);
int NAME(SystemGetDriverVersion)(char *text, unsigned capacity) {
    ENTER("SystemGetDriverVersion");
    return copy("580.65.06", text, capacity);
}

FAKE_EXPORT int NAME(SystemGetNVMLVersion)(char *text, unsigned capacity);
int NAME(SystemGetNVMLVersion)(char *text, unsigned capacity) {
    ENTER("SystemGetNVMLVersion");
    return copy("13.580.65.06", text, capacity);
}

#ifndef FAKE_NO_LOOKUP
FAKE_EXPORT int NAME(DeviceGetHandleByPciBusId_v2)(const char *pci, void **out_card);
int NAME(DeviceGetHandleByPciBusId_v2)(const char *pci, void **out_card) {
    ENTER("DeviceGetHandleByPciBusId");
    for (uint32_t i = 0; i < fake.card_count; i++) {
        char own[32];
        snprintf(own, sizeof own, "00000000:%02x:00.0", fake.bus[i]);
        if (strcmp(own, pci) != 0)
            continue;
        *out_card = &cards[i];
        return 0;
    }
    return 6;
}
#endif

FAKE_EXPORT int NAME(DeviceGetCount_v2)(unsigned *out_count);
int NAME(DeviceGetCount_v2)(unsigned *out_count) {
    ENTER("DeviceGetCount");
    *out_count = fake.card_count;
    return 0;
}

FAKE_EXPORT int NAME(DeviceGetCount)(unsigned *out_count);
int NAME(DeviceGetCount)(unsigned *out_count) {
    return NAME(DeviceGetCount_v2)(out_count);
}

/* The first card may be closed to this user: way 1. */
FAKE_EXPORT int NAME(DeviceGetHandleByIndex_v2)(unsigned index, void **out_card);
int NAME(DeviceGetHandleByIndex_v2)(unsigned index, void **out_card) {
    ENTER("DeviceGetHandleByIndex");
    if (index >= fake.card_count)
        return 2;
    if (fake.way == 1 && index == 0)
        return 4;
    *out_card = &cards[index];
    return 0;
}

FAKE_EXPORT int NAME(DeviceGetHandleByIndex)(unsigned index, void **out_card);
int NAME(DeviceGetHandleByIndex)(unsigned index, void **out_card) {
    return NAME(DeviceGetHandleByIndex_v2)(index, out_card);
}

FAKE_EXPORT int NAME(DeviceGetPciInfo_v3)(const int *card, void *out);
int NAME(DeviceGetPciInfo_v3)(const int *card, void *out) {
    struct {
#ifndef FAKE_NO_LOOKUP
        char legacy[16];
        unsigned domain, bus, device, ids, sub_ids;
#else
        unsigned domain, bus, device, function, ids, sub_ids;
#endif
        char text[32];
    } info = {.bus = 0};
    ENTER("DeviceGetPciInfo");
    if (check_card(card) != 0)
        return 2;
    info.bus = fake.bus[card - cards];
#ifndef FAKE_NO_LOOKUP
    snprintf(info.legacy, sizeof info.legacy, "0000:%02X:00.0", info.bus);
#endif
    memcpy(out, &info, sizeof info);
    return 0;
}

FAKE_EXPORT int NAME(DeviceGetPciInfo)(const int *card, void *out);
int NAME(DeviceGetPciInfo)(const int *card, void *out) {
    return NAME(DeviceGetPciInfo_v3)(card, out);
}

FAKE_EXPORT int NAME(DeviceGetName)(const int *card, char *text, unsigned capacity);
int NAME(DeviceGetName)(const int *card, char *text, unsigned capacity) {
    ENTER("DeviceGetName");
    return check_card(card) != 0 ? 2 : copy("Fake H200", text, capacity);
}

FAKE_EXPORT int NAME(DeviceGetUUID)(const int *card, char *text, unsigned capacity);
int NAME(DeviceGetUUID)(const int *card, char *text, unsigned capacity) {
    ENTER("DeviceGetUUID");
    return check_card(card) != 0 ? 2 : copy("GPU-12345678-1234-1234-1234-123456789012", text, capacity);
}

FAKE_EXPORT int NAME(DeviceGetEccMode)(const int *card, int *out_now, int *out_later);
int NAME(DeviceGetEccMode)(const int *card, int *out_now, int *out_later) {
    ENTER("DeviceGetEccMode");
    *out_now = fake.ecc;
    *out_later = !fake.ecc;
    return check_card(card);
}

static int list_processes(unsigned *count, unsigned char *out) {
    if (*count < fake.pid_count) {
        *count = fake.pid_count;
        return 7;
    }
    *count = fake.pid_count;
    for (uint32_t i = 0; i < fake.pid_count; i++) {
        unsigned char entry[32] = {0};
        memcpy(entry, &fake.pids[i], 4);
        memset(entry + 16, 0xff, 8);
        memcpy(out + (size_t)i * fake.entry_bytes, entry, fake.entry_bytes);
    }
    return 0;
}

#ifdef FAKE_OLD
FAKE_EXPORT int NAME(DeviceGetComputeRunningProcesses)(const int *card, unsigned *count, void *out);
int NAME(DeviceGetComputeRunningProcesses)(const int *card, unsigned *count, void *out) {
#else
FAKE_EXPORT int NAME(DeviceGetComputeRunningProcesses_v3)(const int *card, unsigned *count, void *out);
int NAME(DeviceGetComputeRunningProcesses_v3)(const int *card, unsigned *count, void *out) {
#endif
    ENTER("DeviceGetComputeRunningProcesses");
    return check_card(card) != 0 ? 2 : list_processes(count, out);
}

#define UNSIGNED(name, member)                                                                               \
    FAKE_EXPORT int NAME(name)(const int *card, unsigned *out_value);                                        \
    int NAME(name)(const int *card, unsigned *out_value) {                                                   \
        ENTER(#name);                                                                                        \
        *out_value = fake.member;                                                                            \
        return check_card(card);                                                                             \
    }
UNSIGNED(DeviceGetPowerUsage, average)
UNSIGNED(DeviceGetPowerManagementLimit, cap)
UNSIGNED(DeviceGetPowerManagementDefaultLimit, cap_default)

FAKE_EXPORT int NAME(DeviceGetTemperature)(const int *card, int sensor, unsigned *out_celsius);
int NAME(DeviceGetTemperature)(const int *card, int sensor, unsigned *out_celsius) {
    ENTER("DeviceGetTemperature");
    *out_celsius = fake.celsius;
    return sensor != 0 ? 2 : check_card(card);
}

FAKE_EXPORT int NAME(DeviceGetClockInfo)(const int *card, int type, unsigned *out_mhz);
int NAME(DeviceGetClockInfo)(const int *card, int type, unsigned *out_mhz) {
    ENTER(type == 1 ? "DeviceGetClockInfo" : "DeviceGetClockInfo of memory");
#ifdef FAKE_NO_LOOKUP
    *out_mhz = fake.clock;
    return type != 0 ? 2 : check_card(card);
#else
    *out_mhz = type == 1 ? fake.clock : fake.memory_clock;
    return type != 1 && type != 2 ? 2 : check_card(card);
#endif
}

FAKE_EXPORT int NAME(DeviceGetCurrentClocksThrottleReasons)(const int *card, unsigned long long *out_bits);
int NAME(DeviceGetCurrentClocksThrottleReasons)(const int *card, unsigned long long *out_bits) {
    ENTER("DeviceGetCurrentClocksThrottleReasons");
    *out_bits = fake.reasons;
    return check_card(card);
}

#ifndef FAKE_OLD
UNSIGNED(DeviceGetEnforcedPowerLimit, cap)

FAKE_EXPORT int NAME(DeviceGetCudaComputeCapability)(const int *card, int *out_major, int *out_minor);
int NAME(DeviceGetCudaComputeCapability)(const int *card, int *out_major, int *out_minor) {
    ENTER("DeviceGetCudaComputeCapability");
    *out_major = fake.capability_major;
    *out_minor = fake.capability_minor;
    return check_card(card);
}

FAKE_EXPORT int NAME(DeviceGetMigMode)(const int *card, unsigned *out_now, unsigned *out_later);
int NAME(DeviceGetMigMode)(const int *card, unsigned *out_now, unsigned *out_later) {
    ENTER("DeviceGetMigMode");
    *out_now = (unsigned)fake.mig;
    *out_later = !fake.mig;
    return check_card(card);
}

FAKE_EXPORT int NAME(DeviceGetTotalEnergyConsumption)(const int *card, unsigned long long *out_mj);
int NAME(DeviceGetTotalEnergyConsumption)(const int *card, unsigned long long *out_mj) {
    ENTER("DeviceGetTotalEnergyConsumption");
    *out_mj = fake.energy;
    return check_card(card);
}

FAKE_EXPORT int NAME(DeviceGetTemperatureV)(const int *card, unsigned *io);
int NAME(DeviceGetTemperatureV)(const int *card, unsigned *io) {
    ENTER("DeviceGetTemperatureV");
    if (io[0] != 0x100000cu)
        return 25;
    io[2] = fake.celsius;
    return check_card(card);
}

FAKE_EXPORT int NAME(DeviceGetCurrentClocksEventReasons)(const int *card, unsigned long long *out_bits);
int NAME(DeviceGetCurrentClocksEventReasons)(const int *card, unsigned long long *out_bits) {
    ENTER("DeviceGetCurrentClocksEventReasons");
    *out_bits = fake.reasons;
    return check_card(card);
}

/* Fields: value as the type that `way` says (1 unsigned, else as is). */
typedef struct field {
    unsigned id, scope;
    long long when, late;
    int type, status;
    union {
        double f64;
        unsigned u32;
        unsigned long long u64;
        long long s64;
        int s32;
        unsigned short u16;
    } value;
} field;
_Static_assert(sizeof(field) == 40, "NVML's field has 40 bytes");

static void put_value(field *f, unsigned mw) {
    f->type = fake.way == 0 ? 1 : fake.way == 100 ? 0 : fake.way;
    switch (f->type) {
    case 0: f->value.f64 = mw; break;
    case 2:
    case 3: f->value.u64 = mw == 0xffffffffu ? ~0ull : mw; break;
    case 4: f->value.s64 = mw; break;
    case 5: f->value.s32 = (int)mw; break;
    case 6: f->value.u16 = (unsigned short)mw; break;
    default: f->value.u32 = mw; break;
    }
}

FAKE_EXPORT int NAME(DeviceGetFieldValues)(const int *card, int count, field *fields);
int NAME(DeviceGetFieldValues)(const int *card, int count, field *fields) {
    ENTER("DeviceGetFieldValues");
    if (check_card(card) != 0 || count < 1)
        return 2;
    for (int i = 0; i < count; i++) {
        field *f = &fields[i];
        f->status =
            (f->id == 185 || f->id == 186) && f->scope < 3 && (fake.scopes >> f->scope & 1) != 0 ? 0 : 3;
        if (f->id == 185 && fake.average == 0)
            f->status = 3;
        if (f->status == 0)
            put_value(f, f->scope == 1 ? fake.module : f->id == 185 ? fake.average : fake.power);
        else
            f->value.u64 = 12345;
    }
    return 0;
}
#endif
