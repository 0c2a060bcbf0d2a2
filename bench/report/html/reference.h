/* The reference device that a reader chooses: one choice for every table that sets devices against one of
 * them. */
#ifndef STEELYARD_BENCH_REPORT_HTML_REFERENCE_H
#define STEELYARD_BENCH_REPORT_HTML_REFERENCE_H

#include "bench/report/html/page.h"

/** Writes what is relative to one device of a set. */
typedef void sy_html_relative(sy_html_page *page, const sy_html_set *set, size_t reference);

/**
 * Write it for every reference there is a standing of, each under its heading. With a style that knows :has()
 * the one that is chosen is shown, on the screen and on paper, else all. has_choice: the radio buttons are
 * here, once a page and set; elsewhere their labels are.
 */
void sy_html_references(sy_html_page *page, const sy_html_set *set, bool has_choice, sy_html_relative *write);

#endif
