/*
 * What a user sees of a result: the first screen, a table, one row in full, and machine-readable forms. Made
 * from rows and facts alone, so that a file read back gives the same text as the run that wrote it. Nothing
 * here measures or prints: texts go to a sy_text. Names in rows are hostile: no control character, terminal
 * escape or spreadsheet formula of theirs gets through.
 */
#ifndef STEELYARD_BENCH_REPORT_REPORT_H
#define STEELYARD_BENCH_REPORT_REPORT_H

#include "bench/record/load.h"
#include "runtime/base/text.h"

/**
 * A result. Everything is borrowed.
 *
 * rows         in the order of the plan; every row once.
 * environment  NULL: not known (no version, no devices that were not run).
 * totals       from sy_totals_compute(), or from a file's lines; count 0: none.
 * peaks        ceilings; used by the table only.
 * title        what was asked for: "run quick/1". NULL: "result".
 * file         where the rows are; NULL or "-": they are not kept.
 * run_id       for JSON Lines; NULL: "".
 * duration_ns  NaN: not known. interrupted: the run was cut short.
 */
typedef struct sy_report {
    const sy_row *rows;
    size_t n_rows;
    const sy_environment *environment;
    sy_total_list totals;
    sy_peak_list peaks;
    const char *title, *file, *run_id;
    double duration_ns;
    bool interrupted;
} sy_report;

/**
 * How to show it.
 *
 * utf8       the terminal takes UTF-8: a real plus-minus sign and thin spaces.
 * color      colours and bold.
 * columns    width of the screen; 0 is 100. Between 60 and 200.
 * lines      most lines of the summary; 0 is 25. UINT32_MAX: all.
 */
typedef struct sy_report_style {
    bool utf8, color;
    uint32_t columns, lines;
} sy_report_style;

/**
 * The style that fits a file descriptor: UTF-8 by LC_ALL, LC_CTYPE, LANG; colours only on a terminal, without
 * `no_color`, NO_COLOR and TERM=dumb.
 */
sy_report_style sy_report_style_of(int fd, bool no_color);

/**
 * A result as it was loaded from `file`, with the totals that are in it: adding them up anew would not know
 * which layers of a model were never asked for. title NULL: the beginning of the command line that is
 * recorded
 * ("run quick"), kept in `loaded`. Errors: SY_OUT_OF_MEMORY.
 */
sy_status sy_report_from_loaded(
    sy_loaded *loaded, const char *title, const char *file, sy_report *out_report, sy_error *err);

/**
 * The first screen: a column a device (simulated ones are headed by SIMULATED), a line a kind of work: GEMM,
 * decode and prefill of models, networks, memory. A value made from a row that has no time is "n/a" with
 * their number.
 *
 * Errors   SY_OUT_OF_MEMORY, for this and all below; `out` then holds a part.
 */
sy_status sy_report_summary(
    const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err);

/** Rows of whole networks, a paragraph each with its number; others are left out. */
sy_status sy_report_models(
    const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err);

/** One line a row, with its number for `show`. Joules are those of one scope, which the heading names: the
 * one that most rows have. */
sy_status sy_report_table(const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err);

/** Everything that is known about one row, a line a field; then its energy in words. */
sy_status sy_report_row(const sy_row *row, const sy_report_style *style, sy_text *out, sy_error *err);

/** Every scalar field of every row, a column each with its full name, and for each scope of energy the
 * numbers of its meter ("energy.card.joule_per_run"), left out where they are not valid; RFC 4180 with LF. A
 * text that a spreadsheet would take for a formula (= + - @ tab) gets a quote in front. */
sy_status sy_report_csv(const sy_report *report, sy_text *out, sy_error *err);

/** The rows as lines of the record. */
sy_status sy_report_jsonl(const sy_report *report, sy_text *out, sy_error *err);

/** One JSON document: {schema, run_id, environment, rows[], totals[], peaks[]}. */
sy_status sy_report_json(const sy_report *report, sy_text *out, sy_error *err);

/**
 * The row that `what` names: its number in the table (from 1), the beginning of its id (4 digits or more), or
 * its name. Errors: SY_INVALID_ARGUMENT: none, or more than one.
 */
sy_status sy_report_find(
    const sy_row *rows, size_t count, const char *what, const sy_row **out_row, sy_error *err);

#endif
