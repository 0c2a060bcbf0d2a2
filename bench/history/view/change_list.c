/* Changes of level over all series, and what changed with them. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/history/arc.h"
#include "bench/history/changes.h"
#include "bench/history/series.h"
#include "bench/history/view/difference.h"
#include "bench/history/view/subject_text.h"
#include "bench/history/view/view.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const double FALSE_RATE = 0.05;

static const sy_grid_column columns[] = {{"key", SY_COLUMN_TEXT}, {"problem", SY_COLUMN_TEXT},
    {"backend", SY_COLUMN_TEXT}, {"algorithm", SY_COLUMN_TEXT}, {"device_name", SY_COLUMN_TEXT},
    {"host", SY_COLUMN_TEXT}, {"card", SY_COLUMN_TEXT}, {"simulated", SY_COLUMN_YES},
    {"quantity", SY_COLUMN_TEXT}, {"source", SY_COLUMN_TEXT}, {"time_utc", SY_COLUMN_TEXT},
    {"run_id", SY_COLUMN_TEXT}, {"run_id_before", SY_COLUMN_TEXT}, {"commit", SY_COLUMN_TEXT},
    {"commit_before", SY_COLUMN_TEXT}, {"version", SY_COLUMN_TEXT}, {"version_before", SY_COLUMN_TEXT},
    {"differences", SY_COLUMN_TEXT}, {"ratio", SY_COLUMN_NUMBER}, {"ratio_low", SY_COLUMN_NUMBER},
    {"ratio_high", SY_COLUMN_NUMBER}, {"p", SY_COLUMN_NUMBER}, {"runs_before", SY_COLUMN_COUNT},
    {"runs_after", SY_COLUMN_COUNT}};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* Everything that is looked through. */
typedef struct looking {
    sy_history *history;
    const sy_view_form *form;
    sy_text *out, difference, setup[2];
    sy_series_list series;
    sy_point_list *points;
    sy_levels *levels;
    double *values;
    sy_change_list found;
    sy_grid grid;
} looking;

