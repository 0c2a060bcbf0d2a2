/*
 * A figure before it is drawn: axes and margins from the points, and the files of numbers that gnuplot reads.
 * Names are kept aside; in the files stand placeholders, @T0@ for the first.
 */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_LAYOUT_H
#define STEELYARD_BENCH_REPORT_CHARTS_LAYOUT_H

#include "bench/report/charts/charts.h"
#include "bench/report/charts/ticks.h"

/* Files of each series, then those of the figure; each ceiling has one more. */
enum {
    SY_LAYOUT_POINTS = 0,
    SY_LAYOUT_SPANS = 1,
    SY_LAYOUT_BOXES = 2,
    SY_LAYOUT_BY_SERIES = 3,
    SY_LAYOUT_FRAME = 0,
    SY_LAYOUT_X_TICKS = 1,
    SY_LAYOUT_Y_TICKS = 2,
    SY_LAYOUT_LABELS = 3,
    SY_LAYOUT_VALUES = 4,
    SY_LAYOUT_OF_FIGURE = 5
};

/* The first words: of the axes and the mark, then of the series, then of the ceilings. */
enum { SY_WORD_X = 0, SY_WORD_Y = 1, SY_WORD_MARK = 2, SY_WORD_SERIES = 3 };

/** What a placeholder stands for, borrowed from the chart, and how many columns of it fit. */
typedef struct sy_chart_word {
    const char *text;
    unsigned columns;
} sy_chart_word;

/** A figure ready to be drawn. Sizes in units of the drawing, which are pixels at its natural size. */
typedef struct sy_layout {
    sy_chart_kind kind;
    const sy_chart *chart;
    bool is_simulated, has_notes;
    double width, height, left, right, top, bottom;
    sy_axis x, y;
    const char *label[SY_CHART_LABELS_MAX];
    size_t label_count, point_count, drawn_count;
    sy_chart_word *word;
    size_t word_count, word_capacity;
    sy_text by_series[SY_CHART_SERIES_MAX][SY_LAYOUT_BY_SERIES];
    sy_text of_ceiling[SY_CHART_CEILINGS_MAX];
    sy_text of_figure[SY_LAYOUT_OF_FIGURE];
} sy_layout;

/** Whether a figure is a line a label rather than points in the plane. */
bool sy_layout_is_by_label(sy_chart_kind kind);

/** Whether a number can be drawn: finite, and neither so large nor so small that a scale overflows. */
bool sy_layout_is_usable(double value);

/** Whether the point is drawn at all. */
bool sy_layout_has(const sy_layout *layout, const sy_chart_point *point);

/** Which label it is; label_count if none. */
size_t sy_layout_label(const sy_layout *layout, const char *label);

/**
 * Check the chart and work out everything. *out_layout: sy_layout_release(), also after an error.
 *
 * Errors   SY_INVALID_ARGUMENT, SY_UNSUPPORTED, SY_OUT_OF_MEMORY: as sy_chart_draw().
 */
sy_status sy_layout_make(sy_chart_kind kind, const sy_chart *chart, sy_layout *out_layout, sy_error *err);

/** Free what it holds. */
void sy_layout_release(sy_layout *layout);

/* Parts of sy_layout_make(), each a file: what is refused, the axes, the files. */
sy_status sy_layout_check(sy_layout *layout, sy_error *err);
void sy_layout_measure(sy_layout *layout);
sy_status sy_layout_write(sy_layout *layout, sy_error *err);

/** Lines of the ceilings into their files. */
void sy_layout_write_ceilings(sy_layout *layout);

/** Keep a word. False: out of memory. */
bool sy_layout_add_word(sy_layout *layout, const char *word, unsigned columns);

/** Keep a word and append `before` and its placeholder, in quotes, and a newline to `out`. False: out of
 * memory. */
bool sy_layout_put_word(
    sy_layout *layout, sy_text *out, const char *before, const char *word, unsigned columns);

/** Append numbers, each followed by a blank, in the C locale. */
void sy_layout_put_numbers(sy_text *out, const double *number, size_t count);

/** Whether the numbers of an axis are fractions, marked in percent. */
bool sy_layout_is_percent(const sy_layout *layout, bool is_x);

/** A number of the axis of values, or of x in the plane, in words. */
void sy_layout_say(const sy_layout *layout, bool is_x, double value, char out_text[SY_TICK_TEXT_MAX]);

/** Where the mark of a series is within the line of a label. */
double sy_layout_line(const sy_layout *layout, size_t label, size_t series);

#endif
