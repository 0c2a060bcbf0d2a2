/* From a chart to its <svg>. */
#include <math.h>
#include <string.h>

#include "bench/report/charts/gnuplot.h"
#include "bench/report/charts/svg.h"
#include "bench/report/charts/words.h"
#include "runtime/base/error.h"

/* Numbers that the text alternative spells out; there are tables for all of them. */
enum { SPELLED_MAX = 40, NAME_COLUMNS = 80 };

static void put_number(const sy_layout *layout, sy_text *out, bool is_x, double value) {
    char text[SY_TICK_TEXT_MAX];
    sy_layout_say(layout, is_x, value, text);
    sy_chart_put_sentence(out, text);
}

static void put_point(const sy_layout *layout, const sy_chart_point *point, sy_text *out) {
    if (sy_layout_is_by_label(layout->kind)) {
        sy_chart_put_name(out, point->label, NAME_COLUMNS);
        sy_text_printf(out, " ");
    } else {
        put_number(layout, out, true, point->x);
        sy_text_printf(out, ": ");
    }
    put_number(layout, out, false, point->y);
    if (sy_layout_is_usable(point->low) && sy_layout_is_usable(point->high)) {
        sy_text_printf(out, " [");
        put_number(layout, out, false, point->low);
        sy_text_printf(out, ", ");
        put_number(layout, out, false, point->high);
        sy_text_printf(out, "]");
    }
    if (point->note != NULL) {
        sy_text_printf(out, " ");
        sy_chart_put_name(out, point->note, NAME_COLUMNS);
    }
}

/* "Device (FLOP/s): workload 1.2 G [1.1 G, 1.3 G]; ...", so many that it can be listened to. */
static void put_alternative(const sy_layout *layout, sy_text *out) {
    const sy_chart *chart = layout->chart;
    size_t spelled = 0;
    sy_chart_put_sentence(out, chart->alternative);
    for (size_t i = 0; i < chart->series_count; i++) {
        const sy_chart_series *series = &chart->series[i];
        size_t in_series = 0;
        sy_text_printf(out, " ");
        sy_chart_put_name(out, series->name, NAME_COLUMNS);
        sy_text_printf(out, " (");
        sy_chart_put_name(out, chart->y_name, NAME_COLUMNS);
        sy_text_printf(out, "): ");
        for (size_t j = 0; j < series->count && spelled < SPELLED_MAX; j++)
            if (sy_layout_has(layout, &series->point[j])) {
                sy_text_printf(out, in_series > 0 ? "; " : "");
                put_point(layout, &series->point[j], out);
                in_series++;
                spelled++;
            }
        sy_text_printf(out, in_series == 0 ? "-." : ".");
    }
    for (size_t i = 0; i < chart->ceiling_count; i++) {
        sy_text_printf(out, " ");
        sy_chart_put_name(out, chart->ceiling[i].label, NAME_COLUMNS);
        sy_text_printf(out, ".");
    }
    if (layout->point_count > spelled)
        sy_text_printf(out, " (%zu / %zu)", spelled, layout->point_count);
}

static void put_head(const sy_layout *layout, sy_text *out) {
    const sy_chart *chart = layout->chart;
    sy_text_printf(out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sy-chart\" id=\"%s\" role=\"img\" width=\"100%%\" "
        "viewBox=\"0 0 %.0f %.0f\" aria-labelledby=\"%s-title\" aria-describedby=\"%s-desc\"><title "
        "id=\"%s-title\">",
        chart->id, layout->width, layout->height, chart->id, chart->id, chart->id);
    sy_chart_put_sentence(out, chart->title);
    if (layout->is_simulated) {
        sy_text_printf(out, " - ");
        sy_chart_put_sentence(out, chart->mark);
    }
    sy_text_printf(out, "</title><desc id=\"%s-desc\">", chart->id);
    put_alternative(layout, out);
    sy_text_printf(out, "</desc>");
}

static sy_status draw(const sy_layout *layout, const sy_chart_places *places, sy_text *out, sy_error *err) {
    sy_text drawing = {0};
    sy_status status = sy_gnuplot_draw(layout, places, &drawing, err);
    if (status == SY_OK) {
        put_head(layout, out);
        status = sy_svg_clean(drawing.data != NULL ? drawing.data : "", layout, out, err);
        sy_text_printf(out, "</svg>\n");
    }
    if (status == SY_OK && out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a figure");
    sy_text_release(&drawing);
    return status;
}

sy_status sy_chart_draw(sy_chart_kind kind, const sy_chart *chart, const sy_chart_places *places,
    sy_text *out_svg, sy_error *err) {
    sy_layout layout;
    sy_text made = {0};
    sy_status status = sy_layout_make(kind, chart, &layout, err);
    if (status == SY_OK)
        status = draw(&layout, places, &made, err);
    if (status == SY_OK && !sy_text_append(out_svg, made.data, made.length))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a figure");
    sy_text_release(&made);
    sy_layout_release(&layout);
    return status;
}
