/* The figure as a whole: axes and margins. */
#include "bench/report/charts/layout.h"

#include <math.h>
#include <string.h>

#include "runtime/base/seam.h"

/* Heights and widths of the drawing; text is 15 high. */
enum {
    WIDTH = 560,
    PLANE_HEIGHT = 300,
    KEY_LINE = 21,
    LABEL_LINE = 22,
    SERIES_LINE = 19,
    LABEL_GAP = 8,
    SIDE = 14,
    Y_TICKS = 58,
    UNDER = 46,
    OVER = 20,
    Y_NAME = 24
};

bool sy_layout_is_by_label(sy_chart_kind kind) {
    return kind <= SY_CHART_EFFICIENCY;
}

bool sy_layout_is_usable(double value) {
    return value == 0.0 || (fabs(value) > 1e-60 && fabs(value) < 1e60);
}

bool sy_layout_has(const sy_layout *layout, const sy_chart_point *point) {
    if (layout->kind == SY_CHART_ROOFLINE)
        return point->x > 0.0 && point->y > 0.0 && sy_layout_is_usable(point->x) &&
               sy_layout_is_usable(point->y);
    return sy_layout_is_usable(point->y) &&
           (sy_layout_is_by_label(layout->kind) || sy_layout_is_usable(point->x));
}

size_t sy_layout_label(const sy_layout *layout, const char *label) {
    size_t at = 0;
    while (at < layout->label_count && strcmp(layout->label[at], label != NULL ? label : "") != 0)
        at++;
    return at;
}

static void widen(sy_axis *axis, double value) {
    if (sy_layout_is_usable(value)) {
        axis->low = fmin(axis->low, value);
        axis->high = fmax(axis->high, value);
    }
}

/* Where an axis of values lies, given the reach of the values alone and of all that is drawn. */
static sy_axis place_values(sy_axis values, sy_axis all, double share) {
    sy_axis axis = all;
    axis.is_logarithmic = values.low > 0.0 && values.high > 20.0 * values.low;
    if (axis.is_logarithmic) {
        axis.low = (all.low > values.low / 10.0 ? all.low : values.low) / 1.5;
        axis.high *= pow(axis.high / axis.low, 1.0 / share - 1.0);
        return axis;
    }
    axis.low = fmin(0.0, 1.05 * all.low);
    axis.high = fmax(0.0, all.high);
    axis.high = axis.high > axis.low ? axis.low + (axis.high - axis.low) / share : axis.low + 1.0;
    return axis;
}

/* By workload: values run to the right, with room for a number after each. */
static void measure_labels(sy_layout *layout) {
    sy_axis values = {.low = INFINITY, .high = -INFINITY}, all = values;
    for (size_t i = 0; i < layout->chart->series_count; i++)
        for (size_t j = 0; j < layout->chart->series[i].count; j++) {
            const sy_chart_point *point = &layout->chart->series[i].point[j];
            if (!sy_layout_has(layout, point))
                continue;
            widen(&values, point->y);
            widen(&all, point->y);
            widen(&all, point->low);
            widen(&all, point->high);
        }
    if (layout->kind == SY_CHART_EFFICIENCY) {
        values.low = 0.0;
        widen(&all, 1.0);
    }
    size_t lines = LABEL_LINE + SERIES_LINE * layout->chart->series_count + LABEL_GAP;
    layout->x = place_values(values, all, layout->has_notes ? 0.55 : 0.84);
    layout->y = (sy_axis){.low = 0.0, .high = (double)(lines * layout->label_count)};
    layout->left = layout->right = SIDE;
    layout->height = layout->y.high;
}

static void reach(const sy_layout *layout, sy_axis *x, sy_axis *y) {
    const sy_chart *chart = layout->chart;
    for (size_t i = 0; i < chart->series_count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++) {
            const sy_chart_point *point = &chart->series[i].point[j];
            if (!sy_layout_has(layout, point))
                continue;
            widen(x, point->x);
            widen(y, point->y);
            if (layout->kind != SY_CHART_ROOFLINE)
                widen(y, point->high);
        }
    for (size_t i = 0; i < chart->ceiling_count; i++) {
        const sy_chart_ceiling *ceiling = &chart->ceiling[i];
        widen(y, ceiling->work_per_s > 0.0 ? ceiling->work_per_s : NAN);
        if (layout->kind == SY_CHART_ROOFLINE && ceiling->work_per_s > 0.0 && ceiling->bytes_per_s > 0.0)
            widen(x, ceiling->work_per_s / ceiling->bytes_per_s);
    }
}

