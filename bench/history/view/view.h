/* A history as text for people, or as CSV, JSON and JSON Lines for programs. Texts from records are cleaned
 * for terminals, quoted or escaped elsewhere. */
#ifndef STEELYARD_BENCH_HISTORY_VIEW_VIEW_H
#define STEELYARD_BENCH_HISTORY_VIEW_VIEW_H

#include "bench/history/history.h"
#include "bench/history/view/grid.h"
#include "bench/report/report.h"

/** How to show: SY_GRID_*, and the style of TEXT. */
typedef struct sy_view_form {
    uint32_t form;
    sy_report_style style;
} sy_view_form;

/**
 * What to show.
 *
 * what      a run (show), a problem, name, key or row (trend; changes: NULL is everything).
 * quantity  SY_HISTORY_*. last: runs at most. smallest: change that is told, as a fraction.
 */
typedef struct sy_view_wish {
    const char *what, *quantity;
    uint64_t last;
    double smallest;
} sy_view_wish;

/** The last runs. Errors, for all: those of the reading (runs.h, series.h), and SY_OUT_OF_MEMORY. */
sy_status sy_view_list(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err);

/** One run and its rows. */
sy_status sy_view_show(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err);

/** Series from run to run: a line of heights each; for programs a row a run. */
sy_status sy_view_trend(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err);

/** Changes of level: when, how large, and what else changed with it (see ../changes.h for the method). */
sy_status sy_view_changes(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err);

#endif
