/* Finding channels in the folders of hwmon chips. */
#include "bench/energy/channel.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/energy/chip.h"
#include "bench/energy/file.h"
#include "bench/energy/rows.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"
#include "runtime/base/text.h"

#define CLASS "/sys/class/hwmon"

/* Files with a number in them, by the kernel's hwmon interface: uW, uJ, and mV x mA, which is uW too. */
static const struct {
    const char *type, *end, *shown;
    uint32_t kind;
    bool is_product;
} attributes[] = {{"power", "_average", "average", SY_ENERGY_POWER_AVERAGE, false},
    {"power", "_input", "input", SY_ENERGY_POWER_INSTANT, false},
    {"energy", "_input", "energy", SY_ENERGY_COUNTER, false},
    {"in", "_input", "input", SY_ENERGY_POWER_INSTANT, true}};
enum { ATTRIBUTES = sizeof attributes / sizeof attributes[0] };

typedef struct chip {
    char folder[48], name[32], shown[64], device[48];
    const sy_sysfs_names *files;
} chip;

/* One file of a chip: which attribute, and the channel's number. */
typedef struct place {
    size_t attribute;
    unsigned number;
} place;

static bool match(const chip *of, const char *file, place *out_place) {
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        size_t length = strlen(attributes[i].type);
        char *end = NULL;
        if (attributes[i].is_product && !sy_energy_chip_is_product(of->name))
            continue;
        if (strncmp(file, attributes[i].type, length) != 0 || file[length] < '0' || file[length] > '9')
            continue;
        unsigned long number = strtoul(file + length, &end, 10);
        *out_place = (place){.attribute = i, .number = (unsigned)number};
        if (number < 10000 && strcmp(end, attributes[i].end) == 0)
            return true;
    }
    return false;
}

static bool has_file(const chip *of, const char *file) {
    for (size_t i = 0; i < of->files->count; i++)
        if (strcmp(of->files->name[i], file) == 0)
            return true;
    return false;
}

/* Text of "power1_label" and its like; "" if there is none. */
static void read_extra(
    const char *sysroot, const chip *of, place at, const char *end, char *out_text, size_t capacity) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s%u%s", of->folder, attributes[at.attribute].type, at.number, end);
    sy_energy_file_text(sysroot, path, out_text, capacity, NULL);
}

/* A channel's own name: its label, what the firmware calls it, or type and number. */
static void read_label(const char *sysroot, const chip *of, place at, char *out_label, size_t capacity) {
    read_extra(sysroot, of, at, "_label", out_label, capacity);
    if (out_label[0] == '\0')
        read_extra(sysroot, of, at, "_oem_info", out_label, capacity);
    if (out_label[0] == '\0')
        snprintf(out_label, capacity, "%s%u", attributes[at.attribute].type, at.number);
}

/* A stated accuracy is taken as the half width of even odds. */
static double read_gain(const char *sysroot, const chip *of, place at) {
    char text[24];
    double percent;
    read_extra(sysroot, of, at, "_accuracy", text, sizeof text);
    text[strcspn(text, "% ")] = '\0';
    return sy_text_to_f64(text, &percent) && percent >= 0 ? percent / 100 / sqrt(3) : NAN;
}

static uint64_t read_ms(const char *sysroot, const char *path) {
    int64_t ms = 0;
    sy_energy_file_count(sysroot, path, &ms, NULL);
    return ms < INT64_MAX / 1000000 ? (uint64_t)ms * 1000000 : 0;
}

static void fill_facts(
    const char *sysroot, const chip *of, place at, const char *label, sy_energy_found *row) {
    char path[128];
    sy_energy_coverage covers = sy_energy_chip_covers(of->name, label);
    const char *type = attributes[at.attribute].type, *end = attributes[at.attribute].end;
    row->is_part = covers.is_part;
    row->facts.kind = attributes[at.attribute].kind;
    row->facts.scope = covers.scope;
    row->facts.least_poll_ns = covers.least_poll_ns;
    row->facts.resolution = 1e-6;
    row->facts.gain = strcmp(type, "power") == 0 ? read_gain(sysroot, of, at) : NAN;
    snprintf(path, sizeof path, "%s/update_interval", of->folder);
    row->facts.update_period_ns = read_ms(sysroot, path);
    snprintf(path, sizeof path, "%s/%s%u_average_interval", of->folder, type, at.number);
    if (row->facts.kind == SY_ENERGY_POWER_AVERAGE)
        row->facts.window_ns = read_ms(sysroot, path);
    snprintf(row->facts.detail, sizeof row->facts.detail, "hwmon chip %s%s%s, %s%u%s%s, step of the file",
        of->name, of->device[0] != '\0' ? " at " : "", of->device, type, at.number, end,
        attributes[at.attribute].is_product ? " times its current" : "");
}

static sy_status append(sy_energy_channels *list, const sy_energy_channel *channel, sy_error *err) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        sy_energy_channel *grown = sy_mem_realloc(list->channel, capacity * sizeof *grown);
        if (grown == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu hwmon channels", capacity);
        list->channel = grown;
        list->capacity = capacity;
    }
    list->channel[list->count++] = *channel;
    return SY_OK;
}

