/* Reading settings: "key=value;key=value". A device's settings hold for all devices, or for the one that
 * "device=N" named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/opencl/sim.h"

/* Where a setting goes: a number, one of some words, or a text of `capacity` bytes. Offsets in sim_config, or
 * in sim_knobs. */
typedef struct sim_key {
    const char *name;
    size_t offset, capacity;
    const char *words; /* " word=number word=number", NULL: any number */
    bool is_of_device;
} sim_key;

#define WORLD(field) offsetof(sim_config, field)
#define DEVICE(field) offsetof(sim_knobs, field)

static const sim_key keys[] = {
    {"platforms", WORLD(platforms), 0, NULL, false},
    {"devices", WORLD(devices), 0, NULL, false},
    {"delay_us", WORLD(delay_us), 0, NULL, false},
    {"finish", WORLD(finish), 0, NULL, false},
    {"chain", WORLD(chain), 0, NULL, false},
    {"commit", WORLD(commit), 0, " create=0 enqueue=1", false},
    {"eager", WORLD(eager), 0, NULL, false},
    {"clock", WORLD(clock), 0, NULL, false},
    {"binary", WORLD(binary), 0, " ok=0 reject=1 stale=2 none=3", false},
    {"profiling", WORLD(profiling), 0, " ok=0 none=1 zero=2 backwards=3", false},
    {"report", WORLD(report), sizeof((sim_config *)0)->report, NULL, false},
    {"type", DEVICE(type), 0, " cpu=2 gpu=4 accelerator=8 custom=16", true},
    {"version", DEVICE(version), 0, NULL, true},
    {"units", DEVICE(units), 0, NULL, true},
    {"group", DEVICE(group), 0, NULL, true},
    {"kernel_group", DEVICE(kernel_group), 0, NULL, true},
    {"simd", DEVICE(simd), 0, NULL, true},
    {"vector", DEVICE(vector), 0, NULL, true},
    {"align", DEVICE(align), 0, NULL, true},
    {"memory", DEVICE(memory), 0, NULL, true},
    {"alloc", DEVICE(alloc), 0, NULL, true},
    {"cache", DEVICE(cache), 0, NULL, true},
    {"local", DEVICE(local), 0, NULL, true},
    {"fp64", DEVICE(fp64), 0, NULL, true},
    {"fp16", DEVICE(fp16), 0, NULL, true},
    {"dot", DEVICE(dot), 0, NULL, true},
    {"subgroups", DEVICE(subgroups), 0, NULL, true},
    {"unified", DEVICE(unified), 0, NULL, true},
    {"available", DEVICE(available), 0, NULL, true},
    {"compiler", DEVICE(compiler), 0, NULL, true},
    {"resolution", DEVICE(resolution), 0, NULL, true},
    {"name", DEVICE(name), sizeof((sim_knobs *)0)->name, NULL, true},
    {"vendor", DEVICE(vendor), sizeof((sim_knobs *)0)->vendor, NULL, true},
    {"driver", DEVICE(driver), sizeof((sim_knobs *)0)->driver, NULL, true},
    {"pci", DEVICE(pci), sizeof((sim_knobs *)0)->pci, NULL, true},
    {"uuid", DEVICE(uuid), sizeof((sim_knobs *)0)->uuid, NULL, true},
};

/* A whole number with an optional suffix K, M or G of powers of 1024. */
static int64_t read_number(const char *name, const char *value) {
    char *end = NULL;
    int64_t number = strtoll(value, &end, 0);
    static const char suffixes[] = "KMG";
    const char *suffix = *end != '\0' ? strchr(suffixes, *end) : NULL;
    if (suffix != NULL) {
        number *= INT64_C(1) << (10 * (suffix - suffixes + 1));
        end++;
    }
    if (end == value || *end != '\0')
        sim_die("STEELYARD_CL_SIM: %s=%s: not a number", name, value);
    return number;
}

static int64_t read_word(const sim_key *key, const char *value) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, " %s=", value);
    const char *at = key->words != NULL ? strstr(key->words, wanted) : NULL;
    return at != NULL ? strtoll(at + strlen(wanted), NULL, 10) : read_number(key->name, value);
}

static void set(const sim_key *key, void *base, const char *value) {
    char *place = (char *)base + key->offset;
    if (key->capacity > 0)
        snprintf(place, key->capacity, "%s", value);
    else
        *(int64_t *)(void *)place = read_word(key, value);
}

