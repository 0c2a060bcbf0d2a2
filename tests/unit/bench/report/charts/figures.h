/* Charts to draw, one of each kind, of made-up numbers. */
#ifndef STEELYARD_TESTS_FIGURES_H
#define STEELYARD_TESTS_FIGURES_H

#include "bench/report/charts/charts.h"

/** Room of one chart. */
typedef struct sy_figure {
    sy_chart chart;
    sy_chart_series series[3];
    sy_chart_ceiling ceiling[3];
    sy_chart_point point[3][400];
} sy_figure;

/** A chart of a kind; everything in it belongs to `out_figure`. */
void figure_make(sy_chart_kind kind, sy_figure *out_figure);

#endif
