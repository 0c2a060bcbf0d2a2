/* The table of findings and its text. */
#include "runtime/dispatch/tuning.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define TITLE "steelyard.tuning/3\n"

/* The texts of a line, in order; the numbers come behind them. */
typedef struct text_field {
    const char *name;
    size_t offset, room;
    bool may_be_empty;
} text_field;

#define TEXT(label, path, may_be_empty)                                                                      \
    { label, offsetof(sy_tuning_entry, path), sizeof(((sy_tuning_entry *)0)->path), may_be_empty }
static const text_field texts[] = {TEXT("device", key.device, false), TEXT("version", key.version, false),
    TEXT("problem", problem, false), TEXT("algorithm", algorithm, false),
    TEXT("backend", device.backend, false), TEXT("parameters", device.params, true),
    TEXT("name", device.name, true), TEXT("vendor", device.vendor, true), TEXT("driver", device.driver, true),
    TEXT("instruction set", device.isa, true)};
#undef TEXT

enum { TEXTS = sizeof texts / sizeof texts[0], GAIN = TEXTS, UNITS, CACHE, TRIED, FIELDS };

/* Largest factor that is believed: what is beyond it was not measured. */
static const double GAIN_MAX = 1e6;

static int compare(const sy_tuning_entry *entry, const sy_tuning_key *key, const char *problem) {
    int order = strcmp(entry->key.device, key->device);
    if (order == 0)
        order = strcmp(entry->key.version, key->version);
    return order != 0 ? order : strcmp(entry->problem, problem);
}

/* Place of the first entry that is not before this one. */
static size_t find_place(const sy_tuning *tuning, const sy_tuning_key *key, const char *problem) {
    size_t low = 0, high = tuning->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&tuning->entry[middle], key, problem) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const sy_tuning_entry *sy_tuning_find(
    const sy_tuning *tuning, const sy_tuning_key *key, const char *problem) {
    size_t place = find_place(tuning, key, problem);
    bool is_there = place < tuning->count && compare(&tuning->entry[place], key, problem) == 0;
    return is_there ? &tuning->entry[place] : NULL;
}

