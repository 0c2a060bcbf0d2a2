/* Figures: bars by workload, boxes by row, all points under the roof. */
#include "bench/report/html/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/html/scope.h"

/* The rows of a figure by row: as many as can be read. */
enum { ROWS_MOST = 10 };

/* Series of a set, each with room for `points`. NULL without memory, or if there are too many devices. */
static sy_chart_series *make_series(sy_html_page *page, const sy_html_set *set, size_t points) {
    if (set->count > SY_CHART_SERIES_MAX)
        return NULL;
    sy_chart_series *series = sy_arena_array(&page->model->arena, set->count + 1, sizeof *series);
    for (size_t i = 0; series != NULL && i < set->count; i++) {
        series[i].name = page->model->device[set->device[i]].label;
        series[i].colour = (unsigned)i;
        series[i].is_simulated = set->is_simulated;
        series[i].point = sy_arena_array(&page->model->arena, points + 1, sizeof *series[i].point);
        if (series[i].point == NULL)
            series = NULL;
    }
    return series;
}

/* A new point at the end of a series; there is room. */
static sy_chart_point *add_point(sy_chart_series *series, const char *label, double y) {
    sy_chart_point *points = (sy_chart_point *)(uintptr_t)series->point;
    sy_chart_point *point = &points[series->count++];
    *point = (sy_chart_point)SY_CHART_POINT_INIT;
    point->label = label;
    point->y = y;
    return point;
}

static const char *name_of(sy_html_page *page, const sy_html_work *work) {
    char name[200];
    snprintf(name, sizeof name, "%.80s%s%.40s %.40s", work->suite, work->phase != NULL ? " " : "",
        work->phase != NULL ? work->phase : "", work->dtype);
    return sy_intern_text(&page->model->texts, name);
}

/* Whether there are charts at all; says once that there are not. */
static bool can_draw(sy_html_page *page, bool is_there) {
    if (is_there)
        return true;
    if (!page->has_no_charts)
        sy_html_note(page,
            "This page has no charts: gnuplot was not there when it was written. Every number is in "
            "the tables.");
    page->has_no_charts = true;
    return false;
}

void sy_html_figure_draw(sy_html_page *page, sy_chart_kind kind, const sy_html_caption *words,
    bool is_simulated, const sy_chart_series *series, size_t count, const sy_chart_ceiling *ceiling,
    size_t ceilings) {
    char id[32];
    sy_error error = SY_ERROR_INIT;
    sy_text svg = {0};
    if (series == NULL || page->has_no_charts || !can_draw(page, page->request->charts != NULL))
        return;
    snprintf(id, sizeof id, "figure-%u", page->figures++);
    const sy_chart chart = {.id = id,
        .title = sy_html_word(&page->language, words->title),
        .alternative = sy_html_word(&page->language, words->alternative),
        .x_name = sy_html_word(&page->language, words->x_name),
        .y_name = sy_html_word(&page->language, words->y_name),
        .mark = is_simulated ? sy_html_word(&page->language, "SIMULATED") : NULL,
        .series = series,
        .series_count = count,
        .ceiling = ceiling,
        .ceiling_count = ceilings,
        .is_share = words->is_share};
    sy_status status = sy_chart_draw(kind, &chart, page->request->charts, &svg, &error);
    if (status == SY_OK && svg.data != NULL) {
        sy_html_put(page, "<figure><figcaption>");
        sy_html_put_word(page, words->title);
        sy_html_put(page, "</figcaption>\n");
        sy_html_put(page, svg.data);
        sy_html_put(page, "</figure>\n");
    } else if (status == SY_OUT_OF_MEMORY)
        page->out.failed = true;
    else
        can_draw(page, status != SY_UNAVAILABLE);
    sy_text_release(&svg);
    sy_html_flush(page, false);
}

static void draw(sy_html_page *page, sy_chart_kind kind, const sy_html_caption *words, const sy_html_set *set,
    const sy_chart_series *series) {
    sy_html_figure_draw(page, kind, words, set->is_simulated, series, set->count, NULL, 0);
}

