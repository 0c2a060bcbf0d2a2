/* Which entry a name means. */
#include <stdio.h>
#include <string.h>

#include "bench/catalogue/catalogue.h"
#include "bench/catalogue/name.h"
#include "bench/words/words.h"

/* How far a driver's memory may be from the vendor's figure: GB or GiB, and what it keeps for itself. */
#define MEMORY_LEAST (0.9 * 1e9)
#define MEMORY_MOST (1.1 * 0x1p30)

static void add(sy_catalogue_match *match, const sy_catalogue_device *device) {
    if (match->count < SY_CATALOGUE_MATCHES_MAX)
        match->device[match->count] = device;
    match->count++;
}

/* The name without its vendor's; the whole where it does not begin with it. */
static const char *model_of(const sy_catalogue_device *device) {
    const char *name = device->head.name;
    size_t bytes = device->vendor != NULL ? strlen(device->vendor) : 0;
    bool has_vendor = bytes > 0 && strncmp(name, device->vendor, bytes) == 0 && name[bytes] == ' ';
    return has_vendor ? name + bytes + 1 : name;
}

static bool has_name(const sy_catalogue_device *device, const char *name) {
    return sy_name_is_same(device->head.name, name) || sy_name_is_same(device->head.name_zh, name) ||
           sy_name_is_same(model_of(device), name);
}

static const sy_driver_name *driver_of(const sy_catalogue_device *device, const char *name) {
    for (size_t i = 0; i < device->driver.count; i++)
        if (sy_name_is_same(device->driver.item[i].name, name))
            return &device->driver.item[i];
    return NULL;
}

static bool has_id(const sy_catalogue_device *device, const char *name) {
    return sy_name_is_same(device->head.id, name);
}

static bool has_driver(const sy_catalogue_device *device, const char *name) {
    return driver_of(device, name) != NULL;
}

void sy_catalogue_find(const sy_catalogue *catalogue, const char *name, sy_catalogue_match *out_match) {
    bool (*const ways[])(const sy_catalogue_device *, const char *) = {has_id, has_name, has_driver};
    memset(out_match, 0, sizeof *out_match);
    for (size_t way = 0; way < sizeof ways / sizeof ways[0] && out_match->count == 0; way++)
        for (size_t i = 0; i < catalogue->count; i++)
            if (ways[way](&catalogue->device[i], name))
                add(out_match, &catalogue->device[i]);
}

static bool has_memory(const sy_catalogue_device *device, uint64_t bytes) {
    double gb = device->memory_gb.value; /* not known: NaN, and then no memory is against it */
    return bytes == 0 || !((double)bytes < gb * MEMORY_LEAST || (double)bytes > gb * MEMORY_MOST);
}

void sy_catalogue_identify(const sy_catalogue *catalogue, const char *driver_name, uint64_t units,
    uint64_t memory_bytes, sy_catalogue_match *out_match) {
    memset(out_match, 0, sizeof *out_match);
    for (size_t i = 0; i < catalogue->count; i++) {
        const sy_catalogue_device *device = &catalogue->device[i];
        const sy_driver_name *driver = driver_of(device, driver_name);
        bool is_processor = device->kind != NULL && strcmp(device->kind, "cpu") == 0;
        if (driver == NULL || driver->seen == NULL || is_processor)
            continue;
        bool has_units = units == 0 || driver->units == SY_NO_COUNT || driver->units == units;
        if (has_units && has_memory(device, memory_bytes))
            add(out_match, device);
    }
}

const sy_catalogue_device *sy_catalogue_next_near(
    const sy_catalogue *catalogue, const char *part, size_t *at) {
    while (*at < catalogue->count) {
        const sy_catalogue_device *device = &catalogue->device[(*at)++];
        if (sy_name_has(device->head.id, part) || sy_name_has(device->head.name, part) ||
            sy_name_has(device->head.name_zh, part))
            return device;
    }
    return NULL;
}

/* Ids, then names without the vendor's. */
static const char *candidate(const void *ctx, size_t index) {
    const sy_catalogue *catalogue = ctx;
    if (index < catalogue->count)
        return catalogue->device[index].head.id;
    return index < 2 * catalogue->count ? model_of(&catalogue->device[index - catalogue->count]) : NULL;
}

const char *sy_catalogue_suggest(const sy_catalogue *catalogue, const char *name) {
    return sy_word_suggest(name, candidate, catalogue);
}

void sy_catalogue_ambiguity(const sy_catalogue_match *match, char *out_text, size_t capacity) {
    static const char *const numbers[] = {
        "", "", "two", "three", "four", "five", "six", "seven", "eight", "more than eight"};
    size_t used = 0, kept = match->count < SY_CATALOGUE_MATCHES_MAX ? match->count : SY_CATALOGUE_MATCHES_MAX;
    out_text[0] = '\0';
    if (match->count < 2)
        return;
    used =
        (size_t)snprintf(out_text, capacity, "%s variants fit", numbers[match->count > 9 ? 9 : match->count]);
    for (size_t i = 0; i < kept && used < capacity; i++)
        used += (size_t)snprintf(
            out_text + used, capacity - used, "%s %s", i == 0 ? ":" : ",", match->device[i]->head.id);
}