/* Whether a text of at most `room` bytes with its NUL can stand between tabs. */
static bool is_plain(const char *text, size_t room, bool may_be_empty) {
    size_t length = strnlen(text, room);
    if (length == room || (length == 0 && !may_be_empty))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

static bool is_hash(const char *text, size_t digits) {
    return strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static sy_status check_entry(const sy_tuning_entry *entry, sy_error *err) {
    const char *bad = NULL;
    for (size_t i = 0; bad == NULL && i < TEXTS; i++)
        if (!is_plain((const char *)entry + texts[i].offset, texts[i].room, texts[i].may_be_empty))
            bad = texts[i].name;
    if (bad == NULL && !is_hash(entry->key.device, SY_KEY_HEX_MAX - 1))
        bad = "device";
    if (bad == NULL && (!isfinite(entry->gain) || entry->gain < 1.0 || entry->gain > GAIN_MAX))
        bad = "gain";
    return bad == NULL ? SY_OK
                       : sy_error_set(err, SY_INVALID_ARGUMENT, "the %s of a finding is not legal", bad);
}

static sy_status grow(sy_tuning *tuning, sy_error *err) {
    if (tuning->count == SY_TUNING_ENTRIES_MAX)
        return sy_error_set(err, SY_OVERFLOW,
            "%u findings are the most that are kept (`steelyard tune "
            "--clear` forgets them)",
            SY_TUNING_ENTRIES_MAX);
    if (tuning->count < tuning->capacity)
        return SY_OK;
    size_t capacity = tuning->capacity > 0 ? tuning->capacity * 2 : 64;
    sy_tuning_entry *grown = sy_mem_realloc(tuning->entry, capacity * sizeof *grown);
    if (grown == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu findings", capacity);
    tuning->entry = grown;
    tuning->capacity = capacity;
    return SY_OK;
}

sy_status sy_tuning_put(sy_tuning *tuning, const sy_tuning_entry *entry, sy_error *err) {
    sy_status status = check_entry(entry, err);
    if (status != SY_OK)
        return status;
    size_t place = find_place(tuning, &entry->key, entry->problem);
    bool is_there = place < tuning->count && compare(&tuning->entry[place], &entry->key, entry->problem) == 0;
    if (!is_there) {
        status = grow(tuning, err);
        if (status != SY_OK)
            return status;
        sy_tuning_entry *at = tuning->entry + place;
        memmove(at + 1, at, (tuning->count - place) * sizeof *at);
        tuning->count++;
    }
    tuning->entry[place] = *entry;
    return SY_OK;
}

sy_status sy_tuning_print(const sy_tuning *tuning, sy_text *out_text, sy_error *err) {
    char gain[32], sum[SY_HASH_HEX_MAX];
    sy_text_printf(out_text, TITLE);
    for (size_t i = 0; i < tuning->count; i++) {
        const sy_tuning_entry *entry = &tuning->entry[i];
        for (size_t j = 0; j < TEXTS; j++)
            sy_text_printf(out_text, "%s\t", (const char *)entry + texts[j].offset);
        sy_text_from_f64(entry->gain, gain, sizeof gain);
        sy_text_printf(out_text, "%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", gain, entry->device.units,
            entry->device.cache_bytes, entry->tried);
    }
    if (!out_text->failed)
        sy_hash_sha256(out_text->data, out_text->length, sum);
    if (out_text->failed || !sy_text_printf(out_text, "end %zu %s\n", tuning->count, sum))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the text of %zu findings", tuning->count);
    if (out_text->length > SY_TUNING_BYTES_MAX)
        return sy_error_set(err, SY_OVERFLOW,
            "findings of more than %llu bytes (`steelyard tune --clear` "
            "forgets them)",
            (unsigned long long)SY_TUNING_BYTES_MAX);
    return SY_OK;
}

static sy_status refuse(sy_error *err, const char *why) {
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s", why);
}

/* The last line against what is before it: *out_body bytes of title and entries, *out_count of these. */
static sy_status check_end(
    const char *text, size_t bytes, size_t *out_body, uint64_t *out_count, sy_error *err) {
    char line[128], count[24], sum[SY_HASH_HEX_MAX], right[SY_HASH_HEX_MAX];
    if (bytes < strlen(TITLE) || memcmp(text, TITLE, strlen(TITLE)) != 0)
        return refuse(err, "it does not begin as a tuning cache");
    if (text[bytes - 1] != '\n' || memchr(text, '\0', bytes) != NULL)
        return refuse(err, "it is cut off or damaged");
    const char *last = memrchr(text, '\n', bytes - 1);
    *out_body = last != NULL ? (size_t)(last + 1 - text) : bytes;
    size_t length = bytes - *out_body;
    if (length == 0 || length >= sizeof line)
        return refuse(err, "it is cut off: its last line is missing");
    memcpy(line, text + *out_body, length);
    line[length] = '\0';
    if (sscanf(line, "end %23[0-9] %64[0-9a-f]", count, sum) != 2 || !sy_text_to_u64(count, out_count))
        return refuse(err, "it is cut off: its last line is missing");
    sy_hash_sha256(text, *out_body, right);
    return strcmp(sum, right) == 0 ? SY_OK : refuse(err, "it is damaged: its checksum does not fit");
}

static bool take_text(const char *field, char *out_text, size_t room) {
    return (size_t)snprintf(out_text, room, "%s", field) < room;
}

/* One line; its tabs become NULs. */
static bool read_entry(char *line, sy_tuning_entry *out_entry) {
    char *field[FIELDS], *rest = line;
    for (int i = 0; i < FIELDS; i++)
        field[i] = strsep(&rest, "\t");
    for (int i = 0; i < FIELDS; i++)
        if (field[i] == NULL)
            return false;
    *out_entry = (sy_tuning_entry){.gain = 0.0};
    for (int i = 0; i < TEXTS; i++)
        if (!take_text(field[i], (char *)out_entry + texts[i].offset, texts[i].room))
            return false;
    return rest == NULL && sy_text_to_f64(field[GAIN], &out_entry->gain) &&
           sy_text_to_u64(field[UNITS], &out_entry->device.units) &&
           sy_text_to_u64(field[CACHE], &out_entry->device.cache_bytes) &&
           sy_text_to_u64(field[TRIED], &out_entry->tried);
}

/* The lines of a body, a copy that may be cut to pieces. */
static sy_status read_entries(char *body, uint64_t count, sy_tuning *tuning, sy_error *err) {
    char *rest = body + strlen(TITLE);
    for (uint64_t i = 0; i < count; i++) {
        sy_tuning_entry entry;
        char *line = strsep(&rest, "\n");
        if (line == NULL || !read_entry(line, &entry))
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "line %llu is no finding", (unsigned long long)i + 2);
        sy_status status = sy_tuning_put(tuning, &entry, err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "line %llu", (unsigned long long)i + 2);
    }
    return tuning->count == count && rest != NULL && *rest == '\0'
               ? SY_OK
               : refuse(err, "it has another number of findings than it says");
}

sy_status sy_tuning_parse(const char *text, size_t bytes, sy_tuning *out_tuning, sy_error *err) {
    size_t body = 0;
    uint64_t count = 0;
    *out_tuning = (sy_tuning){0};
    sy_status status = check_end(text, bytes, &body, &count, err);
    if (status != SY_OK)
        return status;
    char *copy = sy_mem_alloc(body + 1);
    if (copy == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu bytes", body);
    memcpy(copy, text, body);
    copy[body] = '\0';
    status = read_entries(copy, count, out_tuning, err);
    sy_mem_free(copy);
    if (status != SY_OK)
        sy_tuning_release(out_tuning);
    return status;
}

void sy_tuning_release(sy_tuning *tuning) {
    sy_mem_free(tuning->entry);
    *tuning = (sy_tuning){0};
}