void sy_html_figure_throughput(sy_html_page *page, const sy_html_set *set) {
    static const sy_html_caption words = {.title = "Throughput by workload",
        .alternative = "The rates of the table below with their 95 % intervals.",
        .x_name = "workload",
        .y_name = "FLOP/s"};
    sy_chart_series *series = make_series(page, set, page->works.works);
    for (size_t i = 0; series != NULL && i < set->count; i++)
        for (size_t j = 0; j < page->works.works && j < SY_CHART_LABELS_MAX; j++) {
            const sy_html_work *work = &page->works.work[j];
            sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
            if (work->is_memory || !isfinite(sum.rate))
                continue;
            sy_chart_point *point = add_point(&series[i], name_of(page, work), sum.rate);
            point->low = sum.rate * (1.0 - sum.precision);
            point->high = sum.rate * (1.0 + sum.precision);
        }
    draw(page, SY_CHART_THROUGHPUT, &words, set, series);
}

void sy_html_figure_energy(sy_html_page *page, const sy_html_set *set) {
    static const sy_html_caption words = {.title = "Energy efficiency by workload",
        .alternative =
            "The work a joule of the table below with its uncertainty; each device at its own scope.",
        .x_name = "workload",
        .y_name = "FLOP/J"};
    sy_chart_series *series = make_series(page, set, page->works.works);
    for (size_t i = 0; series != NULL && i < set->count; i++) {
        sy_html_scopes scopes = sy_html_scopes_of(page, set->device[i]);
        for (size_t j = 0; scopes.count > 0 && j < page->works.works && j < SY_CHART_LABELS_MAX; j++) {
            const sy_html_work *work = &page->works.work[j];
            sy_html_joules sum = sy_html_add_joules(&page->works, work, set->device[i], scopes.scope[0]);
            double doubt = 2.0 * hypot(sum.u_random, isnan(sum.u_systematic) ? 0.0 : sum.u_systematic);
            if (work->is_memory || sum.rows == 0)
                continue;
            sy_chart_point *point = add_point(&series[i], name_of(page, work), sum.per_joule);
            point->low = sum.per_joule * (1.0 - doubt);
            point->high = sum.per_joule * (1.0 + doubt);
            point->note = scopes.scope[0];
        }
    }
    draw(page, SY_CHART_ENERGY, &words, set, series);
}

/* "llm-8b decode bf16: of rated value" */
static const char *label_of(sy_html_page *page, const sy_html_work *work, const char *ceiling) {
    char label[280];
    snprintf(
        label, sizeof label, "%.200s: %.60s", name_of(page, work), sy_html_word(&page->language, ceiling));
    return sy_intern_text(&page->model->texts, label);
}

void sy_html_figure_efficiency(sy_html_page *page, const sy_html_set *set) {
    enum { CEILINGS = 3 };
    static const char *const words[] = {"rated value", "measured ceiling", "ceiling at observed clock"};
    static const sy_html_caption what = {.title = "Efficiency by workload",
        .alternative =
            "The rates of each device as parts of three ceilings: rated, measured, and measured at the "
            "observed clock.",
        .x_name = "workload",
        .y_name = "part of the ceiling"};
    sy_chart_series *series = make_series(page, set, CEILINGS * page->works.works);
    size_t labels = 0;
    for (size_t j = 0; series != NULL && j < page->works.works && labels + CEILINGS <= SY_CHART_LABELS_MAX;
         j++) {
        const sy_html_work *work = &page->works.work[j];
        for (size_t c = 0; c < CEILINGS && !work->is_memory; c++)
            for (size_t i = 0; i < set->count; i++) {
                sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
                const double values[CEILINGS] = {sum.of_datasheet, sum.of_ceiling, sum.of_clock};
                if (isfinite(values[c]))
                    add_point(&series[i], label_of(page, work, words[c]), values[c]);
            }
        labels += work->is_memory ? 0 : CEILINGS;
    }
    draw(page, SY_CHART_EFFICIENCY, &what, set, series);
}

