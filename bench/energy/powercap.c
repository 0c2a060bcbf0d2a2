/*
 * Counters of processor packages and what is around them, through the kernel's powercap class (RAPL on x86).
 * Zones that lie inside another one are never added to it; several packages have one meter that is their sum.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/rows.h"
#include "bench/energy/sources.h"
#include "bench/energy/unwrap.h"
#include "bench/energy/zone.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"

#define NAME "powercap"
#define FIX_DENIED                                                                                           \
    "as root: chgrp GROUP and chmod g+r /sys/class/powercap/*/energy_uj (to keep it, a udev rule for "       \
    "SUBSYSTEM==\"powercap\"), or use perf_power with CAP_PERFMON"
#define FIX_HIDDEN                                                                                           \
    "give the container /sys/class/powercap and /sys/devices/virtual/powercap, or run outside of it"

/* Faster polling slows the work that is measured. */
static const uint64_t update_ns = 1000000, least_poll_ns = 100000000;

/* Meters that are sums of a group's zones. */
static const struct {
    const char *label;
    uint32_t group, scope;
} sums[] = {{"packages", SY_ENERGY_ZONE_PACKAGE, SY_ENERGY_SCOPE_PACKAGE},
    {"drams", SY_ENERGY_ZONE_MEMORY, SY_ENERGY_SCOPE_MEMORY}};
enum { SUMS = sizeof sums / sizeof sums[0] };

typedef struct counter {
    char folder[64];
    sy_energy_unwrap unwrap;
} counter;

typedef struct powercap_meter {
    sy_energy_meter base;
    const char *sysroot;
    size_t count;
    counter counter[];
} powercap_meter;

static size_t count_group(const sy_energy_zones *zones, uint32_t group) {
    size_t count = 0;
    for (size_t i = 0; i < zones->count; i++)
        count += zones->zone[i].group == group;
    return count;
}

/* The kernel states 2^32 - 1 steps of the hardware as range, which tells the step; the file's own is 1 uJ. */
static double step_j(const sy_energy_zone *zone) {
    return fmax(1.0, (double)zone->range_uj / (double)UINT32_MAX) * 1e-6;
}

static sy_energy_found row_of(const char *label) {
    sy_energy_found row = sy_energy_row(NAME, label);
    row.facts.kind = SY_ENERGY_COUNTER;
    row.facts.update_period_ns = update_ns;
    row.facts.least_poll_ns = least_poll_ns;
    return row;
}

static const char *fix_of(sy_status state) {
    return state == SY_REFUSED ? FIX_DENIED : "";
}

static sy_status append_sum(const sy_energy_zones *zones, size_t sum, sy_energy_list *list, sy_error *err) {
    sy_energy_found row = row_of(sums[sum].label);
    size_t count = 0;
    double steps = 0;
    for (size_t i = 0; i < zones->count; i++) {
        const sy_energy_zone *zone = &zones->zone[i];
        if (zone->group != sums[sum].group)
            continue;
        count++;
        steps += step_j(zone) * step_j(zone);
        if (zone->state != SY_OK && row.state == SY_OK)
            sy_energy_row_judge(&row, zone->state, zone->reason, fix_of(zone->state));
    }
    row.index = (uint32_t)(zones->count + sum);
    row.facts.scope = sums[sum].scope;
    row.facts.resolution = sqrt(steps);
    snprintf(row.facts.detail, sizeof row.facts.detail, "sum of %zu zones of /sys/class/powercap", count);
    return sy_energy_rows_append(list, &row, err);
}

static sy_status append_zone(const sy_energy_zones *zones, size_t i, sy_energy_list *list, sy_error *err) {
    const sy_energy_zone *zone = &zones->zone[i];
    sy_energy_found row = row_of(zone->label);
    row.index = (uint32_t)i;
    row.is_part =
        zone->is_part || (zone->group != SY_ENERGY_ZONE_ALONE && count_group(zones, zone->group) > 1);
    row.facts.scope = zone->scope;
    row.facts.resolution = step_j(zone);
    snprintf(row.facts.detail, sizeof row.facts.detail, "/sys/class/powercap/%s, step of %s", zone->folder,
        zone->range_uj > 0 ? "the hardware from its range" : "the file, that of the hardware is not known");
    sy_energy_row_judge(&row, zone->state, zone->reason, fix_of(zone->state));
    return sy_energy_rows_append(list, &row, err);
}

static sy_status append_all(const sy_energy_zones *zones, sy_energy_list *list, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t sum = 0; sum < SUMS && status == SY_OK; sum++)
        if (count_group(zones, sums[sum].group) > 1)
            status = append_sum(zones, sum, list, err);
    for (size_t i = 0; i < zones->count && status == SY_OK; i++)
        status = append_zone(zones, i, list, err);
    return status;
}

/* A container's mask is an empty folder laid over the one that the zones are links into. */
static bool is_masked(const char *sysroot) {
    sy_sysfs_names names;
    bool is_empty =
        sy_sysfs_list(sysroot, "/sys/devices/virtual/powercap", &names, NULL) == SY_OK && names.count == 0;
    sy_sysfs_release(&names);
    return is_empty;
}

