/*
 * Figures of a report as SVG text that can stand inside a page. Numbers and names come in as they are in a
 * record; gnuplot draws the numbers by a template that is a file, and never sees a name: placeholders in its
 * drawing are replaced by the escaped names afterwards.
 *
 * What comes out: one <svg role="img"> with <title> and <desc>, no script, no style, no reference to anything
 * outside, every id beginning with the one given, viewBox and width 100 %. Ink is currentColor; a device's
 * colour is a class sy-k0 ... sy-k7 (sy_chart_style()) over an attribute that does without the style.
 */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_CHARTS_H
#define STEELYARD_BENCH_REPORT_CHARTS_CHARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/text.h"
#include "steelyard/status.h"

/* Bounds of one figure. In the plane, of points that lie on each other one is drawn. */
#define SY_CHART_SERIES_MAX 8u
#define SY_CHART_LABELS_MAX 60u
#define SY_CHART_CEILINGS_MAX 16u
#define SY_CHART_POINTS_MAX 1000000u

/** The figures. By workload: a line a label, series side by side. In the plane: points by x and y. */
typedef enum sy_chart_kind {
    SY_CHART_THROUGHPUT = 0, /* by workload: y is work/s */
    SY_CHART_ENERGY = 1,     /* by workload: y is work/J or J a run */
    SY_CHART_LATENCY =
        2, /* by row: y the median in s, inner_low .. inner_high the box, low .. high whiskers */
    SY_CHART_EFFICIENCY = 3, /* by workload: y a fraction, 1 is what it is compared with */
    SY_CHART_ROOFLINE = 4,   /* in the plane: x is work a byte, y work/s; both logarithmic */
    SY_CHART_SUSTAINED = 5,  /* in the plane: x is s since the load began, y work/s; a line a series */
    SY_CHART_KINDS = 6
} sy_chart_kind;

/**
 * One point.
 *
 * x          in the plane; ignored by workload.
 * y          the value. Not finite, or beyond 1e-60 .. 1e60: left out; so is what is not positive on a
 *            logarithmic axis.
 * low, high  its interval; inner_low, inner_high: the box of a latency. NaN: none. Zero is a value.
 * label      by workload: what it is about; points with equal labels share a line, in order of appearance.
 * note       by workload: a few words beside it ("rated: press release"); NULL: none.
 */
typedef struct sy_chart_point {
    double x, y, low, high, inner_low, inner_high;
    const char *label, *note;
} sy_chart_point;

/** A point with a value and nothing else. */
#define SY_CHART_POINT_INIT                                                                                  \
    { .x = NAN, .y = NAN, .low = NAN, .high = NAN, .inner_low = NAN, .inner_high = NAN }

/**
 * The points of one device (or of one denominator of a device).
 *
 * colour     0 .. 7: the same device has the same in every figure; also decides the shape of its marks.
 * is_hollow  marks are outlines: a second series of the same device.
 */
typedef struct sy_chart_series {
    const char *name;
    const sy_chart_point *point;
    size_t count;
    unsigned colour;
    bool is_hollow, is_simulated;
} sy_chart_series;

/**
 * A line that points are compared with. Roofline: y = min(work_per_s, bytes_per_s * x), a NaN leaves its part
 * out. Sustained: level at work_per_s (the burst). label: what and by which method; of series: whose colour.
 */
typedef struct sy_chart_ceiling {
    const char *label;
    size_t series;
    double work_per_s, bytes_per_s;
} sy_chart_ceiling;

/**
 * What a figure is made from; everything is borrowed.
 *
 * id              [a-z][a-z0-9-]*, at most 31 bytes, unique in the page.
 * title           accessible name, in the page's language. alternative: what it shows, in words; the numbers
 *                 are appended to it.
 * x_name, y_name  of the axes, with units as they are without prefixes ("FLOP/s": ticks say "2 G"). By
 *                 workload x_name is not shown. is_share: in the plane, y is a fraction, marked in percent.
 * mark            words across a figure of simulated devices; needed if they are.
 */
typedef struct sy_chart {
    const char *id, *title, *alternative, *x_name, *y_name, *mark;
    const sy_chart_series *series;
    size_t series_count;
    const sy_chart_ceiling *ceiling;
    size_t ceiling_count;
    bool is_share;
} sy_chart;

/**
 * Where things are.
 *
 * program_folders  PATH: absolute folders separated by ':' in which gnuplot is looked for.
 * template_folder  folders with the templates, the first that has one is taken.
 * temporary_folder  where a private folder is made and removed; NULL: /tmp.
 * timeout_ns  that a drawing may take; 0: ten seconds.
 */
typedef struct sy_chart_places {
    const char *program_folders;
    const char *const *template_folder;
    size_t template_folders;
    const char *temporary_folder;
    uint64_t timeout_ns;
} sy_chart_places;

/**
 * Draw a figure: append its <svg> to out_svg, or nothing on an error.
 *
 * Threads  no state; concurrent calls are fine.
 * Errors   SY_UNAVAILABLE: gnuplot or the template is not there, or cannot be started: there will be no
 * figure at all; SY_UNSUPPORTED: this figure cannot be (nothing to draw, more series, labels or ceilings than
 *          fit); SY_INVALID_ARGUMENT: simulated devices with real ones or without a mark, a bad id, series or
 *          colour; SY_TIMEOUT: gnuplot hung and was killed; SY_INCOMPATIBLE: what it drew is no SVG as
 * expected; SY_OVERFLOW: too much of it; SY_IO: it failed, or a file did; SY_OUT_OF_MEMORY.
 */
sy_status sy_chart_draw(sy_chart_kind kind, const sy_chart *chart, const sy_chart_places *places,
    sy_text *out_svg, sy_error *err);

/** Style rules of all figures, for light and dark; belongs into the page's style element. */
const char *sy_chart_style(void);

/**
 * Rates over time from a line of "work" of the series file: launch[i] launches were done by t_s[i], neither
 * falls. A point a bin of equal time: x the middle of what it covers, y launches a second times
 * work_per_launch, low and high those of the fastest and slowest step in it.
 *
 * out_point  room for `bins`. Returns how many points there are: none with less than two times.
 */
size_t sy_chart_rates(const double *t_s, const double *launch, size_t count, double work_per_launch,
    size_t bins, sy_chart_point *out_point);

#endif
