/* Figures: bars by workload, latencies, all points under the roof. */
#include "bench/report/html/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/charts/chart.h"
#include "bench/report/html/scope.h"

typedef sy_status draw(const sy_chart *chart, sy_text *out_svg, sy_error *err);

/* Series of a set, each with room for `points`. NULL without memory. */
static sy_chart_series *make_series(sy_html_page *page, const sy_html_set *set, size_t points) {
    sy_chart_series *series = sy_arena_array(&page->model->arena, set->count, sizeof *series);
    for (size_t i = 0; series != NULL && i < set->count; i++) {
        series[i].name = page->model->device[set->device[i]].label;
        series[i].point = sy_arena_array(&page->model->arena, points + 1, sizeof *series[i].point);
        if (series[i].point == NULL)
            series = NULL;
    }
    page->out.failed = page->out.failed || series == NULL;
    return series;
}

/* The point at the end of a series; there is room. */
static sy_chart_point *add_point(sy_chart_series *series) {
    sy_chart_point *points = (sy_chart_point *)series->point;
    points[series->count] = (sy_chart_point){.x = NAN, .value = NAN, .low = NAN, .high = NAN};
    return &points[series->count++];
}

static const char *name_of(sy_html_page *page, const sy_html_work *work) {
    char name[200];
    snprintf(name, sizeof name, "%.80s %.40s %.40s", work->suite, work->phase != NULL ? work->phase : "",
        work->is_memory ? "" : work->dtype);
    return sy_intern_text(&page->model->texts, name);
}

static void put_chart(sy_html_page *page, sy_chart *chart, draw *with) {
    sy_error error = SY_ERROR_INIT;
    chart->title = sy_html_word(&page->language, chart->title);
    chart->alternative = sy_html_word(&page->language, chart->alternative);
    chart->x_name = sy_html_word(&page->language, chart->x_name);
    chart->y_name = sy_html_word(&page->language, chart->y_name);
    sy_status status = with(chart, &page->out, &error);
    if (status == SY_OUT_OF_MEMORY)
        page->out.failed = true;
    else if (status != SY_OK && with == sy_chart_throughput)
        sy_html_note(page, "This page has no charts: what draws them was not there when it was written. Every "
                           "number is in the tables.");
    sy_html_flush(page, false);
}

void sy_html_figure_throughput(sy_html_page *page, const sy_html_set *set) {
    sy_chart_series *series = make_series(page, set, page->works.works);
    for (size_t i = 0; series != NULL && i < set->count; i++)
        for (size_t j = 0; j < page->works.works; j++) {
            const sy_html_work *work = &page->works.work[j];
            sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
            if (work->is_memory || !isfinite(sum.rate))
                continue;
            sy_chart_point *point = add_point(&series[i]);
            point->label = name_of(page, work);
            point->value = sum.rate;
            point->low = sum.rate * (1.0 - sum.precision);
            point->high = sum.rate * (1.0 + sum.precision);
        }
    sy_chart chart = {.title = "Throughput by workload",
        .alternative = "Bars of the rates in the table below, with their intervals.",
        .x_name = "workload",
        .y_name = "FLOP/s",
        .series = series,
        .count = set->count,
        .is_simulated = set->is_simulated};
    if (series != NULL)
        put_chart(page, &chart, sy_chart_throughput);
}

