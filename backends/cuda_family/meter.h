/*
 * Meters: what a vendor's management library tells of one card. Power, energy, temperature, clocks, why the
 * clocks are held down, power caps; and who the card is.
 *
 * The pairing of runtime and management library is not fixed (RSMI answers under Hygon's HIP and under its
 * CUDA layer), and a file named libcudart.so says nothing about its maker: which card it is, is told by the
 * management library that knows its PCI address, and by the vendor id on the bus. Cards are found by address,
 * never by index: masks of visible devices and MIG renumber.
 *
 * Nothing here ever changes a limit or a clock.
 */
#ifndef BACKENDS_CUDA_FAMILY_METER_H
#define BACKENDS_CUDA_FAMILY_METER_H

#include <stdint.h>

#include "steelyard/backend.h"

/** A management library that can be asked: its names, functions and sensors. Static storage. */
typedef struct cf_meter_kind cf_meter_kind;

extern const cf_meter_kind cf_meter_nvml;  /* NVIDIA: libnvidia-ml.so.1, option lib.nvml */
extern const cf_meter_kind cf_meter_ixml;  /* Iluvatar: libixml.so, NVML's functions, option lib.ixml */
extern const cf_meter_kind cf_meter_rsmi;  /* AMD, Hygon: librocm_smi64.so, option lib.rsmi */
extern const cf_meter_kind cf_meter_mtml;  /* Moore Threads: libmtml.so, option lib.mtml */
extern const cf_meter_kind cf_meter_mxsml; /* MetaX: libmxsml.so, option lib.mxsml */
extern const cf_meter_kind cf_meter_xpuml; /* Kunlunxin: libxpuml.so.1, option lib.xpuml */

/** The management libraries that a backend has asked for, each opened and started once. */
typedef struct cf_meters cf_meters;

/** A card in one of them. */
typedef struct cf_meter cf_meter;

/** Of no library yet. `host` is copied. `folder` (NULL: none; borrowed) is looked in before the usual ones.
 * NULL: no host memory. */
cf_meters *cf_meters_create(const sy_host *host, const char *folder);

/** Every meter must be closed before. Libraries are shut down, and stay loaded: some leave threads. */
void cf_meters_destroy(cf_meters *meters);

/**
 * Find a card.
 *
 * kinds      ends with NULL; tried in order, the first that knows the card answers. NULL: all of them.
 * pci        "0000:3b:00.0"; a domain of up to eight digits or none, either case, the function may be absent.
 * out_meter  NULL on error; close it with cf_meter_close().
 *
 * A library is opened at its first use and told to the host, by its kind's name, with its version. A sensor
 * is there only if it could be read now: what a card or a driver does not have is absent.
 *
 * Errors  SY_INVALID_ARGUMENT: not an address. SY_UNAVAILABLE: no library could be opened or knows the card;
 *         the text says for each why, where it was looked for, and what helps. SY_INCOMPATIBLE: the only
 *         library asked lacks functions. SY_OUT_OF_MEMORY. SY_LOST: the card is gone.
 * Threads any.
 */
sy_status cf_meter_open(cf_meters *meters, const cf_meter_kind *const *kinds, const char *pci,
    cf_meter **out_meter, sy_error *err);

/** Close; NULL is fine. */
void cf_meter_close(cf_meter *meter);

/**
 * Sensor `index`, counted from 0; the caller sets out_sensor->size. Of several of one kind the first is the
 * one to use. A card cut by MIG is measured as a whole. Power that is neither said to be instantaneous nor
 * averaged over a known time is SY_SENSOR_POWER_AVERAGE with a window of 0.
 * Errors: SY_UNAVAILABLE past the end. Threads: any.
 */
sy_status cf_meter_describe(const cf_meter *meter, uint32_t index, sy_sensor *out_sensor, sy_error *err);

