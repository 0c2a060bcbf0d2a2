/* Reading the result record, one line at a time, through a buffer that grows to the longest line. */
#include "bench/record/reader.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "bench/record/ids.h"
#include "bench/record/line.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { READ_BYTES = 65536 };

struct sy_reader {
    int fd;
    char *path;
    char *buffer;
    size_t begin, end, capacity; /* unread bytes are buffer[begin, end) */
    uint64_t number, offset, torn;
    json_t *json; /* the current line; its texts are in there, its lists in the arena */
    sy_arena arena;
    sy_record_line line;
};

sy_status sy_reader_open(const char *path, sy_reader **out_reader, sy_error *err) {
    *out_reader = NULL;
    bool is_stdin = strcmp(path, "-") == 0;
    sy_reader *reader = sy_mem_calloc(1, sizeof *reader);
    if (reader == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read %s", path);
    reader->fd = -1;
    reader->path = sy_mem_strdup(is_stdin ? "standard input" : path);
    sy_status status = SY_OK;
    if (reader->path == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read %s", path);
    else
        reader->fd = is_stdin ? STDIN_FILENO : sy_file_open(path, O_RDONLY | O_NOCTTY, 0);
    if (status == SY_OK && reader->fd < 0)
        status = sy_error_io(err, "cannot open %s", path);
    if (status != SY_OK) {
        sy_reader_close(reader);
        return status;
    }
    *out_reader = reader;
    return SY_OK;
}

void sy_reader_close(sy_reader *reader) {
    if (reader == NULL)
        return;
    if (reader->fd > STDERR_FILENO)
        sy_file_close(reader->fd);
    json_decref(reader->json);
    sy_arena_release(&reader->arena);
    sy_mem_free(reader->buffer);
    sy_mem_free(reader->path);
    sy_mem_free(reader);
}

uint64_t sy_reader_torn(const sy_reader *reader) {
    return reader->torn;
}

uint64_t sy_reader_offset(const sy_reader *reader) {
    return reader->offset;
}

/* Read more behind `end`; *out_got is 0 at the end of the file. */
static sy_status fill(sy_reader *reader, size_t *out_got, sy_error *err) {
    if (reader->begin > 0) {
        memmove(reader->buffer, reader->buffer + reader->begin, reader->end - reader->begin);
        reader->end -= reader->begin;
        reader->begin = 0;
    }
    if (reader->capacity - reader->end < READ_BYTES) {
        size_t capacity = 2 * reader->capacity + READ_BYTES;
        if (reader->end > SY_LINE_MAX)
            return sy_error_set(err, SY_OVERFLOW, "%s:%" PRIu64 ": line is longer than %" PRIu64 " MiB",
                reader->path, reader->number + 1, SY_LINE_MAX >> 20);
        char *buffer = sy_mem_realloc(reader->buffer, capacity);
        if (buffer == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a line of %s", reader->path);
        reader->buffer = buffer;
        reader->capacity = capacity;
    }
    ssize_t got = sy_file_read(reader->fd, reader->buffer + reader->end, READ_BYTES);
    if (got < 0)
        return sy_error_io(err, "cannot read %s", reader->path);
    reader->end += (size_t)got;
    *out_got = (size_t)got;
    return SY_OK;
}

/* What is left without a newline: a torn line if it begins like one of ours. */
static sy_status finish(sy_reader *reader, sy_error *err) {
    size_t left = reader->end - reader->begin;
    size_t compared = left < sizeof SY_LINE_BEGINNING - 1 ? left : sizeof SY_LINE_BEGINNING - 1;
    if (left > 0 && memcmp(reader->buffer + reader->begin, SY_LINE_BEGINNING, compared) != 0)
        return sy_error_set(err, SY_INCOMPATIBLE, "%s:%" PRIu64 ": not a line of a Steelyard record",
            reader->path, reader->number + 1);
    reader->torn = left;
    return sy_error_set(err, SY_UNAVAILABLE, "%s: end of file", reader->path);
}

static sy_status next_text(sy_reader *reader, const char **out_text, size_t *out_bytes, sy_error *err) {
    size_t searched = 0;
    for (;;) {
        size_t left = reader->end - reader->begin - searched;
        const char *from = left > 0 ? reader->buffer + reader->begin : NULL;
        const char *newline = left > 0 ? memchr(from + searched, '\n', left) : NULL;
        if (newline != NULL) {
            *out_text = from;
            *out_bytes = (size_t)(newline - from);
            reader->begin += *out_bytes + 1;
            reader->offset += *out_bytes + 1;
            reader->number++;
            return SY_OK;
        }
        searched = reader->end - reader->begin;
        size_t got = 0;
        sy_status status = fill(reader, &got, err);
        if (status != SY_OK)
            return status;
        if (got == 0)
            return finish(reader, err);
    }
}

/* The JSON of a line whose schema is ours. */
static sy_status parse(sy_reader *reader, const char *text, size_t bytes, sy_error *err) {
    json_error_t at;
    json_decref(reader->json);
    reader->json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &at);
    if (reader->json == NULL && reader->number == 1 && (bytes == 0 || text[0] != '{'))
        return sy_error_set(err, SY_INCOMPATIBLE, "%s: not a Steelyard record", reader->path);
    if (reader->json == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s:%" PRIu64 ":%d: %s", reader->path, reader->number,
            at.column, at.text);
    const char *schema = json_string_value(json_object_get(reader->json, "schema"));
    if (schema == NULL)
        return sy_error_set(err, SY_INCOMPATIBLE, "%s:%" PRIu64 ": not a Steelyard record: it has no schema",
            reader->path, reader->number);
    if (strcmp(schema, SY_RECORD_SCHEMA) != 0)
        return sy_error_set(err, SY_INCOMPATIBLE,
            "%s:%" PRIu64 ": schema is '%.60s', but this program reads %s", reader->path, reader->number,
            schema, SY_RECORD_SCHEMA);
    return SY_OK;
}

static sy_status read_line(sy_reader *reader, sy_error *err) {
    sy_record_line *line = &reader->line;
    sy_status status = sy_fields_read(&sy_line_head_fields, reader->json, &reader->arena, line, err);
    const sy_field_table *body = sy_line_body_fields(line->kind);
    uint64_t id;
    if (status == SY_OK && line->kind == SY_LINE_OP) {
        status = sy_fields_read(&sy_row_fields, reader->json, &reader->arena, &line->row, err);
        if (status == SY_OK && !sy_ids_parse(line->row.id, &id))
            status = sy_error_set(err, SY_INVALID_ARGUMENT, "row.id must be 16 hex digits");
    } else if (status == SY_OK && body != NULL)
        status = sy_fields_read(body, reader->json, &reader->arena, line, err);
    return status == SY_OK ? SY_OK
                           : sy_error_prefix(err, status, "%s:%" PRIu64, reader->path, reader->number);
}

sy_status sy_reader_next(sy_reader *reader, const sy_record_line **out_line, sy_error *err) {
    *out_line = NULL;
    const char *text = NULL;
    size_t bytes = 0;
    sy_status status = next_text(reader, &text, &bytes, err);
    if (status == SY_OK)
        status = parse(reader, text, bytes, err);
    sy_arena_clear(&reader->arena);
    if (status == SY_OK)
        status = read_line(reader, err);
    if (status != SY_OK)
        return status;
    reader->line.number = reader->number;
    reader->line.text = text;
    reader->line.bytes = bytes;
    *out_line = &reader->line;
    return SY_OK;
}
