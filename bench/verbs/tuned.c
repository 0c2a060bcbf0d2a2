/* Findings of one device as JSON. */
#include "bench/verbs/tuned.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fields/json_text.h"
#include "runtime/base/error.h"

#define SCHEMA "steelyard.tuned/1"

static void put_text(sy_text *out, const char *name, const char *value) {
    sy_text_printf(out, "\"%s\":", name);
    sy_json_quote(out, value[0] != '\0' ? value : NULL);
}

static void put_number(sy_text *out, const char *name, uint64_t value) {
    if (value > 0)
        sy_text_printf(out, ",\"%s\":%" PRIu64, name, value);
    else
        sy_text_printf(out, ",\"%s\":null", name);
}

static void put_device(sy_text *out, const sy_tuning_device *device) {
    const char *const names[] = {"params", "name", "vendor", "driver", "isa"};
    const char *const values[] = {device->params, device->name, device->vendor, device->driver, device->isa};
    sy_text_printf(out, "\"device\":{");
    put_text(out, "backend", device->backend);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sy_text_printf(out, ",");
        put_text(out, names[i], values[i]);
    }
    put_number(out, "units", device->units);
    put_number(out, "cache_bytes", device->cache_bytes);
    sy_text_printf(out, "},\n");
}

/* "<of the program>/<of the backend>", as the key has it. */
static void put_versions(sy_text *out, const char *both) {
    char program[SY_TUNING_VERSION_MAX];
    const char *slash = strchr(both, '/');
    snprintf(program, sizeof program, "%.*s", (int)strcspn(both, "/"), both);
    put_text(out, "program", program);
    sy_text_printf(out, ",");
    put_text(out, "backend_version", slash != NULL ? slash + 1 : "");
    sy_text_printf(out, ",\n");
}

static void put_entry(sy_text *out, const sy_tuning_entry *entry) {
    sy_text_printf(out, "{");
    put_text(out, "problem", entry->problem);
    sy_text_printf(out, ",");
    put_text(out, "algorithm", entry->algorithm);
    sy_text_printf(out, ",\"gain\":");
    sy_json_f64(out, round(entry->gain * 1e4) / 1e4);
    sy_text_printf(out, "}");
}

sy_status sy_tuned_print(const sy_tuning_entry *entries, size_t count, sy_text *out_text, sy_error *err) {
    sy_text_printf(out_text, "{\"schema\":\"" SCHEMA "\",\n");
    put_device(out_text, &entries[0].device);
    put_versions(out_text, entries[0].key.version);
    sy_text_printf(out_text, "\"entries\":[\n");
    for (size_t i = 0; i < count; i++) {
        put_entry(out_text, &entries[i]);
        sy_text_printf(out_text, i + 1 < count ? ",\n" : "\n");
    }
    sy_text_printf(out_text, "]}\n");
    return out_text->failed
               ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the text of %zu findings", count)
               : SY_OK;
}

/* Lower-case letters and digits; whatever lies between becomes one dash. */
static size_t put_word(const char *text, char *out_word, size_t room) {
    size_t used = 0;
    bool is_gap = false;
    for (; *text != '\0' && used + 2 < room; text++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
        bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_kept && is_gap && used > 0)
            out_word[used++] = '-';
        is_gap = !is_kept;
        if (is_kept)
            out_word[used++] = c;
    }
    out_word[used] = '\0';
    return used;
}

void sy_tuned_name(const sy_tuning_entry *entry, char out_name[SY_TUNED_NAME_MAX]) {
    char words[SY_TUNED_NAME_MAX - 32], text[SY_KEY_HEX_MAX + SY_TUNING_VERSION_MAX], hash[SY_KEY_HEX_MAX];
    snprintf(text, sizeof text, "%s/%s", entry->key.device, entry->key.version);
    sy_hash_key(text, hash);
    snprintf(out_name, SY_TUNED_NAME_MAX, "%.31s %.80s", entry->device.backend, entry->device.name);
    put_word(out_name, words, sizeof words);
    snprintf(out_name, SY_TUNED_NAME_MAX, "%s-%.8s.json", words, hash);
}
