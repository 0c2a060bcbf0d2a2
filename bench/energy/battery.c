/*
 * A battery, which is a meter of the whole machine while nothing else feeds it. Two rows each: power, and the
 * charge that is left, as a counter of what was taken.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/file.h"
#include "bench/energy/rows.h"
#include "bench/energy/sources.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"

#define NAME "battery"
#define CLASS "/sys/class/power_supply"

/* Linux asks a battery at most once a second and gives the same answer in between. */
static const uint64_t update_ns = 1000000000, least_poll_ns = 500000000;

/* J of a uWh. */
static const double uwh_j = 3.6e-3;

enum { FOLDERS_MAX = 8 };

typedef struct battery_meter {
    sy_energy_meter base;
    const char *sysroot;
    char folder[48];
    bool is_counter, is_started;
    int64_t first_uwh, last_uwh;
} battery_meter;

static sy_status read_text(const char *sysroot, const char *folder, const char *file, char *out_text,
    size_t capacity, sy_error *err) {
    char path[128];
    snprintf(path, sizeof path, CLASS "/%s/%s", folder, file);
    return sy_energy_file_text(sysroot, path, out_text, capacity, err);
}

static sy_status read_number(
    const char *sysroot, const char *folder, const char *file, int64_t *out_value, sy_error *err) {
    char path[128];
    snprintf(path, sizeof path, CLASS "/%s/%s", folder, file);
    return sy_energy_file_i64(sysroot, path, out_value, err);
}

/* Only what a battery loses is what the machine takes. */
static sy_status check_discharging(const char *sysroot, const char *folder, sy_error *err) {
    char text[32];
    sy_status status = read_text(sysroot, folder, "status", text, sizeof text, err);
    if (status != SY_OK || strcmp(text, "Discharging") == 0)
        return status;
    return sy_error_set(
        err, SY_UNAVAILABLE, "battery %s says \"%s\": only while it discharges it is a meter", folder, text);
}

/* Drivers do not agree on the sign of what flows out. */
static sy_status read_power(const char *sysroot, const char *folder, double *out_w, sy_error *err) {
    int64_t power_uw = 0, current_ua = 0, voltage_uv = 0;
    sy_status status = read_number(sysroot, folder, "power_now", &power_uw, err);
    *out_w = fabs((double)power_uw) * 1e-6;
    if (status != SY_UNAVAILABLE)
        return status;
    status = read_number(sysroot, folder, "current_now", &current_ua, err);
    if (status == SY_OK)
        status = read_number(sysroot, folder, "voltage_now", &voltage_uv, err);
    *out_w = fabs((double)current_ua) * 1e-6 * fabs((double)voltage_uv) * 1e-6;
    return status;
}

static sy_status read_counter(battery_meter *meter, double *out_j, sy_error *err) {
    int64_t now_uwh = 0, before_uwh = meter->last_uwh;
    sy_status status = read_number(meter->sysroot, meter->folder, "energy_now", &now_uwh, err);
    if (status != SY_OK)
        return status;
    if (now_uwh < 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "battery %s: energy_now is negative", meter->folder);
    meter->last_uwh = now_uwh;
    if (!meter->is_started)
        meter->first_uwh = before_uwh = now_uwh;
    meter->is_started = true;
    if (now_uwh > before_uwh) {
        meter->first_uwh += now_uwh - before_uwh;
        return sy_error_set(err, SY_INTERNAL,
            "battery %s: its charge rose from %lld to %lld uWh while it discharged", meter->folder,
            (long long)before_uwh, (long long)now_uwh);
    }
    *out_j = (double)(meter->first_uwh - now_uwh) * uwh_j;
    return SY_OK;
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    battery_meter *meter = (battery_meter *)base;
    double value = NAN;
    sy_status status = check_discharging(meter->sysroot, meter->folder, err);
    if (status == SY_OK)
        status = meter->is_counter ? read_counter(meter, &value, err)
                                   : read_power(meter->sysroot, meter->folder, &value, err);
    *out_value = status == SY_OK ? value : NAN;
    return status == SY_REFUSED ? SY_IO : status;
}

static void close_meter(sy_energy_meter *base) {
    sy_mem_free(base);
}

/* Batteries of the machine itself, not those of a mouse. */
static bool is_ours(const char *sysroot, const char *folder) {
    char type[16], scope[16];
    sy_status status = read_text(sysroot, folder, "type", type, sizeof type, NULL);
    read_text(sysroot, folder, "scope", scope, sizeof scope, NULL);
    return status == SY_OK && strcmp(type, "Battery") == 0 && strcmp(scope, "Device") != 0;
}

