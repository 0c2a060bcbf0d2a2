/* The numbers of a figure as the files that its template reads: lines of numbers, placeholders for names. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/charts/layout.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Columns that fit at the places where names stand. */
enum { AXIS_COLUMNS = 60, SERIES_COLUMNS = 62, LABEL_COLUMNS = 68, NOTE_COLUMNS = 20, MARK_COLUMNS = 20 };

/* Points nearer than this, in units of the drawing, lie on each other; where there are more than MANY, those
 * that share a mark's size do. */
#define CELL 1.5
#define MARK_CELL 5.0
enum { MANY = 2000 };

void sy_layout_put_numbers(sy_text *out, const double *number, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char text[32];
        sy_text_from_f64(number[i], text, sizeof text);
        sy_text_printf(out, "%s ", isfinite(number[i]) ? text : "NaN");
    }
}

bool sy_layout_add_word(sy_layout *layout, const char *word, unsigned columns) {
    if (layout->word_count == layout->word_capacity) {
        size_t capacity = layout->word_capacity > 0 ? 2 * layout->word_capacity : 64;
        sy_chart_word *grown = sy_mem_realloc(layout->word, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        layout->word = grown;
        layout->word_capacity = capacity;
    }
    layout->word[layout->word_count++] =
        (sy_chart_word){.text = word != NULL ? word : "", .columns = columns};
    return true;
}

bool sy_layout_put_word(
    sy_layout *layout, sy_text *out, const char *before, const char *word, unsigned columns) {
    return sy_layout_add_word(layout, word, columns) &&
           sy_text_printf(out, "\"%s@T%zu@\"\n", before, layout->word_count - 1);
}

static bool add_first_words(sy_layout *layout) {
    const sy_chart *chart = layout->chart;
    bool is_good = sy_layout_add_word(layout, chart->x_name, AXIS_COLUMNS) &&
                   sy_layout_add_word(layout, chart->y_name, AXIS_COLUMNS) &&
                   sy_layout_add_word(layout, chart->mark, MARK_COLUMNS);
    /* The one axis by workload is that of the values. */
    if (is_good && sy_layout_is_by_label(layout->kind))
        layout->word[SY_WORD_X].text = layout->word[SY_WORD_Y].text;
    for (size_t i = 0; is_good && i < chart->series_count; i++)
        is_good = sy_layout_add_word(layout, chart->series[i].name, SERIES_COLUMNS);
    for (size_t i = 0; is_good && i < chart->ceiling_count; i++)
        is_good = sy_layout_add_word(layout, chart->ceiling[i].label, SERIES_COLUMNS);
    return is_good;
}

static void write_frame(sy_layout *layout) {
    static const int marks[SY_CHART_SERIES_MAX] = {7, 5, 9, 13, 11, 15, 7, 5};
    double number[47] = {layout->width, layout->height, layout->x.low, layout->x.high, layout->y.low,
        layout->y.high, layout->x.is_logarithmic, layout->y.is_logarithmic,
        (double)layout->chart->series_count, layout->left, layout->right, layout->top, layout->bottom};
    if (sy_layout_is_by_label(layout->kind)) {
        number[4] = layout->y.high; /* the first label is on top */
        number[5] = layout->y.low;
    }
    for (size_t i = 0; i < layout->chart->series_count; i++) {
        const sy_chart_series *series = &layout->chart->series[i];
        number[13 + i] = series->colour;
        number[21 + i] = marks[series->colour] - (series->is_hollow ? 1 : 0);
    }
    number[29] = layout->is_simulated;
    number[30] = sy_layout_is_by_label(layout->kind) ? 0.0 : (double)layout->chart->ceiling_count;
    for (size_t i = 0; i < layout->chart->ceiling_count; i++)
        number[31 + i] = layout->chart->series[layout->chart->ceiling[i].series].colour;
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
        sy_layout_put_numbers(&layout->of_figure[SY_LAYOUT_FRAME], &number[i], 1);
        sy_text_printf(&layout->of_figure[SY_LAYOUT_FRAME], "\n");
    }
}

static void write_ticks(const sy_layout *layout, const sy_axis *axis, sy_text *out) {
    bool is_percent = sy_layout_is_percent(layout, axis == &layout->x);
    sy_ticks ticks = sy_ticks_of(axis, is_percent ? 8 : 5);
    for (size_t i = 0; i < ticks.count && !(is_percent && ticks.at[i] > 1.2); i++) {
        char text[SY_TICK_TEXT_MAX];
        sy_layout_say(layout, axis == &layout->x, ticks.at[i], text);
        sy_layout_put_numbers(out, &ticks.at[i], 1);
        /* What stands at a tick is a format to gnuplot. */
        sy_text_printf(out, "\"%s%s\"\n", text, is_percent ? "%" : "");
    }
}

/* A number on an axis that may be logarithmic. */
static double within(const sy_axis *axis, double value) {
    return fmin(fmax(value, axis->low), axis->high);
}

