/* Samples over time, beside the record. */
#include "bench/record/series.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/fields/json_text.h"
#include "bench/record/file.h"
#include "bench/record/ids.h"
#include "bench/record/lines.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define ENDING ".jsonl"
#define BESIDE ".series.jsonl"

static const sy_lines_form series_form = {.schema = "steelyard.series/1",
    .beginning = "{\"schema\":\"steelyard.series/",
    .what = "Steelyard series"};

static const char *const kind_names[] = {NULL, "samples", "work"};

#define TEXT(label) SY_TEXT_FIELD(sy_series, #label, label)
#define NEEDED(label, what)                                                                                  \
    {                                                                                                        \
        .name = #label, .kind = what, .offset = offsetof(sy_series, label), .is_needed = true,               \
        .least = -INFINITY                                                                                   \
    }

static const sy_field head_rows[] = {
    {.name = "kind",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_series, kind),
        .is_needed = true,
        .names = kind_names,
        .n_names = sizeof kind_names / sizeof kind_names[0]},
    NEEDED(run_id, SY_FIELD_TEXT),
    NEEDED(row, SY_FIELD_TEXT),
    TEXT(part),
    TEXT(begin_utc),
    TEXT(source),
    TEXT(unit),
};
static const sy_field_table head_fields = SY_FIELD_TABLE(head_rows, sy_series);

static const sy_field sample_rows[] = {NEEDED(t_s, SY_FIELD_F64S), NEEDED(value, SY_FIELD_F64S)};
static const sy_field_table sample_fields = SY_FIELD_TABLE(sample_rows, sy_series);

static const sy_field work_rows[] = {NEEDED(t_s, SY_FIELD_F64S),
    {.name = "runs", .kind = SY_FIELD_F64S, .offset = offsetof(sy_series, value), .is_needed = true}};
static const sy_field_table work_fields = SY_FIELD_TABLE(work_rows, sy_series);

struct sy_series_file {
    sy_line_file file;
    char *path, *run_id;
    sy_text text;
};

struct sy_series_reader {
    sy_lines lines;
    json_t *json;
    sy_arena arena;
};

bool sy_series_path(const char *record_path, char *out_path, size_t capacity) {
    size_t length = strlen(record_path), ending = sizeof ENDING - 1;
    bool has_ending = length > ending && strcmp(record_path + length - ending, ENDING) == 0;
    if (strcmp(record_path, "-") == 0 || length > INT32_MAX)
        return false;
    int stem = (int)(has_ending ? length - ending : length);
    int written = snprintf(out_path, capacity, "%.*s" BESIDE, stem, record_path);
    return written > 0 && (size_t)written < capacity;
}

const char *sy_series_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What is wrong with a line; NULL if nothing is. */
static const char *find_fault(const sy_series *series) {
    const sy_f64_list *t_s = &series->t_s, *value = &series->value;
    uint64_t id;
    if (series->row == NULL || !sy_ids_parse(series->row, &id))
        return "row must be 16 hex digits";
    if (series->kind != SY_SERIES_SAMPLES && series->kind != SY_SERIES_WORK)
        return "kind must be samples or work";
    if (t_s->count == 0 || t_s->count != value->count)
        return "t_s and its values must be as many, and not none";
    for (size_t i = 0; i < t_s->count; i++) {
        if (!isfinite(t_s->item[i]) || !isfinite(value->item[i]))
            return "a time or value is not finite";
        if (i > 0 && t_s->item[i] < t_s->item[i - 1])
            return "t_s goes back";
        if (series->kind == SY_SERIES_WORK && value->item[i] < 0.0)
            return "runs is negative";
    }
    return NULL;
}

static void write_numbers(const char *name, const sy_f64_list *list, sy_text *out) {
    sy_text_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < list->count; i++) {
        sy_text_append(out, ",", i > 0 ? 1 : 0);
        sy_json_f64(out, list->item[i]);
    }
    sy_text_append(out, "]", 1);
}

