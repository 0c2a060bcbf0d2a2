/* Data of the page's figures, and what stands where there are none. */
#ifndef STEELYARD_BENCH_REPORT_HTML_FIGURE_H
#define STEELYARD_BENCH_REPORT_HTML_FIGURE_H

#include "bench/report/html/page.h"

/* Each draws its figure of a set; where there are no charts, the first of them says so. */
void sy_html_figure_throughput(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_energy(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_latency(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_efficiency(sy_html_page *page, const sy_html_set *set);
void sy_html_figure_roofline(sy_html_page *page, const sy_html_set *set);

#endif
