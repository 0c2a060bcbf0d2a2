/* One problem as named fields, whatever the file's format: checks each field and writes the problem string.
 */
#ifndef STEELYARD_BENCH_SUITES_ROW_H
#define STEELYARD_BENCH_SUITES_ROW_H

#include "bench/suites/suite.h"

/** Longest text of one field. */
#define SY_ROW_VALUE_MAX 96u
#define SY_ROW_FIELDS_MAX 20u

/* What a format knows about the type of a value, to be combined with |. CSV knows nothing: ANY. */
enum {
    SY_CELL_INTEGER = 1,  /* "12" */
    SY_CELL_REAL = 2,     /* "0.5" */
    SY_CELL_STRING = 4,   /* "h2d" */
    SY_CELL_BOOL = 8,     /* "true" or "false" */
    SY_CELL_NUMBERS = 16, /* "1x1" */
    SY_CELL_WORDS = 32,   /* "f16 f32" */
    SY_CELL_ANY = 63
};

typedef struct sy_row_op sy_row_op;

/** A problem being read. Zeroed by sy_row_begin(); owns nothing. */
typedef struct sy_row {
    const sy_row_op *op;
    char value[SY_ROW_FIELDS_MAX][SY_ROW_VALUE_MAX + 1];
    char name[SY_SUITE_NAME_MAX + 1], phase[SY_SUITE_PHASE_MAX + 1];
    uint64_t count, context;
    uint32_t dtype_hint[SY_SUITE_HINTS_MAX], dtype_hint_count;
    bool verified;
} sy_row;

/** Start a row of op "gemm", "conv2d", "copy", "stream" or "peak". SY_INVALID_ARGUMENT if it is another. */
sy_status sy_row_begin(sy_row *row, const char *op, sy_error *err);

/**
 * Set one field. `type` is one SY_CELL_*, or SY_CELL_ANY; `text` the value as shown above. A field that the
 * op does not have is ignored. Any field of a problem may hold a sweep "[...]" as a string. Errors
 * SY_INVALID_ARGUMENT names the field, what is there and what would be right.
 */
sy_status sy_row_set(sy_row *row, const char *field, uint32_t type, const char *text, sy_error *err);

/** Types that a field takes; 0 if the row's op does not have it. */
uint32_t sy_row_types(const sy_row *row, const char *field);

/**
 * Write the problem string, fields in the order of the op's table.
 * Errors  SY_INVALID_ARGUMENT: a field that the op needs is missing, or the string is too long.
 */
sy_status sy_row_print(const sy_row *row, char out_text[SY_SUITE_PROBLEM_MAX + 1], sy_error *err);

#endif
