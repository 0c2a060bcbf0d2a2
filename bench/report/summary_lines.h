/* The lines of the summary, each kind of work in turn. */
#ifndef STEELYARD_BENCH_REPORT_SUMMARY_LINES_H
#define STEELYARD_BENCH_REPORT_SUMMARY_LINES_H

#include "bench/report/columns.h"

/** What the footnotes have to explain. */
typedef struct sy_summary_marks {
    bool has_star, has_precision, has_unstable, has_missing;
} sy_summary_marks;

/** Everything a line is made from. */
typedef struct sy_summary {
    const sy_report *report;
    const sy_report_style *style;
    sy_columns columns;
    sy_screen screen;
    sy_summary_marks marks;
} sy_summary;

/** Lines of GEMM and convolution rows that belong to no model, with their share of the ceiling. */
void sy_summary_add_work(sy_summary *summary);

/** Lines of totals: decode, prefill, networks. */
void sy_summary_add_totals(sy_summary *summary);

/** The line of memory and link rates. */
void sy_summary_add_memory(sy_summary *summary);

/** Energy, and the rows by status. */
void sy_summary_add_counts(sy_summary *summary);

#endif
