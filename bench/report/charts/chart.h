/*
 * Figures of a report as SVG text that can stand inside a page: no script, no style attribute (the page's
 * content policy forbids them), colours by currentColor and classes c0 c1 ... of the page's style, a text
 * alternative inside. Every name comes in as it is in a record and leaves escaped.
 */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_CHART_H
#define STEELYARD_BENCH_REPORT_CHARTS_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/text.h"
#include "steelyard/status.h"

/** One value with its interval. label: of bars ("llm-8b decode bf16"). x: of points (FLOP a byte, seconds).
 * low, high NaN: no interval. */
typedef struct sy_chart_point {
    const char *label;
    double x, value, low, high;
} sy_chart_point;

/** The points of one device. */
typedef struct sy_chart_series {
    const char *name;
    const sy_chart_point *point;
    size_t count;
} sy_chart_series;

/**
 * What a figure is made from. Devices of one kind only: real, or simulated.
 *
 * title      in the page's language; also its accessible name. alternative: what it shows, in words.
 * x_name, y_name  of the axes, with their units.
 * ceiling    of a roofline: of each series, work/s; slope: bytes/s. NaN: not known.
 * is_simulated  the figure carries a mark.
 */
typedef struct sy_chart {
    const char *title, *alternative, *x_name, *y_name;
    const sy_chart_series *series;
    const double *ceiling, *slope;
    size_t count;
    bool is_simulated;
} sy_chart;

/**
 * The figures. Each appends one <figure> or nothing.
 *
 * Errors   SY_UNAVAILABLE: there are no charts here, err says why (the page says so, and its tables have every
 *          number); SY_OUT_OF_MEMORY.
 */
sy_status sy_chart_throughput(const sy_chart *chart, sy_text *out_svg, sy_error *err);
sy_status sy_chart_energy(const sy_chart *chart, sy_text *out_svg, sy_error *err);
sy_status sy_chart_latency(const sy_chart *chart, sy_text *out_svg, sy_error *err);
sy_status sy_chart_roofline(const sy_chart *chart, sy_text *out_svg, sy_error *err);

#endif
