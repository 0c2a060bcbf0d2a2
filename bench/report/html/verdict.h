/* How devices stand against a reference: the judgement is that of bench/compare. */
#ifndef STEELYARD_BENCH_REPORT_HTML_VERDICT_H
#define STEELYARD_BENCH_REPORT_HTML_VERDICT_H

#include "bench/compare/conditions.h"
#include "bench/compare/means.h"
#include "bench/report/html/page.h"

/** Half width of "same". */
#define SY_HTML_SAME_WITHIN 0.02

/** Most devices that a reader can choose as reference. */
enum { SY_HTML_REFERENCES = 8 };

/**
 * A ratio device / reference: of throughput, above 1 the device is faster; of energy, above 1 it takes more.
 *
 * rows, of    rows that are in it, of those that the reference has. verdict SY_VERDICT_*.
 * undecided   of the rows of both.
 */
typedef struct sy_html_ratio {
    double ratio, low, high;
    size_t rows, of, undecided;
    int verdict;
} sy_html_ratio;

/**
 * All devices of a set against one of them.
 *
 * column      of each device in the comparison; SY_NO_COLUMN: it is not of the set.
 * speed, energy  means; undecided, decided: rows of each column; conditions: of each column from 1 on.
 */
typedef struct sy_html_standing {
    size_t reference;
    const size_t *column;
    sy_mean_list speed, energy;
    size_t *undecided, *decided;
    const sy_conditions *conditions;
} sy_html_standing;

/** Standings of both sets, of up to SY_HTML_REFERENCES references each. */
typedef struct sy_html_verdicts {
    sy_html_standing *standing;
    size_t count;
} sy_html_verdicts;

/** Compare everything. *out_verdicts lives in the model's arena. Errors: SY_OUT_OF_MEMORY. */
sy_status sy_html_verdicts_make(sy_html_page *page, sy_html_verdicts *out_verdicts, sy_error *err);

/** The standing with that reference; NULL: none was made. */
const sy_html_standing *sy_html_standing_of(const sy_html_page *page, size_t reference);

/** Speed of a device against a reference, over a workload (NULL: all). Without a standing: not comparable. */
sy_html_ratio sy_html_speed_of(
    const sy_html_page *page, const sy_html_work *work, size_t device, size_t reference);

/** Energy likewise. */
sy_html_ratio sy_html_energy_of(
    const sy_html_page *page, const sy_html_work *work, size_t device, size_t reference);

/** "1.83" and "1.80-1.86" with a dash between; "" if there is none. */
sy_cell sy_html_ratio_text(double ratio);
sy_cell sy_html_interval_text(const sy_html_ratio *ratio);

/** Cells: the ratio with its interval; the verdict with how many rows it is about. */
void sy_html_cell_ratio(sy_html_page *page, const sy_html_ratio *ratio);
void sy_html_cell_verdict(sy_html_page *page, const sy_html_ratio *ratio);

#endif
