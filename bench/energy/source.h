/*
 * Sources of energy: what a meter is, whether it can be read here, and reading it. One file a source, one row
 * in the table (source_table.c). A source finds its meters; a meter that is open answers one number, now.
 *
 * Names. A meter's name is unique in a run and is what records go by: "powercap:package-0", "device:energy",
 * "shelly:192.0.2.7:power". `spec` is what a user writes after --energy to have it: "powercap",
 * "redfish:https://192.0.2.1", "csv:/tmp/meter.csv".
 */
#ifndef STEELYARD_ENERGY_SOURCE_H
#define STEELYARD_ENERGY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/energy/trace.h"
#include "steelyard/backend.h"
#include "steelyard/status.h"

/*
 * What a reading is. COUNTER: J since the meter was opened, never falling: whoever reads it undoes wraps.
 * POWER_AVERAGE: W, mean over the last window_ns. POWER_INSTANT: W. The others are no energy but are read
 * along with it: Celsius, Hz, and a set of bits that is not 0 while something holds the device back.
 */
enum {
    SY_ENERGY_COUNTER = 1,
    SY_ENERGY_POWER_AVERAGE = 2,
    SY_ENERGY_POWER_INSTANT = 3,
    SY_ENERGY_TEMPERATURE = 4,
    SY_ENERGY_CLOCK = 5,
    SY_ENERGY_THROTTLE = 6
};

/* What one number covers, from the inside out. PACKAGE: a processor's socket; MEMORY: a socket's DIMMs;
 * BOARD: a supply rail or a whole small computer without its supply; NODE: behind the supply of a server, as
 * its management controller reads it; WALL: before the supply. Different scopes are never compared. */
enum {
    SY_ENERGY_SCOPE_UNKNOWN = 0,
    SY_ENERGY_SCOPE_DIE = 1,
    SY_ENERGY_SCOPE_PACKAGE = 2,
    SY_ENERGY_SCOPE_MEMORY = 3,
    SY_ENERGY_SCOPE_CARD = 4,
    SY_ENERGY_SCOPE_BOARD = 5,
    SY_ENERGY_SCOPE_NODE = 6,
    SY_ENERGY_SCOPE_WALL = 7
};
#define SY_ENERGY_SCOPE_COUNT 8u

/** "counter", "average power", "instant power", "temperature", "clock", "throttle"; "?" otherwise. Static. */
const char *sy_energy_kind_name(uint32_t kind);

/** "die", "package", "memory", "card", "board", "node", "wall"; "unknown" for 0, "?" otherwise. Static. */
const char *sy_energy_scope_name(uint32_t scope);

/** Whether a kind is energy or power. */
bool sy_energy_is_energy(uint32_t kind);

/**
 * What a meter declares. NaN = unknown, times of 0 = unknown.
 *
 * resolution        smallest step of a reading, J or W (C, Hz).
 * gain              relative standard uncertainty of the scale (0.05 = 5 %).
 * offset_w          standard uncertainty that does not grow with the reading, W; 0: none.
 * update_period_ns  how often the value changes, as declared; it is measured all the same.
 * window_ns         over which POWER_AVERAGE is the mean.
 * least_poll_ns     it is never read more often than that: reading would disturb, or the meter asks so.
 */
typedef struct sy_energy_facts {
    char name[64], detail[160];
    uint32_t kind, scope;
    double resolution, gain, offset_w;
    uint64_t update_period_ns, window_ns, least_poll_ns;
} sy_energy_facts;

/**
 * A meter that was found, usable or not.
 *
 * spec     what opens it. index: the source's own number of it.
 * state    SY_OK: it can be read. SY_UNAVAILABLE: not here. SY_REFUSED: here, but not permitted. SY_TIMEOUT,
 *          SY_IO: it does not answer. reason: one line, `fix`: what would help ("" if nothing is known).
 * is_part  covers no more than a part of another meter that was found (a core zone of a package): never taken
 *          by itself, never added up.
 */
