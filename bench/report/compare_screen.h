/* The parts of a comparison's screen. */
#ifndef STEELYARD_BENCH_REPORT_COMPARE_SCREEN_H
#define STEELYARD_BENCH_REPORT_COMPARE_SCREEN_H

#include "bench/report/compare_cells.h"

/** Where and how; width: of the screen; most: rows of a list that are shown. */
typedef struct sy_compare_screen {
    const sy_compare_report *report;
    const sy_report_style *style;
    uint32_t width;
    size_t most;
    sy_text *out;
} sy_compare_screen;

/** A line in a look, cleaned and wrapped. */
__attribute__((format(printf, 3, 4))) void sy_compare_say(
    const sy_compare_screen *screen, uint32_t look, const char *format, ...);

/** Rows that changed, rows that are not decided, of one column. Errors: SY_OUT_OF_MEMORY. */
sy_status sy_compare_screen_rows(const sy_compare_screen *screen, size_t column, sy_error *err);

/** What does not join. column SY_NO_COLUMN: what was refused as a whole. */
void sy_compare_screen_unjoined(const sy_compare_screen *screen, size_t column);

/** Conditions that differ. */
void sy_compare_screen_conditions(const sy_compare_screen *screen, size_t column);

/** How the gate ended, and why. */
void sy_compare_screen_gate(const sy_compare_screen *screen);

#endif