static sy_status append_none(
    const sy_energy_places *places, size_t hidden, sy_energy_list *list, sy_error *err) {
    if (hidden > 0 || is_masked(places->sysroot))
        return sy_energy_rows_absent(list, NAME, SY_REFUSED,
            "/sys/class/powercap is there, but its zones are hidden, as containers do", FIX_HIDDEN, err);
    return sy_energy_rows_absent(list, NAME, SY_UNAVAILABLE,
        "/sys/class/powercap is there, but has no zone with a counter of energy: a virtual machine, a "
        "processor "
        "without RAPL, or its driver is not loaded",
        "on x86 outside of a virtual machine: modprobe intel_rapl_msr", err);
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    sy_energy_zones zones;
    sy_error why = SY_ERROR_INIT;
    size_t first = list->count;
    sy_status status = sy_energy_zones_find(places->sysroot, &zones, &why);
    if (status == SY_OUT_OF_MEMORY)
        return sy_error_set(err, status, "%s", why.text);
    if (status != SY_OK)
        return sy_energy_rows_absent(list, NAME, status, why.text,
            "on x86 outside of a virtual machine: modprobe intel_rapl_msr", err);
    status = zones.count > 0 ? append_all(&zones, list, err) : append_none(places, zones.hidden, list, err);
    sy_energy_zones_release(&zones);
    return status == SY_OK ? sy_energy_rows_choose(list, first, NAME, spec, err) : status;
}

static sy_status read_one(powercap_meter *meter, counter *of, sy_error *err) {
    int64_t count_uj = 0;
    sy_status status = sy_energy_zone_read(meter->sysroot, of->folder, &count_uj, err);
    if (status != SY_OK)
        return status == SY_REFUSED ? SY_IO : status;
    status = sy_energy_unwrap_next(&of->unwrap, (long double)count_uj, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "%s, uJ", of->folder);
}

/* Every counter is read even if one fails: what the others counted shall not wait for two of their wraps. */
static sy_status read_all(powercap_meter *meter, double *out_value, sy_error *err) {
    sy_status result = SY_OK;
    long double total_uj = 0;
    for (size_t i = 0; i < meter->count; i++) {
        sy_status status = read_one(meter, &meter->counter[i], result == SY_OK ? err : NULL);
        result = result == SY_OK ? status : result;
        total_uj += meter->counter[i].unwrap.total;
    }
    *out_value = result == SY_OK ? (double)(total_uj / 1e6L) : NAN;
    return result;
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    return read_all((powercap_meter *)base, out_value, err);
}

static void close_meter(sy_energy_meter *base) {
    sy_mem_free(base);
}

static powercap_meter *create(const sy_energy_places *places, size_t capacity) {
    powercap_meter *meter = sy_mem_calloc(1, sizeof *meter + capacity * sizeof meter->counter[0]);
    if (meter != NULL) {
        meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
        meter->sysroot = places->sysroot;
    }
    return meter;
}

static void add(powercap_meter *meter, const sy_energy_zone *zone) {
    counter *of = &meter->counter[meter->count++];
    memcpy(of->folder, zone->folder, sizeof of->folder);
    of->unwrap.range = (long double)zone->range_uj;
}

/* Number of the meter of that name, as the rows of find() are numbered; past all of them if it is gone. */
static sy_status number_of(
    const sy_energy_zones *zones, const char *name, size_t *out_number, sy_error *err) {
    sy_energy_list list = {0};
    sy_status status = append_all(zones, &list, err);
    const sy_energy_found *row = sy_energy_rows_named(&list, name);
    *out_number = row != NULL ? row->index : zones->count + SUMS;
    sy_energy_list_release(&list);
    return status;
}

static sy_status open_zones(const sy_energy_places *places, const sy_energy_zones *zones, const char *name,
    powercap_meter **out_meter, sy_error *err) {
    size_t number;
    sy_status status = number_of(zones, name, &number, err);
    if (status != SY_OK)
        return status;
    if (number >= zones->count + SUMS)
        return sy_error_set(err, SY_UNAVAILABLE, "%s is not there any more", name);
    powercap_meter *meter = *out_meter = create(places, zones->count);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for meter %s", name);
    for (size_t i = 0; i < zones->count; i++)
        if (number == i ||
            (number >= zones->count && zones->zone[i].group == sums[number - zones->count].group))
            add(meter, &zones->zone[i]);
    return SY_OK;
}

/* The state that a zone has now is that of its first reading. */
static sy_status start(powercap_meter *meter, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; i < meter->count && status == SY_OK; i++) {
        int64_t count_uj;
        status = sy_energy_zone_read(meter->sysroot, meter->counter[i].folder, &count_uj, err);
        if (status == SY_OK)
            sy_energy_unwrap_next(&meter->counter[i].unwrap, (long double)count_uj, NULL);
    }
    return status;
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    sy_energy_zones zones;
    powercap_meter *meter = NULL;
    *out_meter = NULL;
    sy_status status = sy_energy_zones_find(places->sysroot, &zones, err);
    if (status != SY_OK)
        return status;
    status = open_zones(places, &zones, found->facts.name, &meter, err);
    sy_energy_zones_release(&zones);
    if (status == SY_OK)
        status = start(meter, err);
    if (status != SY_OK)
        sy_mem_free(meter);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_powercap = {
    .name = NAME,
    .form = "powercap[:ZONE]",
    .help = "counters of processor packages and memory (RAPL) in /sys/class/powercap",
    .find = find,
    .open = open_meter,
};
