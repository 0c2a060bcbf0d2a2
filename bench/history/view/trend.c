/* Series from run to run. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/history/series.h"
#include "bench/history/view/spark.h"
#include "bench/history/view/subject_text.h"
#include "bench/history/view/view.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { SPARK_COLUMNS = 60 };

static const sy_grid_column columns[] = {{"key", SY_COLUMN_TEXT}, {"problem", SY_COLUMN_TEXT},
    {"backend", SY_COLUMN_TEXT}, {"algorithm", SY_COLUMN_TEXT}, {"device_name", SY_COLUMN_TEXT},
    {"host", SY_COLUMN_TEXT}, {"card", SY_COLUMN_TEXT}, {"simulated", SY_COLUMN_YES},
    {"quantity", SY_COLUMN_TEXT}, {"source", SY_COLUMN_TEXT}, {"run_id", SY_COLUMN_TEXT},
    {"time_utc", SY_COLUMN_TEXT}, {"version", SY_COLUMN_TEXT}, {"commit", SY_COLUMN_TEXT},
    {"setup", SY_COLUMN_TEXT}, {"unit", SY_COLUMN_TEXT}, {"value", SY_COLUMN_NUMBER},
    {"low", SY_COLUMN_NUMBER}, {"high", SY_COLUMN_NUMBER}, {"rows", SY_COLUMN_COUNT}};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* What is being shown. */
typedef struct showing {
    sy_history *history;
    const sy_view_form *form;
    sy_text *out, setup;
    int64_t setup_number;
    sy_grid grid;
} showing;

/* The setup's lines as one. */
static sy_status read_setup(showing *show, int64_t number, sy_error *err) {
    if (show->setup_number == number)
        return SY_OK;
    sy_text_clear(&show->setup);
    sy_text_append(&show->setup, "", 0);
    show->setup_number = number;
    sy_status status = sy_history_setup(show->history, number, &show->setup, err);
    for (size_t i = 0; i < show->setup.length; i++)
        if (show->setup.data[i] == '\n')
            show->setup.data[i] = i + 1 < show->setup.length ? ';' : '\0';
    return status;
}

static sy_status write_rows(
    showing *show, const sy_series *series, const sy_point_list *points, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; i < points->count && status == SY_OK; i++) {
        const sy_point *point = &points->item[i];
        status = read_setup(show, point->setup, err);
        const sy_grid_value values[COLUMNS] = {{.text = series->key_hash}, {.text = series->problem},
            {.text = series->backend}, {.text = series->algorithm}, {.text = series->device_name},
            {.text = series->host}, {.text = series->card}, {.count = series->is_simulated},
            {.text = series->quantity}, {.text = series->source}, {.text = point->run_id},
            {.text = point->time_utc}, {.text = point->version}, {.text = point->commit},
            {.text = show->setup.data},
            {.text = strcmp(series->quantity, SY_HISTORY_ENERGY) == 0 ? "J" : "ns"}, {.number = point->value},
            {.number = point->low}, {.number = point->high}, {.count = point->rows}};
        sy_grid_row(&show->grid, values);
    }
    return status;
}

static sy_status write_range(
    showing *show, const sy_series *series, const sy_point_list *points, sy_error *err) {
    const sy_report_style *style = &show->form->style;
    double least = points->item[0].value, most = least, now = points->item[points->count - 1].value;
    for (size_t i = 1; i < points->count; i++) {
        least = fmin(least, points->item[i].value);
        most = fmax(most, points->item[i].value);
    }
    sy_unit unit = sy_series_unit(series, most);
    sy_history_noise noise;
    sy_status status = sy_points_noise(points, &noise, err);
    sy_text_printf(show->out, "  %s to %s, last %s %s; %zu run%s, ",
        sy_print_number(least / unit.divisor, 0, style).text,
        sy_print_number(most / unit.divisor, 0, style).text,
        sy_print_number(now / unit.divisor, 0, style).text, unit.name, points->count,
        points->count == 1 ? "" : "s");
    sy_text_printf(show->out, "%s to %s", sy_day_text(points->item[0].time_utc).text,
        sy_day_text(points->item[points->count - 1].time_utc).text);
    if (isfinite(noise.relative))
        sy_text_printf(show->out, ", noise %.2g %% a run", 100 * noise.relative);
    sy_text_append(show->out, "\n", 1);
    return status;
}

static sy_status write_line(
    showing *show, const sy_series *series, const sy_point_list *points, sy_error *err) {
    double *values = sy_mem_calloc(2 * points->count, sizeof *values);
    if (values == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a trend");
    for (size_t i = 0; i < points->count; i++)
        values[i] = points->item[i].value;
    sy_series_describe(show->out, series, &show->form->style);
    sy_text_append(show->out, "\n  ", 3);
    sy_spark(show->out, values, points->count, SPARK_COLUMNS, show->form->style.utf8, values + points->count);
    sy_mem_free(values);
    return write_range(show, series, points, err);
}

static sy_status show_series(showing *show, const sy_series *series, uint64_t last, sy_error *err) {
    sy_point_list points = {0};
    sy_status status = sy_history_points(show->history, series->number, last, &points, err);
    if (status == SY_OK && points.count > 0)
        status = show->form->form == SY_GRID_TEXT ? write_line(show, series, &points, err)
                                                  : write_rows(show, series, &points, err);
    sy_point_list_release(&points);
    return status;
}

sy_status sy_view_trend(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err) {
    showing show = {.history = history, .form = form, .out = out};
    sy_series_list list = {0};
    show.grid = (sy_grid){.column = columns, .columns = COLUMNS, .form = form->form, .out = out};
    sy_status status = sy_history_series(history, wish->what, wish->quantity, &list, err);
    sy_grid_begin(&show.grid);
    for (size_t i = 0; i < list.count && status == SY_OK; i++)
        status = show_series(&show, &list.item[i], wish->last, err);
    sy_grid_end(&show.grid);
    sy_series_list_release(&list);
    if (status == SY_OK && (out->failed || show.setup.failed))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a trend");
    sy_text_release(&show.setup);
    return status;
}
