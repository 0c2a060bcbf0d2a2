/* Gnuplot run on files of numbers in a private folder. */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_GNUPLOT_H
#define STEELYARD_BENCH_REPORT_CHARTS_GNUPLOT_H

#include "bench/report/charts/layout.h"

/** A drawing may have no more than this. */
#define SY_DRAWING_MAX (16u << 20)

/**
 * Draw: append what gnuplot wrote to out_drawing. The folder and all in it is gone afterwards.
 *
 * Errors   as sy_chart_draw().
 */
sy_status sy_gnuplot_draw(
    const sy_layout *layout, const sy_chart_places *places, sy_text *out_drawing, sy_error *err);

#endif
