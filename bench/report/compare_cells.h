/* Cells of a comparison: labels, amounts, ratios, verdicts; and the rows that are worth a line. */
#ifndef STEELYARD_BENCH_REPORT_COMPARE_CELLS_H
#define STEELYARD_BENCH_REPORT_COMPARE_CELLS_H

#include "bench/report/compare.h"
#include "bench/report/print.h"

/** The quantity that is shown first: time over time, throughput across devices. */
int sy_compare_main(const sy_compare_report *report);

/** What a ratio of the main quantity says: "time, new / base: above 1 is slower". */
const char *sy_compare_meaning(const sy_compare_report *report);

/** What a column is called: a file's name, or a device with its name; SIMULATED in front where it is. */
sy_cell sy_compare_column(const sy_compare_report *report, size_t column, bool utf8);

/** A row's name or short problem; with its device, where lines differ in that, and its algorithm, where it is
 * not `auto`. */
sy_cell sy_compare_group(const sy_compare_report *report, const sy_group *group, bool utf8);
sy_cell sy_compare_label(const sy_compare_report *report, size_t line, bool utf8);

/** The entry that stands for a line: the base's, else the first there is. */
const sy_entry *sy_compare_entry(const sy_compare_report *report, size_t line);

/** Both sides in one unit, "12.1 -> 13.4 us"; throughput as FLOP/s or bytes/s; "" if a side is not known. */
sy_cell sy_compare_amounts(const sy_compare_report *report, size_t line, int quantity, const sy_ratio *ratio,
    const sy_report_style *style);

/** "1.112"; "n/a" if it is not known. "[1.090, 1.134]"; "" if it is not. "4.1 %"; "". */
sy_cell sy_compare_ratio(double ratio);
sy_cell sy_compare_interval(double low, double high);
sy_cell sy_compare_percent(double fraction);

/** "slower", "more energy", "worse precision". */
sy_cell sy_compare_verdict(int quantity, int verdict);

/** Verdict of a mean: SY_VERDICT_*. */
int sy_compare_judge(const sy_compare_report *report, const sy_mean *mean);

/** "smoke f32", "all rows", with the phase where it has one. */
sy_cell sy_compare_set(const sy_mean *mean, bool utf8);

/** Whether a mean is of a suite and type, or of all rows: what is shown without asking for more. */
bool sy_compare_is_brief(const sy_compare_report *report, const sy_mean *mean);

/** What has to be known beside a verdict: the reason, the smallest effect that would have been seen, what
 * would settle it. "" if nothing. */
sy_cell sy_compare_note(const sy_compare_report *report, size_t line, int quantity, const sy_ratio *ratio);

/** Lines that the base has; those of them that a column has too. */
size_t sy_compare_base_lines(const sy_compare_report *report);
size_t sy_compare_joined(const sy_compare_report *report, size_t column);

/** Repeats that all ratios of a column have at least: "3 rounds of 1 run, 1 card". "" without a ratio. */
sy_cell sy_compare_basis(const sy_compare_report *report, size_t column);

/** "passed", "FAILED", "NOT DECIDED". */
const char *sy_compare_outcome(const sy_gate *gate);

/** Why the gate ended so, in one line, with the row as it is called here. */
sy_cell sy_compare_reason(const sy_compare_report *report, const sy_gate_reason *reason, bool utf8);

#endif
