/* Rows of one kind of work on one device, put together. */
#ifndef STEELYARD_BENCH_REPORT_WORK_H
#define STEELYARD_BENCH_REPORT_WORK_H

#include "bench/report/columns.h"

/* Kinds of work that have lines of their own; rows that belong to a total have NONE. */
enum { SY_WORK_NONE = 0, SY_WORK_LARGE_GEMM = 1, SY_WORK_GEMM = 2, SY_WORK_CONV = 3, SY_WORK_MEMORY = 4 };

/** Kind of a row: GEMM is large if m, n and k are at least 1024. */
uint32_t sy_work_kind(const sy_report *report, const sy_row *row);

/**
 * Rows put together: rate as of one after the other (sum of work over sum of times).
 *
 * missing    of `rows` have no time: no value then. unstable: of those with a time.
 * precision  as if all erred the same way. of_ceiling, of_datasheet: weighted by time; NaN if a row has none.
 * method, confidence  those of the rows, "mixed" if they differ, NULL if there is none.
 */
typedef struct sy_work_sum {
    size_t rows, missing, unstable;
    double flop_per_s, precision, of_ceiling, of_datasheet;
    const char *method, *confidence;
    bool is_integer;
} sy_work_sum;

/** Add up the rows of a kind and short type (sy_problem_dtype(); NULL: every type) in a column. */
sy_work_sum sy_work_add_up(
    const sy_report *report, const sy_column *column, uint32_t kind, const char *dtype);

/** Bytes a second of the largest problem whose string begins with `op` and has `field` ("stream:",
 * "kind=read"); NaN if there is none with a time. *out_rows: how many there are. */
double sy_work_byte_rate(
    const sy_report *report, const sy_column *column, const char *op, const char *kind, size_t *out_rows);

#endif
