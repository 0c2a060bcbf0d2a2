/* A drawing of gnuplot's made part of a page. */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_SVG_H
#define STEELYARD_BENCH_REPORT_CHARTS_SVG_H

#include "bench/report/charts/layout.h"

/**
 * Append what is inside a drawing's <svg>, made anew from the elements and attributes that a figure consists
 * of; everything else is left out with what is in it. Codes of colours become classes, placeholders names,
 * ids and references begin with the chart's id. Whatever the drawing is, elements are closed in order.
 *
 * Errors   SY_INCOMPATIBLE: no SVG, not well-formed, or too deep; SY_OUT_OF_MEMORY.
 */
sy_status sy_svg_clean(const char *drawing, const sy_layout *layout, sy_text *out, sy_error *err);

#endif
