/* Structs described by tables: absent, written, kept, walked. Reading is in fields_read.c. */
#include "bench/fields/fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fields/json_text.h"

/* Any list: all list types of ours begin like this. */
typedef struct any_list {
    const void *item;
    size_t count;
} any_list;

/* Through memcpy: the list in the struct has a type of its own. */
static any_list load_list(const void *value) {
    any_list list;
    memcpy(&list, value, sizeof list);
    return list;
}

static const void *at(const sy_field *field, const void *object) {
    return (const char *)object + field->offset;
}

static void clear_field(const sy_field *field, void *value) {
    static const double absent[2] = {NAN, NAN};
    static const uint64_t no_count = SY_NO_COUNT;
    switch (field->kind) {
    case SY_FIELD_F64: memcpy(value, absent, sizeof absent[0]); break;
    case SY_FIELD_PAIR: memcpy(value, absent, sizeof absent); break;
    case SY_FIELD_COUNT: memcpy(value, &no_count, sizeof no_count); break;
    case SY_FIELD_GROUP: sy_fields_clear(field->table, value); break;
    case SY_FIELD_TEXT: memset(value, 0, sizeof(char *)); break;
    case SY_FIELD_TRI:
    case SY_FIELD_NAME: memset(value, 0, sizeof(uint32_t)); break;
    default: memset(value, 0, sizeof(any_list)); break;
    }
}

void sy_fields_clear(const sy_field_table *table, void *out_object) {
    for (size_t i = 0; i < table->count; i++)
        clear_field(&table->field[i], (char *)out_object + table->field[i].offset);
}

static bool any_present(const sy_field_table *table, const void *object);

static bool is_interval(const double *ends, double least) {
    return isfinite(ends[0]) && isfinite(ends[1]) && ends[0] <= ends[1] && ends[1] >= least;
}

static bool is_present(const sy_field *field, const void *value) {
    switch (field->kind) {
    case SY_FIELD_TEXT: return *(const char *const *)value != NULL;
    case SY_FIELD_F64: return isfinite(*(const double *)value) && *(const double *)value >= field->least;
    case SY_FIELD_PAIR: return is_interval(value, field->least);
    case SY_FIELD_COUNT: return *(const uint64_t *)value <= INT64_MAX;
    case SY_FIELD_TRI: return *(const sy_tri *)value == SY_TRI_YES || *(const sy_tri *)value == SY_TRI_NO;
    case SY_FIELD_NAME: return *(const uint32_t *)value > 0 && *(const uint32_t *)value < field->n_names;
    case SY_FIELD_GROUP: return any_present(field->table, value);
    default: return load_list(value).count > 0;
    }
}

static bool any_present(const sy_field_table *table, const void *object) {
    for (size_t i = 0; i < table->count; i++)
        if (is_present(&table->field[i], at(&table->field[i], object)))
            return true;
    return false;
}

/* Numbers of a list that are not finite or too small are left out, as single ones are. */
static void write_numbers(const sy_field *field, const double *numbers, size_t count, sy_text *out) {
    bool wrote = false;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(numbers[i]) || numbers[i] < field->least)
            continue;
        if (wrote)
            sy_text_append(out, ",", 1);
        sy_json_f64(out, sy_json_round9(numbers[i]));
        wrote = true;
    }
}

static void write_item(const sy_field *field, const void *items, size_t index, sy_text *out) {
    if (field->kind == SY_FIELD_TEXTS) {
        const char *text = ((const char *const *)items)[index];
        sy_json_quote(out, text != NULL ? text : "");
        return;
    }
    sy_text_append(out, "{", 1);
    sy_fields_write(field->table, (const char *)items + index * field->table->bytes, false, out);
    sy_text_append(out, "}", 1);
}

static void write_list(const sy_field *field, any_list list, sy_text *out) {
    sy_text_append(out, "[", 1);
    if (field->kind == SY_FIELD_F64S)
        write_numbers(field, list.item, list.count, out);
    for (size_t i = 0; field->kind != SY_FIELD_F64S && i < list.count; i++) {
        if (i > 0)
            sy_text_append(out, ",", 1);
        write_item(field, list.item, i, out);
    }
    sy_text_append(out, "]", 1);
}

