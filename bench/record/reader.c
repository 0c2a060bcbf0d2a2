/* Reading the result record, one line at a time. */
#include "bench/record/reader.h"

#include <inttypes.h>

#include "bench/record/ids.h"
#include "bench/record/line.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_reader {
    sy_lines lines;
    json_t *json; /* the current line; its texts are in there, its lists in the arena */
    sy_arena arena;
    sy_record_line line;
};

static const sy_lines_form record_form = {
    .schema = SY_RECORD_SCHEMA, .beginning = SY_LINE_BEGINNING, .what = "Steelyard record"};

sy_status sy_reader_open(const char *path, sy_reader **out_reader, sy_error *err) {
    *out_reader = NULL;
    sy_reader *reader = sy_mem_calloc(1, sizeof *reader);
    if (reader == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read %s", path);
    sy_status status = sy_lines_open(path, &record_form, &reader->lines, err);
    if (status == SY_OK)
        *out_reader = reader;
    else
        sy_reader_close(reader);
    return status;
}

void sy_reader_close(sy_reader *reader) {
    if (reader == NULL)
        return;
    sy_lines_close(&reader->lines);
    json_decref(reader->json);
    sy_arena_release(&reader->arena);
    sy_mem_free(reader);
}

uint64_t sy_reader_torn(const sy_reader *reader) {
    return reader->lines.torn;
}

uint64_t sy_reader_offset(const sy_reader *reader) {
    return reader->lines.offset;
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
    return status == SY_OK
               ? SY_OK
               : sy_error_prefix(err, status, "%s:%" PRIu64, reader->lines.path, reader->lines.number);
}

sy_status sy_reader_next(sy_reader *reader, const sy_record_line **out_line, sy_error *err) {
    *out_line = NULL;
    const char *text = NULL;
    size_t bytes = 0;
    sy_status status = sy_lines_next(&reader->lines, &text, &bytes, err);
    json_decref(reader->json);
    reader->json = NULL;
    if (status == SY_OK)
        status = sy_lines_parse(&reader->lines, text, bytes, &reader->json, err);
    sy_arena_clear(&reader->arena);
    if (status == SY_OK)
        status = read_line(reader, err);
    if (status != SY_OK)
        return status;
    reader->line.number = reader->lines.number;
    reader->line.text = text;
    reader->line.bytes = bytes;
    *out_line = &reader->line;
    return SY_OK;
}
