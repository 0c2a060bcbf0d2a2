/* Field values: records of 40 bytes. */
#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/cuda_family/family.h"

enum {
    FIELD_ENERGY_OLD = 83,
    FIELD_POWER_AVERAGE = 185,
    FIELD_POWER_INSTANT = 186,
    FIELD_CAP_DEFAULT = 189,
    FIELD_CAP = 190,
    FIELD_ENERGY = 191
};
enum { VALUE_UNSIGNED = 1, VALUE_UNSIGNED_LONG_LONG = 3 };
enum { PM_NOT_SUPPORTED = 3 };

typedef struct field {
    unsigned id, scope;
    long long timestamp_us, latency_us;
    int type, status;
    union {
        unsigned single;
        unsigned long long wide;
    } value;
} field;
_Static_assert(sizeof(field) == 40, "the record of field values");

/* What a module draws besides the card, W; below 0: the card is on none. */
static double module_watts(int device) {
    return sim_real(device, "module_w", -1);
}

static unsigned milliwatts(int device, const field *one, double watts) {
    return (unsigned)((watts + (one->scope == 1 ? module_watts(device) : 0)) * 1e3 + 0.5);
}

/* Watts and joules go in thousandths. Scopes: the card alone, and the module (1) for power. */
static void answer(int device, field *one) {
    double cap = sim_real(device, "watts", 300);
    one->type = VALUE_UNSIGNED;
    one->status = (int)sim_number(device, "power_status", 0);
    one->value.wide = 0;
    switch (one->id) {
    case FIELD_POWER_AVERAGE: one->value.single = milliwatts(device, one, sim_power_average(device)); break;
    case FIELD_POWER_INSTANT: one->value.single = milliwatts(device, one, sim_power_now(device)); break;
    case FIELD_CAP_DEFAULT:
        one->value.single = (unsigned)(sim_real(device, "cap_default_w", cap) * 1e3 + 0.5);
        break;
    case FIELD_CAP: one->value.single = (unsigned)(sim_real(device, "cap_w", cap) * 1e3 + 0.5); break;
    case FIELD_ENERGY_OLD:
    case FIELD_ENERGY:
        one->type = VALUE_UNSIGNED_LONG_LONG;
        one->status = (int)sim_number(device, "energy_status", 0);
        one->value.wide = (unsigned long long)(sim_energy_joules(device) * 1e3);
        break;
    default: one->status = PM_NOT_SUPPORTED;
    }
    bool is_power = one->id == FIELD_POWER_AVERAGE || one->id == FIELD_POWER_INSTANT;
    if (one->scope > 1 || (one->scope == 1 && (!is_power || module_watts(device) < 0)))
        one->status = PM_NOT_SUPPORTED;
    one->timestamp_us = (long long)(sim_clock_host_ns() * 1e-3);
    one->latency_us = 1;
}

SIM_API int PM(DeviceGetFieldValues)(void *handle, int count, void *records) {
    int code = sim_enter_apart(__func__);
    int device = (int)(((uint64_t)(uintptr_t)handle - UINT64_C(0x5e1e000000000000)) / 16);
    if (code == 0 && *sim_slot("pm_uses") == 0)
        code = 1;
    if (code == 0 && (device < 0 || device >= sim_devices() || count < 1 || records == NULL))
        code = 2;
    field *one = records;
    for (int i = 0; i < count && code == 0; i++)
        answer(device, &one[i]);
    return sim_leave(code);
}
