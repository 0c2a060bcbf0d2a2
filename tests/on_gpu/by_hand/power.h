/* NVML by prototypes of our own: its header is in few toolkits. A meter that is not there reads 0. */
#ifndef STEELYARD_BY_HAND_POWER_H
#define STEELYARD_BY_HAND_POWER_H

#include <stdbool.h>

/* Fields of nvmlDeviceGetFieldValues. */
enum { METER_AVERAGE = 185, METER_INSTANT = 186, METER_ENERGY = 83, METER_ENERGY_MJ = 191 };

/* One field as the library fills it in. */
typedef struct meter_field {
    unsigned id, scope;
    long long timestamp_us, latency_us;
    int value_type, status;
    union {
        double real;
        unsigned whole;
        unsigned long long large;
    } value;
} meter_field;
_Static_assert(sizeof(meter_field) == 40, "a field of NVML has 40 bytes");

typedef struct meter {
    void *device; /* NULL: no meter */
    int (*field_values)(void *device, int count, meter_field *values);
    int (*power_usage)(void *device, unsigned *out_mw);
    int (*energy)(void *device, unsigned long long *out_mj);
    int (*clock_info)(void *device, int domain, unsigned *out_mhz);
    int (*max_clock_info)(void *device, int domain, unsigned *out_mhz);
    int (*power_limit)(void *device, unsigned *out_mw);
    int (*event_reasons)(void *device, unsigned long long *out_mask);
    int (*driver_version)(char *text, unsigned bytes);
    char reason[256];
} meter;

/** Find the device of a PCI address. On failure `device` is NULL and `reason` says why. */
void meter_open(meter *m, const char *pci);

/** Print driver version, limit, clocks as JSON fields, without braces. */
void meter_describe(const meter *m);

/** Clocks of SMs and memory now. */
void meter_clocks(const meter *m, unsigned *out_sm_mhz, unsigned *out_mem_mhz);

/** A power field (METER_AVERAGE, METER_INSTANT) in mW. */
unsigned meter_power(const meter *m, unsigned field);

/** The energy counter in mJ. */
unsigned long long meter_energy(const meter *m);

struct card;
/** Everything that can be learnt of the meters in about eight seconds, as JSON lines. */
bool power_study(struct card *c);

#endif
