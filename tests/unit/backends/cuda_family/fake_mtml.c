/* MTML. Way 1: addresses in capitals and with a domain of eight digits; 2: the address is not told. */
#include "tests/unit/backends/cuda_family/fake_meter.h"

#define CALL FAKE_EXPORT int
#define ENTER(call)                                                                                          \
    do {                                                                                                     \
        int code_ = fake_enter(call);                                                                        \
        if (code_ != 0)                                                                                      \
            return code_;                                                                                    \
    } while (0)

FAKE_EXPORT fake_script fake = {.card_count = 2};
static int library, system_, cards[FAKE_CARDS_MAX], gpus[FAKE_CARDS_MAX], memories[FAKE_CARDS_MAX];

/* Which of an array a handle is; -1 if none. */
static int place_of(const int *array, const void *handle) {
    for (int i = 0; i < FAKE_CARDS_MAX; i++)
        if (handle == &array[i])
            return i;
    return -1;
}

CALL mtmlLibraryInit(void **out_library);
int mtmlLibraryInit(void **out_library) {
    ENTER("LibraryInit");
    fake.inits++;
    *out_library = &library;
    return 0;
}

CALL mtmlLibraryShutDown(void *handle);
int mtmlLibraryShutDown(void *handle) {
    fake.shutdowns++;
    return handle == &library ? 0 : 3;
}

FAKE_EXPORT const char *mtmlErrorString(int code);
const char *mtmlErrorString(int code) {
    return code == 4 ? "Not Supported" : NULL;
}

CALL mtmlLibraryGetVersion(const void *handle, char *text, unsigned capacity);
int mtmlLibraryGetVersion(const void *handle, char *text, unsigned capacity) {
    ENTER("LibraryGetVersion");
    snprintf(text, capacity, "2.2.0");
    return handle == &library && capacity >= 32 ? 0 : 3;
}

CALL mtmlLibraryCountDevice(const void *handle, unsigned *out_count);
int mtmlLibraryCountDevice(const void *handle, unsigned *out_count) {
    ENTER("LibraryCountDevice");
    *out_count = fake.card_count;
    return handle == &library ? 0 : 3;
}

CALL mtmlLibraryInitDeviceByIndex(const void *handle, unsigned index, void **out_card);
int mtmlLibraryInitDeviceByIndex(const void *handle, unsigned index, void **out_card) {
    ENTER("LibraryInitDeviceByIndex");
    if (handle != &library || index >= fake.card_count)
        return 3;
    *out_card = &cards[index];
    fake.handles++;
    return 0;
}

static int give_back(const int *array, const void *handle) {
    fake.handles--;
    return place_of(array, handle) >= 0 ? 0 : 3;
}

CALL mtmlLibraryFreeDevice(void *card);
int mtmlLibraryFreeDevice(void *card) {
    return give_back(cards, card);
}

CALL mtmlLibraryInitSystem(const void *handle, void **out_system);
int mtmlLibraryInitSystem(const void *handle, void **out_system) {
    ENTER("LibraryInitSystem");
    *out_system = &system_;
    fake.handles++;
    return handle == &library ? 0 : 3;
}

CALL mtmlLibraryFreeSystem(void *handle);
int mtmlLibraryFreeSystem(void *handle) {
    fake.handles--;
    return handle == &system_ ? 0 : 3;
}

CALL mtmlSystemGetDriverVersion(const void *handle, char *text, unsigned capacity);
int mtmlSystemGetDriverVersion(const void *handle, char *text, unsigned capacity) {
    ENTER("SystemGetDriverVersion");
    snprintf(text, capacity, "3.3.0-server");
    return handle == &system_ && capacity >= 80 ? 0 : 3;
}

/* Writes more than its first member, as newer versions do. */
CALL mtmlDeviceGetPciInfo(const void *card, void *out);
int mtmlDeviceGetPciInfo(const void *card, void *out) {
    char info[200];
    int place = place_of(cards, card);
    ENTER("DeviceGetPciInfo");
    memset(info, 0x5a, sizeof info);
    snprintf(info, 32, fake.way == 1 ? "%08X:%02X:%02X.%X" : "%04x:%02x:%02x.%x", 0, fake.bus[place], 0, 0);
    if (fake.way == 2)
        memset(info, 0x5a, 32);
    memcpy(out, info, sizeof info);
    return place >= 0 ? 0 : 3;
}

CALL mtmlDeviceGetName(const void *card, char *text, unsigned capacity);
int mtmlDeviceGetName(const void *card, char *text, unsigned capacity) {
    ENTER("DeviceGetName");
    snprintf(text, capacity, "Fake S%d", 4000 + place_of(cards, card));
    return 0;
}

CALL mtmlDeviceGetUUID(const void *card, char *text, unsigned capacity);
int mtmlDeviceGetUUID(const void *card, char *text, unsigned capacity) {
    ENTER("DeviceGetUUID");
    snprintf(text, capacity, "GPU-%d", place_of(cards, card));
    return 0;
}

CALL mtmlDeviceGetPowerUsage(const void *card, unsigned *out_mw);
int mtmlDeviceGetPowerUsage(const void *card, unsigned *out_mw) {
    ENTER("DeviceGetPowerUsage");
    *out_mw = fake.power;
    return place_of(cards, card) >= 0 ? 0 : 3;
}

#define PART(init, free, get, array, member)                                                                 \
    CALL init(const void *card, void **out_part);                                                            \
    int init(const void *card, void **out_part) {                                                            \
        ENTER(#init);                                                                                        \
        *out_part = &array[place_of(cards, card)];                                                           \
        fake.handles++;                                                                                      \
        return 0;                                                                                            \
    }                                                                                                        \
    CALL free(void *part);                                                                                   \
    int free(void *part) {                                                                                   \
        return give_back(array, part);                                                                       \
    }                                                                                                        \
    CALL get(const void *part, unsigned *out_mhz);                                                           \
    int get(const void *part, unsigned *out_mhz) {                                                           \
        ENTER(#get);                                                                                         \
        *out_mhz = fake.member;                                                                              \
        return place_of(array, part) >= 0 ? 0 : 3;                                                           \
    }
PART(mtmlDeviceInitGpu, mtmlDeviceFreeGpu, mtmlGpuGetClock, gpus, clock)
PART(mtmlDeviceInitMemory, mtmlDeviceFreeMemory, mtmlMemoryGetClock, memories, memory_clock)

CALL mtmlGpuGetTemperature(const void *gpu, int *out_celsius);
int mtmlGpuGetTemperature(const void *gpu, int *out_celsius) {
    ENTER("GpuGetTemperature");
    *out_celsius = (int)fake.celsius;
    return place_of(gpus, gpu) >= 0 ? 0 : 3;
}

CALL mtmlMemoryGetEccMode(const void *memory, int *out_now, int *out_later);
int mtmlMemoryGetEccMode(const void *memory, int *out_now, int *out_later) {
    ENTER("MemoryGetEccMode");
    *out_now = fake.ecc;
    *out_later = 0;
    return place_of(memories, memory) >= 0 ? 0 : 3;
}
