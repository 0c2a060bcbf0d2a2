/* Facts of an environment as names and values. */
#include "bench/compare/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/text.h"

enum { OF_MACHINE = 32 };

typedef struct collecting {
    sy_intern *texts;
    sy_run_fact *item;
    size_t count;
} collecting;

static void add(collecting *to, const char *name, const char *value, const char *device) {
    if (value == NULL || value[0] == '\0')
        return;
    to->item[to->count++] = (sy_run_fact){.name = sy_intern_text(to->texts, name),
        .value = sy_intern_text(to->texts, value),
        .device = sy_intern_text(to->texts, device)};
}

static void add_number(collecting *to, const char *name, double value, const char *unit) {
    char number[32], text[48];
    if (!isfinite(value))
        return;
    sy_text_from_f64(value, number, sizeof number);
    snprintf(text, sizeof text, "%s%s", number, unit);
    add(to, name, text, NULL);
}

static void add_count(collecting *to, const char *name, uint64_t value) {
    if (value != SY_NO_COUNT)
        add_number(to, name, (double)value, "");
}

static void add_tri(collecting *to, const char *name, sy_tri value) {
    if (value != SY_TRI_UNKNOWN)
        add(to, name, value == SY_TRI_YES ? "on" : "off", NULL);
}

static void add_machine(collecting *to, const sy_environment *from) {
    add(to, "host", from->host.name, NULL);
    add(to, "operating system", from->host.os, NULL);
    add(to, "kernel", from->host.kernel, NULL);
    add(to, "virtualization", from->host.virtualization, NULL);
    add(to, "container", from->host.container, NULL);
    add(to, "CPU", from->cpu.model, NULL);
    add(to, "microcode", from->cpu.microcode, NULL);
    add(to, "clock governor", from->cpu.governor, NULL);
    add(to, "clock driver", from->cpu.driver, NULL);
    add_tri(to, "clock boost", from->cpu.boost);
    add_number(to, "clock limit", from->cpu.max_mhz, " MHz");
    add_tri(to, "SMT", from->cpu.smt);
    add_count(to, "CPUs allowed", from->cpu.affinity_count);
    add_number(to, "CPU quota", from->cpu.quota_cpus, " CPUs");
    add(to, "huge pages", from->memory.huge_pages, NULL);
    add(to, "version", from->build.version, NULL);
    add(to, "commit", from->build.commit, NULL);
    add(to, "compiler", from->build.compiler, NULL);
    add(to, "compiler flags", from->build.flags, NULL);
}

/* Settings that change what is measured; those that choose rows show in the rows. */
static void add_settings(collecting *to, const sy_environment *from) {
    static const char *const wanted[] = {"threads", "isolation", "seed", "rounds"};
    for (size_t i = 0; i < from->settings.count; i++)
        for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++)
            if (from->settings.item[i].name != NULL && strcmp(from->settings.item[i].name, wanted[w]) == 0) {
                char name[32];
                snprintf(name, sizeof name, "--%s", wanted[w]);
                add(to, name, from->settings.item[i].value, NULL);
            }
}

static void add_libraries(collecting *to, const sy_environment *from) {
    for (size_t i = 0; i < from->libraries.count; i++) {
        const sy_library_fact *library = &from->libraries.item[i];
        char name[128];
        if (library->name == NULL)
            continue;
        snprintf(name, sizeof name, "library %s", library->name);
        add(to, name, library->version != NULL ? library->version : library->build_id, NULL);
    }
}

static void add_devices(collecting *to, const sy_environment *from) {
    for (size_t i = 0; i < from->devices.count; i++) {
        const sy_device_fact *device = &from->devices.item[i];
        if (device->id == NULL || device->status == NULL || strcmp(device->status, "used") != 0)
            continue;
        add(to, "driver", device->driver, device->id);
        add(to, "platform", device->platform, device->id);
    }
}

bool sy_facts_of(const sy_environment *environment, sy_intern *texts, sy_intake_run_facts *out_run) {
    size_t room = OF_MACHINE + 4 * environment->settings.count + environment->libraries.count +
                  2 * environment->devices.count;
    collecting to = {.texts = texts, .item = sy_arena_array(&texts->arena, room, sizeof *to.item)};
    if (to.item == NULL)
        return false;
    add_machine(&to, environment);
    add_settings(&to, environment);
    add_libraries(&to, environment);
    add_devices(&to, environment);
    out_run->fact.item = to.item;
    out_run->fact.count = to.count;
    return !texts->failed;
}
