/* Rows joined by key, and put together by workload: what the page's tables are made of. */
#ifndef STEELYARD_BENCH_REPORT_HTML_WORK_H
#define STEELYARD_BENCH_REPORT_HTML_WORK_H

#include "bench/report/html/model.h"

/** Rows of one key on one device: repeats put together. row: one with a time if there is one; NULL: no row.
 * ns, low, high: mean of the medians, hull of the intervals; NaN without a time. */
typedef struct sy_html_cell {
    const sy_html_row *row;
    double ns, low, high;
    uint32_t count;
} sy_html_cell;

/** One key: cell[device], and the workload it belongs to. flop, byte: of one launch, by the first row that tells
 * them (who takes a network as a whole does not count); 0: nobody does. */
typedef struct sy_html_line {
    uint64_t key, flop, byte;
    size_t work;
    const sy_html_row *first;
    sy_html_cell *cell;
} sy_html_line;

/** One workload: what the same suite, phase and type have, memory rates apart. line: the first of `lines` in
 * sy_html_works.line. */
typedef struct sy_html_work {
    const char *suite, *phase, *dtype;
    bool is_memory;
    size_t line, lines;
} sy_html_work;

/** Everything in `arena` of the model it was made from. Lines are sorted by workload, and within it in the
 * order of the rows. */
typedef struct sy_html_works {
    sy_html_work *work;
    size_t works;
    sy_html_line *line;
    size_t lines;
} sy_html_works;

/** Devices that may stand beside each other: all real, or all simulated. has[device]. */
typedef struct sy_html_set {
    const size_t *device;
    size_t count, reference;
    bool is_simulated;
} sy_html_set;

/**
 * Rows of a workload on one device, as of one after the other: sum of work over sum of times.
 *
 * rows, timed, of   rows the device has; those with a time; lines of the workload.
 * rate              flop/s, or byte/s of memory; NaN if nothing has a time. precision: as if all rows erred
 *                   the same way.
 * of_datasheet, of_ceiling, of_clock  weighted by time, over the rows that have them; of_clock: of the
 * ceiling scaled to the clock that was seen. NaN.
 */
typedef struct sy_html_sum {
    size_t rows, timed, of;
    double rate, precision, of_datasheet, of_ceiling, of_clock;
    const char *method, *confidence;
} sy_html_sum;

/** Energy of a workload's rows by the meters of one scope. rows: that have valid numbers. joule, net: sums.
 * flop_per_joule or byte_per_joule in `per_joule`. Uncertainties relative, standard. reason: of a row that
 * has none. */
typedef struct sy_html_joules {
    size_t rows;
    double joule, net, watt, per_joule, u_random, u_systematic;
    const char *source, *reason;
} sy_html_joules;

/** Join and group. Errors: SY_OUT_OF_MEMORY. */
sy_status sy_html_works_make(sy_html_model *model, sy_html_works *out_works, sy_error *err);

/** Add up a workload's rows of a device; with `common`, only lines in which every device of it has a time. */
sy_html_sum sy_html_add_up(const sy_html_model *model, const sy_html_works *works, const sy_html_work *work,
    size_t device, const sy_html_set *common);

/** The same of energy, of one scope. */
sy_html_joules sy_html_add_joules(
    const sy_html_works *works, const sy_html_work *work, size_t device, const char *scope);

/** Lines in which every device of the set has a time. */
size_t sy_html_common(const sy_html_works *works, const sy_html_work *work, const sy_html_set *set);

/** The valid meter of a scope (NULL: any), or NULL. */
const sy_html_meter *sy_html_meter_of(const sy_html_row *row, const char *scope);

/** Whether any device of the set has a row of the workload. */
bool sy_html_work_has(const sy_html_works *works, const sy_html_work *work, const sy_html_set *set);

#endif