static void measure_plane(sy_layout *layout) {
    sy_axis x = {.low = INFINITY, .high = -INFINITY}, y = x;
    reach(layout, &x, &y);
    bool is_roofline = layout->kind == SY_CHART_ROOFLINE;
    if (is_roofline) {
        x = (sy_axis){.low = x.low / 2.0, .high = x.high * 2.0, .is_logarithmic = true};
        y = (sy_axis){.low = y.low / 2.0, .high = y.high * 1.6, .is_logarithmic = true};
    } else {
        x = (sy_axis){.low = fmin(0.0, x.low), .high = x.high};
        x.high = x.high > x.low ? x.high : x.low + 1.0;
        y = (sy_axis){.low = fmin(0.0, 1.05 * y.low), .high = fmax(0.0, 1.08 * y.high)};
        y.high = y.high > y.low ? y.high : y.low + 1.0;
    }
    layout->x = x;
    layout->y = y;
    layout->left = Y_TICKS;
    layout->right = SIDE;
    layout->height = PLANE_HEIGHT;
}

bool sy_layout_is_percent(const sy_layout *layout, bool is_x) {
    bool is_share = layout->chart->is_share && !is_x && !sy_layout_is_by_label(layout->kind);
    return layout->kind == SY_CHART_EFFICIENCY || is_share;
}

void sy_layout_say(const sy_layout *layout, bool is_x, double value, char out_text[SY_TICK_TEXT_MAX]) {
    if (sy_layout_is_percent(layout, is_x))
        sy_tick_percent(value, out_text);
    else if (is_x && !sy_layout_is_by_label(layout->kind))
        sy_tick_plain(value, out_text);
    else
        sy_tick_text(value, out_text);
}

double sy_layout_line(const sy_layout *layout, size_t label, size_t series) {
    size_t lines = LABEL_LINE + SERIES_LINE * layout->chart->series_count + LABEL_GAP;
    return (double)(lines * label + LABEL_LINE + SERIES_LINE * series) + SERIES_LINE / 2.0;
}

void sy_layout_measure(sy_layout *layout) {
    bool is_by_label = sy_layout_is_by_label(layout->kind);
    if (is_by_label)
        measure_labels(layout);
    else
        measure_plane(layout);
    layout->width = WIDTH;
    size_t named = layout->chart->series_count + (is_by_label ? 0 : layout->chart->ceiling_count);
    layout->top = OVER + KEY_LINE * (double)named + (is_by_label ? 0 : Y_NAME);
    layout->bottom = UNDER;
    layout->height += layout->top + layout->bottom;
}

sy_status sy_layout_make(sy_chart_kind kind, const sy_chart *chart, sy_layout *out_layout, sy_error *err) {
    *out_layout = (sy_layout){.kind = kind, .chart = chart};
    sy_status status = sy_layout_check(out_layout, err);
    if (status != SY_OK)
        return status;
    sy_layout_measure(out_layout);
    return sy_layout_write(out_layout, err);
}

void sy_layout_release(sy_layout *layout) {
    for (size_t i = 0; i < SY_CHART_SERIES_MAX; i++)
        for (size_t j = 0; j < SY_LAYOUT_BY_SERIES; j++)
            sy_text_release(&layout->by_series[i][j]);
    for (size_t i = 0; i < SY_CHART_CEILINGS_MAX; i++)
        sy_text_release(&layout->of_ceiling[i]);
    for (size_t i = 0; i < SY_LAYOUT_OF_FIGURE; i++)
        sy_text_release(&layout->of_figure[i]);
    sy_mem_free(layout->word);
    *layout = (sy_layout){.word = NULL};
}
