#include "tests/vendor_sim/common/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/world.h"

#define TEXT_MAX 4096u

/* "key=value" texts, one after the other, each ended by 0. */
static struct {
    char text[TEXT_MAX + 1];
    size_t bytes;
} settings;

void sim_settings_read(const char *text) {
    settings.bytes = strlen(text);
    if (settings.bytes > TEXT_MAX)
        sim_die("settings of more than %u bytes", TEXT_MAX);
    memcpy(settings.text, text, settings.bytes + 1);
    for (size_t i = 0; i < settings.bytes; i++)
        if (settings.text[i] == ';')
            settings.text[i] = '\0';
}

/* The value of the entry that begins there, NULL if its key is another. */
static const char *value_of(const char *entry, const char *key) {
    size_t bytes = strlen(key);
    return strncmp(entry, key, bytes) == 0 && entry[bytes] == '=' ? entry + bytes + 1 : NULL;
}

const char *sim_settings_each(const char *key, int index) {
    for (size_t at = 0; at < settings.bytes; at += strlen(settings.text + at) + 1) {
        const char *value = value_of(settings.text + at, key);
        if (value != NULL && index-- == 0)
            return value;
    }
    return NULL;
}

static const char *last(const char *key) {
    const char *found = NULL, *value;
    for (int i = 0; (value = sim_settings_each(key, i)) != NULL; i++)
        found = value;
    return found;
}

const char *sim_text(int device, const char *key, const char *fallback) {
    char own[SIM_NAME_MAX];
    snprintf(own, sizeof own, "%s@%d", key, device);
    const char *value = device >= 0 ? last(own) : NULL;
    if (value == NULL)
        value = last(key);
    return value != NULL ? value : fallback;
}

static int64_t unit_of(const char *text) {
    const char *units = "KMGT";
    const char *unit = *text != '\0' ? strchr(units, *text) : NULL;
    return unit == NULL ? 0 : INT64_C(1) << 10 * (unit - units + 1);
}

int64_t sim_number(int device, const char *key, int64_t fallback) {
    const char *text = sim_text(device, key, NULL);
    if (text == NULL)
        return fallback;
    char *end;
    errno = 0;
    int64_t value = strtoll(text, &end, 0);
    int64_t unit = unit_of(end);
    bool is_number = end != text && errno == 0 && (*end == '\0' || (unit != 0 && end[1] == '\0'));
    if (!is_number || (unit != 0 && __builtin_mul_overflow(value, unit, &value)))
        sim_die("setting %s=%s: a whole number is wanted", key, text);
    return value;
}

double sim_real(int device, const char *key, double fallback) {
    const char *text = sim_text(device, key, NULL);
    if (text == NULL)
        return fallback;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0')
        sim_die("setting %s=%s: a number is wanted", key, text);
    return value;
}

int sim_devices(void) {
    int64_t count = sim_number(SIM_NO_DEVICE, "devices", 1);
    if (count < 0 || count > SIM_DEVICES_MAX)
        sim_die("setting devices: 0 to %d", SIM_DEVICES_MAX);
    return (int)count;
}
