/* Hashes of keys, subjects, settings and rows; what is hashed is a text with every part's length in front. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/row.h"
#include "runtime/base/text.h"
#include "steelyard/spec.h"

/* One part: `name=<bytes>:<text>\n`. A length in front, so that no text can pass for two. */
typedef struct part {
    const char *name, *text;
} part;

static void add_part(sy_text *out, const char *name, const char *text) {
    const char *value = text != NULL ? text : "";
    sy_text_printf(out, "%s=%zu:%s\n", name, strlen(value), value);
}

/* Hash of a text that was put together, and its memory back; all zeros if that failed. */
static void finish(sy_text *text, char out_hex[SY_ROW_ID_MAX]) {
    if (text->failed)
        snprintf(out_hex, SY_ROW_ID_MAX, "%016d", 0);
    else
        sy_hash_key(text->data, out_hex);
    sy_text_release(text);
}

static void hash_parts(const char *title, const part *parts, size_t count, char out_hex[SY_ROW_ID_MAX]) {
    sy_text text = {0};
    sy_text_printf(&text, "%s\n", title);
    for (size_t i = 0; i < count; i++)
        add_part(&text, parts[i].name, parts[i].text);
    finish(&text, out_hex);
}

#define HASH(title, parts, out_hex) hash_parts(title, parts, sizeof(parts) / sizeof(parts)[0], out_hex)

void sy_key_hash(const sy_row *row, char out_hex[SY_ROW_ID_MAX]) {
    const part parts[] = {{"problem", row->key.problem}, {"data", row->key.data}, {"cache", row->key.cache},
        {"launch", row->key.launch}};
    HASH("steelyard.key/1", parts, out_hex);
}

void sy_subject_hash(const sy_row *row, char out_hex[SY_ROW_ID_MAX]) {
    char threads[24] = "";
    if (row->subject.config.threads != SY_NO_COUNT)
        snprintf(threads, sizeof threads, "%" PRIu64, row->subject.config.threads);
    const sy_row_device *device = &row->subject.device;
    const part parts[] = {{"backend", row->subject.backend}, {"algorithm", row->subject.algorithm},
        {"name", device->name}, {"vendor", device->vendor}, {"scope", device->scope}, {"threads", threads},
        {"simulated", row->subject.simulated == SY_TRI_YES ? "yes" : "no"}};
    HASH("steelyard.subject/1", parts, out_hex);
}

/* Settings that are in the key or the request, choose rows, add what is measured beside a row's time
 * (energy), or shape the output. What is not listed counts: a new option then changes ids, which is safe; the
 * other way round two different rows could be one. */
static bool is_counted(const char *name) {
    static const char *const left_out[] = {"device", "dtype", "math", "weights", "layout", "batch", "cache",
        "data", "algorithm", "filter", "budget", "repeat-process", "output", "resume", "format", "lang",
        "quiet", "verbose", "no-color", "dry-run", "anonymize", "strict", "trust-plugin", "energy",
        "energy-precision", "energy-window", "energy-credentials", "sustain", "profile", "logs",
        "save-outputs"};
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (strcmp(name, left_out[i]) == 0)
            return false;
    return true;
}

/* The counted setting that follows `name` in the alphabet (NULL: the first one). Selection instead of a sort:
 * there are a few dozen, and nothing need be allocated. Of two with one name the later one counts. */
static const sy_setting *next_setting(const sy_setting *settings, size_t count, const char *name) {
    const sy_setting *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const sy_setting *each = &settings[i];
        if (!is_counted(each->name) || (name != NULL && strcmp(each->name, name) <= 0))
            continue;
        if (best == NULL || strcmp(each->name, best->name) <= 0)
            best = each;
    }
    return best;
}

void sy_settings_hash(const sy_setting *settings, size_t count, char out_hex[SY_ROW_ID_MAX]) {
    sy_text text = {0};
    sy_text_printf(&text, "steelyard.settings/1\n");
    const sy_setting *setting = next_setting(settings, count, NULL);
    for (; setting != NULL; setting = next_setting(settings, count, setting->name))
        add_part(&text, setting->name, setting->value);
    finish(&text, out_hex);
}

void sy_row_id(const sy_row *row, const char *settings_hash, char out_hex[SY_ROW_ID_MAX]) {
    char process[24];
    const sy_row_device *device = &row->subject.device;
    snprintf(process, sizeof process, "%" PRIu64, row->process);
    const part parts[] = {{"key", row->key_hash}, {"device", row->request.device},
        {"algorithm", row->request.algorithm},
        {"identity", device->physical_id != NULL ? device->physical_id : device->name},
        {"settings", settings_hash}, {"process", process}};
    HASH("steelyard.row/1", parts, out_hex);
}

void sy_plan_hash(const char *const *ids, size_t count, char out_hex[SY_ROW_ID_MAX]) {
    sy_text text = {0};
    sy_text_printf(&text, "steelyard.plan/1\n");
    for (size_t i = 0; i < count; i++)
        add_part(&text, "id", ids[i]);
    finish(&text, out_hex);
}
