/* The ten points of page one, in their order. */
#ifndef STEELYARD_BENCH_REPORT_HTML_FIRST_H
#define STEELYARD_BENCH_REPORT_HTML_FIRST_H

#include "bench/report/html/page.h"

/* Most devices and workloads that page one shows: it has to fit one sheet. */
enum { SY_FIRST_DEVICES = 4, SY_FIRST_WORKS = 6 };

/** All of page one: headline and ten points. */
void sy_html_first(sy_html_page *page);

/* The points. */
void sy_html_first_subjects(sy_html_page *page);  /* 1 what was compared */
void sy_html_first_verdict(sy_html_page *page);   /* 2 the verdict in two sentences */
void sy_html_first_coverage(sy_html_page *page);  /* 3 what ran at all */
void sy_html_first_speed(sy_html_page *page);     /* 4 speed by workload */
void sy_html_first_rated(sy_html_page *page);     /* 5 measured, rated, ratio */
void sy_html_first_precision(sy_html_page *page); /* 6 precision delivered */
void sy_html_first_energy(sy_html_page *page);    /* 7 energy */
void sy_html_first_sustained(sy_html_page *page); /* 8 burst against sustained */
void sy_html_first_cost(sy_html_page *page);      /* 9 cost from the reader's figures */
void sy_html_first_limits(sy_html_page *page);    /* 10 what this does not show */

/** A point's heading, with what its table is about in small type beside it, whose table is begun too (NULL:
 * none), and its end. wide:
 * over both columns. */
void sy_html_point(sy_html_page *page, unsigned number, const char *english, const char *about, bool is_wide);
void sy_html_point_end(sy_html_page *page);

/** "and 3 more devices: see below" where page one leaves some out. */
void sy_html_first_more(sy_html_page *page, size_t shown, size_t of, const char *english);

/** Devices that page one shows. */
size_t sy_html_first_devices(const sy_html_page *page);

#endif
