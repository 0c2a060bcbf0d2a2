/* Structs described by tables: read from JSON, strictly. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fields/fields.h"
#include "runtime/base/error.h"

/* What is being read: the way to it, for errors. */
typedef struct place {
    const struct place *parent;
    const char *name;
    size_t index; /* of a list's item, SIZE_MAX otherwise */
} place;

/* Write "time.by_round[2].median_ns" of a place. */
static size_t print_place(const place *where, char *out_text, size_t capacity) {
    size_t used = where->parent != NULL ? print_place(where->parent, out_text, capacity) : 0;
    int more;
    if (used >= capacity)
        return used;
    if (where->index != SIZE_MAX)
        more = snprintf(out_text + used, capacity - used, "[%zu]", where->index);
    else
        more = snprintf(out_text + used, capacity - used, "%s%s", used > 0 ? "." : "", where->name);
    return used + (more > 0 ? (size_t)more : 0);
}

static const char *type_name(const json_t *json) {
    static const char *const names[] = {
        "an object", "a list", "a text", "a whole number", "a number", "true", "false", "null"};
    return names[json_typeof(json)];
}

static sy_status refuse(sy_error *err, const place *where, const char *what, const json_t *json) {
    char name[160];
    print_place(where, name, sizeof name);
    if (json == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s is missing", name);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s must be %s, not %s", name, what, type_name(json));
}

static sy_status out_of_range(sy_error *err, const place *where, const char *why) {
    char name[160];
    print_place(where, name, sizeof name);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s is out of range: %s", name, why);
}

static sy_status read_f64(const place *where, double least, const json_t *json, double *out, sy_error *err) {
    if (!json_is_number(json))
        return refuse(err, where, "a number", json);
    double value = json_number_value(json);
    if (!isfinite(value) || value < least)
        return out_of_range(err, where, isfinite(value) ? "too small" : "not finite");
    *out = value;
    return SY_OK;
}

static sy_status read_pair(const place *where, double least, const json_t *json, double *out, sy_error *err) {
    if (!json_is_array(json) || json_array_size(json) != 2)
        return refuse(err, where, "a list of two numbers", json);
    double value[2];
    for (size_t i = 0; i < 2; i++) {
        place item = {.parent = where, .index = i};
        sy_status status = read_f64(&item, least, json_array_get(json, i), &value[i], err);
        if (status != SY_OK)
            return status;
    }
    if (value[0] > value[1])
        return out_of_range(err, where, "the first is above the second");
    memcpy(out, value, sizeof value);
    return SY_OK;
}

static sy_status read_count(const place *where, const json_t *json, uint64_t *out, sy_error *err) {
    if (!json_is_integer(json))
        return refuse(err, where, "a whole number", json);
    if (json_integer_value(json) < 0)
        return out_of_range(err, where, "negative");
    *out = (uint64_t)json_integer_value(json);
    return SY_OK;
}

static sy_status read_name(
    const place *where, const sy_field *field, const json_t *json, uint32_t *out, sy_error *err) {
    if (!json_is_string(json))
        return refuse(err, where, "a text", json);
    for (size_t i = 1; i < field->n_names; i++) {
        if (strcmp(field->names[i], json_string_value(json)) != 0)
            continue;
        *out = (uint32_t)i;
        return SY_OK;
    }
    return out_of_range(err, where, "not one of its words");
}

/* Where a list's items go: memory in the arena, and the list in the struct. */
static sy_status begin_list(
    const place *where, const json_t *json, size_t bytes, sy_arena *arena, void **out_items, sy_error *err) {
    if (!json_is_array(json))
        return refuse(err, where, "a list", json);
    *out_items = sy_arena_array(arena, json_array_size(json), bytes);
    return *out_items != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a record's line");
}

