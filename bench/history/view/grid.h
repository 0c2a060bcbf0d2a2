/* Rows of plain values in a form for other programs. */
#ifndef STEELYARD_BENCH_HISTORY_VIEW_GRID_H
#define STEELYARD_BENCH_HISTORY_VIEW_GRID_H

#include "runtime/base/text.h"

/* Forms. TEXT is for people and not made here. */
enum { SY_GRID_TEXT = 0, SY_GRID_CSV = 1, SY_GRID_JSON = 2, SY_GRID_JSONL = 3 };

/* What a column holds. */
enum { SY_COLUMN_TEXT, SY_COLUMN_NUMBER, SY_COLUMN_COUNT, SY_COLUMN_YES };

/** A column; names have units where there are any. */
typedef struct sy_grid_column {
    const char *name;
    uint32_t kind;
} sy_grid_column;

/** A value, by its column's kind: NULL, NaN and SY_NO_COUNT are left empty (null). YES: count is 0 or 1. */
typedef struct sy_grid_value {
    const char *text;
    double number;
    uint64_t count;
} sy_grid_value;

/** A grid being written. Borrowed columns and text. */
typedef struct sy_grid {
    const sy_grid_column *column;
    size_t columns, rows;
    uint32_t form;
    sy_text *out;
} sy_grid;

/** What comes before the rows, a row of `columns` values, and what comes after. Without memory: out->failed.
 */
void sy_grid_begin(sy_grid *grid);
void sy_grid_row(sy_grid *grid, const sy_grid_value *value);
void sy_grid_end(sy_grid *grid);

#endif