typedef struct sy_energy_found {
    sy_energy_facts facts;
    char spec[256], reason[256], fix[256];
    uint32_t index;
    sy_status state;
    bool is_part;
} sy_energy_found;

/** Meters that were found. Zero-initialise. */
typedef struct sy_energy_list {
    sy_energy_found *found;
    size_t count, capacity;
} sy_energy_list;

/** Append a copy. SY_OUT_OF_MEMORY leaves the list as it was. */
sy_status sy_energy_list_append(sy_energy_list *list, const sy_energy_found *found, sy_error *err);

/** Free; zeroes. */
void sy_energy_list_release(sy_energy_list *list);

/**
 * Where to look. Borrowed by finding and opening, and by open meters.
 *
 * sysroot      root for /sys, /proc and /dev; NULL or "": the real one.
 * api, device  an opened device, whose thread the caller is on; NULL: none, and then source "device" has no
 *              meters.
 * credentials  file with "HOST USER PASSWORD" a line, for sources that ask for them; NULL: none.
 */
typedef struct sy_energy_places {
    const char *sysroot;
    const sy_backend_api *api;
    sy_device *device;
    const char *credentials;
} sy_energy_places;

/**
 * An open meter: the first member of a source's own struct. One thread at a time.
 *
 * read     The value now, in J, W, Celsius, Hz or bits.
 *          Errors  SY_UNAVAILABLE: gone for good; SY_INTERNAL: a counter went back without a wrap (the text
 *          says from where to where); SY_IO, SY_TIMEOUT, SY_INVALID_ARGUMENT: this reading failed, the next
 *          may not. NULL where there is `collect`.
 * collect  (else NULL) For a log that something else writes: append the readings from begin_utc_ns to
 *          end_utc_ns and one on either side, stamped begin_ns = end_ns = UTC - utc_minus_clock_ns. Waits at
 *          most a few seconds for a log that has not come so far. Errors as for read.
 * close    Release everything.
 */
typedef struct sy_energy_meter sy_energy_meter;
struct sy_energy_meter {
    sy_status (*read)(sy_energy_meter *meter, double *out_value, sy_error *err);
    sy_status (*collect)(sy_energy_meter *meter, uint64_t begin_utc_ns, uint64_t end_utc_ns,
        int64_t utc_minus_clock_ns, sy_energy_trace *trace, sy_error *err);
    void (*close)(sy_energy_meter *meter);
};

/**
 * A source.
 *
 * form   how a user names one ("redfish:https://HOST"); the part before the colon is `name`.
 * is_configured  it has to be named: nothing is looked for unasked (the network, a file).
 * find   Append the meters there are (spec NULL) or that `spec` (what follows "name:", NULL if nothing)
 *        means, also those that cannot be read, with reason and fix. A kind of source that is absent
 *        altogether appends one row with state SY_UNAVAILABLE and the name of the source.
 *        Errors: SY_INVALID_ARGUMENT: `spec` is not of the form; SY_OUT_OF_MEMORY.
 * open   Open a meter that find() gave. Errors as the state would be; SY_OUT_OF_MEMORY.
 */
typedef struct sy_energy_source {
    const char *name, *form, *help;
    bool is_configured;
    sy_status (*find)(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err);
    sy_status (*open)(const sy_energy_places *places, const sy_energy_found *found,
        sy_energy_meter **out_meter, sy_error *err);
} sy_energy_source;

/** The table, ended by NULL. */
extern const sy_energy_source *const sy_energy_sources[];

/** The source that a spec or a meter's name begins with; NULL if there is none. */
const sy_energy_source *sy_energy_source_of(const char *spec);

/** Open a meter by the table. Errors as sy_energy_source.open; SY_INVALID_ARGUMENT: of no source. */
sy_status sy_energy_open(
    const sy_energy_places *places, const sy_energy_found *found, sy_energy_meter **out_meter, sy_error *err);

#endif
