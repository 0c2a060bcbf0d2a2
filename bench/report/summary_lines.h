/* The lines of the summary, each kind of work in turn. */
#ifndef STEELYARD_BENCH_REPORT_SUMMARY_LINES_H
#define STEELYARD_BENCH_REPORT_SUMMARY_LINES_H

#include "bench/report/columns.h"

/** What the footnotes have to explain; has_energy: a line of energy is there. */
typedef struct sy_summary_marks {
    bool has_star, has_precision, has_unstable, has_missing, has_gain, has_energy;
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

/** The label of a total's line: "decode qwen3-8b T=8". */
sy_cell sy_summary_total_label(const sy_summary *summary, const sy_total *total);

/** The total of a column that is the same work as `like`; NULL if it has none. */
const sy_total *sy_summary_find_total(const sy_summary *summary, const sy_total *like, size_t column);

/** Whether the total of this index is the first of its work, and in a column that is shown. */
bool sy_summary_begins_total(const sy_summary *summary, size_t index);

/** The line of memory and link rates. */
void sy_summary_add_memory(sy_summary *summary);

/** Joules, watts and efficiency of passes and of the heaviest rows, a line for every scope; why there are
 * none. */
void sy_summary_add_energy(sy_summary *summary);

/** A footnote on rows whose window of energy ran more than 3 % faster or slower than their median; "" if
 * there are none. */
sy_cell sy_summary_rate_note(const sy_report *report);

/** The rows by status. */
void sy_summary_add_counts(sy_summary *summary);

#endif
