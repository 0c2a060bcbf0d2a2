/* Power and energy of chips that the kernel's hwmon class shows: supply rails, cards, boards, servers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/channel.h"
#include "bench/energy/file.h"
#include "bench/energy/rows.h"
#include "bench/energy/sources.h"
#include "bench/energy/unwrap.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define NAME "hwmon"

typedef struct hwmon_meter {
    sy_energy_meter base;
    const char *sysroot;
    sy_energy_channel channel;
    sy_energy_unwrap unwrap;
} hwmon_meter;

static sy_status append_all(const sy_energy_channels *channels, sy_energy_list *list, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; i < channels->count && status == SY_OK; i++)
        status = sy_energy_rows_append(list, &channels->channel[i].row, err);
    return status;
}

static void judge(const sy_energy_places *places, const sy_energy_channel *channel, sy_energy_found *row) {
    double value;
    sy_error why = SY_ERROR_INIT;
    sy_status status = sy_energy_channel_read(places->sysroot, channel, &value, &why);
    sy_energy_row_judge(row, status, why.text,
        status == SY_REFUSED ? "as root: chgrp GROUP and chmod g+r that file (to keep it, a udev rule for "
                               "SUBSYSTEM==\"hwmon\")"
                             : "");
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    sy_energy_channels channels;
    sy_error why = SY_ERROR_INIT;
    size_t first = list->count;
    sy_status status = sy_energy_channels_find(places->sysroot, &channels, &why);
    if (status == SY_OUT_OF_MEMORY)
        sy_error_set(err, status, "%s", why.text);
    else if (status != SY_OK || channels.count == 0)
        status = sy_energy_rows_absent(list, NAME, SY_UNAVAILABLE,
            status != SY_OK ? why.text : "no chip in /sys/class/hwmon tells power or energy", "", err);
    else
        status = append_all(&channels, list, err);
    for (size_t i = 0; status == SY_OK && i < channels.count; i++)
        judge(places, &channels.channel[i], &list->found[first + i]);
    sy_energy_channels_release(&channels);
    return status == SY_OK ? sy_energy_rows_choose(list, first, NAME, spec, err) : status;
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    hwmon_meter *meter = (hwmon_meter *)base;
    *out_value = NAN;
    if (meter->channel.row.facts.kind != SY_ENERGY_COUNTER) {
        sy_status status = sy_energy_channel_read(meter->sysroot, &meter->channel, out_value, err);
        return status == SY_REFUSED ? SY_IO : status;
    }
    int64_t count_uj;
    sy_status status = sy_energy_file_count(meter->sysroot, meter->channel.value, &count_uj, err);
    if (status != SY_OK)
        return status == SY_REFUSED ? SY_IO : status;
    status = sy_energy_unwrap_next(&meter->unwrap, (long double)count_uj, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "%s, uJ", meter->channel.value);
    *out_value = (double)(meter->unwrap.total / 1e6L);
    return SY_OK;
}

static void close_meter(sy_energy_meter *base) {
    sy_mem_free(base);
}

static sy_status create(const sy_energy_places *places, const sy_energy_channels *channels, const char *name,
    hwmon_meter **out_meter, sy_error *err) {
    sy_energy_list list = {0};
    sy_status status = append_all(channels, &list, err);
    const sy_energy_found *row = sy_energy_rows_named(&list, name);
    uint32_t index = row != NULL ? row->index : 0;
    bool is_gone = status == SY_OK && row == NULL;
    sy_energy_list_release(&list);
    if (is_gone)
        return sy_error_set(err, SY_UNAVAILABLE, "%s is not there any more", name);
    if (status != SY_OK)
        return status;
    hwmon_meter *meter = *out_meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for meter %s", name);
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    meter->sysroot = places->sysroot;
    meter->channel = channels->channel[index];
    return SY_OK;
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    sy_energy_channels channels;
    hwmon_meter *meter = NULL;
    double value;
    *out_meter = NULL;
    sy_status status = sy_energy_channels_find(places->sysroot, &channels, err);
    if (status == SY_OK)
        status = create(places, &channels, found->facts.name, &meter, err);
    sy_energy_channels_release(&channels);
    if (status == SY_OK)
        status = read_meter(&meter->base, &value, err);
    if (status != SY_OK)
        sy_mem_free(meter);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_hwmon = {
    .name = NAME,
    .form = "hwmon[:CHIP[:LABEL:VALUE]]",
    .help = "power and energy of rails, cards and boards in /sys/class/hwmon",
    .find = find,
    .open = open_meter,
};