/**
 * Read a sensor, in its unit; NaN on error. Reads of all cards of a library take turns: not every library
 * allows two calls at a time.
 * Errors: SY_UNAVAILABLE: no such sensor, or no value now. SY_UNSUPPORTED: it no longer can. SY_LOST: the
 * card is gone. SY_INTERNAL: any other answer. The text has the library's words and number, and so has
 * vendor_code. Threads: any.
 */
sy_status cf_meter_read(cf_meter *meter, uint32_t index, double *out_value, sy_error *err);

/*
 * Bits of SY_SENSOR_THROTTLE: why clocks are not the highest. The first nine are NVML's numbers, as NVML and
 * ixml give them; what another library says is translated, and a reason without a name here is OTHER:
 *   NVML, ixml    0x1ff as they are, the rest OTHER
 *   mxsml         1 IDLE, 2 SETTING, 4 POWER_CAP; 8 chip, 0x10 regulator, 0x20 memory and 0x40 all else too
 *                 hot: HEAT; 0x80 peak current and 0x200 steps of current: HARDWARE; 0x100 POWER_BRAKE; 0x400
 *                 modulation by load and 0x80000000 other: OTHER
 *   RSMI, MTML, xpuml  nothing
 * SLOWED are those to be told beside a result.
 */
enum {
    CF_THROTTLE_IDLE = 0x1,         /* nothing runs */
    CF_THROTTLE_SETTING = 0x2,      /* clocks set by somebody */
    CF_THROTTLE_POWER_CAP = 0x4,    /* the power limit */
    CF_THROTTLE_HARDWARE = 0x8,     /* slowed by hardware, for heat or power */
    CF_THROTTLE_SYNC_BOOST = 0x10,  /* held at the clock of a group of cards */
    CF_THROTTLE_HEAT = 0x20,        /* temperature, by the driver */
    CF_THROTTLE_HEAT_HARD = 0x40,   /* temperature, by hardware */
    CF_THROTTLE_POWER_BRAKE = 0x80, /* the power supply asked for it */
    CF_THROTTLE_DISPLAY = 0x100,    /* a display's clock */
    CF_THROTTLE_OTHER = 0x200,      /* the library has a reason that has no name here */
    CF_THROTTLE_SLOWED = 0x4 | 0x8 | 0x20 | 0x40 | 0x80 | 0x200
};

/** Word for one bit ("power cap"); NULL if it has none. Static storage. */
const char *cf_throttle_word(uint32_t bit);

/** Who a card is. "", NaN and -1 are unknown. */
typedef struct cf_meter_identity {
    char library[16]; /* name of the kind that answers: "nvml" */
    char vendor[32];  /* "NVIDIA" */
    char name[96], uuid[48], driver[64];
    char pci[24];            /* as in sysfs: "0000:3b:00.0" */
    int32_t mig, ecc;        /* 1 on, 0 off */
    int32_t other_processes; /* that compute on the card, this one not counted. From inside a container others
                                cannot be seen: unknown there, unless this process itself is listed */
    double power_cap_w, power_cap_default_w;
} cf_meter_identity;

/** Identify; what the library does not tell is unknown. Errors: SY_LOST: the card is gone. Threads: any. */
sy_status cf_meter_identify(cf_meter *meter, cf_meter_identity *out_identity, sy_error *err);

/** A vendor by the id that the bus gives. `kind` is the management library of his cards, NULL if unknown. */
typedef struct cf_vendor {
    uint32_t id;
    const char *name;
    const cf_meter_kind *kind;
} cf_vendor;

/**
 * Vendor of the card at a PCI address, out of sysfs below the host's option "sysroot". No library is asked.
 * Errors: SY_INVALID_ARGUMENT: not an address. SY_UNAVAILABLE: sysfs has no such device. SY_UNSUPPORTED: a
 * vendor that is not known here; the text has his id. *out_vendor is NULL then.
 */
sy_status cf_vendor_of_pci(const sy_host *host, const char *pci, const cf_vendor **out_vendor, sy_error *err);

#endif
