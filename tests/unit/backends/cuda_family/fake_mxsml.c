/*
 * mxsml. Way 0: the count of cards is returned; 1: it is written through a pointer, and a status returned; 2:
 * the same, and the status is a failure. Cards are of class C unless mig is set.
 */
#include "tests/unit/backends/cuda_family/fake_meter.h"

#define CALL FAKE_EXPORT int
#define ENTER(call)                                                                                          \
    do {                                                                                                     \
        int code_ = fake.inits > fake.shutdowns ? fake_enter(call) : 1;                                      \
        if (code_ != 0)                                                                                      \
            return code_;                                                                                    \
    } while (0)

FAKE_EXPORT fake_script fake = {.card_count = 2};

CALL mxSmlInit(void);
int mxSmlInit(void) {
    int code = fake_enter("Init");
    fake.inits += code == 0;
    return code;
}

CALL mxSmlShutDown(void);
int mxSmlShutDown(void) {
    fake.shutdowns++;
    return 0;
}

FAKE_EXPORT const char *mxSmlGetErrorString(int code);
const char *mxSmlGetErrorString(int code) {
    return code == 3 ? "Operation not support" : code == 4 ? "Sysfs error" : "words";
}

FAKE_EXPORT unsigned mxSmlGetDeviceCount(unsigned *out_count);
unsigned mxSmlGetDeviceCount(unsigned *out_count) {
    fake_enter("GetDeviceCount");
    if (fake.way == 0)
        return fake.card_count;
    *out_count = fake.card_count;
    return fake.way == 2 ? 4 : 0;
}

CALL mxSmlGetDeviceInfo(unsigned card, void *out);
int mxSmlGetDeviceInfo(unsigned card, void *out) {
    struct {
        unsigned id;
        int type;
        char address[32];
        unsigned gpu, node;
        char uuid[96];
        int brand, mode;
        char name[32], later[128];
    } info;
    ENTER("GetDeviceInfo");
    if (card >= fake.card_count)
        return 6;
    memset(&info, 0x5a, sizeof info);
    snprintf(info.address, sizeof info.address, "0000:%02x:00.0", fake.bus[card]);
    snprintf(info.uuid, sizeof info.uuid, "GPU-%u-%080d", card, 7);
    memset(info.name, 'C', sizeof info.name);
    memcpy(out, &info, sizeof info);
    return 0;
}

static int copy(const char *text, char *out, unsigned *size) {
    if (*size < strlen(text) + 1) {
        *size = (unsigned)strlen(text) + 1;
        return 10;
    }
    memcpy(out, text, strlen(text) + 1);
    *size = (unsigned)strlen(text) + 1;
    return 0;
}

CALL mxSmlGetMacaVersion(char *text, unsigned *size);
int mxSmlGetMacaVersion(char *text, unsigned *size) {
    ENTER("GetMacaVersion");
    return copy("3.1.0.14", text, size);
}

CALL mxSmlGetDeviceVersion(unsigned card, int part, char *text, unsigned *size);
int mxSmlGetDeviceVersion(unsigned card, int part, char *text, unsigned *size) {
    ENTER("GetDeviceVersion");
    return card < fake.card_count && part == 1 ? copy("2.14.6", text, size) : 9;
}

/* A third of the power in each of three ways; as many ways as the list has room for at most. */
CALL mxSmlGetBoardPowerInfo(unsigned card, unsigned *count, unsigned *ways);
int mxSmlGetBoardPowerInfo(unsigned card, unsigned *count, unsigned *ways) {
    ENTER("GetBoardPowerInfo");
    if (*count < 3)
        return 10;
    *count = fake.scopes;
    for (unsigned i = 0; i < 3; i++) {
        ways[3 * i] = 12000;
        ways[3 * i + 1] = 1000;
        ways[3 * i + 2] = fake.power / 3;
    }
    return card < fake.card_count ? 0 : 6;
}

CALL mxSmlGetBoardPowerLimit(unsigned card, unsigned *out_mw);
int mxSmlGetBoardPowerLimit(unsigned card, unsigned *out_mw) {
    ENTER("GetBoardPowerLimit");
    *out_mw = fake.cap;
    return card < fake.card_count ? 0 : 6;
}

CALL mxSmlGetClocks(unsigned card, int type, unsigned *count, unsigned *mhz);
int mxSmlGetClocks(unsigned card, int type, unsigned *count, unsigned *mhz) {
    ENTER("GetClocks");
    int core = fake.mig != 0 ? 1 : 11, memory = fake.mig != 0 ? 2 : 3;
    if (card >= fake.card_count || (type != core && type != memory))
        return 3;
    if (*count < 9)
        return 10;
    *count = fake.scopes == 0 ? 0 : 2;
    mhz[0] = type == core ? fake.clock : fake.memory_clock;
    mhz[1] = 1;
    return 0;
}

CALL mxSmlGetTemperatureInfo(unsigned card, int place, int *out_hundredths);
int mxSmlGetTemperatureInfo(unsigned card, int place, int *out_hundredths) {
    ENTER("GetTemperatureInfo");
    *out_hundredths = (int)fake.celsius * 100 + 25;
    return card < fake.card_count && place == 0 ? 0 : 3;
}

CALL mxSmlGetCurrentClocksThrottleReason(unsigned card, unsigned long long *out_bits);
int mxSmlGetCurrentClocksThrottleReason(unsigned card, unsigned long long *out_bits) {
    ENTER("GetCurrentClocksThrottleReason");
    *out_bits = fake.reasons;
    return card < fake.card_count ? 0 : 6;
}
