/* Noise as JSON and back. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/noise.h"
#include "bench/fields/fields.h"
#include "bench/record/ids.h"
#include "runtime/base/error.h"

static const char schema_name[] = "steelyard.noise/1";

/* A row as it is written: hashes in hex. */
typedef struct noise_line {
    const char *key, *subject;
    double round, run;
    uint64_t runs;
} noise_line;

static const sy_field line_rows[] = {
    SY_TEXT_FIELD(noise_line, "key_hash", key),
    SY_TEXT_FIELD(noise_line, "subject_hash", subject),
    SY_F64_FIELD(noise_line, "round", round, 0),
    SY_F64_FIELD(noise_line, "run", run, 0),
    SY_COUNT_FIELD(noise_line, "runs", runs),
};
static const sy_field_table line_fields = SY_FIELD_TABLE(line_rows, noise_line);

typedef struct noise_object {
    const char *schema, *device_name;
    double round, run, false_alarm_rate;
    uint64_t compared, alarms, rows_compared;
    struct {
        const noise_line *item;
        size_t count;
    } rows;
} noise_object;

static const sy_field object_rows[] = {
    SY_TEXT_FIELD(noise_object, "schema", schema),
    SY_TEXT_FIELD(noise_object, "device_name", device_name),
    SY_F64_FIELD(noise_object, "round", round, 0),
    SY_F64_FIELD(noise_object, "run", run, 0),
    SY_F64_FIELD(noise_object, "false_alarm_rate", false_alarm_rate, 0),
    SY_COUNT_FIELD(noise_object, "pairs_compared", compared),
    SY_COUNT_FIELD(noise_object, "rows_compared", rows_compared),
    SY_COUNT_FIELD(noise_object, "alarms", alarms),
    SY_LIST_FIELD(noise_object, "rows", rows, line_fields),
};
static const sy_field_table object_fields = SY_FIELD_TABLE(object_rows, noise_object);

enum { HASH_TEXT = 17 };

static noise_line line_of(const sy_noise_row *row, char texts[2][HASH_TEXT]) {
    snprintf(texts[0], HASH_TEXT, "%016" PRIx64, row->key);
    snprintf(texts[1], HASH_TEXT, "%016" PRIx64, row->subject);
    return (noise_line){
        .key = texts[0], .subject = texts[1], .round = row->round, .run = row->run, .runs = row->runs};
}

bool sy_noise_write(const sy_noise *noise, sy_text *out_text) {
    const noise_object object = {.schema = schema_name,
        .device_name = noise->device_name,
        .round = noise->round,
        .run = noise->run,
        .false_alarm_rate = noise->false_alarm_rate,
        .compared = noise->compared,
        .alarms = noise->alarms,
        .rows_compared = noise->rows_compared};
    sy_text_printf(out_text, "{");
    sy_fields_write(&object_fields, &object, false, out_text);
    sy_text_printf(out_text, ",\"rows\":[");
    for (size_t i = 0; i < noise->count; i++) {
        char texts[2][HASH_TEXT];
        noise_line line = line_of(&noise->row[i], texts);
        sy_text_printf(out_text, "%s{", i > 0 ? "," : "");
        sy_fields_write(&line_fields, &line, false, out_text);
        sy_text_printf(out_text, "}");
    }
    return sy_text_printf(out_text, "]}\n");
}

static sy_status read_rows(const noise_object *from, sy_arena *arena, sy_noise *out, sy_error *err) {
    out->row = sy_arena_array(arena, from->rows.count, sizeof *out->row);
    if (out->row == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "noise: no memory for %zu rows", from->rows.count);
    for (size_t i = 0; i < from->rows.count; i++) {
        const noise_line *line = &from->rows.item[i];
        sy_noise_row *row = &out->row[i];
        *row = (sy_noise_row){.round = line->round, .run = line->run, .runs = line->runs};
        bool is_read = line->key != NULL && line->subject != NULL && sy_ids_parse(line->key, &row->key) &&
                       sy_ids_parse(line->subject, &row->subject);
        if (!is_read || isnan(line->round) || isnan(line->run))
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "noise: row %zu needs key_hash and subject_hash of 16 hex digits, round and run", i + 1);
    }
    out->count = from->rows.count;
    sy_noise_sort(out);
    return SY_OK;
}

static sy_status read_object(const json_t *json, sy_arena *arena, sy_noise *out, sy_error *err) {
    noise_object object;
    sy_status status = sy_fields_read(&object_fields, json, arena, &object, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "noise");
    if (object.schema == NULL || strcmp(object.schema, schema_name) != 0)
        return sy_error_set(err, SY_INCOMPATIBLE, "noise: schema is \"%s\", must be \"%s\"",
            object.schema != NULL ? object.schema : "absent", schema_name);
    if (isnan(object.round) || isnan(object.run))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "noise: needs \"round\" and \"run\" of the machine");
    *out = (sy_noise){.device_name = sy_arena_text(arena, object.device_name),
        .round = object.round,
        .run = object.run,
        .false_alarm_rate = object.false_alarm_rate,
        .compared = object.compared,
        .alarms = object.alarms,
        .rows_compared = object.rows_compared};
    return read_rows(&object, arena, out, err);
}

sy_status sy_noise_read(const char *text, size_t bytes, sy_arena *arena, sy_noise *out_noise, sy_error *err) {
    json_error_t why;
    *out_noise = (sy_noise){0};
    json_t *json = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "noise: line %d: %s", why.line, why.text);
    sy_status status = json_is_object(json)
                           ? read_object(json, arena, out_noise, err)
                           : sy_error_set(err, SY_INVALID_ARGUMENT, "noise: must be one object");
    json_decref(json);
    if (status != SY_OK)
        *out_noise = (sy_noise){0};
    return status;
}