sy_status sy_series_append(sy_series_file *file, const sy_series *series, sy_error *err) {
    const char *fault = find_fault(series);
    if (fault != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "samples of row '%s' cannot be written: %s",
            series->row != NULL ? series->row : "", fault);
    sy_series line = *series;
    line.run_id = file->run_id;
    sy_text_clear(&file->text);
    sy_text_printf(&file->text, "{\"schema\":\"%s\"", series_form.schema);
    sy_fields_write(&head_fields, &line, true, &file->text);
    write_numbers("t_s", &line.t_s, &file->text);
    write_numbers(line.kind == SY_SERIES_WORK ? "runs" : "value", &line.value, &file->text);
    sy_text_append(&file->text, "}\n", 2);
    if (!file->text.failed)
        return sy_line_file_append(&file->file, file->text.data, file->text.length, true, err);
    sy_text_release(&file->text);
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for samples");
}

/* Read what is there to its end, and cut what is torn. */
static sy_status take_over(sy_series_file *file, sy_error *err) {
    sy_series_reader *reader = NULL;
    sy_series series;
    sy_error end = SY_ERROR_INIT;
    sy_status status = sy_series_reader_open(file->path, &reader, err);
    if (status != SY_OK)
        return status;
    do
        status = sy_series_reader_next(reader, &series, &end);
    while (status == SY_OK);
    uint64_t torn = reader->lines.torn, offset = reader->lines.offset;
    sy_series_reader_close(reader);
    if (status != SY_UNAVAILABLE)
        return sy_error_set(err, status, "%s", end.text);
    return torn > 0 ? sy_line_file_cut(&file->file, offset, err) : SY_OK;
}

sy_status sy_series_open(
    const char *path, const char *run_id, bool resume, sy_series_file **out_file, sy_error *err) {
    *out_file = NULL;
    sy_series_file *file = sy_mem_calloc(1, sizeof *file);
    if (file == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for samples");
    file->file.fd = -1;
    file->path = sy_mem_strdup(path);
    file->run_id = sy_mem_strdup(run_id);
    sy_status status = SY_OK;
    bool is_there = resume && access(path, F_OK) == 0;
    if (file->path == NULL || file->run_id == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for samples");
    if (status == SY_OK)
        status = sy_line_file_open(file->path, is_there, &file->file, err);
    if (status == SY_OK && is_there)
        status = take_over(file, err);
    if (status == SY_OK)
        *out_file = file;
    else
        sy_series_close(file);
    return status;
}

void sy_series_close(sy_series_file *file) {
    if (file == NULL)
        return;
    sy_line_file_close(&file->file);
    sy_text_release(&file->text);
    sy_mem_free(file->path);
    sy_mem_free(file->run_id);
    sy_mem_free(file);
}

sy_status sy_series_reader_open(const char *path, sy_series_reader **out_reader, sy_error *err) {
    *out_reader = NULL;
    sy_series_reader *reader = sy_mem_calloc(1, sizeof *reader);
    if (reader == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to read %s", path);
    sy_status status = sy_lines_open(path, &series_form, &reader->lines, err);
    if (status == SY_OK)
        *out_reader = reader;
    else
        sy_series_reader_close(reader);
    return status;
}

static sy_status read_series(sy_series_reader *reader, sy_series *out_series, sy_error *err) {
    sy_status status = sy_fields_read(&head_fields, reader->json, &reader->arena, out_series, err);
    const sy_field_table *body = out_series->kind == SY_SERIES_WORK ? &work_fields : &sample_fields;
    if (status == SY_OK)
        status = sy_fields_read(body, reader->json, &reader->arena, out_series, err);
    const char *fault = status == SY_OK ? find_fault(out_series) : NULL;
    if (fault != NULL)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s", fault);
    return status == SY_OK
               ? SY_OK
               : sy_error_prefix(err, status, "%s:%" PRIu64, reader->lines.path, reader->lines.number);
}

sy_status sy_series_reader_next(sy_series_reader *reader, sy_series *out_series, sy_error *err) {
    const char *text = NULL;
    size_t bytes = 0;
    *out_series = (sy_series){0};
    sy_status status = sy_lines_next(&reader->lines, &text, &bytes, err);
    json_decref(reader->json);
    reader->json = NULL;
    sy_arena_clear(&reader->arena);
    if (status == SY_OK)
        status = sy_lines_parse(&reader->lines, text, bytes, &reader->json, err);
    return status == SY_OK ? read_series(reader, out_series, err) : status;
}

void sy_series_reader_close(sy_series_reader *reader) {
    if (reader == NULL)
        return;
    sy_lines_close(&reader->lines);
    json_decref(reader->json);
    sy_arena_release(&reader->arena);
    sy_mem_free(reader);
}