/* By workload: mark, interval, box, and the number in words. */
static bool write_at_label(sy_layout *layout, size_t at, const sy_chart_point *point) {
    sy_text *file = layout->by_series[at], *values = &layout->of_figure[SY_LAYOUT_VALUES];
    double y = sy_layout_line(layout, sy_layout_label(layout, point->label), at),
           x = within(&layout->x, point->y);
    bool has_span = sy_layout_is_usable(point->low) && sy_layout_is_usable(point->high);
    bool has_box = sy_layout_is_usable(point->inner_low) && sy_layout_is_usable(point->inner_high);
    double low = within(&layout->x, point->low), high = within(&layout->x, point->high);
    double inner_low = within(&layout->x, point->inner_low),
           inner_high = within(&layout->x, point->inner_high);
    char text[SY_TICK_TEXT_MAX + 1];
    sy_layout_put_numbers(&file[SY_LAYOUT_POINTS], (double[]){x, y}, 2);
    sy_text_printf(&file[SY_LAYOUT_POINTS], "\n");
    if (has_span) {
        sy_layout_put_numbers(&file[SY_LAYOUT_SPANS], (double[]){x, y, low, high}, 4);
        sy_text_printf(&file[SY_LAYOUT_SPANS], "\n");
    }
    if (has_box && layout->kind == SY_CHART_LATENCY) {
        sy_layout_put_numbers(
            &file[SY_LAYOUT_BOXES], (double[]){x, y, inner_low, inner_high, y - 7.0, y + 7.0}, 6);
        sy_text_printf(&file[SY_LAYOUT_BOXES], "\n");
    }
    sy_layout_put_numbers(values, (double[]){has_span ? fmax(x, high) : x, y}, 2);
    sy_layout_say(layout, false, point->y, text);
    if (point->note == NULL)
        return sy_text_printf(values, "\"%s\"\n", text);
    strcat(text, " ");
    return sy_layout_put_word(layout, values, text, point->note, NOTE_COLUMNS);
}

/* Position on an axis from 0 to 1. */
static double fraction(const sy_axis *axis, double value) {
    return axis->is_logarithmic ? log(value / axis->low) / log(axis->high / axis->low)
                                : (value - axis->low) / (axis->high - axis->low);
}

/* Cells of the drawing in which a series has a point. */
typedef struct cell_map {
    unsigned char *is_taken;
    size_t columns, rows;
} cell_map;

static bool take(const cell_map *cells, const sy_layout *layout, const sy_chart_point *point) {
    double x = fraction(&layout->x, point->x) * (double)(cells->columns - 1);
    double y = fraction(&layout->y, point->y) * (double)(cells->rows - 1);
    size_t at = (size_t)fmax(y, 0.0) * cells->columns + (size_t)fmax(x, 0.0);
    bool is_new = at < cells->columns * cells->rows && cells->is_taken[at] == 0;
    if (is_new)
        cells->is_taken[at] = 1;
    return is_new;
}

static bool write_plane(sy_layout *layout, size_t at) {
    const sy_chart_series *series = &layout->chart->series[at];
    sy_text *file = layout->by_series[at];
    double cell = series->count > MANY ? MARK_CELL : CELL;
    cell_map cells = {.columns = (size_t)(layout->width / cell), .rows = (size_t)(layout->height / cell)};
    cells.is_taken = sy_mem_calloc(cells.columns * cells.rows, 1);
    for (size_t i = 0; cells.is_taken != NULL && i < series->count; i++) {
        const sy_chart_point *point = &series->point[i];
        if (!sy_layout_has(layout, point) || !take(&cells, layout, point))
            continue;
        layout->drawn_count++;
        sy_layout_put_numbers(&file[SY_LAYOUT_POINTS], (double[]){point->x, point->y}, 2);
        sy_text_printf(&file[SY_LAYOUT_POINTS], "\n");
        if (sy_layout_is_usable(point->low) && sy_layout_is_usable(point->high)) {
            double span[] = {
                point->x, point->y, within(&layout->y, point->low), within(&layout->y, point->high)};
            sy_layout_put_numbers(&file[SY_LAYOUT_SPANS], span, 4);
            sy_text_printf(&file[SY_LAYOUT_SPANS], "\n");
        }
    }
    sy_mem_free(cells.is_taken);
    return cells.is_taken != NULL;
}

static bool write_labelled(sy_layout *layout, size_t at) {
    const sy_chart_series *series = &layout->chart->series[at];
    bool is_good = true;
    for (size_t i = 0; is_good && i < series->count; i++)
        if (sy_layout_has(layout, &series->point[i])) {
            layout->drawn_count++;
            is_good = write_at_label(layout, at, &series->point[i]);
        }
    return is_good;
}

static bool has_failed(const sy_layout *layout) {
    bool has_failed = false;
    for (size_t i = 0; i < SY_CHART_SERIES_MAX; i++)
        for (size_t j = 0; j < SY_LAYOUT_BY_SERIES; j++)
            has_failed = has_failed || layout->by_series[i][j].failed;
    for (size_t i = 0; i < SY_CHART_CEILINGS_MAX; i++)
        has_failed = has_failed || layout->of_ceiling[i].failed;
    for (size_t i = 0; i < SY_LAYOUT_OF_FIGURE; i++)
        has_failed = has_failed || layout->of_figure[i].failed;
    return has_failed;
}

sy_status sy_layout_write(sy_layout *layout, sy_error *err) {
    bool is_by_label = sy_layout_is_by_label(layout->kind);
    bool is_good = add_first_words(layout);
    write_frame(layout);
    write_ticks(layout, &layout->x, &layout->of_figure[SY_LAYOUT_X_TICKS]);
    if (!is_by_label)
        write_ticks(layout, &layout->y, &layout->of_figure[SY_LAYOUT_Y_TICKS]);
    for (size_t i = 0; is_good && is_by_label && i < layout->label_count; i++) {
        double y = sy_layout_line(layout, i, 0) - 20.0;
        sy_layout_put_numbers(&layout->of_figure[SY_LAYOUT_LABELS], &y, 1);
        is_good = sy_layout_put_word(
            layout, &layout->of_figure[SY_LAYOUT_LABELS], "", layout->label[i], LABEL_COLUMNS);
    }
    for (size_t i = 0; is_good && i < layout->chart->series_count; i++)
        is_good = is_by_label ? write_labelled(layout, i) : write_plane(layout, i);
    if (!is_by_label)
        sy_layout_write_ceilings(layout);
    return is_good && !has_failed(layout) ? SY_OK
                                          : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a figure");
}
