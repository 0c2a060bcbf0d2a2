/* Finding zones, and what their names mean. */
#include "bench/energy/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/energy/file.h"
#include "bench/energy/source.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"

#define CLASS "/sys/class/powercap"
#define SECOND_VIEW "intel-rapl-mmio:"

enum { PATH_BYTES = 128 };

static sy_status read_file(
    const char *sysroot, const char *folder, const char *file, int64_t *out_value, sy_error *err) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, CLASS "/%s/%s", folder, file);
    return sy_energy_file_count(sysroot, path, out_value, err);
}

sy_status sy_energy_zone_read(const char *sysroot, const char *folder, int64_t *out_uj, sy_error *err) {
    return read_file(sysroot, folder, "energy_uj", out_uj, err);
}

/* Chassis of servers, by SMBIOS 7.4.1. */
uint32_t sy_energy_platform_scope(const char *sysroot) {
    static const int64_t servers[] = {17, 23, 25, 28, 29};
    int64_t type = 0;
    sy_energy_file_count(sysroot, "/sys/class/dmi/id/chassis_type", &type, NULL);
    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
        if (type == servers[i])
            return SY_ENERGY_SCOPE_NODE;
    return SY_ENERGY_SCOPE_BOARD;
}

static void classify(const char *sysroot, const char *name, sy_energy_zone *zone) {
    bool is_inside = strchr(strchr(zone->folder, ':') + 1, ':') != NULL;
    if (strncmp(name, "package-", 8) == 0) {
        zone->group = SY_ENERGY_ZONE_PACKAGE;
        zone->scope = strstr(name, "-die-") != NULL ? SY_ENERGY_SCOPE_DIE : SY_ENERGY_SCOPE_PACKAGE;
    } else if (strcmp(name, "dram") == 0) {
        zone->group = SY_ENERGY_ZONE_MEMORY;
        zone->scope = SY_ENERGY_SCOPE_MEMORY;
    } else if (strcmp(name, "psys") == 0) {
        zone->scope = sy_energy_platform_scope(sysroot);
    } else {
        zone->scope = is_inside ? SY_ENERGY_SCOPE_DIE : SY_ENERGY_SCOPE_UNKNOWN;
        zone->is_part = is_inside;
    }
}

/* Name of the zone around "intel-rapl:0:1", which is that of "intel-rapl:0"; "" if there is none. */
static void name_around(const char *sysroot, const char *folder, char *out_name, size_t capacity) {
    char path[PATH_BYTES];
    const char *first = strchr(folder, ':'), *last = strrchr(folder, ':');
    out_name[0] = '\0';
    if (first == last)
        return;
    snprintf(path, sizeof path, CLASS "/%.*s/name", (int)(last - folder), folder);
    sy_energy_file_text(sysroot, path, out_name, capacity, NULL);
}

/* Fill in a zone. SY_UNAVAILABLE: it has no counter, or is hidden. */
static sy_status read_zone(const char *sysroot, const char *folder, sy_energy_zones *zones) {
    char path[PATH_BYTES], name[32], around[16];
    sy_error err = SY_ERROR_INIT;
    sy_energy_zone zone = {0};
    int64_t count_uj;
    snprintf(zone.folder, sizeof zone.folder, "%s", folder);
    snprintf(path, sizeof path, CLASS "/%s/name", folder);
    sy_status status = sy_energy_file_text(sysroot, path, name, sizeof name, &err);
    if (status != SY_OK) {
        zones->hidden++;
        return SY_UNAVAILABLE;
    }
    zone.state = sy_energy_zone_read(sysroot, folder, &count_uj, &err);
    if (zone.state == SY_UNAVAILABLE)
        return SY_UNAVAILABLE;
    if (zone.state != SY_OK)
        snprintf(zone.reason, sizeof zone.reason, "%.*s", (int)sizeof zone.reason - 1, err.text);
    read_file(sysroot, folder, "max_energy_range_uj", &zone.range_uj, NULL);
    name_around(sysroot, folder, around, sizeof around);
    snprintf(zone.label, sizeof zone.label, "%s%s%s", around, around[0] != '\0' ? "/" : "", name);
    classify(sysroot, name, &zone);
    zones->zone[zones->count++] = zone;
    return SY_OK;
}

static bool begins_with(const char *text, const char *beginning) {
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Registers of the same counter by another way: the first way is kept. */
static void drop_second_view(sy_energy_zones *zones) {
    size_t kept = 0;
    bool has_first = false;
    for (size_t i = 0; i < zones->count; i++)
        has_first |= begins_with(zones->zone[i].folder, "intel-rapl:");
    for (size_t i = 0; i < zones->count; i++)
        if (!has_first || !begins_with(zones->zone[i].folder, SECOND_VIEW))
            zones->zone[kept++] = zones->zone[i];
    zones->count = kept;
}

sy_status sy_energy_zones_find(const char *sysroot, sy_energy_zones *out_zones, sy_error *err) {
    sy_sysfs_names names;
    *out_zones = (sy_energy_zones){0};
    sy_status status = sy_sysfs_list(sysroot, CLASS, &names, err);
    if (status != SY_OK)
        return status;
    out_zones->zone = sy_mem_calloc(names.count, sizeof *out_zones->zone);
    if (out_zones->zone == NULL) {
        sy_sysfs_release(&names);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu powercap zones", names.count);
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *folder = names.name[i];
        if (strchr(folder, ':') != NULL && strlen(folder) < sizeof out_zones->zone->folder)
            read_zone(sysroot, folder, out_zones);
    }
    sy_sysfs_release(&names);
    drop_second_view(out_zones);
    return SY_OK;
}

void sy_energy_zones_release(sy_energy_zones *zones) {
    sy_mem_free(zones->zone);
    *zones = (sy_energy_zones){0};
}
