/* The sections below page one, a function each. */
#ifndef STEELYARD_BENCH_REPORT_HTML_SECTIONS_H
#define STEELYARD_BENCH_REPORT_HTML_SECTIONS_H

#include "bench/report/html/page.h"

/** Contents, then every section. */
void sy_html_sections(sy_html_page *page);

/* The sections. */
void sy_html_section_coverage(sy_html_page *page);    /* op x type x device, with reasons */
void sy_html_section_speed(sy_html_page *page);       /* throughput by suite, absolute and relative */
void sy_html_section_energy(sy_html_page *page);      /* energy by suite */
void sy_html_section_totals(sy_html_page *page);      /* one pass of each model */
void sy_html_section_latency(sy_html_page *page);     /* distributions of time */
void sy_html_section_efficiency(sy_html_page *page);  /* three efficiencies, ceilings */
void sy_html_section_precision(sy_html_page *page);   /* effective precision */
void sy_html_section_sustained(sy_html_page *page);   /* sustained against burst */
void sy_html_section_portability(sy_html_page *page); /* performance portability */
void sy_html_section_cost(sy_html_page *page);        /* the reader's own figures */
void sy_html_section_rows(sy_html_page *page);        /* every row */
void sy_html_section_environment(sy_html_page *page); /* environment and its differences */
void sy_html_section_reproduce(sy_html_page *page);   /* the commands */

/** Every row as data for the script, behind everything else. */
void sy_html_put_rows_data(sy_html_page *page);

#endif
