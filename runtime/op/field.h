/* A field of a problem string as a table row: reading, checking and writing its value. Private to runtime/op.
 */
#ifndef STEELYARD_OP_FIELD_H
#define STEELYARD_OP_FIELD_H

#include "steelyard/spec.h"

/* Kinds of fields, and what lies at the field's offset in a sy_spec. */
enum {
    SY_FIELD_INT = 1,    /* int64_t >= least */
    SY_FIELD_FLAG = 2,   /* uint32_t, 0 or 1 */
    SY_FIELD_REAL = 3,   /* double, finite */
    SY_FIELD_PAIR = 4,   /* int64_t[2] >= least: "1", "2x1" */
    SY_FIELD_PADS = 5,   /* int64_t[4] >= least: "1", "2x1" (vertical, horizontal), "1x1x0x0" */
    SY_FIELD_BYTES = 6,  /* uint64_t >= least, K M G T of 1024 */
    SY_FIELD_COUNT = 7,  /* uint64_t >= least, K M G T of 1000 */
    SY_FIELD_NAME = 8,   /* uint32_t in first..last, written as name(value) */
    SY_FIELD_DTYPES = 9, /* the four dtype_* of the spec; offset is not read */
};

/** Where a field's value comes from when the string is silent. */
enum {
    SY_SILENT_ERROR = 0, /* it must be written */
    SY_SILENT_TEXT = 1,  /* `fallback` */
    SY_SILENT_DTYPE = 2, /* the member of sy_spec_defaults */
    SY_SILENT_MATH = 3,
    SY_SILENT_WEIGHTS = 4,
    SY_SILENT_LAYOUT = 5
};

typedef struct sy_op_field {
    const char *key;
    uint32_t kind, silent;
    size_t offset;
    int64_t least;
    const char *fallback;
    const char *(*name)(uint32_t value);
    uint32_t first, last;
} sy_op_field;

/** Longest value of a field with its NUL. */
#define SY_FIELD_TEXT_MAX 128u

/**
 * Read a value into the spec. `op` is for error texts, and tells how types are completed.
 * Errors: SY_INVALID_ARGUMENT not of the field's form; SY_OVERFLOW a number too large for its type;
 * SY_UNSUPPORTED a type that has no short form.
 */
sy_status sy_field_parse(
    const char *op, const sy_op_field *field, const char *text, sy_spec *spec, sy_error *err);

/** The text a silent field stands for; NULL if it must be written. `defaults` is not NULL. */
const char *sy_field_fallback(const sy_op_field *field, const sy_spec_defaults *defaults);

/** Check a value alone: SY_INVALID_ARGUMENT or SY_OVERFLOW name the field, what is there and what would be
 * right. */
sy_status sy_field_check(const char *op, const sy_op_field *field, const sy_spec *spec, sy_error *err);

/** Write "key=value" of a checked value, at most `capacity` bytes with the NUL; returns the length as
 * snprintf. */
size_t sy_field_print(const sy_op_field *field, const sy_spec *spec, char *out_text, size_t capacity);

#endif
