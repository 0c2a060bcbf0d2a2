/* What cannot be a figure, said before anything is drawn. */
#include <math.h>
#include <string.h>

#include "bench/report/charts/layout.h"
#include "runtime/base/error.h"

static bool is_id(const char *id) {
    size_t length = id != NULL ? strlen(id) : 0;
    return length > 0 && length < 32 && id[0] >= 'a' && id[0] <= 'z' &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static sy_status check_series(sy_layout *layout, sy_error *err) {
    const sy_chart *chart = layout->chart;
    size_t points = 0;
    if (chart->series_count > SY_CHART_SERIES_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "%zu devices in one figure: at most %u fit",
            chart->series_count, SY_CHART_SERIES_MAX);
    for (size_t i = 0; i < chart->series_count; i++) {
        const sy_chart_series *series = &chart->series[i];
        if (series->colour >= SY_CHART_SERIES_MAX)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "series %zu has colour %u: 0 to 7 are there", i, series->colour);
        if (series->is_simulated != chart->series[0].is_simulated)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "simulated and real devices in one figure");
        if (series->count > SY_CHART_POINTS_MAX - points)
            return sy_error_set(
                err, SY_UNSUPPORTED, "more than %u points in one figure", SY_CHART_POINTS_MAX);
        points += series->count;
        layout->is_simulated = series->is_simulated;
    }
    if (layout->is_simulated && (chart->mark == NULL || chart->mark[0] == '\0'))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "a figure of simulated devices needs the words that say so");
    return SY_OK;
}

static sy_status check_ceilings(const sy_chart *chart, sy_error *err) {
    if (chart->ceiling_count > SY_CHART_CEILINGS_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "%zu ceilings in one figure: at most %u fit",
            chart->ceiling_count, SY_CHART_CEILINGS_MAX);
    for (size_t i = 0; i < chart->ceiling_count; i++)
        if (chart->ceiling[i].series >= chart->series_count)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "ceiling %zu is of series %zu: there are %zu", i,
                chart->ceiling[i].series, chart->series_count);
    return SY_OK;
}

/* Labels in order of appearance. */
static sy_status take_labels(sy_layout *layout, const sy_chart_series *series, sy_error *err) {
    for (size_t i = 0; i < series->count; i++) {
        const sy_chart_point *point = &series->point[i];
        if (!sy_layout_has(layout, point))
            continue;
        layout->point_count++;
        if (!sy_layout_is_by_label(layout->kind))
            continue;
        layout->has_notes = layout->has_notes || point->note != NULL;
        if (sy_layout_label(layout, point->label) < layout->label_count)
            continue;
        if (layout->label_count == SY_CHART_LABELS_MAX)
            return sy_error_set(
                err, SY_UNSUPPORTED, "more than %u workloads in one figure", SY_CHART_LABELS_MAX);
        layout->label[layout->label_count++] = point->label != NULL ? point->label : "";
    }
    return SY_OK;
}

sy_status sy_layout_check(sy_layout *layout, sy_error *err) {
    if (layout->kind < 0 || layout->kind >= SY_CHART_KINDS)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no kind of figure has number %d", (int)layout->kind);
    if (!is_id(layout->chart->id))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "the id of a figure: wanted is [a-z][a-z0-9-]*, at most 31 bytes");
    sy_status status = check_series(layout, err);
    if (status == SY_OK)
        status = check_ceilings(layout->chart, err);
    for (size_t i = 0; status == SY_OK && i < layout->chart->series_count; i++)
        status = take_labels(layout, &layout->chart->series[i], err);
    if (status == SY_OK && layout->point_count == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "nothing to draw: no point has a value");
    return status;
}
