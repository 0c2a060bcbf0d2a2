/*
 * The management library of MetaX. Settings: mx_count=status: the count goes through a pointer and a status
 * is returned (by default the count is returned and no argument looked at); power_ways (2): rows of board
 * power, of which the sum is the card's; celsius, mhz, memory_mhz, power_status.
 */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/cuda_family/family.h"
#include "tests/vendor_sim/cuda_family/silicon.h"

enum { MX_OK = 0, MX_FAILURE = 1, MX_NO_DEVICE = 2, MX_INVALID = 5, MX_TOO_SMALL = 6 };
enum { CLOCK_MEMORY = 3, CLOCK_CORE = 11 };

static int enter_on(const char *function, unsigned id, const void *out, int *out_device) {
    int code = sim_enter_apart(function);
    *out_device = silicon_of_index(id);
    if (code == 0 && *sim_slot("pm_uses") == 0)
        return MX_FAILURE;
    if (code == 0 && *out_device < 0)
        return MX_NO_DEVICE;
    return code == 0 && out == NULL ? MX_INVALID : code;
}

SIM_API int mxSmlInit(void) {
    int code = sim_enter_apart(__func__);
    if (code == 0)
        ++*sim_slot("pm_uses");
    return sim_leave(code);
}

SIM_API unsigned mxSmlGetDeviceCount(unsigned *out_count) {
    int code = sim_enter_apart(__func__);
    bool is_by_pointer = strcmp(sim_text(SIM_NO_DEVICE, "mx_count", "value"), "status") == 0;
    unsigned count = code == 0 && *sim_slot("pm_uses") > 0 ? (unsigned)sim_devices() : 0;
    if (is_by_pointer && code == 0)
        *out_count = count;
    sim_leave(code);
    return is_by_pointer ? (unsigned)code : count;
}

typedef struct info {
    unsigned id;
    int type;
    char bdf[32];
    unsigned gpu_id, node_id;
    char uuid[96];
    int brand, mode;
    char name[32];
} info;

SIM_API int mxSmlGetDeviceInfo(unsigned id, void *out_info) {
    int device, code = enter_on(__func__, id, out_info, &device);
    if (code == 0) {
        info *out = out_info;
        *out = (info){.id = id, .gpu_id = id};
        silicon_pci(device, 4, false, out->bdf);
        snprintf(out->uuid, sizeof out->uuid, "GPU-5e1f0000-0000-0000-0000-%012d", device);
        snprintf(out->name, sizeof out->name, "%.31s", silicon_name(device));
    }
    return sim_leave(code);
}

typedef struct way {
    unsigned mv, ma, mw;
} way;

/* The watts are spread over the ways: 3/4 of what is left in each but the last. */
SIM_API int mxSmlGetBoardPowerInfo(unsigned id, unsigned *count_both, void *out_ways) {
    int device, code = enter_on(__func__, id, out_ways, &device);
    if (code == 0 && count_both == NULL)
        code = MX_INVALID;
    if (code == 0)
        code = (int)sim_number(device, "power_status", 0);
    unsigned ways = code == 0 ? (unsigned)sim_number(device, "power_ways", 2) : 0;
    if (code == 0 && *count_both < ways)
        code = MX_TOO_SMALL;
    if (code != 0)
        return sim_leave(code);
    *count_both = ways;
    unsigned left = (unsigned)(sim_power_now(device) * 1e3 + 0.5);
    way *out = out_ways;
    for (unsigned i = 0; i < ways; i++) {
        unsigned mw = i + 1 == ways ? left : left / 4 * 3;
        out[i] = (way){12000, mw / 12, mw};
        left -= mw;
    }
    return sim_leave(0);
}

SIM_API int mxSmlGetClocks(unsigned id, int type, unsigned *count_both, unsigned *out_mhz) {
    int device, code = enter_on(__func__, id, out_mhz, &device);
    if (code == 0 && (count_both == NULL || (type != CLOCK_CORE && type != CLOCK_MEMORY)))
        code = MX_INVALID;
    if (code == 0 && *count_both < 1)
        code = MX_TOO_SMALL;
    if (code == 0) {
        *count_both = 1;
        *out_mhz = (unsigned)(type == CLOCK_CORE ? sim_real(device, "mhz", 1600)
                                                 : sim_real(device, "memory_mhz", 1800));
    }
    return sim_leave(code);
}

/* Hundredths of a degree. */
SIM_API int mxSmlGetTemperatureInfo(unsigned id, int sensor, int *out_value) {
    int device, code = enter_on(__func__, id, out_value, &device);
    if (code == 0 && sensor != 0)
        code = MX_INVALID;
    if (code == 0)
        *out_value = (int)(sim_real(device, "celsius", 45) * 100);
    return sim_leave(code);
}