static sy_status read_points(looking *look, uint64_t last, sy_error *err) {
    size_t count = look->series.count, total = 0;
    look->points = sy_mem_calloc(count + 1, sizeof *look->points);
    look->levels = sy_mem_calloc(count + 1, sizeof *look->levels);
    sy_status status = SY_OK;
    if (look->points == NULL || look->levels == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for series");
    for (size_t i = 0; i < count && status == SY_OK; i++) {
        status = sy_history_points(look->history, look->series.item[i].number, last, &look->points[i], err);
        total += look->points[i].count;
    }
    if (status == SY_OK)
        look->values = sy_mem_calloc(total + 1, sizeof *look->values);
    if (status == SY_OK && look->values == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for series");
    double *next = look->values;
    for (size_t i = 0; i < count && status == SY_OK; i++) {
        look->levels[i] = (sy_levels){.value = next, .count = look->points[i].count};
        for (size_t j = 0; j < look->points[i].count; j++)
            *next++ = log(look->points[i].item[j].value);
    }
    return status;
}

/* What differs between the last run before a change and the first after it. */
static sy_status find_difference(
    looking *look, const sy_point *before, const sy_point *after, sy_error *err) {
    const sy_point *points[] = {before, after};
    sy_status status = SY_OK;
    sy_text_clear(&look->difference);
    sy_text_append(&look->difference, "", 0);
    sy_fact_difference(&look->difference, "version", before->version, after->version);
    sy_fact_difference(&look->difference, "commit", before->commit, after->commit);
    for (size_t i = 0; i < 2 && status == SY_OK; i++) {
        sy_text_clear(&look->setup[i]);
        status = sy_history_setup(look->history, points[i]->setup, &look->setup[i], err);
    }
    if (status == SY_OK)
        sy_setup_difference(&look->difference, look->setup[0].data, look->setup[1].data);
    if (status == SY_OK && look->difference.failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for differences");
    return status;
}

static double percent(double logarithm) {
    return 100 * expm1(logarithm);
}

static void write_text(
    looking *look, const sy_series *series, const sy_change *change, const sy_point *after) {
    const sy_report_style *style = &look->form->style;
    bool is_time = strcmp(series->quantity, SY_HISTORY_TIME) == 0, is_more = change->size > 0;
    sy_cell differences = sy_print_clean(look->difference.data, style->utf8);
    sy_text_printf(look->out, "%s  ", sy_day_text(after->time_utc).text);
    sy_print_look(look->out, style, is_more ? SY_LOOK_BAD : SY_LOOK_STRONG);
    sy_text_printf(look->out, "%s %+.1f %%",
        is_time   ? is_more ? "slower" : "faster"
        : is_more ? "more energy"
                  : "less energy",
        percent(change->size));
    sy_print_look(look->out, style, SY_LOOK_PLAIN);
    sy_text_printf(look->out, " (95 %%: %+.1f to %+.1f %%)  ", percent(change->low), percent(change->high));
    sy_series_describe(look->out, series, style);
    sy_text_printf(look->out, "\n  since run %s, commit %s; %zu runs before, %zu since; p %.2g\n",
        sy_print_clean(after->run_id, style->utf8).text,
        after->commit != NULL ? sy_print_clean(after->commit, style->utf8).text : "not known", change->before,
        change->after, change->p);
    sy_text_printf(look->out, "  %s%s\n", differences.text[0] != '\0' ? "with " : "",
        differences.text[0] != '\0' ? differences.text : "same program, driver and libraries");
}

static void write_row(looking *look, const sy_series *series, const sy_change *change, const sy_point *before,
    const sy_point *after) {
    const sy_grid_value values[COLUMNS] = {{.text = series->key_hash}, {.text = series->problem},
        {.text = series->backend}, {.text = series->algorithm}, {.text = series->device_name},
        {.text = series->host}, {.text = series->card}, {.count = series->is_simulated},
        {.text = series->quantity}, {.text = series->source}, {.text = after->time_utc},
        {.text = after->run_id}, {.text = before->run_id}, {.text = after->commit}, {.text = before->commit},
        {.text = after->version}, {.text = before->version}, {.text = look->difference.data},
        {.number = exp(change->size)}, {.number = exp(change->low)}, {.number = exp(change->high)},
        {.number = change->p}, {.count = change->before}, {.count = change->after}};
    sy_grid_row(&look->grid, values);
}

static sy_status write_change(looking *look, const sy_change *change, sy_error *err) {
    const sy_series *series = &look->series.item[change->series];
    const sy_point *after = &look->points[change->series].item[change->at], *before = after - 1;
    sy_status status = find_difference(look, before, after, err);
    if (status == SY_OK && look->form->form == SY_GRID_TEXT)
        write_text(look, series, change, after);
    else if (status == SY_OK)
        write_row(look, series, change, before, after);
    return status;
}

static void write_method(looking *look, double smallest) {
    size_t all = look->series.count, tested = look->found.tested;
    sy_text_printf(look->out,
        "%zu change%s of %.2g %% or more in %zu series; %zu with fewer than %zu runs cannot have one\n"
        "method: circular binary segmentation (Olshen et al. 2004) of ranks; 5 %% false ones expected at "
        "most "
        "(Benjamini & Hochberg 1995); sizes by Hodges & Lehmann 1963\n",
        look->found.count, look->found.count == 1 ? "" : "s", 100 * smallest, tested, all - tested,
        SY_ARC_SHORTEST);
}

static sy_status look_through(looking *look, const sy_view_wish *wish, sy_error *err) {
    sy_status status = sy_history_series(look->history, wish->what, wish->quantity, &look->series, err);
    uint64_t last = wish->last < SY_CHANGES_RUNS_MOST ? wish->last : SY_CHANGES_RUNS_MOST;
    if (status == SY_OK)
        status = read_points(look, last, err);
    if (status == SY_OK)
        status = sy_changes_find(
            look->levels, look->series.count, FALSE_RATE, log1p(wish->smallest), &look->found, err);
    sy_grid_begin(&look->grid);
    for (size_t i = 0; i < look->found.count && status == SY_OK; i++)
        status = write_change(look, &look->found.item[i], err);
    sy_grid_end(&look->grid);
    if (status == SY_OK && look->form->form == SY_GRID_TEXT)
        write_method(look, wish->smallest);
    if (status == SY_OK && look->out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to show changes");
    return status;
}

sy_status sy_view_changes(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err) {
    looking look = {.history = history, .form = form, .out = out};
    look.grid = (sy_grid){.column = columns, .columns = COLUMNS, .form = form->form, .out = out};
    sy_status status = look_through(&look, wish, err);
    for (size_t i = 0; look.points != NULL && i < look.series.count; i++)
        sy_point_list_release(&look.points[i]);
    sy_mem_free(look.points);
    sy_mem_free(look.levels);
    sy_mem_free(look.values);
    sy_change_list_release(&look.found);
    sy_series_list_release(&look.series);
    sy_text_release(&look.difference);
    sy_text_release(&look.setup[0]);
    sy_text_release(&look.setup[1]);
    return status;
}
