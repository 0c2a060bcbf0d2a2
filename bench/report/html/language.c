/* A compiled catalogue of messages. */
#include "bench/report/html/language.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { HEADER_BYTES = 28, MAGIC = 0x950412de, MOST_BYTES = 1 << 22 };

static uint32_t number_at(const sy_html_language *language, size_t at) {
    uint32_t value;
    memcpy(&value, language->bytes + at, sizeof value);
    return value;
}

/* Text number i of a table of (length, place); the whole is checked when it is loaded. */
static const char *text_at(const sy_html_language *language, uint32_t table, uint32_t i) {
    return language->bytes + number_at(language, table + (size_t)i * 8 + 4);
}

static bool is_table_sound(const sy_html_language *language, uint32_t table) {
    if (table > language->size || ((uint64_t)language->count * 8) > language->size - table)
        return false;
    for (uint32_t i = 0; i < language->count; i++) {
        uint64_t length = number_at(language, table + (size_t)i * 8);
        uint64_t place = number_at(language, table + (size_t)i * 8 + 4);
        if (place + length >= language->size || language->bytes[place + length] != '\0')
            return false;
    }
    return true;
}

static bool is_sound(sy_html_language *language) {
    if (language->size < HEADER_BYTES || number_at(language, 0) != MAGIC)
        return false;
    language->count = number_at(language, 8);
    language->originals = number_at(language, 12);
    language->translations = number_at(language, 16);
    return is_table_sound(language, language->originals) && is_table_sound(language, language->translations);
}

static sy_status read_file(int fd, const char *path, sy_html_language *language, sy_error *err) {
    struct stat facts;
    if (sy_file_stat(fd, &facts) != 0)
        return sy_error_io(err, "%s", path);
    if (facts.st_size < HEADER_BYTES || facts.st_size > MOST_BYTES)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: not a catalogue of messages", path);
    language->size = (size_t)facts.st_size;
    language->bytes = sy_mem_alloc(language->size);
    if (language->bytes == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %s", path);
    for (size_t done = 0; done < language->size;) {
        ssize_t got = sy_file_read(fd, language->bytes + done, language->size - done);
        if (got <= 0)
            return sy_error_io(err, "%s", path);
        done += (size_t)got;
    }
    return SY_OK;
}

sy_status sy_html_language_load(
    const char *folder, const char *name, sy_html_language *out_language, sy_error *err) {
    char path[4096];
    *out_language = (sy_html_language){0};
    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/steelyard.mo", folder, name);
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0 && errno == ENOENT)
        return sy_error_set(err, SY_UNAVAILABLE, "%s is not there", path);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = read_file(fd, path, out_language, err);
    if (status == SY_OK && !is_sound(out_language))
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: not a catalogue of messages", path);
    if (status != SY_OK)
        sy_html_language_release(out_language);
    sy_file_close(fd);
    return status;
}

const char *sy_html_word(const sy_html_language *language, const char *english) {
    uint32_t low = 0, high = language->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(english, text_at(language, language->originals, middle));
        if (order == 0) {
            const char *found = text_at(language, language->translations, middle);
            return found[0] != '\0' ? found : english;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return english;
}

void sy_html_language_release(sy_html_language *language) {
    sy_mem_free(language->bytes);
    *language = (sy_html_language){0};
}
