/* Reading the result record, one line at a time. */
#include "bench/record/reader.h"

#include <inttypes.h>
#include <string.h>

#include "bench/record/ids.h"
#include "bench/record/line.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_reader {
    sy_lines lines;
    json_t *json; /* the current line, with its texts, unless those are in the arena; its lists always are */
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
    if (status == SY_OK && sy_line_is_row(line->kind)) {
        status = sy_fields_read(&sy_row_fields, reader->json, &reader->arena, &line->row, err);
        if (status == SY_OK && !sy_ids_parse(line->row.id, &id))
            status = sy_error_set(err, SY_INVALID_ARGUMENT, "row.id must be 16 hex digits");
    } else if (status == SY_OK && body != NULL)
        status = sy_fields_read(body, reader->json, &reader->arena, line, err);
    return status == SY_OK
               ? SY_OK
               : sy_error_prefix(err, status, "%s:%" PRIu64, reader->lines.path, reader->lines.number);
}

/* The schema of a line, as a struct of one field. */
typedef struct line_schema {
    const char *schema;
} line_schema;

static const sy_field schema_rows[] = {
    {.name = "schema", .kind = SY_FIELD_TEXT, .offset = offsetof(line_schema, schema), .is_needed = true}};
static const sy_field_table schema_fields = SY_FIELD_TABLE(schema_rows, line_schema);

/* Rows are many and mostly our own writer's: those are read without a tree of values. False: look closer. */
static bool scan_row(sy_reader *reader, const char *text, size_t bytes) {
    sy_record_line *line = &reader->line;
    line_schema schema;
    uint64_t id;
    const sy_fields_part parts[] = {{.table = &schema_fields, .object = &schema},
        {.table = &sy_line_head_fields, .object = line}, {.table = &sy_row_fields, .object = &line->row}};
    return sy_fields_scan(parts, sizeof parts / sizeof parts[0], text, bytes, &reader->arena) &&
           strcmp(schema.schema, SY_RECORD_SCHEMA) == 0 && sy_line_is_row(line->kind) &&
           sy_ids_parse(line->row.id, &id);
}

static sy_status parse_line(sy_reader *reader, const char *text, size_t bytes, sy_error *err) {
    if (scan_row(reader, text, bytes))
        return SY_OK;
    sy_arena_clear(&reader->arena);
    sy_status status = sy_lines_parse(&reader->lines, text, bytes, &reader->json, err);
    return status == SY_OK ? read_line(reader, err) : status;
}

sy_status sy_reader_next(sy_reader *reader, const sy_record_line **out_line, sy_error *err) {
    *out_line = NULL;
    const char *text = NULL;
    size_t bytes = 0;
    sy_status status = sy_lines_next(&reader->lines, &text, &bytes, err);
    json_decref(reader->json);
    reader->json = NULL;
    sy_arena_clear(&reader->arena);
    if (status == SY_OK)
        status = parse_line(reader, text, bytes, err);
    if (status != SY_OK)
        return status;
    reader->line.number = reader->lines.number;
    reader->line.text = text;
    reader->line.bytes = bytes;
    *out_line = &reader->line;
    return SY_OK;
}