static void write_value(const sy_field *field, const void *value, sy_text *out) {
    const double *number = value;
    switch (field->kind) {
    case SY_FIELD_TEXT: sy_json_quote(out, *(const char *const *)value); break;
    case SY_FIELD_F64: sy_json_f64(out, *number); break;
    case SY_FIELD_COUNT: sy_text_printf(out, "%" PRIu64, *(const uint64_t *)value); break;
    case SY_FIELD_TRI:
        sy_text_printf(out, "%s", *(const sy_tri *)value == SY_TRI_YES ? "true" : "false");
        break;
    case SY_FIELD_NAME: sy_json_quote(out, field->names[*(const uint32_t *)value]); break;
    case SY_FIELD_PAIR:
        sy_text_append(out, "[", 1);
        sy_json_f64(out, fmax(number[0], field->least));
        sy_text_append(out, ",", 1);
        sy_json_f64(out, number[1]);
        sy_text_append(out, "]", 1);
        break;
    case SY_FIELD_GROUP:
        sy_text_append(out, "{", 1);
        sy_fields_write(field->table, value, false, out);
        sy_text_append(out, "}", 1);
        break;
    default: write_list(field, load_list(value), out); break;
    }
}

bool sy_fields_write(const sy_field_table *table, const void *object, bool comma, sy_text *out) {
    bool wrote = false;
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        if (!is_present(field, at(field, object)))
            continue;
        sy_text_printf(out, "%s\"%s\":", comma || wrote ? "," : "", field->name);
        write_value(field, at(field, object), out);
        wrote = true;
    }
    return wrote;
}

static bool keep_texts(sy_arena *arena, void *value) {
    any_list list = load_list(value);
    const char **copy = sy_arena_array(arena, list.count, sizeof *copy);
    if (copy == NULL)
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const char *text = ((const char *const *)list.item)[i];
        copy[i] = sy_arena_text(arena, text != NULL ? text : "");
        if (copy[i] == NULL)
            return false;
    }
    list.item = copy;
    memcpy(value, &list, sizeof list);
    return true;
}

/* Items of `bytes` bytes, copied; those with a table of their own are kept too. */
static bool keep_items(const sy_field_table *table, size_t bytes, sy_arena *arena, void *value) {
    any_list list = load_list(value);
    char *copy = sy_arena_array(arena, list.count, bytes);
    if (copy == NULL)
        return false;
    memcpy(copy, list.item, list.count * bytes);
    for (size_t i = 0; table != NULL && i < list.count; i++)
        if (!sy_fields_keep(table, arena, copy + i * bytes))
            return false;
    list.item = copy;
    memcpy(value, &list, sizeof list);
    return true;
}

static bool keep_field(const sy_field *field, sy_arena *arena, void *value) {
    char **text = value;
    switch (field->kind) {
    case SY_FIELD_TEXT: *text = sy_arena_text(arena, *text); return *text != NULL;
    case SY_FIELD_TEXTS: return keep_texts(arena, value);
    case SY_FIELD_F64S: return keep_items(NULL, sizeof(double), arena, value);
    case SY_FIELD_LIST: return keep_items(field->table, field->table->bytes, arena, value);
    case SY_FIELD_GROUP: return sy_fields_keep(field->table, arena, value);
    default: return true;
    }
}

bool sy_fields_keep(const sy_field_table *table, sy_arena *arena, void *object) {
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        if (is_present(field, at(field, object)) && !keep_field(field, arena, (char *)object + field->offset))
            return false;
    }
    return true;
}

static void walk(
    const sy_field_table *table, const void *object, const char *prefix, sy_fields_visit *visit, void *ctx) {
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        const void *value = at(field, object);
        char name[128];
        if (!is_present(field, value))
            continue;
        snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", field->name);
        if (field->kind == SY_FIELD_GROUP)
            walk(field->table, value, name, visit, ctx);
        else
            visit(ctx, name, field, value);
    }
}

void sy_fields_walk(const sy_field_table *table, const void *object, sy_fields_visit *visit, void *ctx) {
    walk(table, object, "", visit, ctx);
}
