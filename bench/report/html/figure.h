/* Data of the page's figures, and what stands where there are none. */
#ifndef STEELYARD_BENCH_REPORT_HTML_FIGURE_H
#define STEELYARD_BENCH_REPORT_HTML_FIGURE_H

#include "bench/report/html/page.h"

/** What a figure is called and about, in English. */
typedef struct sy_html_caption {
    const char *title, *alternative, *x_name, *y_name;
    bool is_share; /* as in sy_chart */
} sy_html_caption;

/** Draw a figure of `count` series; NULL: without memory, or too many. What cannot be drawn is left out. */
void sy_html_figure_draw(sy_html_page *page, sy_chart_kind kind, const sy_html_caption *words,
    bool is_simulated, const sy_chart_series *series, size_t count, const sy_chart_ceiling *ceiling,
    size_t ceilings);

/**
 * Rate over time of rows that were kept up, a row a device: of work that most devices have kept up, else the
 * one that held least. From the file of samples beside the record (series.h), and only if the row names that
 * one; says if it is not there.
 */
void sy_html_figure_sustained(sy_html_page *page, const sy_html_set *set);

/* Each draws its figure of a set; where there are no charts, the first of them says so. */
void sy_html_figure_throughput(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_energy(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_latency(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_efficiency(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_roofline(sy_html_page *page, const sy_html_set *set);

#endif
