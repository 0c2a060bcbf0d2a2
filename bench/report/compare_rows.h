/* The rows of a comparison that are worth a line, in the order in which they are told. */
#ifndef STEELYARD_BENCH_REPORT_COMPARE_ROWS_H
#define STEELYARD_BENCH_REPORT_COMPARE_ROWS_H

#include "bench/report/compare.h"

/** One ratio and where it is. */
typedef struct sy_compare_row {
    size_t line;
    int quantity;
    const sy_ratio *ratio;
} sy_compare_row;

/** Rows of one column; sy_mem_free(row). */
typedef struct sy_compare_rows {
    sy_compare_row *row;
    size_t count;
} sy_compare_rows;

/* Which rows. ALL: every one that has two sides, in the main quantity, and in others if they changed. */
enum { SY_ROWS_CHANGED = 0, SY_ROWS_UNDECIDED = 1, SY_ROWS_ALL = 2 };

/**
 * Pick rows of a column (>= 1): time or throughput, energy and precision. What changed or is there comes
 * worst first, what is undecided by how large a change would have to be.
 *
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_compare_pick(
    const sy_compare_report *report, size_t column, int which, sy_compare_rows *out_rows, sy_error *err);

/** Place of a ratio among all of them. */
size_t sy_compare_place(const sy_compare_report *report, size_t line, size_t column, int quantity);

/** What the gate says of each ratio, NULL where it says nothing, by place; sy_mem_free(). Errors:
 * SY_OUT_OF_MEMORY. */
sy_status sy_compare_index_gate(
    const sy_compare_report *report, const sy_gated_row ***out_gated, sy_error *err);

/** "pass", "regressed", "undecided", "lost", "skipped"; "?" if not valid. */
const char *sy_compare_gated_name(int outcome);

#endif
