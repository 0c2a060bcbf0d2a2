/* The columns of the summary: a device, or a device with an algorithm that was asked for by name. */
#ifndef STEELYARD_BENCH_REPORT_COLUMNS_H
#define STEELYARD_BENCH_REPORT_COLUMNS_H

#include "bench/report/screen.h"

/** One column. Borrowed from the rows. */
typedef struct sy_column {
    const char *device, *algorithm;
    const sy_row *row; /* the first one */
    bool is_simulated;
} sy_column;

/** Columns in the order of the rows. more: how many others there are. */
typedef struct sy_columns {
    sy_column column[SY_SCREEN_COLUMNS_MAX];
    size_t count, more;
} sy_columns;

/** Find them. Where a device has rows of `auto`, only those count. */
void sy_columns_find(const sy_row *rows, size_t count, sy_columns *out_columns);

/** Whether a row, or a total's device and algorithm, belongs to a column. */
bool sy_column_has(const sy_column *column, const char *device, const char *algorithm);

/** "cpu EPYC 2 cores", "SIMULATED sim:0", with the algorithm's name if it was asked for. */
sy_cell sy_column_heading(const sy_report *report, const sy_column *column, bool utf8);

#endif
