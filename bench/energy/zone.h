/* Zones under /sys/class/powercap: which there are, what each covers, and how far it may be counted. */
#ifndef STEELYARD_ENERGY_ZONE_H
#define STEELYARD_ENERGY_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/* Zones of one group lie beside each other, so that their sum is meant. */
enum { SY_ENERGY_ZONE_ALONE = 0, SY_ENERGY_ZONE_PACKAGE = 1, SY_ENERGY_ZONE_MEMORY = 2 };

/**
 * A zone.
 *
 * folder   "intel-rapl:0:1"; label: "package-0", with the label of the zone around it "package-0/core".
 * range_uj where the counter starts again, 0: not known.
 * state, reason  whether its counter can be read.
 */
typedef struct sy_energy_zone {
    char folder[64], label[48], reason[200];
    uint32_t group, scope;
    int64_t range_uj;
    sy_status state;
    bool is_part;
} sy_energy_zone;

/** Zones. hidden: folders whose files are not there though the kernel lists them. Release. */
typedef struct sy_energy_zones {
    sy_energy_zone *zone;
    size_t count, hidden;
} sy_energy_zones;

/**
 * Every zone with a counter of energy; those that another interface shows a second time (intel-rapl-mmio
 * beside intel-rapl) left out. Errors: SY_UNAVAILABLE: no such folder; SY_OUT_OF_MEMORY; SY_OVERFLOW.
 */
sy_status sy_energy_zones_find(const char *sysroot, sy_energy_zones *out_zones, sy_error *err);

/** Free; zeroes. */
void sy_energy_zones_release(sy_energy_zones *zones);

/** Read a zone's counter, uJ, at least 0. Errors as sy_energy_file_count(). */
sy_status sy_energy_zone_read(const char *sysroot, const char *folder, int64_t *out_uj, sy_error *err);

/** What a number for "the platform" covers here: SY_ENERGY_SCOPE_NODE in a server, SY_ENERGY_SCOPE_BOARD in
 * anything else, by the kind of chassis that the firmware tells. */
uint32_t sy_energy_platform_scope(const char *sysroot);

#endif
