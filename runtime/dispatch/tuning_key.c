/* Fingerprints of devices. */
#include "runtime/dispatch/tuning_key.h"

#include <stdio.h>
#include <string.h>

/* Longest of the texts below with every field at its longest. */
enum { FINGERPRINT_MAX = 2048 };

static void make_plain(char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

/* One part with its length in front, so that no two lists of parts give one text. */
static void add(char *text, const char *part) {
    size_t used = strlen(text);
    snprintf(text + used, FINGERPRINT_MAX - used, "%zu:%s\n", strlen(part), part);
}

void sy_tuning_key_make(const sy_tuning_subject *subject, sy_tuning_key *out_key) {
    const sy_device_info *info = subject->info;
    const char *const parts[] = {subject->backend, subject->params, info->name, info->vendor, info->driver,
        info->isa, info->uuid, info->pci};
    char text[FINGERPRINT_MAX] = "steelyard.device/1\n", numbers[64];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        add(text, parts[i]);
    snprintf(numbers, sizeof numbers, "%u %u %llu", info->scope, info->units,
        (unsigned long long)info->cache_bytes);
    add(text, numbers);
    sy_hash_key(text, out_key->device);
    snprintf(out_key->version, sizeof out_key->version, "%s/%s", STEELYARD_VERSION, subject->version);
    make_plain(out_key->version);
}

static void take(const char *text, char *out_text, size_t room) {
    snprintf(out_text, room, "%.*s", (int)room - 1, text);
    make_plain(out_text);
}

void sy_tuning_describe(const sy_tuning_subject *subject, sy_tuning_device *out_device) {
    const sy_device_info *info = subject->info;
    *out_device = (sy_tuning_device){.units = info->units, .cache_bytes = info->cache_bytes};
    take(subject->backend, out_device->backend, sizeof out_device->backend);
    take(subject->params, out_device->params, sizeof out_device->params);
    take(info->name, out_device->name, sizeof out_device->name);
    take(info->vendor, out_device->vendor, sizeof out_device->vendor);
    take(info->driver, out_device->driver, sizeof out_device->driver);
    take(info->isa, out_device->isa, sizeof out_device->isa);
}

void sy_tuning_label(const sy_tuning_device *device, char out_label[SY_TUNING_LABEL_MAX]) {
    bool has_params = device->params[0] != '\0';
    snprintf(out_label, SY_TUNING_LABEL_MAX, "%.31s%s%.20s: %.40s", device->backend, has_params ? "?" : "",
        device->params, device->name);
}
