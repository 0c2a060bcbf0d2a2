/* The grid of the summary: lines with a label, a unit and a cell a column, laid out within a width. */
#ifndef STEELYARD_BENCH_REPORT_SCREEN_H
#define STEELYARD_BENCH_REPORT_SCREEN_H

#include "bench/report/print.h"

/** Most columns that are collected; what does not fit the width is named and left out. */
#define SY_SCREEN_COLUMNS_MAX 16u

/** A cell: number with its precision, aligned with those above and below; or a text, if `number` is empty. */
typedef struct sy_screen_cell {
    sy_cell number, precision, text;
    bool is_bad;
} sy_screen_cell;

/* What goes when there are too many lines: extras first, then details, the last ones first. */
enum { SY_RANK_MAIN = 0, SY_RANK_DETAIL = 1, SY_RANK_EXTRA = 2 };

/** A line. rank: SY_RANK_*. */
typedef struct sy_screen_line {
    sy_cell label, unit;
    uint32_t rank;
    sy_screen_cell cell[SY_SCREEN_COLUMNS_MAX];
} sy_screen_line;

/** A grid being filled. Zero-initialise; sy_screen_release(). */
typedef struct sy_screen {
    sy_cell heading[SY_SCREEN_COLUMNS_MAX];
    size_t columns;
    sy_screen_line *line;
    size_t count, capacity;
    bool failed;
} sy_screen;

/** A new empty line with label and unit; valid until the next one. NULL without memory (failed is set). */
sy_screen_line *sy_screen_add(sy_screen *screen, const char *label, const char *unit, uint32_t rank);

/**
 * Write heading and lines. `most` lines at most with the heading: extras go first, then details, then the
 * last lines. *out_left_out: lines that went; *out_columns: columns that fitted.
 */
void sy_screen_write(sy_screen *screen, const sy_report_style *style, uint32_t width, uint32_t most,
    sy_text *out, size_t *out_left_out, size_t *out_columns);

/** How many of the columns fit the width. */
size_t sy_screen_fitting(const sy_screen *screen, uint32_t width);

/** Free and zero. */
void sy_screen_release(sy_screen *screen);

#endif
