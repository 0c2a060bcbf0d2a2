/* A list of rows with aligned cells and a note each, made one row at a time: it may be long. */
#ifndef STEELYARD_BENCH_REPORT_COMPARE_GRID_H
#define STEELYARD_BENCH_REPORT_COMPARE_GRID_H

#include "bench/report/print.h"

/** Cells of a row; unused ones stay empty in every row. */
#define SY_COMPARE_CELLS 6u

/** A row: its first cell gives way when space is short; `note` follows, in lines of its own if it is long. */
typedef struct sy_compare_grid_row {
    sy_cell cell[SY_COMPARE_CELLS], note;
    uint32_t look;
} sy_compare_grid_row;

/** Fills row `index` of a zeroed *out_row; called twice for each. */
typedef void sy_compare_grid_make(const void *ctx, size_t index, sy_compare_grid_row *out_row);

/**
 * A grid.
 *
 * is_right  of each cell: aligned to the right. indent: columns before each row. width: of the screen.
 */
typedef struct sy_compare_grid {
    size_t count;
    sy_compare_grid_make *make;
    const void *ctx;
    bool is_right[SY_COMPARE_CELLS];
    uint32_t indent, width;
} sy_compare_grid;

/** Write all rows. */
void sy_compare_grid_write(const sy_compare_grid *grid, const sy_report_style *style, sy_text *out);

#endif
