/* Defaults, file and environment: each applied over the ones before. */
#include "bench/cli/sources.h"

#include "bench/cli/value.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)

sy_status sy_source_apply(sy_config *config, const sy_option *option, const char *text, uint32_t from,
    const char *origin, sy_error *err) {
    size_t count;
    size_t index = (size_t)(option - sy_option_table(&count));
    if (config->from[index] != from) {
        sy_value_clear(config, option);
        config->from[index] = (uint8_t)from;
    }
    return sy_value_set(config, option, text, origin, err);
}

sy_status sy_source_presets(sy_config *config, sy_error *err) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        if (option[i].preset != NULL) {
            status =
                sy_source_apply(config, &option[i], option[i].preset, SY_FROM_DEFAULT, option[i].name, err);
        }
    }
    return status;
}

static const char *give_option(const void *ctx, size_t index) {
    (void)ctx;
    size_t count;
    const sy_option *option = sy_option_table(&count);
    return index < count ? option[index].name : NULL;
}

const char *sy_source_suggest(const char *name) {
    return sy_word_suggest(name, give_option, NULL);
}

/* The value of a variable, NULL if it is not set or empty. */
static const char *find_variable(char *const *environment, const char *name) {
    size_t bytes = strlen(name);
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
        const char *entry = environment[i];
        if (strncmp(entry, name, bytes) == 0 && entry[bytes] == '=' && entry[bytes + 1] != '\0') {
            return entry + bytes + 1;
        }
    }
    return NULL;
}

sy_status sy_source_environment(sy_config *config, char *const *environment, sy_error *err) {
    size_t count;
    const sy_option *option = sy_option_table(&count);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        char twin[SY_TWIN_MAX];
        sy_option_twin(&option[i], twin);
        const char *text = find_variable(environment, twin);
        if (text != NULL && (option[i].verbs & config->verb) != 0) {
            status = sy_source_apply(config, &option[i], text, SY_FROM_ENVIRONMENT, twin, err);
        }
    }
    return status;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cut the blanks off both ends of [*io_begin, *io_end). */
static void trim(const char **io_begin, const char **io_end) {
    while (*io_begin < *io_end && is_blank(**io_begin)) {
        (*io_begin)++;
    }
    while (*io_end > *io_begin && is_blank((*io_end)[-1])) {
        (*io_end)--;
    }
}

/* Check a value that the verb does not use, without keeping it. */
static sy_status check_value(const sy_option *option, const char *value, sy_error *err) {
    sy_config spare = {0};
    sy_status status = sy_value_set(&spare, option, value, option->name, err);
    sy_value_clear(&spare, option);
    return status;
}

static sy_status apply_line(sy_config *config, const char *begin, const char *end, sy_error *err) {
    char value[SY_VALUE_TEXT_MAX + 1];
    const char *sign = memchr(begin, '=', (size_t)(end - begin));
    if (sign == NULL) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s, wanted is: name = value",
            sy_word_quote_bytes(begin, (size_t)(end - begin)).text);
    }
    const char *name_end = sign, *from = sign + 1;
    trim(&begin, &name_end);
    trim(&from, &end);
    const sy_option *option = sy_option_find(begin, (size_t)(name_end - begin));
    size_t bytes = (size_t)(end - from);
    if (option == NULL) {
        sy_quoted quoted = sy_word_quote_bytes(begin, (size_t)(name_end - begin));
        char name[SY_QUOTE_MAX];
        snprintf(name, sizeof name, "%.*s", (int)(strlen(quoted.text) - 2), quoted.text + 1);
        const char *near = sy_source_suggest(name);
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            near != NULL ? "unknown option %s (did you mean '%s'?)" : "unknown option %s", quoted.text, near);
    }
    if (bytes > SY_VALUE_TEXT_MAX || memchr(from, '\0', bytes) != NULL) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: value too long, or with a NUL", option->name);
    }
    memcpy(value, from, bytes);
    value[bytes] = '\0';
    return (option->verbs & config->verb) != 0
               ? sy_source_apply(config, option, value, SY_FROM_FILE, option->name, err)
               : check_value(option, value, err);
}

sy_status sy_source_lines(
    sy_config *config, const char *text, size_t bytes, const char *label, sy_error *err) {
    size_t number = 0;
    for (size_t offset = 0; offset < bytes;) {
        const char *begin = text + offset;
        const char *end = memchr(begin, '\n', bytes - offset);
        end = end != NULL ? end : text + bytes;
        offset = (size_t)(end - text) + 1;
        number++;
        trim(&begin, &end);
        if (begin == end || *begin == '#') {
            continue;
        }
        sy_status status = apply_line(config, begin, end, err);
        if (status != SY_OK) {
            return sy_error_prefix(err, status, "%s, line %zu", label, number);
        }
    }
    return SY_OK;
}

/* "" if the environment names no absolute folder. */
static void find_path(char *const *environment, char out_path[PATH_MAX]) {
    const char *folder = find_variable(environment, "XDG_CONFIG_HOME"), *below = "";
    if (folder == NULL || folder[0] != '/') {
        folder = find_variable(environment, "HOME");
        below = "/.config";
    }
    int bytes = -1;
    if (folder != NULL && folder[0] == '/') {
        bytes = snprintf(out_path, PATH_MAX, "%s%s/steelyard/config", folder, below);
    }
    if (bytes < 0 || bytes >= PATH_MAX) {
        out_path[0] = '\0';
    }
}

static sy_status read_file(int fd, const char *path, sy_text *out_text, sy_error *err) {
    char block[4096];
    for (;;) {
        ssize_t got = sy_file_read(fd, block, sizeof block);
        if (got < 0) {
            return sy_error_io(err, "%s", path);
        }
        if (got == 0) {
            return SY_OK;
        }
        if (!sy_text_append(out_text, block, (size_t)got)) {
            return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: out of memory", path);
        }
        if (out_text->length > FILE_MAX) {
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: larger than 1 MiB", path);
        }
    }
}

sy_status sy_source_file(sy_config *config, char *const *environment, sy_error *err) {
    char path[PATH_MAX] = "";
    find_path(environment, path);
    if (path[0] == '\0') {
        return SY_OK;
    }
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? SY_OK : sy_error_io(err, "%s", path);
    }
    sy_text text = {0};
    sy_status status = read_file(fd, path, &text, err);
    sy_file_close(fd);
    if (status == SY_OK && text.length > 0) {
        status = sy_source_lines(config, text.data, text.length, path, err);
    }
    sy_text_release(&text);
    return status;
}