/* Names of ours, moved to the front of the listing. */
static size_t keep_ours(const char *sysroot, sy_sysfs_names *folders) {
    size_t kept = 0;
    for (size_t i = 0; i < folders->count && kept < FOLDERS_MAX; i++) {
        char *name = folders->name[i];
        if (strlen(name) >= sizeof((battery_meter *)NULL)->folder || !is_ours(sysroot, name))
            continue;
        folders->name[i] = folders->name[kept];
        folders->name[kept++] = name;
    }
    return kept;
}

static void judge(const char *sysroot, const char *folder, sy_energy_found *row) {
    double value;
    int64_t charge_uwh;
    sy_error why = SY_ERROR_INIT;
    sy_status status = check_discharging(sysroot, folder, &why);
    const char *fix = status == SY_UNAVAILABLE ? "unplug the supply" : "";
    if (status == SY_OK)
        status = row->facts.kind == SY_ENERGY_COUNTER
                     ? read_number(sysroot, folder, "energy_now", &charge_uwh, &why)
                     : read_power(sysroot, folder, &value, &why);
    sy_energy_row_judge(row, status, why.text, fix);
}

/* One of several batteries is not the machine. */
static sy_status append_battery(
    const char *sysroot, const char *folder, size_t batteries, sy_energy_list *list, sy_error *err) {
    static const struct {
        const char *what, *files;
        uint32_t kind;
        double resolution;
    } rows[] = {{"energy", "energy_now", SY_ENERGY_COUNTER, 3.6e-3},
        {"power", "power_now, or current_now times voltage_now", SY_ENERGY_POWER_INSTANT, 1e-6}};
    sy_status status = SY_OK;
    for (size_t i = 0; i < 2 && status == SY_OK; i++) {
        char what[64];
        snprintf(what, sizeof what, "%.47s:%s", folder, rows[i].what);
        sy_energy_found row = sy_energy_row(NAME, what);
        row.index = (uint32_t)list->count;
        row.facts.kind = rows[i].kind;
        row.facts.scope = batteries > 1 ? SY_ENERGY_SCOPE_UNKNOWN : SY_ENERGY_SCOPE_BOARD;
        row.facts.resolution = rows[i].resolution;
        row.facts.update_period_ns = update_ns;
        row.facts.least_poll_ns = least_poll_ns;
        snprintf(row.facts.detail, sizeof row.facts.detail, "%s of %s%s, step of the file", rows[i].files,
            folder, batteries > 1 ? ", one of several batteries" : "");
        judge(sysroot, folder, &row);
        status = sy_energy_rows_append(list, &row, err);
    }
    return status;
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    sy_sysfs_names folders;
    size_t first = list->count;
    sy_status status = sy_sysfs_list(places->sysroot, CLASS, &folders, err);
    if (status == SY_OUT_OF_MEMORY)
        return status;
    size_t count = keep_ours(places->sysroot, &folders);
    status = SY_OK;
    for (size_t i = 0; i < count && status == SY_OK; i++)
        status = append_battery(places->sysroot, folders.name[i], count, list, err);
    sy_sysfs_release(&folders);
    if (status == SY_OK && count == 0)
        return sy_energy_rows_absent(list, NAME, SY_UNAVAILABLE, "this machine has no battery", "", err);
    return status == SY_OK ? sy_energy_rows_choose(list, first, NAME, spec, err) : status;
}

/* "battery:BAT0:energy" in its parts. */
static bool parse_name(const char *name, battery_meter *out_meter) {
    const char *begin = strchr(name, ':'), *end = strrchr(name, ':');
    if (begin == NULL || end == begin || (size_t)(end - begin - 1) >= sizeof out_meter->folder)
        return false;
    memcpy(out_meter->folder, begin + 1, (size_t)(end - begin - 1));
    out_meter->is_counter = strcmp(end, ":energy") == 0;
    return (out_meter->is_counter || strcmp(end, ":power") == 0) && strchr(out_meter->folder, '/') == NULL;
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    double value;
    *out_meter = NULL;
    battery_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for meter %s", found->facts.name);
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    meter->sysroot = places->sysroot;
    sy_status status = SY_OK;
    if (!parse_name(found->facts.name, meter))
        status = sy_error_set(err, SY_UNAVAILABLE, "%s: no such battery", found->facts.name);
    if (status == SY_OK)
        status = read_meter(&meter->base, &value, err);
    if (status != SY_OK)
        sy_mem_free(meter);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_battery = {
    .name = NAME,
    .form = "battery[:NAME]",
    .help = "a battery while it discharges",
    .find = find,
    .open = open_meter,
};
