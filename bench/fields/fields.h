/*
 * Structs described by tables: one row a field. The table writes a struct as JSON, reads it back, sets it to
 * absent and copies it, so that a field is added in one place.
 */
#ifndef STEELYARD_BENCH_FIELDS_FIELDS_H
#define STEELYARD_BENCH_FIELDS_FIELDS_H

#include <jansson.h>

#include "bench/fields/arena.h"
#include "bench/fields/value.h"
#include "runtime/base/text.h"
#include "steelyard/status.h"

/* What a field is; its C type; when it is absent. A number below `least` is absent too, and an interval that
 * reaches below it is cut there: what is written can always be read. */
enum {
    SY_FIELD_TEXT = 1,  /* const char *; NULL */
    SY_FIELD_F64 = 2,   /* double, at least `least`; NaN or infinite */
    SY_FIELD_COUNT = 3, /* uint64_t below 2^63; SY_NO_COUNT */
    SY_FIELD_TRI = 4,   /* sy_tri; SY_TRI_UNKNOWN */
    SY_FIELD_NAME = 5,  /* uint32_t, index of `names`; 0 */
    SY_FIELD_PAIR = 6,  /* double[2], first <= second, both at least `least`; either NaN */
    SY_FIELD_TEXTS = 7, /* sy_text_list; count 0 */
    SY_FIELD_F64S = 8,  /* sy_f64_list, each at least `least`, kept with nine digits; count 0 */
    SY_FIELD_LIST = 9,  /* struct {const T *item; size_t count;}, T described by `table`; count 0 */
    SY_FIELD_GROUP = 10 /* a struct, or part of the same struct if `offset` is 0; all its fields absent */
};

/** One field. names: index 0 is unused, `n_names` of them. is_needed: a line without it is refused. */
typedef struct sy_field {
    const char *name;
    uint32_t kind;
    bool is_needed;
    size_t offset;
    double least;
    const struct sy_field_table *table;
    const char *const *names;
    size_t n_names;
} sy_field;

/** The fields of a struct of `bytes` bytes, in the order in which they are written. */
typedef struct sy_field_table {
    const sy_field *field;
    size_t count, bytes;
} sy_field_table;

/* Rows of a table. `path` may go into nested structs: SY_TEXT_FIELD(sy_row, "name", subject.device.name). */
#define SY_TEXT_FIELD(type, label, path)                                                                     \
    { .name = label, .kind = SY_FIELD_TEXT, .offset = offsetof(type, path) }
#define SY_F64_FIELD(type, label, path, lowest)                                                              \
    { .name = label, .kind = SY_FIELD_F64, .offset = offsetof(type, path), .least = lowest }
#define SY_COUNT_FIELD(type, label, path)                                                                    \
    { .name = label, .kind = SY_FIELD_COUNT, .offset = offsetof(type, path) }
#define SY_TRI_FIELD(type, label, path)                                                                      \
    { .name = label, .kind = SY_FIELD_TRI, .offset = offsetof(type, path) }
#define SY_NAME_FIELD(type, label, path, list)                                                               \
    {                                                                                                        \
        .name = label, .kind = SY_FIELD_NAME, .offset = offsetof(type, path), .names = list,                 \
        .n_names = sizeof(list) / sizeof(list)[0]                                                            \
    }
#define SY_PAIR_FIELD(type, label, path, lowest)                                                             \
    { .name = label, .kind = SY_FIELD_PAIR, .offset = offsetof(type, path), .least = lowest }
#define SY_TEXTS_FIELD(type, label, path)                                                                    \
    { .name = label, .kind = SY_FIELD_TEXTS, .offset = offsetof(type, path) }
#define SY_F64S_FIELD(type, label, path, lowest)                                                             \
    { .name = label, .kind = SY_FIELD_F64S, .offset = offsetof(type, path), .least = lowest }
#define SY_LIST_FIELD(type, label, path, of)                                                                 \
    { .name = label, .kind = SY_FIELD_LIST, .offset = offsetof(type, path), .table = &(of) }
#define SY_GROUP_FIELD(label, where, of)                                                                     \
    { .name = label, .kind = SY_FIELD_GROUP, .offset = where, .table = &(of) }
#define SY_FIELD_TABLE(rows, type)                                                                           \
    { .field = rows, .count = sizeof(rows) / sizeof(rows)[0], .bytes = sizeof(type) }

/** Set every field of a struct to absent. */
void sy_fields_clear(const sy_field_table *table, void *out_object);

/**
 * Append `"name":value,...` of every field that is there, without braces. `comma`: something stands before.
 * Returns whether anything was written. A failed allocation shows in out->failed.
 */
bool sy_fields_write(const sy_field_table *table, const void *object, bool comma, sy_text *out);

/**
 * Read a struct. Unknown members are ignored; null is absent.
 *
 * Owns     texts are those of `json`; lists live in `arena`.
 * Errors   SY_INVALID_ARGUMENT: a wrong type, out of range, an unknown name, or a needed field missing: the
 *          text names the member ("time.host.median_ns"). SY_OUT_OF_MEMORY.
 */
sy_status sy_fields_read(
    const sy_field_table *table, const json_t *json, sy_arena *arena, void *out_object, sy_error *err);

/** A struct whose members stand in an object, perhaps beside those of others. */
typedef struct sy_fields_part {
    const sy_field_table *table;
    void *object;
} sy_fields_part;

/**
 * Read structs straight from the text of one JSON object, several times as fast as sy_fields_read(), if it is
 * as sy_fields_write() writes it: only members that one of the tables has, each once, strings without
 * escapes.
 *
 * count    of parts, at most 4. text[bytes] must be readable and neither a digit nor a point (a newline).
 * Owns     texts and lists live in `arena`.
 * Returns  whether it was read, with the same outcome as sy_fields_read(). If not, nothing is known of the
 * text, also not that it is wrong: the other reader has to look. The structs are then half filled.
 */
bool sy_fields_scan(
    const sy_fields_part *part, size_t count, const char *text, size_t bytes, sy_arena *arena);

/** Make copies in `arena` of every text and list a struct points to, and point it to them. False without
 * memory; the struct is then half changed. */
bool sy_fields_keep(const sy_field_table *table, sy_arena *arena, void *object);

/** Gets one field that is there: its full name ("time.host.median_ns") and where it is. */
typedef void sy_fields_visit(void *ctx, const char *name, const sy_field *field, const void *value);

/** Walk the fields that are there; groups are entered, lists are given whole. */
void sy_fields_walk(const sy_field_table *table, const void *object, sy_fields_visit *visit, void *ctx);

#endif