/* "FUNCTION:NTH:CODE", FUNCTION may be "any". */
static void read_fault(const char *value, bool is_of_command) {
    char function[48];
    unsigned long long nth = 0;
    int code = 0;
    if (sscanf(value, "%47[a-zA-Z]:%llu:%d", function, &nth, &code) != 3)
        sim_die("STEELYARD_CL_SIM: a fault is FUNCTION:NTH:CODE, not %s", value);
    sim_fault_arm(strcmp(function, "any") == 0 ? NULL : function, nth, code, is_of_command);
}

/* "fail", "mute" or "warn"; "fail:TEXT": only of sources with this text. */
static void read_build(const char *value, sim_config *config) {
    static const sim_key words = {"build", 0, 0, " ok=0 fail=1 mute=2 warn=3", false};
    char word[16] = "";
    config->build_of[0] = '\0';
    if (sscanf(value, "%15[a-z]:%63[^;]", word, config->build_of) < 1)
        sim_die("STEELYARD_CL_SIM: build=%s", value);
    config->build = read_word(&words, word);
}

/* "N" or "N:CODE": the device is lost after N calls of clEnqueue*, and everything fails with CODE. */
static void read_lost(const char *value, sim_config *config) {
    int code = CL_DEVICE_NOT_AVAILABLE;
    long long after = 0;
    if (sscanf(value, "%lld:%d", &after, &code) < 1)
        sim_die("STEELYARD_CL_SIM: lost=%s", value);
    config->lost = after;
    config->lost_code = code;
}

static bool read_special(
    const char *name, const char *value, sim_config *config, uint32_t *first, uint32_t *last) {
    if (strcmp(name, "device") == 0) {
        *first = (uint32_t)read_number(name, value) % SIM_DEVICES_MAX;
        *last = *first + 1;
    } else if (strcmp(name, "fail") == 0 || strcmp(name, "async") == 0) {
        read_fault(value, name[0] == 'a');
    } else if (strcmp(name, "build") == 0) {
        read_build(value, config);
    } else if (strcmp(name, "lost") == 0) {
        read_lost(value, config);
    } else {
        return false;
    }
    return true;
}

static void read_setting(
    const char *name, const char *value, sim_config *config, uint32_t *first, uint32_t *last) {
    if (read_special(name, value, config, first, last))
        return;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        if (strcmp(keys[k].name, name) != 0)
            continue;
        if (!keys[k].is_of_device)
            set(&keys[k], config, value);
        for (uint32_t i = *first; keys[k].is_of_device && i < *last; i++)
            set(&keys[k], &config->knobs[i], value);
        return;
    }
    sim_die("STEELYARD_CL_SIM: no setting is called %s", name);
}

static void set_defaults(sim_config *config) {
    static const sim_knobs gpu = {.type = CL_DEVICE_TYPE_GPU,
        .version = 300,
        .units = 8,
        .group = 256,
        .simd = 32,
        .vector = 1,
        .align = 1024,
        .memory = INT64_C(1) << 30,
        .alloc = INT64_C(1) << 28,
        .cache = 1 << 20,
        .local = 48 << 10,
        .fp64 = 1,
        .available = 1,
        .compiler = 1,
        .resolution = 1,
        .vendor = "Steelyard",
        .driver = "1.0"};
    *config = (sim_config){.platforms = 1, .devices = 1, .lost = -1, .clock = 1};
    for (uint32_t i = 0; i < SIM_DEVICES_MAX; i++) {
        config->knobs[i] = gpu;
        snprintf(config->knobs[i].name, sizeof gpu.name, "Simulated GPU %u", i);
        snprintf(config->knobs[i].pci, sizeof gpu.pci, "0000:%02x:00.0", 0x10 + i);
        snprintf(config->knobs[i].uuid, sizeof gpu.uuid, "51d0000000000000000000000000%04x", i);
    }
}

void sim_config_read(const char *settings, sim_config *out_config) {
    char text[1024];
    uint32_t first = 0, last = SIM_DEVICES_MAX;
    char *rest = NULL;
    set_defaults(out_config);
    snprintf(text, sizeof text, "%s", settings);
    for (char *name = strtok_r(text, ";", &rest); name != NULL; name = strtok_r(NULL, ";", &rest)) {
        char *value = strchr(name, '=');
        if (value == NULL)
            sim_die("STEELYARD_CL_SIM: %s has no value", name);
        *value = '\0';
        read_setting(name, value + 1, out_config, &first, &last);
    }
    if (out_config->platforms < 0 || out_config->platforms > SIM_PLATFORMS_MAX || out_config->devices < 0 ||
        out_config->platforms * out_config->devices > SIM_DEVICES_MAX)
        sim_die("STEELYARD_CL_SIM: at most %u platforms and %u devices", SIM_PLATFORMS_MAX, SIM_DEVICES_MAX);
}