static sy_status append_file(
    const char *sysroot, const chip *of, const char *file, sy_energy_channels *list, sy_error *err) {
    char label[40], what[128], current[32], enabled[8];
    place at;
    if (!match(of, file, &at))
        return SY_OK;
    sy_energy_channel channel = {.scale = 1e-6};
    snprintf(channel.value, sizeof channel.value, "%s/%.40s", of->folder, file);
    if (attributes[at.attribute].is_product) {
        snprintf(current, sizeof current, "curr%u_input", at.number);
        read_extra(sysroot, of, at, "_enable", enabled, sizeof enabled);
        if (!has_file(of, current) || strcmp(enabled, "0") == 0)
            return SY_OK;
        snprintf(channel.factor, sizeof channel.factor, "%s/%s", of->folder, current);
    }
    read_label(sysroot, of, at, label, sizeof label);
    channel.is_total = attributes[at.attribute].is_product && sy_energy_label_is_total(label);
    snprintf(what, sizeof what, "%s:%s:%s", of->shown, label, attributes[at.attribute].shown);
    channel.row = sy_energy_row("hwmon", what);
    channel.row.index = (uint32_t)list->count;
    fill_facts(sysroot, of, at, label, &channel.row);
    return append(list, &channel, err);
}

/* Last part of where the link to the chip's device leads: "0000:03:00.0", "1-0040". */
static void read_device(const char *sysroot, chip *of) {
    char path[PATH_MAX], target[PATH_MAX];
    snprintf(path, sizeof path, "%s%s/device", sysroot != NULL ? sysroot : "", of->folder);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = '\0';
    const char *slash = strrchr(target, '/');
    snprintf(of->device, sizeof of->device, "%.47s", slash != NULL ? slash + 1 : target);
}

static void read_chip(const char *sysroot, const char *folder, chip *out_chip) {
    char path[64];
    *out_chip = (chip){0};
    snprintf(out_chip->folder, sizeof out_chip->folder, CLASS "/%.24s", folder);
    snprintf(path, sizeof path, "%s/name", out_chip->folder);
    sy_energy_file_text(sysroot, path, out_chip->name, sizeof out_chip->name, NULL);
    read_device(sysroot, out_chip);
}

/* Several chips of one kind are told apart by where they are. */
static void name_chips(chip *chips, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t alike = 0;
        for (size_t j = 0; j < count; j++)
            alike += strcmp(chips[i].name, chips[j].name) == 0;
        bool is_one = alike < 2 || chips[i].device[0] == '\0';
        snprintf(chips[i].shown, sizeof chips[i].shown, "%s%s%.31s", chips[i].name, is_one ? "" : "@",
            is_one ? "" : chips[i].device);
    }
}

static sy_status append_chip(const char *sysroot, chip *of, sy_energy_channels *list, sy_error *err) {
    sy_sysfs_names files;
    if (of->name[0] == '\0')
        return SY_OK;
    sy_status status = sy_sysfs_list(sysroot, of->folder, &files, err);
    of->files = &files;
    for (size_t i = 0; i < files.count && status == SY_OK; i++)
        status = append_file(sysroot, of, files.name[i], list, err);
    sy_sysfs_release(&files);
    of->files = NULL;
    return status == SY_OUT_OF_MEMORY ? status : SY_OK;
}

/* Where one rail feeds all others, these are its parts. */
static void mark_parts(sy_energy_channels *list) {
    bool has_total = false;
    for (size_t i = 0; i < list->count; i++)
        has_total |= list->channel[i].is_total;
    for (size_t i = 0; i < list->count; i++)
        if (list->channel[i].factor[0] != '\0')
            list->channel[i].row.is_part = has_total && !list->channel[i].is_total;
}

sy_status sy_energy_channels_find(const char *sysroot, sy_energy_channels *out_channels, sy_error *err) {
    sy_sysfs_names folders;
    *out_channels = (sy_energy_channels){0};
    sy_status status = sy_sysfs_list(sysroot, CLASS, &folders, err);
    if (status != SY_OK)
        return status;
    chip *chips = sy_mem_calloc(folders.count, sizeof *chips);
    if (chips == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu hwmon chips", folders.count);
    for (size_t i = 0; i < folders.count && status == SY_OK; i++)
        read_chip(sysroot, folders.name[i], &chips[i]);
    if (status == SY_OK)
        name_chips(chips, folders.count);
    for (size_t i = 0; i < folders.count && status == SY_OK; i++)
        status = append_chip(sysroot, &chips[i], out_channels, err);
    sy_mem_free(chips);
    sy_sysfs_release(&folders);
    mark_parts(out_channels);
    return status;
}

void sy_energy_channels_release(sy_energy_channels *channels) {
    sy_mem_free(channels->channel);
    *channels = (sy_energy_channels){0};
}

/* A rail may feed back; a counter or a chip's own power is never negative. */
sy_status sy_energy_channel_read(
    const char *sysroot, const sy_energy_channel *channel, double *out_value, sy_error *err) {
    int64_t value = 0, factor = 1;
    bool is_product = channel->factor[0] != '\0';
    sy_status status = is_product ? sy_energy_file_i64(sysroot, channel->value, &value, err)
                                  : sy_energy_file_count(sysroot, channel->value, &value, err);
    if (status == SY_OK && is_product)
        status = sy_energy_file_i64(sysroot, channel->factor, &factor, err);
    *out_value = status == SY_OK ? (double)value * (double)factor * channel->scale : NAN;
    return status;
}
