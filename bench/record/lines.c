/* A file read by whole lines, through a buffer that grows to the longest of them. */
#include "bench/record/lines.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { READ_BYTES = 65536 };

sy_status sy_lines_open(const char *path, const sy_lines_form *form, sy_lines *out_lines, sy_error *err) {
    bool is_stdin = strcmp(path, "-") == 0;
    *out_lines = (sy_lines){.fd = -1, .form = form};
    out_lines->path = sy_mem_strdup(is_stdin ? "standard input" : path);
    if (out_lines->path == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read %s", path);
    out_lines->fd = is_stdin ? STDIN_FILENO : sy_file_open(path, O_RDONLY | O_NOCTTY, 0);
    if (out_lines->fd >= 0)
        return SY_OK;
    sy_status status = sy_error_io(err, "cannot open %s", path);
    sy_lines_close(out_lines);
    return status;
}

void sy_lines_close(sy_lines *lines) {
    if (lines->fd > STDERR_FILENO)
        sy_file_close(lines->fd);
    sy_mem_free(lines->buffer);
    sy_mem_free(lines->path);
    *lines = (sy_lines){.fd = -1};
}

/* Read more behind `end`; *out_got is 0 at the end of the file. */
static sy_status fill(sy_lines *lines, size_t *out_got, sy_error *err) {
    if (lines->begin > 0) {
        memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
        lines->end -= lines->begin;
        lines->begin = 0;
    }
    if (lines->capacity - lines->end < READ_BYTES) {
        size_t capacity = 2 * lines->capacity + READ_BYTES;
        if (lines->end > SY_LINE_MAX)
            return sy_error_set(err, SY_OVERFLOW, "%s:%" PRIu64 ": line is longer than %" PRIu64 " MiB",
                lines->path, lines->number + 1, SY_LINE_MAX >> 20);
        char *buffer = sy_mem_realloc(lines->buffer, capacity);
        if (buffer == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a line of %s", lines->path);
        lines->buffer = buffer;
        lines->capacity = capacity;
    }
    ssize_t got = sy_file_read(lines->fd, lines->buffer + lines->end, READ_BYTES);
    if (got < 0)
        return sy_error_io(err, "cannot read %s", lines->path);
    lines->end += (size_t)got;
    *out_got = (size_t)got;
    return SY_OK;
}

/* What is left without a newline: a torn line if it begins like one of ours. */
static sy_status finish(sy_lines *lines, sy_error *err) {
    size_t left = lines->end - lines->begin;
    size_t compared = strlen(lines->form->beginning);
    compared = left < compared ? left : compared;
    if (left > 0 && memcmp(lines->buffer + lines->begin, lines->form->beginning, compared) != 0)
        return sy_error_set(err, SY_INCOMPATIBLE, "%s:%" PRIu64 ": not a line of a %s", lines->path,
            lines->number + 1, lines->form->what);
    lines->torn = left;
    return sy_error_set(err, SY_UNAVAILABLE, "%s: end of file", lines->path);
}

sy_status sy_lines_next(sy_lines *lines, const char **out_text, size_t *out_bytes, sy_error *err) {
    size_t searched = 0;
    for (;;) {
        size_t left = lines->end - lines->begin - searched;
        const char *from = left > 0 ? lines->buffer + lines->begin : NULL;
        const char *newline = left > 0 ? memchr(from + searched, '\n', left) : NULL;
        if (newline != NULL) {
            *out_text = from;
            *out_bytes = (size_t)(newline - from);
            lines->begin += *out_bytes + 1;
            lines->offset += *out_bytes + 1;
            lines->number++;
            return SY_OK;
        }
        searched = lines->end - lines->begin;
        size_t got = 0;
        sy_status status = fill(lines, &got, err);
        if (status != SY_OK)
            return status;
        if (got == 0)
            return finish(lines, err);
    }
}

sy_status sy_lines_parse(
    const sy_lines *lines, const char *text, size_t bytes, json_t **out_json, sy_error *err) {
    const sy_lines_form *form = lines->form;
    json_error_t at;
    json_t *json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &at);
    const char *schema = json_string_value(json_object_get(json, "schema"));
    sy_status status = SY_OK;
    *out_json = NULL;
    if (json == NULL && lines->number == 1 && (bytes == 0 || text[0] != '{'))
        return sy_error_set(err, SY_INCOMPATIBLE, "%s: not a %s", lines->path, form->what);
    if (json == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s:%" PRIu64 ":%d: %s", lines->path, lines->number,
            at.column, at.text);
    if (schema == NULL)
        status = sy_error_set(err, SY_INCOMPATIBLE, "%s:%" PRIu64 ": not a %s: it has no schema", lines->path,
            lines->number, form->what);
    else if (strcmp(schema, form->schema) != 0)
        status =
            sy_error_set(err, SY_INCOMPATIBLE, "%s:%" PRIu64 ": schema is '%.60s', but this program reads %s",
                lines->path, lines->number, schema, form->schema);
    if (status == SY_OK)
        *out_json = json;
    else
        json_decref(json);
    return status;
}