/* Place of a row's device in a set; the count if it is not in it. */
static size_t place_of(const sy_html_set *set, const sy_html_row *row) {
    size_t at = 0;
    while (at < set->count && set->device[at] != row->device)
        at++;
    return at;
}

void sy_html_figure_latency(sy_html_page *page, const sy_html_set *set) {
    static const sy_html_caption words = {.title = "Time of a launch, first rows",
        .alternative = "Median, 95 % interval as box, minimum and 99th percentile as whiskers.",
        .x_name = "row",
        .y_name = "s"};
    sy_chart_series *series = make_series(page, set, ROWS_MOST);
    for (size_t i = 0, shown = 0; series != NULL && i < page->works.lines && shown < ROWS_MOST; i++) {
        bool is_shown = false;
        for (size_t j = 0; j < set->count; j++) {
            const sy_html_row *row = page->works.line[i].cell[set->device[j]].row;
            if (row == NULL || isnan(row->median_ns))
                continue;
            sy_chart_point *point = add_point(&series[j], row->label, row->median_ns * 1e-9);
            point->inner_low = row->ci95_ns[0] * 1e-9;
            point->inner_high = row->ci95_ns[1] * 1e-9;
            point->low = row->min_ns * 1e-9;
            point->high = row->p99_ns * 1e-9;
            is_shown = true;
        }
        shown += is_shown ? 1 : 0;
    }
    draw(page, SY_CHART_LATENCY, &words, set, series);
}

/* The highest ceiling of a device in a unit; NaN. */
static double ceiling_of(const sy_html_page *page, size_t device, const char *unit) {
    const char *id = page->model->device[device].id;
    double found = NAN;
    for (size_t i = 0; i < page->model->peaks; i++) {
        const sy_peak *peak = &page->model->peak[i].peak;
        if (peak->device != NULL && id != NULL && peak->unit != NULL && strcmp(peak->device, id) == 0 &&
            strcmp(peak->unit, unit) == 0)
            found = fmax(found, peak->value);
    }
    return found;
}

static size_t fill_ceilings(const sy_html_page *page, const sy_html_set *set, sy_chart_ceiling *out) {
    size_t count = 0;
    for (size_t i = 0; i < set->count && count < SY_CHART_CEILINGS_MAX; i++) {
        double work = ceiling_of(page, set->device[i], "flop/s"),
               byte = ceiling_of(page, set->device[i], "byte/s");
        if (isfinite(work) || isfinite(byte))
            out[count++] = (sy_chart_ceiling){.label = page->model->device[set->device[i]].label,
                .series = i,
                .work_per_s = work,
                .bytes_per_s = byte};
    }
    return count;
}

void sy_html_figure_roofline(sy_html_page *page, const sy_html_set *set) {
    static const sy_html_caption words = {.title = "Roofline",
        .alternative = "The rate of every row against its arithmetic intensity, under the measured ceilings.",
        .x_name = "FLOP/byte",
        .y_name = "FLOP/s"};
    sy_chart_ceiling ceiling[SY_CHART_CEILINGS_MAX];
    sy_chart_series *series = make_series(page, set, page->model->rows);
    for (size_t i = 0; series != NULL && i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        size_t at = place_of(set, row);
        bool has_work =
            row->flop != SY_NO_COUNT && row->byte != SY_NO_COUNT && row->flop > 0 && row->byte > 0;
        if (at < set->count && isfinite(row->flop_per_s) && has_work)
            add_point(&series[at], row->label, row->flop_per_s)->x = (double)row->flop / (double)row->byte;
    }
    sy_html_figure_draw(page, SY_CHART_ROOFLINE, &words, set->is_simulated, series, set->count, ceiling,
        fill_ceilings(page, set, ceiling));
}