void sy_html_figure_energy(sy_html_page *page, const sy_html_set *set) {
    sy_chart_series *series = make_series(page, set, page->works.works);
    for (size_t i = 0; series != NULL && i < set->count; i++) {
        sy_html_scopes scopes = sy_html_scopes_of(page, set->device[i]);
        for (size_t j = 0; scopes.count > 0 && j < page->works.works; j++) {
            const sy_html_work *work = &page->works.work[j];
            sy_html_joules sum = sy_html_add_joules(&page->works, work, set->device[i], scopes.scope[0]);
            double doubt = 2.0 * hypot(sum.u_random, isnan(sum.u_systematic) ? 0.0 : sum.u_systematic);
            if (work->is_memory || sum.rows == 0)
                continue;
            sy_chart_point *point = add_point(&series[i]);
            point->label = name_of(page, work);
            point->value = sum.per_joule;
            point->low = sum.per_joule * (1.0 - doubt);
            point->high = sum.per_joule * (1.0 + doubt);
        }
    }
    sy_chart chart = {.title = "Energy efficiency by workload",
        .alternative = "Bars of the work a joule in the table below, with their intervals; each device at its "
                       "own scope.",
        .x_name = "workload",
        .y_name = "FLOP/J",
        .series = series,
        .count = set->count,
        .is_simulated = set->is_simulated};
    if (series != NULL)
        put_chart(page, &chart, sy_chart_energy);
}

/* A point of every row with a time: FLOP a byte or place in the plan against rate or time. */
static sy_chart_series *all_points(sy_html_page *page, const sy_html_set *set, bool is_roofline) {
    sy_chart_series *series = make_series(page, set, page->model->rows);
    for (size_t i = 0; series != NULL && i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        size_t at = 0;
        while (at < set->count && set->device[at] != row->device)
            at++;
        bool has_work = row->flop != SY_NO_COUNT && row->byte != SY_NO_COUNT && row->byte > 0;
        if (at == set->count || isnan(row->median_ns) || (is_roofline && !has_work))
            continue;
        sy_chart_point *point = add_point(&series[at]);
        point->label = row->label;
        point->x = is_roofline ? (double)row->flop / (double)row->byte : row->median_ns;
        point->value = is_roofline ? row->flop_per_s : row->p99_ns;
        point->low = is_roofline ? NAN : row->median_ns;
        point->high = is_roofline ? NAN : row->p99_ns;
    }
    return series;
}

void sy_html_figure_latency(sy_html_page *page, const sy_html_set *set) {
    sy_chart chart = {.title = "Latency",
        .alternative = "The 99th percentile of every row against its median.",
        .x_name = "median, ns",
        .y_name = "99th percentile, ns",
        .series = all_points(page, set, false),
        .count = set->count,
        .is_simulated = set->is_simulated};
    if (chart.series != NULL)
        put_chart(page, &chart, sy_chart_latency);
}

/* The highest ceiling of a device in a unit; NaN. */
static double ceiling_of(const sy_html_page *page, size_t device, const char *unit) {
    double found = NAN;
    for (size_t i = 0; i < page->model->peaks; i++) {
        const sy_peak *peak = &page->model->peak[i].peak;
        const char *id = page->model->device[device].id;
        if (peak->device != NULL && id != NULL && peak->unit != NULL && strcmp(peak->device, id) == 0 &&
            strcmp(peak->unit, unit) == 0)
            found = fmax(found, peak->value);
    }
    return found;
}

void sy_html_figure_roofline(sy_html_page *page, const sy_html_set *set) {
    double *ceiling = sy_arena_array(&page->model->arena, set->count, sizeof *ceiling);
    double *slope = sy_arena_array(&page->model->arena, set->count, sizeof *slope);
    sy_chart chart = {.title = "Roofline",
        .alternative = "The rate of every row against its arithmetic intensity, under the measured ceilings.",
        .x_name = "FLOP a byte",
        .y_name = "FLOP/s",
        .series = all_points(page, set, true),
        .ceiling = ceiling,
        .slope = slope,
        .count = set->count,
        .is_simulated = set->is_simulated};
    page->out.failed = page->out.failed || ceiling == NULL || slope == NULL;
    if (chart.series == NULL || page->out.failed)
        return;
    for (size_t i = 0; i < set->count; i++) {
        ceiling[i] = ceiling_of(page, set->device[i], "flop/s");
        slope[i] = ceiling_of(page, set->device[i], "byte/s");
    }
    put_chart(page, &chart, sy_chart_roofline);
}