static sy_status read_texts(
    const place *where, const json_t *json, sy_arena *arena, sy_text_list *out, sy_error *err) {
    void *items;
    sy_status status = begin_list(where, json, sizeof(char *), arena, &items, err);
    for (size_t i = 0; status == SY_OK && i < json_array_size(json); i++) {
        place item = {.parent = where, .index = i};
        const json_t *text = json_array_get(json, i);
        if (!json_is_string(text))
            return refuse(err, &item, "a text", text);
        ((const char **)items)[i] = json_string_value(text);
    }
    if (status == SY_OK)
        *out = (sy_text_list){.item = items, .count = json_array_size(json)};
    return status;
}

static sy_status read_f64s(
    const place *where, double least, const json_t *json, sy_arena *arena, sy_f64_list *out, sy_error *err) {
    void *items;
    sy_status status = begin_list(where, json, sizeof(double), arena, &items, err);
    for (size_t i = 0; status == SY_OK && i < json_array_size(json); i++) {
        place item = {.parent = where, .index = i};
        status = read_f64(&item, least, json_array_get(json, i), (double *)items + i, err);
    }
    if (status == SY_OK)
        *out = (sy_f64_list){.item = items, .count = json_array_size(json)};
    return status;
}

static sy_status read_object(const place *where, const sy_field_table *table, const json_t *json,
    sy_arena *arena, void *out_object, sy_error *err);

static sy_status read_list(const place *where, const sy_field_table *table, const json_t *json,
    sy_arena *arena, void *out, sy_error *err) {
    void *items;
    sy_status status = begin_list(where, json, table->bytes, arena, &items, err);
    for (size_t i = 0; status == SY_OK && i < json_array_size(json); i++) {
        place item = {.parent = where, .index = i};
        status =
            read_object(&item, table, json_array_get(json, i), arena, (char *)items + i * table->bytes, err);
    }
    sy_text_list list = {.item = items, .count = json_array_size(json)};
    if (status == SY_OK)
        memcpy(out, &list, sizeof list);
    return status;
}

static sy_status read_value(const place *where, const sy_field *field, const json_t *json, sy_arena *arena,
    void *out, sy_error *err) {
    switch (field->kind) {
    case SY_FIELD_TEXT:
        if (!json_is_string(json))
            return refuse(err, where, "a text", json);
        *(const char **)out = json_string_value(json);
        return SY_OK;
    case SY_FIELD_TRI:
        if (!json_is_boolean(json))
            return refuse(err, where, "true or false", json);
        *(sy_tri *)out = sy_tri_of(json_is_true(json));
        return SY_OK;
    case SY_FIELD_F64: return read_f64(where, field->least, json, out, err);
    case SY_FIELD_PAIR: return read_pair(where, field->least, json, out, err);
    case SY_FIELD_COUNT: return read_count(where, json, out, err);
    case SY_FIELD_NAME: return read_name(where, field, json, out, err);
    case SY_FIELD_TEXTS: return read_texts(where, json, arena, out, err);
    case SY_FIELD_F64S: return read_f64s(where, field->least, json, arena, out, err);
    case SY_FIELD_LIST: return read_list(where, field->table, json, arena, out, err);
    default: return read_object(where, field->table, json, arena, out, err);
    }
}

static sy_status read_object(const place *where, const sy_field_table *table, const json_t *json,
    sy_arena *arena, void *out_object, sy_error *err) {
    sy_fields_clear(table, out_object);
    if (!json_is_object(json))
        return refuse(err, where, "an object", json);
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        const json_t *value = json_object_get(json, field->name);
        place inner = {.parent = where, .name = field->name, .index = SIZE_MAX};
        if (value == NULL || json_is_null(value)) {
            if (field->is_needed)
                return refuse(err, &inner, "", NULL);
            continue;
        }
        sy_status status = read_value(&inner, field, value, arena, (char *)out_object + field->offset, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

sy_status sy_fields_read(
    const sy_field_table *table, const json_t *json, sy_arena *arena, void *out_object, sy_error *err) {
    place top = {.name = "", .index = SIZE_MAX};
    return read_object(&top, table, json, arena, out_object, err);
}
